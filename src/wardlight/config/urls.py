"""Every address of the site. Each app keeps its own `urls.py`; this lists them."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

APPS = ["public_site", "reports", "assessment", "measures", "incidents", "places"]

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/email/", RedirectView.as_view(pattern_name="my-account")),  # an administrator changes addresses
    path("account/", include("allauth.urls")),
    path("", include("wardlight.partners.urls")),
    path("", include("wardlight.config.home_urls")),
    path("", include("wardlight.assessment.map_urls")),
    *(path("", include(f"wardlight.{app}.urls")) for app in APPS),
]
handler404 = "wardlight.config.problem_views.not_found"
handler403 = "wardlight.config.problem_views.forbidden"
handler500 = "wardlight.config.problem_views.broken"
