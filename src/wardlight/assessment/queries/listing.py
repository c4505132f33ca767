"""Which assessments and versions there are."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from wardlight.partners.models import Partnership

from ..models import Assessment, PublishedVersion


def assessments(*, partnership: Partnership) -> QuerySet[Assessment]:
    """A partnership's assessments, newest first, with their area."""
    return Assessment.objects.filter(partnership=partnership).select_related("area", "replaces")


def assessment_of(*, partnership: Partnership, pk: int) -> Assessment | None:
    """One assessment of this partnership, or None."""
    return assessments(partnership=partnership).filter(pk=pk).first()


def versions(*, assessment: Assessment) -> QuerySet[PublishedVersion]:
    """An assessment's published versions, newest first."""
    return assessment.versions.defer("snapshot").order_by("-number")


def published(*, partnership: Partnership, public_only: bool = True) -> QuerySet[PublishedVersion]:
    """Published versions of a partnership, newest first; what anyone may read, unless asked for all."""
    rows = PublishedVersion.objects.filter(partnership=partnership).select_related("assessment__area").defer("snapshot")
    return rows.filter(public=True) if public_only else rows


def latest_public(*, partnership: Partnership) -> PublishedVersion | None:
    """The newest version that anyone may read."""
    return published(partnership=partnership).order_by("-published_at", "-pk").first()


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a partnership's assessments stand: how many are being worked out, and the newest that are done."""

    running: int
    published: PublishedVersion | None
    draft: Assessment | None


def standing(*, partnership: Partnership) -> Standing:
    """Where the assessments of a partnership stand."""
    found = assessments(partnership=partnership)
    unfinished = found.filter(status__in=[Assessment.Status.QUEUED, Assessment.Status.RUNNING])
    newest = published(partnership=partnership, public_only=False).order_by("-published_at", "-pk")
    return Standing(unfinished.count(), newest.first(), found.filter(status=Assessment.Status.READY).first())
