"""Addresses of the measure pages."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [
    path("measures/", views.measures, name="measures"),
    path("measures/<slug:slug>/", views.measure, name="measure"),
    path("measures/<slug:slug>/download/", views.download, name="measure-download"),
]
