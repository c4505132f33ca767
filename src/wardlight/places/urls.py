"""Addresses of the places pages."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [
    path("places/", views.places, name="places"),
    path("places/boundaries/load/", views.load_boundaries, name="places-load-boundaries"),
    path("places/populations/load/", views.load_populations, name="places-load-populations"),
    path("places/premises/load/", views.load_premises, name="places-load-premises"),
    path("places/<int:pk>/", views.place, name="place"),
]
