"""Reads for the measure pages: which areas have readings, the overview of the last two years, one measure's series."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Max, Q, QuerySet

from wardlight.partners.models import Partnership
from wardlight.places.models import Area

from .models import Measure, Reading

MONTHS_A_YEAR = 12
OVERVIEW_YEARS = 2


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
    """Every count measure with readings for the area, in two queries: from months, else from quarters, else from years."""
    counted = Reading.objects.filter(partnership=partnership, area=area, group="", measure__statistic="count")
    latest = counted.values("measure", "source").annotate(latest=Max("last_month")).values_list("latest", flat=True)
    if not latest:
        return []
    oldest = min(latest) - 100 * (OVERVIEW_YEARS + 1)
    found: dict[tuple[int, str], dict[int, dict[int, float]]] = defaultdict(lambda: defaultdict(dict))
    measures: dict[int, Measure] = {}
    for reading in counted.filter(first_month__gt=oldest).select_related("measure"):
        lengths = found[reading.measure_id, reading.source]
        lengths[_number(reading.last_month) - _number(reading.first_month) + 1][reading.last_month] = reading.numerator
        measures[reading.measure_id] = reading.measure
    rows = [_overview(measures[measure], source, lengths) for (measure, source), lengths in found.items()]
    return sorted(rows, key=lambda row: (row.measure.order, row.measure.title, row.source))


def _overview(measure: Measure, source: str, lengths: dict[int, dict[int, float]]) -> Overview:
    """From the shortest periods that make up the last year; where none do, from the shortest."""
    rows = []
    for length, values in sorted(lengths.items()):
        last = max(values)
        rows.append(Overview(measure, source, last, _year(values, length, last), _year(values, length, last - 100)))
    return next((row for row in rows if row.latest is not None), rows[0])


def _number(month: int) -> int:
    return month // 100 * MONTHS_A_YEAR + month % 100


def _year(values: dict[int, float], length: int, last: int) -> float | None:
    """The sum of the periods of a length (by their last month) that make up the year to `last`; None where one is missing."""
    inside = [value for month, value in values.items() if 0 <= _number(last) - _number(month) <= MONTHS_A_YEAR - length]
    return sum(inside) if len(inside) * length == MONTHS_A_YEAR else None


def series(partnership: Partnership, measure: Measure, area: Area) -> list[Reading]:
    """Every reading of a measure for an area, oldest first."""
    wanted = Q(partnership=partnership, measure=measure, area=area, group="")
    return list(Reading.objects.filter(wanted).order_by("source", "first_month"))
