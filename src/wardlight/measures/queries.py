"""Every read of measures: definitions, readings, and notes on figures that differ because definitions do."""

from __future__ import annotations

from difflib import get_close_matches

from django.db.models import F, Max, OuterRef, QuerySet, Subquery

from wardlight.partners.models import Partnership
from wardlight.partners.refusal import Refusal
from wardlight.places.models import Area

from .definition_files import DefinitionDifference, load_differences
from .models import Measure, Reading, Scope


def definitions() -> QuerySet[Measure]:
    """The newest version of every measure, in order, with its scope."""
    newest = Measure.objects.filter(slug=OuterRef("slug")).order_by("-version").values("version")[:1]
    return Measure.objects.select_related("scope").filter(version=Subquery(newest))


def definition(slug: str) -> Measure:
    """The newest version of a measure. Raises Refusal that offers the nearest names."""
    found = definitions().filter(slug=slug).first()
    if found is None:
        near = get_close_matches(slug, Measure.objects.values_list("slug", flat=True), n=3)
        hint = f"did you mean {' or '.join(near)}?" if near else "see docs/reference/measures.md for those there are."
        raise Refusal(f"There is no measure “{slug}”: {hint}")
    return found


def scope(slug: str) -> Scope:
    """The newest version of a scope. Raises Refusal when there is none."""
    found = Scope.objects.filter(slug=slug).order_by("-version").first()
    if found is None:
        raise Refusal(f"There is no scope “{slug}”: see docs/reference/measures.md for those there are.")
    return found


def readings(*, partnership: Partnership, measure: Measure, area: Area) -> QuerySet[Reading]:
    """A measure's readings for an area, oldest first, of every source."""
    return partnership.readings.filter(measure=measure, area=area).order_by("source", "first_month", "group")


def latest_readings(*, partnership: Partnership, measure: Measure, level: str) -> QuerySet[Reading]:
    """The newest period's readings of a measure in every area of a level, highest value first."""
    rows = partnership.readings.filter(measure=measure, area__level=level)
    newest = rows.filter(source=OuterRef("source")).order_by().values("source").annotate(last=Max("last_month"))
    rows = rows.annotate(newest=Subquery(newest.values("last")[:1])).filter(last_month=F("newest"))
    return rows.select_related("area").order_by("source", F("value").desc(nulls_last=True), "area__name")


def areas_with_readings(*, partnership: Partnership, measure: Measure) -> QuerySet[Area]:
    """The areas that have a reading of a measure, by level and name."""
    return Area.objects.filter(readings__partnership=partnership, readings__measure=measure).distinct()


def definition_differences(
    *, area: str | None = None, measure: str | None = None, period: str | None = None
) -> list[DefinitionDifference]:
    """Figures printed elsewhere from another definition, beside the public ones; narrowed by area, measure slug, period."""
    return [
        one
        for one in load_differences()
        if (area is None or one.area.casefold() == area.casefold())
        and (measure is None or one.measure == measure)
        and (period is None or one.period == period)
    ]
