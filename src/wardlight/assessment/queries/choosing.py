"""What a person can choose: areas and months that there are data for, earlier assessments, findings to edit."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Max, Min, Prefetch, QuerySet

from wardlight.incidents.models import Batch
from wardlight.measures.models import Reading
from wardlight.partners.models import Partnership
from wardlight.places.models import Area

from ..models import Assessment, Chapter, Finding
from ..periods import MONTHS_A_YEAR, Period, month_title, shift


@dataclass(frozen=True, slots=True)
class Choices:
    """Areas that can be assessed, a sentence on the months held, and a first suggestion for the form."""

    areas: QuerySet[Area]
    available: str
    suggestion: dict[str, object]


def choices(*, partnership: Partnership) -> Choices:
    """Areas with readings; the newest twelve months against the twelve before, where there are as many."""
    areas = Area.objects.filter(pk__in=Reading.objects.filter(partnership=partnership).values("area").distinct())
    held = Batch.objects.filter(partnership=partnership, status=Batch.Status.LANDED)
    months = held.aggregate(first=Min("first_month"), last=Max("last_month"))
    first, last = months["first"], months["last"]
    if first is None or last is None:
        return Choices(areas.order_by("level", "name"), "", {})
    home = areas.filter(name=partnership.home_area_name).first() if partnership.home_area_name else None
    return Choices(
        areas=areas.order_by("level", "name"),
        available=f"There are data from {month_title(first)} to {month_title(last)}.",
        suggestion={"area": home, **_suggested_periods(first, last)},
    )


def _suggested_periods(first: int, last: int) -> dict[str, object]:
    period = Period(shift(last, 1 - MONTHS_A_YEAR), last)
    against = Period(shift(period.first_month, -MONTHS_A_YEAR), shift(period.last_month, -MONTHS_A_YEAR))
    found: dict[str, object] = {"period": period.key}
    if against.first_month >= first:
        found["against"] = against.key
    return found


def earlier(assessment: Assessment) -> QuerySet[Assessment]:
    """Finished assessments of the same area made before this one, newest first."""
    return Assessment.objects.filter(
        partnership=assessment.partnership,
        area=assessment.area,
        status=Assessment.Status.READY,
        pk__lt=assessment.pk,
    ).order_by("-pk")


def chapters_with_findings(assessment: Assessment) -> QuerySet[Chapter]:
    """The chapters and the findings that have a paragraph of their own, in two queries."""
    shown = Finding.objects.filter(tabled=False).defer("chart", "table").order_by("order", "pk")
    return assessment.chapters.order_by("order").prefetch_related(Prefetch("findings", queryset=shown))
