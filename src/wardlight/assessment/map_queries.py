"""What the map shows: how often something was recorded in each area (or 200 m square) and month, within the home area."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import numpy as np
import polars as pl
import shapely
from django.core.cache import cache
from django.db.models import Count, Max

from wardlight.incidents import cubes
from wardlight.incidents import queries as incidents
from wardlight.incidents.filters import RecordFilter
from wardlight.incidents.models import Batch
from wardlight.measures.models import Measure
from wardlight.measures.series import MonthlySeries, monthly_counts
from wardlight.partners.models import Partnership
from wardlight.partners.refusal import Refusal
from wardlight.places import queries as places
from wardlight.places.known import Met
from wardlight.places.levels import name_key
from wardlight.places.models import Area, LoadedFile

GRID = "grid"
CELL = 200.0
FEWEST_FOR_A_RATE = 10
NO_PLACE = {"on or near", "no location", ""}
KEPT_FOR = 7 * 24 * 60 * 60
LEVELS = ("ward", "lsoa", "borough", GRID)


@dataclass(frozen=True, slots=True)
class MapArea:
    """An area (or square) with its count in each month shown. `shape` is None where no boundary is known.

    `rate` is a year's count for 1,000 residents, None without a population or under 10 events.
    """

    key: int
    name: str
    counts: list[int]
    shape: Any | None = None
    code: str = ""
    population: int | None = None
    rate: float | None = None

    @property
    def total(self) -> int:
        """All months shown together."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class MapData:
    """Areas by falling total. `months` are those shown, `every_month` those that could be."""

    source: str
    level: str
    months: list[int]
    every_month: list[int]
    areas: list[MapArea] = field(default_factory=list)
    not_placed: int = 0
    within: Area | None = None
    population_source: str = ""

    @property
    def total(self) -> int:
        """All areas and months shown."""
        return sum(area.total for area in self.areas)


def home_area(partnership: Partnership) -> Area | None:
    """The area the partnership is about, when it says so and the area is known."""
    if not partnership.home_area_name:
        return None
    try:
        return places.find_area(partnership.home_area_name, level=partnership.home_area_level or None)
    except Refusal:
        return None


def map_data(
    *,
    partnership: Partnership,
    measure: Measure,
    level: str,
    first_month: int | None = None,
    last_month: int | None = None,
    within: Area | None = None,
) -> MapData | None:
    """Counts for the map: the latest twelve months unless others are asked for. None when no source can answer."""
    if level == GRID:
        return _squares(partnership, measure, first_month, last_month, within)
    found = _series(partnership, measure, level, within)
    if found is None:
        return None
    series, frame, within = found
    months = chosen_months(series.months, first_month, last_month)
    frame = frame.filter(pl.col("month").is_in(months))
    areas = _areas(frame.filter(pl.col("area_name").is_not_null()), level, months, within)
    areas, source = _with_rates(areas, months)
    not_placed = int(frame.filter(pl.col("area_name").is_null())["count"].sum())
    return MapData(series.source, level, months, series.months, areas, not_placed, within, source)


def _series(
    partnership: Partnership, measure: Measure, level: str, within: Area | None
) -> tuple[MonthlySeries, pl.DataFrame, Area | None] | None:
    """The largest series that has areas inside `within`, with their rows; else the largest, with all of its rows."""
    found = _kept_series(partnership, measure, level)
    if within is not None and level != within.level:
        for series in found:
            inside = _inside(series.frame, within)
            if not inside.is_empty():
                return series, inside, within
    return (found[0], found[0].frame, None) if found else None


def _kept_series(partnership: Partnership, measure: Measure, level: str) -> list[MonthlySeries]:
    """The series of a measure, kept until a batch lands or is undone, or boundaries or definitions change."""
    batches = Batch.objects.filter(partnership=partnership, status=Batch.Status.LANDED).aggregate(
        Max("id"), Count("id")
    )
    loaded = LoadedFile.objects.aggregate(Max("id"))
    stamp = json.dumps([partnership.pk, batches, loaded, measure.slug, measure.scope.definition, level], sort_keys=True)
    key = f"map-series-{sha256(stamp.encode()).hexdigest()}"
    kept: list[MonthlySeries] | None = cache.get(key)
    if kept is None:
        kept = monthly_counts(partnership=partnership, scope=measure.scope, level=level)
        cache.set(key, kept, KEPT_FOR)
    return kept


def chosen_months(every: Sequence[int], first: int | None, last: int | None) -> list[int]:
    """The months from first to last; the latest twelve when neither is given or nothing lies between."""
    low, high = first or 0, last or 999_999
    months = [month for month in every if low <= month <= high]
    return list(every[-12:]) if (first is None and last is None) or not months else months


def _inside(frame: pl.DataFrame, within: Area) -> pl.DataFrame:
    """Rows of the areas that lie in `within`. What was placed nowhere is not counted: it may lie anywhere."""
    names = frame["parent_name"].drop_nulls().unique().to_list()
    wanted = [name for name in names if name_key(name) == name_key(within.name)]
    return frame.filter(pl.col("parent_name").is_in(wanted))


