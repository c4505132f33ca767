"""Addresses of the assessment pages."""

from __future__ import annotations

from django.urls import path

from . import editing_views, views

urlpatterns = [
    path("assessments/", views.assessments, name="assessments"),
    path("assessments/new/", views.new, name="assessment-new"),
    path("assessments/<int:pk>/", views.assessment, name="assessment"),
    path("assessments/<int:pk>/compare/", views.compare, name="assessment-compare"),
    path("assessments/<int:pk>/edit/", editing_views.edit, name="assessment-edit"),
    path("assessments/<int:pk>/findings/<int:finding>/", editing_views.edit_finding, name="assessment-finding"),
    path("assessments/<int:pk>/chapters/<int:chapter>/", editing_views.edit_chapter, name="assessment-chapter"),
    path("assessments/<int:pk>/priorities/<int:priority>/", editing_views.edit_priority, name="assessment-priority"),
    path("assessments/<int:pk>/again/", editing_views.rerun, name="assessment-rerun"),
    path("assessments/<int:pk>/publish/", editing_views.publish, name="assessment-publish"),
]
