"""The public site: no sign-in, nothing but what has been published."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from wardlight.assessment import pages
from wardlight.assessment.document import document_from_json

from . import presenters, queries
from .disclosure import public_document


def home(request: HttpRequest) -> HttpResponse:
    """What has been published, newest first."""
    versions = queries.newest_of_each(queries.public_versions())
    return render(
        request,
        "public_site/home.html",
        {"heading": presenters.home_heading(versions), "items": [presenters.item(version) for version in versions]},
    )


def assessment(request: HttpRequest, partnership: str, assessment: int, number: int) -> HttpResponse:
    """One published version, with small numbers left out."""
    version = queries.public_version(partnership_slug=partnership, assessment=assessment, number=number)
    if version is None:
        raise Http404("There is no such published assessment.")
    document = public_document(document_from_json(version.snapshot))
    newer = queries.newer_number(version)
    return render(
        request,
        "public_site/assessment.html",
        {
            "crumbs": [("Published assessments", reverse("public-home"))],
            "document": document,
            "cover": pages.cover_rows(document),
            "chapters": pages.chapter_blocks(document, interactive=False),
            "priorities": pages.priorities_table(document.priorities),
            "small_numbers": presenters.SMALL_NUMBERS,
            "newer": reverse("public-assessment", args=[partnership, assessment, newer]) if newer else "",
        },
    )
