"""Addresses of the public site."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [
    path("", views.home, name="public-home"),
    path("published/<slug:partnership>/<int:assessment>/<int:number>/", views.assessment, name="public-assessment"),
    path("published/<slug:partnership>/<int:assessment>/<int:number>/pdf/", views.pdf, name="public-assessment-pdf"),
]
