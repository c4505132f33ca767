"""Addresses of the pages of imports and data quality."""

from __future__ import annotations

from django.urls import path

from . import mapping_views, views

urlpatterns = [
    path("imports/", views.imports, name="imports"),
    path("imports/new/", views.new, name="import-new"),
    path("imports/<int:pk>/", views.batch, name="import-batch"),
    path("imports/<int:pk>/reading/", mapping_views.reading, name="import-reading"),
    path("imports/<int:pk>/refused/", views.refusals, name="import-refusals"),
    path("imports/<int:pk>/undo/", views.undo, name="import-undo"),
    path("data-quality/", views.data_quality, name="data-quality"),
]
