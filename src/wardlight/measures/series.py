"""Monthly counts of a scope by area, one series for each source that can answer. What assessments and readings stand on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from wardlight.incidents.filters import RecordFilter
from wardlight.incidents.models import Batch
from wardlight.partners.models import Partnership

from .count_series import CountCube, load_cube
from .models import Scope
from .record_series import RecordCube, load_records

COLUMNS = ["area_code", "area_name", "parent_name", "month", "count"]


@dataclass(frozen=True, slots=True)
class MonthlySeries:
    """Counts from one source at one level.

    `months` are the months (YYYYMM) for which the source can answer, in order; where its categories changed so that
    the scope cannot be told apart, months are missing. `frame` has area_code, area_name, parent_name, month, count: one
    row for every area and month covered, and rows with no area_name for what was not placed in any area.
    """

    source: str
    level: str
    months: list[int]
    frame: pl.DataFrame


@dataclass(frozen=True, slots=True)
class PeriodSeries:
    """Counts of periods longer than a month, all of one length (`months`) that follow one another without overlap.

    `starts` are the first months (YYYYMM) of the periods for which the source can answer; the frame's `month` is such a
    first month, else it is as in MonthlySeries, with `months` beside. Financial and calendar years are two series.
    """

    source: str
    level: str
    months: int
    starts: list[int]
    frame: pl.DataFrame


def monthly_counts(
    *, partnership: Partnership, scope: Scope | RecordFilter, level: str, source: str | None = None
) -> list[MonthlySeries]:
    """Monthly counts of a scope by area: one series for each source that can answer, largest first.

    A source that publishes only part of the scope, or nothing that tells it apart, gives no series.
    """
    wanted, slug = as_filter(scope)
    found = [cube_series(cube, wanted, slug) for cube in cubes_for(partnership, level, wanted, source)]
    series = [one for one in found if one is not None]
    return sorted(series, key=lambda one: -int(one.frame["count"].sum()))


def period_counts(
    *, partnership: Partnership, scope: Scope | RecordFilter, level: str, source: str | None = None
) -> list[PeriodSeries]:
    """Counts of quarters and years, as count tables without months give them."""
    wanted, slug = as_filter(scope)
    found = []
    for cube in cubes_for(partnership, level, wanted, source):
        found += longer_series(cube, wanted, slug) if isinstance(cube, CountCube) else []
    return found


def longer_series(cube: CountCube, wanted: RecordFilter, slug: str | None) -> list[PeriodSeries]:
    """A cube's series of quarters, years and other periods longer than a month: shortest first."""
    counts = cube.counts(wanted, slug)
    if counts is None:
        return []
    number = pl.col("month") // 100 * 12 + pl.col("month") % 100 - 1
    longer = counts.filter(pl.col("months") > 1).with_columns(phase=number % pl.col("months"))
    found = []
    for (months, _), part in sorted(longer.partition_by("months", "phase", as_dict=True).items()):
        starts = sorted(part["month"].unique().to_list())
        found.append(PeriodSeries(cube.source, cube.level, months, starts, part.select(*COLUMNS, "months")))
    return found


def as_filter(scope: Scope | RecordFilter) -> tuple[RecordFilter, str | None]:
    """The filter of a scope and the scope's slug, which a count source may publish as a category of its own."""
    if isinstance(scope, RecordFilter):
        return scope, None
    return RecordFilter.from_definition(scope.definition), scope.slug


def cubes_for(
    partnership: Partnership, level: str, wanted: RecordFilter, source: str | None = None
) -> Iterable[CountCube | RecordCube]:
    """The cubes of every source with landed batches that the filter allows."""
    for slug, kind in sources_with_data(partnership):
        if (source and slug != source) or (wanted.sources and slug not in wanted.sources):
            continue
        cube = load(partnership, slug, kind, level)
        if cube is not None:
            yield cube


def load(partnership: Partnership, source: str, kind: str, level: str) -> CountCube | RecordCube | None:
    """The cube of one source at one level, or None."""
    if kind == "counts":
        return load_cube(partnership=partnership, source=source, level=level)
    return load_records(partnership=partnership, source=source, level=level)


def sources_with_data(partnership: Partnership, kinds: Sequence[str] = ("counts", "records")) -> list[tuple[str, str]]:
    """(source, kind) of every source with a landed batch of one of the kinds, in order."""
    batches = Batch.objects.filter(partnership=partnership, status=Batch.Status.LANDED, kind__in=kinds)
    return sorted(set(batches.values_list("source", "kind").order_by()))


def cube_series(cube: CountCube | RecordCube, wanted: RecordFilter, slug: str | None) -> MonthlySeries | None:
    """A cube's monthly series for a filter, or None when it cannot answer."""
    if isinstance(cube, CountCube):
        counts = cube.counts(wanted, slug)
        counts = None if counts is None else counts.filter(pl.col("months") == 1)
    else:
        counts = cube.counts(wanted)
    if counts is None or counts.is_empty():
        return None
    months = sorted(counts["month"].unique().to_list())
    return MonthlySeries(cube.source, cube.level, months, counts.select(COLUMNS))
