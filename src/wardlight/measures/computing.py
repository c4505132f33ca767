"""Compute readings from a source's cube: vectorised, with each distinct count's interval worked out once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import polars as pl

from safety_analysis.methods import rates
from wardlight.incidents.filters import RecordFilter
from wardlight.places.models import Area

from .count_series import CountCube
from .models import Measure, Reading
from .record_series import RecordCube
from .series import as_filter, cube_series, longer_series

SMALLEST_BASE = 20
MONTHS_A_YEAR = 12
Cube = CountCube | RecordCube
Limits = Mapping[int, tuple[float, float]]
Populations = Callable[[str, int], Mapping[int, float]]  # (kind, year) -> {area id: value}


@dataclass(frozen=True, slots=True)
class Numbers:
    """One area and period of a measure: the numerator and, for rates and shares, what it is divided by."""

    area: int
    first_month: int
    last_month: int
    numerator: float
    denominator: float | None = None


def readings(
    cube: Cube, measure: Measure, scopes: Mapping[str, RecordFilter], areas: pl.DataFrame, people: Populations
) -> list[Reading]:
    """The unsaved readings of a measure from a cube. `areas` has area_code, area_name, parent_name, area, from_month."""
    numbers = list(_numbers(cube, measure, scopes, areas))
    if measure.statistic == "rate":
        numbers = list(_over_population(numbers, measure.denominator, people))
        return _finish(numbers, measure, cube.source, _rate_values(numbers, measure.multiplier), "Byar")
    if measure.statistic in ("count", "distinct-victims"):
        return _finish(numbers, measure, cube.source, _count_values(numbers), "Byar")
    return _finish(numbers, measure, cube.source, _share_values(numbers, measure.multiplier), "Wilson")


def _numbers(
    cube: Cube, measure: Measure, scopes: Mapping[str, RecordFilter], areas: pl.DataFrame
) -> Iterator[Numbers]:
    wanted, slug = as_filter(measure.scope)
    if measure.statistic in ("count", "rate"):
        yield from _counted(cube, wanted, slug, areas)
    elif measure.statistic in ("share", "detected-share"):
        yield from _shares(cube, wanted, scopes[measure.denominator], areas)
    elif isinstance(cube, RecordCube) and "victim_key" in cube.coverage.filled:
        if measure.statistic == "distinct-victims":
            yield from _victims(cube, wanted, areas)
        elif measure.statistic == "repeat-victim-share":
            yield from _repeat_victims(cube, wanted, areas)


def _counted(cube: Cube, wanted: RecordFilter, slug: str | None, areas: pl.DataFrame) -> Iterator[Numbers]:
    series = cube_series(cube, wanted, slug)
    if series is not None:
        for area, month, count in _placed(series.frame, areas).select("area", "month", "count").iter_rows():
            yield Numbers(area, month, month, count)
    for longer in longer_series(cube, wanted, slug) if isinstance(cube, CountCube) else []:
        for area, first, count in _placed(longer.frame, areas).select("area", "month", "count").iter_rows():
            yield Numbers(area, first, _last_month(first, longer.months), count)


def _last_month(first: int, months: int) -> int:
    number = first // 100 * MONTHS_A_YEAR + first % 100 - 1 + months - 1
    return number // MONTHS_A_YEAR * 100 + number % MONTHS_A_YEAR + 1


def _placed(frame: pl.DataFrame, areas: pl.DataFrame) -> pl.DataFrame:
    joined = frame.join(areas, on=["area_code", "area_name", "parent_name"], how="inner", nulls_equal=True)
    return joined.filter(pl.col("month") >= pl.col("from_month"))


def _shares(cube: Cube, part: RecordFilter, whole: RecordFilter, areas: pl.DataFrame) -> Iterator[Numbers]:
    upper, lower = cube_series(cube, part, None), cube_series(cube, whole, None)
    if upper is None or lower is None:
        return
    keys = ["area_code", "area_name", "parent_name", "month"]
    both = upper.frame.join(lower.frame, on=keys, how="inner", nulls_equal=True, suffix="_whole")
    rows = _placed(both, areas).select("area", "month", "count", "count_whole")
    for area, month, count, total in rows.iter_rows():
        yield Numbers(area, month, month, count, total)


def _victims(cube: RecordCube, wanted: RecordFilter, areas: pl.DataFrame) -> Iterator[Numbers]:
    if not cube.months(wanted):
        return
    known = cube.matching(wanted).filter(pl.col("victim_key").is_not_null())
    counted = known.group_by("area_code", "month").agg(pl.col("victim_key").n_unique().alias("count")).collect()
    rows = counted.join(areas, on="area_code", how="inner").filter(pl.col("month") >= pl.col("from_month"))
    for area, month, count in rows.select("area", "month", "count").iter_rows():
        yield Numbers(area, month, month, count)


def _repeat_victims(cube: RecordCube, wanted: RecordFilter, areas: pl.DataFrame) -> Iterator[Numbers]:
    months = cube.months(wanted)
    known = cube.matching(wanted).filter(pl.col("victim_key").is_not_null())
    last = len(months)
    while last >= MONTHS_A_YEAR:
        first_month, last_month = months[last - MONTHS_A_YEAR], months[last - 1]
        year = known.filter(pl.col("month").is_between(first_month, last_month))
        times = year.group_by("area_code", "victim_key").agg(times=pl.len())
        counted = times.group_by("area_code").agg(repeats=(pl.col("times") > 1).sum(), victims=pl.len()).collect()
        rows = counted.join(areas, on="area_code", how="inner").select("area", "repeats", "victims")
        for area, repeats, victims in rows.iter_rows():
            yield Numbers(area, first_month, last_month, repeats, victims)
        last -= MONTHS_A_YEAR


def _over_population(numbers: list[Numbers], kind: str, people: Populations) -> Iterator[Numbers]:
    for one in numbers:
        population = people(kind, one.first_month // 100).get(one.area)
        if population:
            yield replace(one, denominator=population)


def _limits(numbers: Iterable[Numbers]) -> Limits:
    return {count: rates.poisson_limits(count) for count in {int(one.numerator) for one in numbers}}


def _count_values(numbers: list[Numbers]) -> list[tuple[float | None, float | None, float | None, str]]:
    limits = _limits(numbers)
    return [(one.numerator, *limits[int(one.numerator)], "") for one in numbers]


def _rate_values(numbers: list[Numbers], multiplier: int) -> list[tuple[float | None, float | None, float | None, str]]:
    limits = _limits(numbers)
    values: list[tuple[float | None, float | None, float | None, str]] = []
    for one in numbers:
        scale = multiplier / (one.denominator or 1)
        low, high = limits[int(one.numerator)]
        note = "Fewer than 10 events: not printed as a rate." if one.numerator < 10 else ""
        values.append((one.numerator * scale, low * scale, high * scale, note))
    return values


def _share_values(
    numbers: list[Numbers], multiplier: int
) -> list[tuple[float | None, float | None, float | None, str]]:
    values: list[tuple[float | None, float | None, float | None, str]] = []
    for one in numbers:
        if not one.denominator:
            values.append((None, None, None, "There is nothing to take a share of."))
            continue
        share = rates.proportion(one.numerator, one.denominator)
        note = f"A base under {SMALLEST_BASE}: not printed as a percentage." if one.denominator < SMALLEST_BASE else ""
        values.append((share.value * multiplier, share.low * multiplier, share.high * multiplier, note))
    return values


def _finish(
    numbers: list[Numbers],
    measure: Measure,
    source: str,
    values: list[tuple[float | None, float | None, float | None, str]],
    method: str,
) -> list[Reading]:
    return [
        Reading(
            measure=measure,
            area_id=one.area,
            source=source,
            first_month=one.first_month,
            last_month=one.last_month,
            numerator=one.numerator,
            denominator=one.denominator,
            value=value,
            low=low,
            high=high,
            method=method,
            note=note,
        )
        for one, (value, low, high, note) in zip(numbers, values, strict=True)
    ]


def area_rows(cube: Cube) -> pl.DataFrame:
    """The areas of a cube: area_code, area_name, parent_name."""
    columns = ["area_code", "area_name", "parent_name"]
    return cube.names.filter(pl.col("area_name").is_not_null()).select(columns).unique(maintain_order=True)


def last_month(cube: Cube) -> int | None:
    """The newest month the cube covers; None where no category of it is known."""
    months = cube.published if isinstance(cube, CountCube) else [(month, 1) for month in cube.coverage.months]
    return max((month for month, _ in months), default=None)


def with_areas(rows: pl.DataFrame, areas: Mapping[tuple[str, str, str], Area], from_month: pl.Expr) -> pl.DataFrame:
    """`rows` of `area_rows` with the id of the area each one is, and the first month to keep."""
    ids = [areas[code or "", name or "", parent or ""].pk for code, name, parent in rows.iter_rows()]
    return rows.with_columns(area=pl.Series(ids, dtype=pl.Int64), from_month=from_month)
