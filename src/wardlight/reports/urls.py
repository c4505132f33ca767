"""Addresses of the downloads."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [
    path("assessments/<int:pk>/download/<slug:ending>/", views.download, name="assessment-download"),
]