def _areas(frame: pl.DataFrame, level: str, months: Sequence[int], within: Area | None) -> list[MapArea]:
    """The areas of the frame, and with nought those of the same set that lie in `within` too."""
    position = {month: index for index, month in enumerate(months)}
    counts: dict[Met, list[int]] = {}
    for code, name, parent, month, count in frame.select(
        "area_code", "area_name", "parent_name", "month", "count"
    ).iter_rows():
        met = Met(name=name, code=code or "", parent=parent or "")
        counts.setdefault(met, [0] * len(months))[position[month]] += count
    known = places.match(level=level, met=counts)
    for area in _others_inside(within, level, known.values()):
        met = Met(name=area.name, code=area.code)
        known[met], counts[met] = area, [0] * len(months)
    shapes = places.outlines(known.values(), simplify_metres=_tolerance(len(known)))
    rows = enumerate(counts.items(), start=1)
    return _by_total(_map_area(known.get(met), met, values, shapes, -number) for number, (met, values) in rows)


def _map_area(area: Area | None, met: Met, counts: list[int], shapes: dict[int, Any], unknown: int) -> MapArea:
    if area is None:
        return MapArea(unknown, met.name, counts, None, met.code)
    return MapArea(area.pk, met.name, counts, shapes.get(area.pk), met.code)


def _others_inside(within: Area | None, level: str, known: Iterable[Area]) -> list[Area]:
    """Areas in `within`, of the boundary set most of the known ones belong to, in which nothing was recorded."""
    vintages = Counter(area.vintage for area in known)
    if within is None or level == within.level or not vintages:
        return []
    met = {area.pk for area in known}
    inside = places.children(within).filter(level=level, vintage=vintages.most_common(1)[0][0], boundary__isnull=False)
    return [area for area in inside if area.pk not in met]


def _by_total(areas: Iterable[MapArea]) -> list[MapArea]:
    return sorted(areas, key=lambda area: (-area.total, area.name))


def _tolerance(areas: int) -> float:
    """Metres of simplification that a screen does not show: finer for a borough than for a region."""
    return 5.0 if areas < 300 else 15.0 if areas < 1_500 else 30.0


def _with_rates(areas: list[MapArea], months: Sequence[int]) -> tuple[list[MapArea], str]:
    if not months:
        return areas, ""
    known = Area.objects.in_bulk([area.key for area in areas if area.key > 0])
    people = places.denominators(areas=known.values(), year=months[-1] // 100)
    rated = [_rated(area, people[area.key].value, len(months)) if area.key in people else area for area in areas]
    sources = sorted({f"{one.source} ({one.year})" for one in people.values()})
    return rated, sources[0] if sources else ""


def _rated(area: MapArea, people: int, months: int) -> MapArea:
    enough = people > 0 and area.total >= FEWEST_FOR_A_RATE
    rate = area.total / people * 1_000 * 12 / months if enough else None
    return MapArea(area.key, area.name, area.counts, area.shape, area.code, people, rate)


def _squares(
    partnership: Partnership, measure: Measure, first: int | None, last: int | None, within: Area | None
) -> MapData | None:
    wanted = RecordFilter.from_definition(measure.scope.definition)
    sources = list(wanted.sources) or None
    records = cubes.matching(incidents.records(partnership=partnership, sources=sources, with_outcomes=False), wanted)
    every = sorted(records.select(pl.col("month").unique()).collect()["month"].to_list())
    if not every:
        return None
    months = chosen_months(every, first, last)
    shown = records.filter(pl.col("month").is_in(months))
    cells = shown.with_columns(
        column=(pl.col("x") / CELL).floor().cast(pl.Int64), row=(pl.col("y") / CELL).floor().cast(pl.Int64)
    )
    frame = cells.group_by("column", "row", "month").agg(count=pl.len(), place=pl.col("place").drop_nulls().first())
    found = frame.sort("row", "column", "month").collect()
    source = ", ".join(sorted(records.select(pl.col("source").unique()).collect()["source"].to_list()))
    not_placed = int(found.filter(pl.col("column").is_null())["count"].sum())
    areas = _cells(found.drop_nulls("column"), months, within)
    return MapData(source, GRID, months, every, areas, not_placed, within)


def _cells(frame: pl.DataFrame, months: Sequence[int], within: Area | None) -> list[MapArea]:
    position = {month: index for index, month in enumerate(months)}
    counts: dict[tuple[int, int], list[int]] = {}
    names: dict[tuple[int, int], str] = {}
    for column, row, month, count, place in frame.iter_rows():
        counts.setdefault((column, row), [0] * len(months))[position[month]] += count
        if place and place.strip().casefold() not in NO_PLACE:
            names.setdefault((column, row), place.strip())
    kept = _within_shape(list(counts), within)
    return _by_total(
        MapArea(
            number, names.get(cell, f"Square at {cell[0] * CELL:.0f}, {cell[1] * CELL:.0f}"), counts[cell], _box(cell)
        )
        for number, cell in enumerate(kept, start=1)
    )


def _within_shape(cells: list[tuple[int, int]], within: Area | None) -> list[tuple[int, int]]:
    """The squares that touch the home area; all of them when it has no boundary."""
    shape = places.outlines([within]).get(within.pk) if within else None
    if shape is None or not cells:
        return cells
    boxes = np.array([_box(cell) for cell in cells], dtype=object)
    return [cell for cell, touches in zip(cells, shapely.intersects(shape, boxes), strict=True) if touches]


def _box(cell: tuple[int, int]) -> Any:
    column, row = cell
    return shapely.box(column * CELL, row * CELL, (column + 1) * CELL, (row + 1) * CELL)
