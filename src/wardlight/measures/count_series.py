"""Series from counts that somebody else aggregated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from wardlight.incidents import queries as incidents
from wardlight.incidents import taxonomy
from wardlight.incidents.filters import RecordFilter
from wardlight.incidents.models import Batch
from wardlight.partners.models import Partnership

from .coverage import chosen_categories, with_stray_labels

UNPLACED = "unplaced"
AREA = ["area_code", "area_name", "parent_name"]
AREA_NOW = {
    "area_code": pl.col("area_code"),
    "area_name": pl.col("newest_name"),
    "parent_name": pl.col("newest_parent"),
}
PERIOD = ["month", "months"]
KEPT_IN_MEMORY = 1_000_000


@dataclass(frozen=True, slots=True)
class CountCube:
    """One source's counts at one level: area × period × category. Rows of no area have area_name None.

    `rows` are read when a question is asked, so that one question of millions of counts reads only what it needs. `areas`
    has each area as the source spells it, its newest name, and its first and last month. `published` says which
    categories the source gives in each (month, months); `withheld` are suppressed cells.
    """

    source: str
    level: str
    rows: pl.LazyFrame
    areas: pl.DataFrame
    published: Mapping[tuple[int, int], frozenset[str]]
    withheld: pl.DataFrame

    @property
    def names(self) -> pl.DataFrame:
        """The areas: area_code, area_name, parent_name, by their newest names."""
        return self.spans.filter(pl.col("area_name").is_not_null()).select(AREA)

    @property
    def spans(self) -> pl.DataFrame:
        """Each area (and no area) with its first and last month."""
        newest = self.areas.select("first", "last", **AREA_NOW)
        return newest.group_by(AREA, maintain_order=True).agg(pl.col("first").min(), pl.col("last").max())

    def of_area(self, name: str) -> pl.DataFrame:
        """Every count of the areas of a name: month, months, category, count."""
        spelt = self.areas.filter(pl.col("newest_name") == name)["area_name"].unique().to_list()
        mine = self.rows.filter(pl.col("area_name").is_in(spelt))
        return mine.group_by(*PERIOD, "category").agg(pl.col("count").sum()).collect()

    def periods(self, wanted: RecordFilter, slug: str | None = None) -> dict[tuple[int, int], frozenset[str]]:
        """The periods for which the source can answer, with the categories to add up."""
        tree = taxonomy.load()
        found: dict[frozenset[str], frozenset[str] | None] = {}
        answer: dict[tuple[int, int], frozenset[str]] = {}
        for period, published in self.published.items():
            if published not in found:
                found[published] = self._chosen(published, wanted, slug, tree)
            chosen = found[published]
            if chosen:
                answer[period] = chosen
        return answer

    def _chosen(
        self, published: frozenset[str], wanted: RecordFilter, slug: str | None, tree: taxonomy.Taxonomy
    ) -> frozenset[str] | None:
        if wanted.needs_records:
            return frozenset({slug}) if slug in published and slug is not None else None
        nested = tree.nested(self.source)
        chosen = chosen_categories(published, wanted, tree, nested=nested, whole=True)
        return None if chosen is None else with_stray_labels(chosen, wanted, tree, self.source)

    def counts(self, wanted: RecordFilter, slug: str | None = None) -> pl.DataFrame | None:
        """Counts by area and period, zero where the source covers the area but lists nothing; None when it cannot answer."""
        periods = self.periods(wanted, slug)
        if not periods:
            return None
        chosen = pl.DataFrame(
            [(month, months, one) for (month, months), several in periods.items() for one in sorted(several)],
            schema={"month": pl.UInt32, "months": pl.UInt16, "category": pl.String},
            orient="row",
        )
        summed = self._sums(chosen)
        covered = self._covered(chosen.select(PERIOD).unique())
        filled = covered.join(summed, on=[*AREA, *PERIOD], how="left", nulls_equal=True)
        filled = filled.with_columns(pl.col("count").fill_null(0))
        return self._without_withheld(filled, chosen).sort("month", "area_name", "area_code", nulls_last=True)

    def _sums(self, chosen: pl.DataFrame) -> pl.DataFrame:
        """The counts of the chosen categories in the chosen periods, added up by area and period."""
        wanted = self.rows.filter(pl.col("category").is_in(chosen["category"].unique().to_list()))
        inside = wanted.join(chosen.lazy(), on=[*PERIOD, "category"], how="semi")
        summed = inside.group_by(*AREA, *PERIOD).agg(pl.col("count").sum()).collect()
        named = summed.join(self.areas, on=AREA, how="left", nulls_equal=True)
        return named.select(*PERIOD, "count", **AREA_NOW).group_by(*AREA, *PERIOD).sum()

    def _covered(self, periods: pl.DataFrame) -> pl.DataFrame:
        """Every area with every period between its first and last."""
        pairs = self.spans.join(periods, how="cross")
        return pairs.filter(pl.col("month").is_between("first", "last")).drop("first", "last")

    def _without_withheld(self, filled: pl.DataFrame, chosen: pl.DataFrame) -> pl.DataFrame:
        if self.withheld.is_empty():
            return filled
        hidden = self.withheld.join(chosen, on=[*PERIOD, "category"], how="semi")
        given = self.rows.select("area_name", *PERIOD, "category").unique().collect()
        hidden = hidden.join(given, on=["area_name", *PERIOD, "category"], how="anti")
        return filled.join(hidden, on=["area_name", *PERIOD], how="anti")


def load_cube(
    *, partnership: Partnership, source: str, level: str, parent: str | None = None, batches: list[Batch] | None = None
) -> CountCube | None:
    """The cube of a source at a level (of one parent's areas only, if named); None when the source has no such level."""
    rows = incidents.counts(partnership=partnership, sources=[source])
    rows = rows.filter(pl.col("level").is_in([level, UNPLACED]))
    if parent is not None:
        rows = rows.filter(pl.col("parent_name") == parent)
    placed = pl.col("level") == level
    rows = rows.with_columns(pl.when(placed).then(pl.col(column)).alias(column) for column in AREA)
    span = (pl.col("month").min().alias("first"), pl.col("month").max().alias("last"), pl.len().alias("rows"))
    found, given = pl.collect_all(
        [rows.group_by(AREA).agg(span), rows.select(*PERIOD, "category").drop_nulls("category").unique()]
    )
    if found["area_name"].null_count() == found.height:
        return None
    rows = rows.select(*AREA, *PERIOD, "category", "count")
    if found["rows"].sum() <= KEPT_IN_MEMORY:
        rows = rows.collect().lazy()
    withheld = _withheld(batches if batches is not None else landed(partnership, source), level)
    return CountCube(source, level, rows, _with_newest_names(found), _published(source, given), withheld)


def landed(partnership: Partnership, source: str) -> list[Batch]:
    """The batches of a source that count."""
    return list(Batch.objects.filter(partnership=partnership, source=source, status=Batch.Status.LANDED))


def _with_newest_names(areas: pl.DataFrame) -> pl.DataFrame:
    """An area with a code keeps its newest name, so that a changed spelling does not split its series."""
    newest = (
        areas.filter(pl.col("area_code").is_not_null())
        .sort("last", "area_name")
        .group_by("area_code")
        .agg(pl.col("area_name").last().alias("newest_name"), pl.col("parent_name").last().alias("newest_parent"))
    )
    return areas.join(newest, on="area_code", how="left").with_columns(
        newest_name=pl.coalesce("newest_name", "area_name"), newest_parent=pl.coalesce("newest_parent", "parent_name")
    )


def _published(source: str, given: pl.DataFrame) -> dict[tuple[int, int], frozenset[str]]:
    tree = taxonomy.load()
    held = given.group_by(PERIOD).agg("category")
    by_period = {(month, months): frozenset(several) for month, months, several in held.iter_rows()}
    if tree.nested(source) or not tree.labels(source):
        return by_period
    return {period: held & tree.published(source, period[0]) for period, held in by_period.items()}


def _withheld(batches: list[Batch], level: str) -> pl.DataFrame:
    """Suppressed cells, kept in a batch's quality as “level|area|category|month|months”."""
    keys = [key.split("|") for batch in batches for key in batch.quality.get("suppressed", {})]
    rows = [(key[1], key[2], int(key[3]), int(key[4])) for key in keys if key[0] == level]
    schema = {"area_name": pl.String, "category": pl.String, "month": pl.UInt32, "months": pl.UInt16}
    return pl.DataFrame(rows, schema=schema, orient="row").unique()
