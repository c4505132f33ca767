"""The area's own records of both periods, with the small areas each lies in."""

from __future__ import annotations

import polars as pl

from wardlight.incidents import queries as incidents
from wardlight.incidents import taxonomy
from wardlight.measures.series import sources_with_data
from wardlight.partners.models import Partnership
from wardlight.places.models import Area

from ..context import Records
from ..periods import Period
from .candidates import force_of

DISORDER = "anti-social-behaviour"
SNAPPED_SOURCES = frozenset({"police-uk"})
COLUMNS = [
    "category", "precision", "month", "hour_of_week", "x", "y", "place", "outcome", "victim_age", "victim_sex",
    "victim_key", "premises_key", "source", "reported_by",
]  # fmt: skip


def crime_and_disorder() -> tuple[frozenset[str], frozenset[str]]:
    """(categories of crime, those and anti-social behaviour), none of which counts an event twice."""
    tree = taxonomy.load()
    crime = frozenset(slug for slug in tree.below("crime") if not tree.categories[slug].overlaps)
    return crime, crime | frozenset(tree.below(DISORDER))


def gather_records(
    partnership: Partnership, area: Area, levels: tuple[str, ...], period: Period, against: Period | None
) -> Records | None:
    """Records of crime and disorder of the area, from every source of records; None when there are none.

    `levels` begins with the area's own level.
    """
    sources = [source for source, kind in sources_with_data(partnership) if kind == "records"]
    if not sources:
        return None
    lazy = incidents.records(partnership=partnership, sources=sources, areas=levels)
    force = force_of(area.name, lazy)
    wanted = _months(period, against) & pl.col("category").is_in(sorted(crime_and_disorder()[1]))
    column = f"area_{area.level}"
    mine = pl.col("reported_by") == force if force is not None else pl.col(column).is_in([area.code, area.name])
    kept = [*COLUMNS, *(f"area_{level}" for level in levels)]
    frame = lazy.filter(wanted & mine).select(kept).collect()
    if frame.filter(pl.col("month").is_between(period.first_month, period.last_month)).is_empty():
        return None
    none, elsewhere = _outside(frame, area, column, period) if force is not None else (0, 0)
    held = tuple(sorted(frame["source"].unique().to_list()))
    return Records(frame, held, force is not None, none, elsewhere, bool(SNAPPED_SOURCES & set(held)))


def _months(period: Period, against: Period | None) -> pl.Expr:
    within = pl.col("month").is_between(period.first_month, period.last_month)
    return within if against is None else within | pl.col("month").is_between(against.first_month, against.last_month)


def _outside(frame: pl.DataFrame, area: Area, column: str, period: Period) -> tuple[int, int]:
    """(placed nowhere, placed elsewhere) among the records of the period. Without boundaries, areas go by name."""
    now = frame.filter(pl.col("month").is_between(period.first_month, period.last_month))
    none = int(now[column].null_count())
    return none, int((~now[column].drop_nulls().is_in([area.code, area.name])).sum())
