"""The public site: no sign-in, nothing but what has been published."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from wardlight.assessment import pages
from wardlight.assessment.document import document_from_json
from wardlight.assessment.models import PublishedVersion

from . import presenters, publications, queries
from .disclosure import public_document


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What has been published, newest first."""
    versions = queries.newest_of_each(queries.public_versions())
    return render(
        request,
        "public_site/home.html",
        {"heading": presenters.home_heading(versions), "items": [presenters.item(version) for version in versions]},
    )


@require_safe
def assessment(request: HttpRequest, partnership: str, assessment: int, number: int) -> HttpResponse:
    """One published version, with small numbers left out."""
    version = _version(partnership, assessment, number)
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
            "pdf_url": reverse("public-assessment-pdf", args=[partnership, assessment, number]),
            "newer": reverse("public-assessment", args=[partnership, assessment, newer]) if newer else "",
        },
    )


@require_safe
def pdf(request: HttpRequest, partnership: str, assessment: int, number: int) -> FileResponse:
    """The same version as a PDF."""
    version = _version(partnership, assessment, number)
    name = f"{slugify(version.snapshot['title'])}-version-{number}.pdf"
    path = publications.pdf(version)
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type="application/pdf")


def _version(partnership: str, assessment: int, number: int) -> PublishedVersion:
    version = queries.public_version(partnership_slug=partnership, assessment=assessment, number=number)
    if version is None:
        raise Http404("There is no such published assessment.")
    return version
