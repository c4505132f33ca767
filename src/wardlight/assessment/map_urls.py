"""Addresses of the map explorer."""

from __future__ import annotations

from django.urls import path

from . import map_views

urlpatterns = [
    path("map/", map_views.explorer, name="map"),
    path("map/download/", map_views.download, name="map-download"),
    path("map/outlines/<slug:digest>.geojson", map_views.outlines, name="map-outlines"),
]
