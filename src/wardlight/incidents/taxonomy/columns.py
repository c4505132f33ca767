"""Put categories on whole columns of a source's words."""

from __future__ import annotations

import polars as pl

from .tree import Taxonomy, load


def categorise(
    frame: pl.DataFrame,
    source: str,
    *,
    words: str = "source_category",
    group: str | None = None,
    month: str | None = "month",
    taxonomy: Taxonomy | None = None,
) -> pl.DataFrame:
    """`frame` with a `category` column: the Wardlight category of each row's words, null where they are unknown.

    Each distinct combination of words, group and month is looked up once.
    """
    tree = taxonomy or load()
    keys = [column for column in (words, group, month) if column]
    distinct = frame.select(keys).unique()
    found = [
        None
        if row[words] is None
        else tree.map(source, row[words], row[group] if group else None, row[month] if month else None)
        for row in distinct.iter_rows(named=True)
    ]
    looked_up = distinct.with_columns(pl.Series("category", found, dtype=pl.String))
    kept = frame.drop("category", strict=False)
    return kept.join(looked_up, on=keys, how="left", nulls_equal=True, maintain_order="left")


def unknown_words(frame: pl.DataFrame, *, words: str = "source_category") -> dict[str, int]:
    """How many rows carry each of the source's words that no category is known for, most first."""
    unknown = frame.filter(pl.col("category").is_null() & pl.col(words).is_not_null())
    counted = unknown.group_by(words).len().sort("len", words, descending=[True, False])
    return dict(counted.iter_rows())
