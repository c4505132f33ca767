"""Questions asked of records, written against Narwhals alone: the same functions answer from Polars (eager or lazy), pandas
or Spark, and give the same numbers.

Each takes a native frame with RECORD_SCHEMA columns (and whatever area columns were added) and gives a native frame of the
same kind back; a lazy frame stays lazy. Rows come in no particular order.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import and_, or_
from typing import Any, TypeVar, cast

import narwhals as nw

from . import taxonomy
from .filters import RecordFilter

Frame = TypeVar("Frame")


def _opened(frame: Any) -> Any:
    return nw.from_native(frame)


def matching(frame: Frame, record_filter: RecordFilter) -> Frame:
    """The rows that a filter lets through. A blank age, sex, outcome or category matches no condition set on it."""
    conditions = [*_categories(record_filter), *_flags(record_filter), *_people(record_filter)]
    if record_filter.sources:
        conditions.append(nw.col("source").is_in(list(record_filter.sources)))
    if record_filter.outcomes:
        conditions.append(nw.col("outcome").is_in(list(record_filter.outcomes)))
    native = _opened(frame)
    return cast(Frame, (native.filter(reduce(and_, conditions)) if conditions else native).to_native())


def counts_by(frame: Frame, keys: Sequence[str]) -> Frame:
    """How many rows there are of each combination of `keys`: those columns and `count`. A blank key is a key of its own."""
    grouped = _opened(frame).group_by(*keys).agg(nw.len().alias("count"))
    return cast(Frame, grouped.with_columns(nw.col("count").cast(nw.Int64)).to_native())


def distinct_victims(frame: Frame, keys: Sequence[str]) -> Frame:
    """How many different people were victims, by `keys`: those columns and `victims`. Rows without a victim key are left
    out, so a combination that has none has no row."""
    known = _opened(frame).filter(~nw.col("victim_key").is_null())
    grouped = known.group_by(*keys).agg(nw.col("victim_key").n_unique().alias("victims"))
    return cast(Frame, grouped.with_columns(nw.col("victims").cast(nw.Int64)).to_native())


def hours(frame: Frame) -> Frame:
    """Rows by local hour of the week: `hour_of_week` (0 is Monday 00:00 to 00:59) and `count`. Rows whose hour is not known
    are left out; an hour without rows has no row."""
    known = _opened(frame).filter(~nw.col("hour_of_week").is_null())
    grouped = known.group_by("hour_of_week").agg(nw.len().alias("count"))
    return cast(Frame, grouped.with_columns(nw.col("count").cast(nw.Int64)).to_native())


def _categories(wanted: RecordFilter) -> list[nw.Expr]:
    conditions = []
    if wanted.categories:
        conditions.append(nw.col("category").is_in(_with_those_below(wanted.categories)))
    if wanted.not_categories:
        excluded = nw.col("category").is_in(_with_those_below(wanted.not_categories))
        conditions.append(~excluded & ~nw.col("category").is_null())
    return conditions


def _with_those_below(slugs: Sequence[str]) -> list[str]:
    tree = taxonomy.load()
    return sorted({slug for each in slugs for slug in (each, *tree.below(each))})


def _flags(wanted: RecordFilter) -> list[nw.Expr]:
    conditions = [_has(flag) for flag in wanted.flags_all]
    if wanted.flags_any:
        conditions.append(reduce(or_, [_has(flag) for flag in wanted.flags_any]))
    conditions += [~_has(flag) for flag in wanted.flags_none]
    return conditions


def _has(flag: str) -> nw.Expr:
    return nw.col("flags").fill_null("").str.contains(f"|{flag}|", literal=True)


def _people(wanted: RecordFilter) -> list[nw.Expr]:
    conditions = []
    if wanted.victim_age_from is not None:
        conditions.append(nw.col("victim_age") >= wanted.victim_age_from)
    if wanted.victim_age_to is not None:
        conditions.append(nw.col("victim_age") <= wanted.victim_age_to)
    if wanted.victim_sex:
        conditions.append(nw.col("victim_sex") == wanted.victim_sex)
    return conditions
