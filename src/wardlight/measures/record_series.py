"""Series from records: how many match a scope in each area and month, of the months the source covers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from wardlight.incidents import cubes, taxonomy
from wardlight.incidents import queries as incidents
from wardlight.incidents.filters import RecordFilter
from wardlight.partners.models import Partnership
from wardlight.places.models import Area

from .coverage import chosen_categories

SMALL_AREA = "lsoa"


@dataclass(frozen=True, slots=True)
class RecordCoverage:
    """What a source's records hold: months with each month's categories, flags ever seen, which columns are ever filled."""

    months: dict[int, frozenset[str]]
    flags: frozenset[str]
    filled: frozenset[str]

    def can_answer(self, wanted: RecordFilter) -> bool:
        """Whether what the filter asks about is recorded at all: a flag never seen is unknown, not nought."""
        if any(flag not in self.flags for flag in wanted.flags_all):
            return False
        if wanted.flags_any and not any(flag in self.flags for flag in wanted.flags_any):
            return False
        asked = {
            "victim_age": wanted.victim_age_from is not None or wanted.victim_age_to is not None,
            "victim_sex": bool(wanted.victim_sex),
            "outcome": bool(wanted.outcomes),
        }
        return all(column in self.filled for column, needed in asked.items() if needed)


def coverage(records: pl.LazyFrame) -> RecordCoverage:
    """One pass over a source's records."""
    columns = ("victim_age", "victim_sex", "victim_key", "outcome")
    by_month = records.group_by("month", "category").agg(
        *(pl.col(column).count().alias(column) for column in columns), flags=pl.col("flags").unique()
    )
    frame = by_month.collect()
    months: dict[int, set[str]] = {}
    for month, category in frame.select("month", "category").iter_rows():
        months.setdefault(month, set()).add(category or "")
    seen = frame.explode("flags", empty_as_null=True)["flags"].drop_nulls().unique()
    flags = {flag for text in seen for flag in text.strip("|").split("|") if flag}
    filled = {column for column in columns if frame[column].sum()}
    return RecordCoverage(
        {month: frozenset(held) for month, held in months.items()}, frozenset(flags), frozenset(filled)
    )


@dataclass(frozen=True, slots=True)
class RecordCube:
    """One source's records at one level, with an `area_code` column (null: not placed)."""

    source: str
    level: str
    records: pl.LazyFrame
    coverage: RecordCoverage
    names: pl.DataFrame  # area_code, area_name, parent_name

    def months(self, wanted: RecordFilter) -> list[int]:
        """The months for which the source can answer."""
        if not self.coverage.can_answer(wanted):
            return []
        tree = taxonomy.load()
        fixed = bool(tree.labels(self.source)) and not tree.nested(self.source)
        held = frozenset().union(*self.coverage.months.values()) if self.coverage.months else frozenset()
        answered: dict[frozenset[str], bool] = {}
        kinds = self._kinds(wanted.categories)
        found = []
        for month in sorted(self.coverage.months):
            published = frozenset(tree.published(self.source, month)) if fixed else held
            if published not in answered:
                answered[published] = bool(chosen_categories(published, wanted, tree, nested=False, whole=False))
            if answered[published] and (not kinds or kinds & self._kinds(self.coverage.months[month])):
                found.append(month)
        return found

    def _kinds(self, categories: Iterable[str]) -> set[str]:
        """The topmost categories: crime, ambulance… A month in which a source sent none of a kind is a gap, not nought."""
        tree = taxonomy.load()
        return {(slug, *tree.above(slug))[-1] for slug in categories}

    def covered(self, share: float) -> list[str]:
        """The areas with at least `share` of the records of the fullest: the others are neighbours that stray in."""
        placed = self.records.filter(pl.col("area_code").is_not_null()).group_by("area_code").len().collect()
        return placed.filter(pl.col("len") >= share * pl.col("len").max())["area_code"].to_list()

    def matching(self, wanted: RecordFilter) -> pl.LazyFrame:
        """The records that match."""
        return cubes.matching(self.records, wanted)

    def counts(self, wanted: RecordFilter) -> pl.DataFrame | None:
        """Counts by area and month with every answerable month of every area; None when the source cannot answer."""
        months = self.months(wanted)
        if not months:
            return None
        found = self.matching(wanted).group_by("area_code", "month").agg(count=pl.len().cast(pl.Int64)).collect()
        if found["area_code"].null_count() and self.names["area_code"].null_count() == 0:
            nowhere = pl.DataFrame([(None, None, None)], schema=self.names.schema, orient="row")
            areas = pl.concat([self.names, nowhere])
        else:
            areas = self.names
        every = areas.join(pl.DataFrame({"month": months}, schema={"month": pl.UInt32}), how="cross")
        filled = every.join(found, on=["area_code", "month"], how="left", nulls_equal=True)
        return filled.with_columns(pl.col("count").fill_null(0)).sort("month", "area_name", nulls_last=True)


def load_records(*, partnership: Partnership, source: str, level: str) -> RecordCube | None:
    """The cube of a source's records at a level; None when there are no records or none of them has a place there.

    Areas are those with at least one record, by the boundaries of that level; where none are loaded, by the code or
    name that the source itself gives.
    """
    by_boundary = Area.objects.filter(level=level, boundary__isnull=False).exists()
    records = incidents.records(partnership=partnership, sources=[source], areas=(level,))
    records = records.with_columns(pl.col(f"area_{level}").alias("area_code"))
    named = pl.col("source_area_name" if level == SMALL_AREA else "area_code")
    held = records.filter(pl.col("area_code").is_not_null()).group_by("area_code").agg(named.last().alias("area_name"))
    own = held.with_columns(parent_name=pl.lit(None, pl.String)).collect()
    if own.is_empty():
        return None
    names = _names(level, own["area_code"].to_list()) if by_boundary else own
    return RecordCube(source, level, records, coverage(records), names)


def _names(level: str, codes: list[str]) -> pl.DataFrame:
    rows = Area.objects.filter(level=level, boundary__isnull=False).values_list("code", "name", "parent__name")
    schema = {"area_code": pl.String, "area_name": pl.String, "parent_name": pl.String}
    frame = pl.DataFrame(list(rows), schema=schema, orient="row")
    return frame.unique("area_code", keep="last", maintain_order=True).filter(pl.col("area_code").is_in(codes))
