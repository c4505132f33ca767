"""What anyone may read: versions that a partnership has published to the public site, and nothing else."""

from __future__ import annotations

from django.db.models import QuerySet

from wardlight.assessment.models import PublishedVersion


def public_versions() -> QuerySet[PublishedVersion]:
    """Every public version, newest first, without its (large) snapshot."""
    return (
        PublishedVersion.objects.filter(public=True)
        .select_related("partnership", "assessment")
        .defer("snapshot")
        .order_by("-published_at", "-pk")
    )


def newest_of_each(versions: QuerySet[PublishedVersion]) -> list[PublishedVersion]:
    """The newest public version of every assessment, in the order given."""
    newest: dict[int, PublishedVersion] = {}
    for version in versions:
        newest.setdefault(version.assessment_id, version)
    return list(newest.values())


def public_version(*, partnership_slug: str, assessment: int, number: int) -> PublishedVersion | None:
    """One public version with its snapshot, or None."""
    return (
        PublishedVersion.objects.filter(
            public=True, partnership__slug=partnership_slug, assessment=assessment, number=number
        )
        .select_related("partnership")
        .first()
    )


def newer_number(version: PublishedVersion) -> int | None:
    """The number of the newest public version of the same assessment, when it is newer than this one."""
    newest = (
        PublishedVersion.objects.filter(public=True, assessment=version.assessment_id)
        .order_by("-number")
        .values_list("number", flat=True)
        .first()
    )
    return newest if newest is not None and newest > version.number else None
