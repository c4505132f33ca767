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
PERIOD = ["month", "months"]


@dataclass(frozen=True, slots=True)
class CountCube:
    """One source's counts at one level: area × period × category, with rows of no area as area_name None.

    `published` says which categories the source gives in each (month, months); `withheld` are suppressed cells.
    """

    source: str
    level: str
    frame: pl.DataFrame
    published: Mapping[tuple[int, int], frozenset[str]]
    withheld: pl.DataFrame

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
        summed = (
            self.frame.join(chosen, on=[*PERIOD, "category"], how="semi")
            .group_by(*AREA, *PERIOD)
            .agg(pl.col("count").sum())
        )
        covered = self._covered(chosen.select(PERIOD).unique())
        filled = covered.join(summed, on=[*AREA, *PERIOD], how="left", nulls_equal=True)
        filled = filled.with_columns(pl.col("count").fill_null(0))
        return self._without_withheld(filled, chosen).sort("month", "area_name", "area_code", nulls_last=True)

    def _covered(self, periods: pl.DataFrame) -> pl.DataFrame:
        """Every area with every period between its first and last."""
        spans = self.frame.group_by(AREA).agg(first=pl.col("month").min(), last=pl.col("month").max())
        pairs = spans.join(periods, how="cross")
        return pairs.filter(pl.col("month").is_between("first", "last")).drop("first", "last")

    def _without_withheld(self, filled: pl.DataFrame, chosen: pl.DataFrame) -> pl.DataFrame:
        if self.withheld.is_empty():
            return filled
        hidden = self.withheld.join(chosen, on=[*PERIOD, "category"], how="semi")
        given = self.frame.select("area_name", *PERIOD, "category")
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
    frame = (
        rows.with_columns(pl.when(placed).then(pl.col(column)).alias(column) for column in AREA)
        .group_by(*AREA, *PERIOD, "category")
        .agg(pl.col("count").sum())
        .collect()
    )
    if frame["area_name"].null_count() == frame.height:
        return None
    withheld = _withheld(batches if batches is not None else landed(partnership, source), level)
    return CountCube(source, level, _one_name_a_code(frame), _published(source, frame), withheld)


def landed(partnership: Partnership, source: str) -> list[Batch]:
    """The batches of a source that count."""
    return list(Batch.objects.filter(partnership=partnership, source=source, status=Batch.Status.LANDED))


def _one_name_a_code(frame: pl.DataFrame) -> pl.DataFrame:
    """An area with a code keeps its newest name, so that a changed spelling does not split its series."""
    newest = (
        frame.filter(pl.col("area_code").is_not_null())
        .sort("month")
        .group_by("area_code")
        .agg(pl.col("area_name").last().alias("newest"), pl.col("parent_name").last().alias("newest_parent"))
    )
    if newest.is_empty():
        return frame
    renamed = frame.join(newest, on="area_code", how="left").with_columns(
        area_name=pl.coalesce("newest", "area_name"), parent_name=pl.coalesce("newest_parent", "parent_name")
    )
    return renamed.group_by(*AREA, *PERIOD, "category").agg(pl.col("count").sum())


def _published(source: str, frame: pl.DataFrame) -> dict[tuple[int, int], frozenset[str]]:
    tree = taxonomy.load()
    given = frame.filter(pl.col("category").is_not_null()).select(*PERIOD, "category").unique()
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
