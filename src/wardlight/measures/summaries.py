"""Reads for the measure pages: which areas have readings, the overview of the last two years, one measure's series."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Max, Q, QuerySet

from wardlight.partners.models import Partnership
from wardlight.places.models import Area

from .models import Measure, Reading

MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Overview:
    """One measure in the last twelve months with readings and the twelve before. None where a month is missing."""

    measure: Measure
    source: str
    latest_month: int
    latest: float | None
    previous: float | None


def areas_with_readings(partnership: Partnership) -> QuerySet[Area]:
    """Areas that have at least one reading, by level and name."""
    return Area.objects.filter(
        pk__in=Reading.objects.filter(partnership=partnership).values("area").distinct()
    ).order_by("level", "name")


def chosen_area(partnership: Partnership, areas: list[Area], asked: str) -> Area | None:
    """The area asked for by number, else the partnership's own, else the first."""
    if asked.isdecimal():
        found = next((area for area in areas if area.pk == int(asked)), None)
        if found:
            return found
    own = [area for area in areas if area.name == partnership.home_area_name and area.name]
    return own[0] if own else (areas[0] if areas else None)


def overview(partnership: Partnership, area: Area) -> list[Overview]:
    """Every count measure with monthly readings for the area, in two queries."""
    monthly = Reading.objects.filter(partnership=partnership, area=area, group="", measure__statistic="count")
    latest = {
        (row["measure"], row["source"]): row["latest"]
        for row in monthly.values("measure", "source").annotate(latest=Max("last_month"))
    }
    if not latest:
        return []
    oldest = _years_back(min(latest.values()), 2)
    series: dict[tuple[int, str], dict[int, float]] = defaultdict(dict)
    measures: dict[int, Measure] = {}
    for reading in monthly.filter(first_month__gt=oldest).select_related("measure"):
        if reading.first_month == reading.last_month:
            series[reading.measure_id, reading.source][reading.first_month] = reading.numerator
            measures[reading.measure_id] = reading.measure
    rows = [
        Overview(measures[key[0]], key[1], last, _year(series[key], last), _year(series[key], _years_back(last, 1)))
        for key, last in latest.items()
        if key[0] in measures
    ]
    return sorted(rows, key=lambda row: (row.measure.order, row.measure.title, row.source))


def _years_back(month: int, years: int) -> int:
    return month - 100 * years


def _year(series: dict[int, float], last: int) -> float | None:
    first = _years_back(last, 1)
    months = [value for month, value in series.items() if first < month <= last]
    return sum(months) if len(months) == MONTHS_A_YEAR else None


def series(partnership: Partnership, measure: Measure, area: Area) -> list[Reading]:
    """Every reading of a measure for an area, oldest first."""
    wanted = Q(partnership=partnership, measure=measure, area=area, group="")
    return list(Reading.objects.filter(wanted).order_by("source", "first_month"))
