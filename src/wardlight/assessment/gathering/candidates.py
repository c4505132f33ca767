"""The monthly series of a measure: one candidate for each source that can answer, and the rule that picks one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import polars as pl

from wardlight.incidents.filters import RecordFilter
from wardlight.incidents.sources import SOURCES
from wardlight.measures.count_series import CountCube
from wardlight.measures.record_series import RecordCube
from wardlight.measures.series import cube_series, longer_series

from .. import numerals as n
from ..figures import LEAST_HISTORY, About, Series
from ..periods import Period, shift

Floats = npt.NDArray[np.float64]
FORCE_ENDINGS = (" police", " police service", " constabulary", " police force")
STRAY = 0.1  # an area with less than this part of the own area's records is met by chance, not covered
RULE = (
    "When several sources can answer, the one that covers both periods is used; of those, one that also holds other "
    "areas to compare "
    "with; then one with at least 24 earlier months; then records before counts."
)


def force_of(area_name: str, records: pl.LazyFrame) -> str | None:
    """The force whose whole area this is, such as “City of London Police” for City of London; None when there is none."""
    names = records.select(pl.col("reported_by").drop_nulls().unique()).collect()["reported_by"].to_list()
    wanted = area_name.strip().casefold()
    ours = {wanted, *(wanted + ending for ending in FORCE_ENDINGS)}
    return next((name for name in sorted(names) if name.strip().casefold() in ours), None)


def from_force(cube: RecordCube, wanted: RecordFilter, force: str, about: About) -> Series | None:
    """Every record of the area's own force, wherever it lies: what headlines count."""
    months = cube.months(wanted)
    if not months:
        return None
    found = cube.matching(wanted).filter(pl.col("reported_by") == force).group_by("month").len().collect()
    held = dict(zip(found["month"].to_list(), found["len"].to_list(), strict=True))
    own = np.array([held.get(month, 0) for month in months], dtype=np.int64)
    return Series(about, cube.source, cube.level, tuple(months), own, own_is_force=True)


def from_areas(cube: CountCube | RecordCube, wanted: RecordFilter, slug: str, area: str, about: About) -> Series | None:
    """The area's own row of a source's table, beside the rows of the other areas and of no area."""
    monthly = cube_series(cube, wanted, slug)
    if monthly is None:
        return None
    least = STRAY if isinstance(cube, RecordCube) else -1.0
    return _own_row(monthly.source, monthly.level, monthly.frame, monthly.months, area, about, least)


def from_longer(cube: CountCube, wanted: RecordFilter, slug: str, area: str, about: About) -> list[Series]:
    """The same from a table of quarters or years: a series for each length of period, and each month it may start in."""
    found = []
    for longer in longer_series(cube, wanted, slug):
        held = _own_row(longer.source, longer.level, longer.frame, longer.starts, area, about, -1.0)
        if held is not None:
            within = tuple(shift(start, later) for start in held.months for later in range(longer.months))
            found.append(replace(held, months=within, starts=held.months, step=longer.months))
    return found


def _own_row(
    source: str, level: str, frame: pl.DataFrame, starts: list[int], area: str, about: About, stray: float
) -> Series | None:
    names, table, not_placed = _pivot(frame, starts)
    if area not in names:
        return None
    at = names.index(area)
    own = table[at]
    if np.isnan(own).any():
        keep = ~np.isnan(own)
        starts = [month for month, kept in zip(starts, keep, strict=True) if kept]
        table, own, not_placed = table[:, keep], own[keep], not_placed[keep]
    least = stray * float(own.sum())
    others = [
        index
        for index in range(len(names))
        if index != at and not np.isnan(table[index]).any() and table[index].sum() >= least
    ]
    return Series(
        about=about,
        source=source,
        level=level,
        months=tuple(starts),
        own=own.astype(np.int64),
        other_names=tuple(names[index] for index in others),
        others=table[others].astype(np.int64),
        not_placed=not_placed.astype(np.int64),
    )


def _pivot(frame: pl.DataFrame, starts: Sequence[int]) -> tuple[list[str], Floats, Floats]:
    """Areas × months (NaN where an area is not covered), and the row of what lies in no area."""
    position = {month: at for at, month in enumerate(starts)}
    frame = frame.group_by("area_name", "month").agg(pl.col("count").sum())
    names = sorted(name for name in frame["area_name"].unique().to_list() if name is not None)
    row_of = {name: at for at, name in enumerate(names)}
    table = np.full((len(names), len(starts)), np.nan)
    nowhere = np.zeros(len(starts))
    for name, month, count in frame.iter_rows():
        if name is None:
            nowhere[position[month]] += count
        else:
            table[row_of[name], position[month]] = count
    return names, table, nowhere


def choose(candidates: Sequence[Series], period: Period, against: Period | None) -> Series | None:
    """The series that the stated rule picks, with a note when others would have answered otherwise."""
    usable = [item for item in candidates if item.covers(period)]
    if not usable:
        return None
    best = max(usable, key=lambda item: _preference(item, period, against))
    if best.about.kind != "all":
        return replace(best, choice=" ".join(_totals_of(usable, best, period)))
    notes = [
        f"This is counted from “{title_of(best.source)}”{_why(best)}; “{title_of(item.source)}” adds up to "
        f"{n.count(item.total(period))} for the same months, because the two were cut or counted differently."
        for item in usable
        if item is not best and item.total(period) != best.total(period)
    ]
    return replace(best, choice=" ".join(notes))


def _totals_of(usable: Sequence[Series], best: Series, period: Period) -> list[str]:
    """What the other sources add up to, in short: the first chapter says why they differ."""
    return [
        f"“{title_of(item.source)}” adds up to {n.count(item.total(period))} for the same months."
        for item in usable
        if item is not best and item.total(period) != best.total(period)
    ]


def title_of(source: str) -> str:
    """The source as people call it."""
    return SOURCES[source].title if source in SOURCES else source


def _why(best: Series) -> str:
    return ", which also holds other areas" if best.other_names else ""


def _preference(item: Series, period: Period, against: Period | None) -> tuple[bool, bool, bool, int, bool, int]:
    history = item.history(period, LEAST_HISTORY)
    return (
        against is None or item.covers(against),
        item.own_is_force or bool(item.other_names),
        history is not None and len(history) >= LEAST_HISTORY,
        -item.step,
        item.own_is_force,
        item.total(period),
    )
