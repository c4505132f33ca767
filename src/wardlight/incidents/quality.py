"""What a reader must know about the data held: missing months and large shares of blanks, as sentences."""

from __future__ import annotations

import polars as pl

from wardlight.govuk.numbers import month_name, percent

from .sources import SOURCES

MUCH = 0.05
SHARES = {
    "blank_area": "have no area",
    "not_placed": "have no usable point",
    "no_category": "have a category that is not mapped",
}


def warnings(coverage: pl.DataFrame) -> list[str]:
    """A sentence for every source with a month missing between its first and last, or with many blanks."""
    found: list[str] = []
    for source in coverage["source"].unique(maintain_order=True):
        rows = coverage.filter(pl.col("source") == source)
        title = SOURCES[source].title if source in SOURCES else source
        found += [f"{title}: {month_name(month)} is missing." for month in missing_months(rows["month"].to_list())]
        found += _shares(title, rows)
    return found


def missing_months(months: list[int]) -> list[int]:
    """The months between the first and the last that are not there."""
    if not months:
        return []
    held, month, last = set(months), min(months), max(months)
    missing = []
    while month < last:
        month = month + 89 if month % 100 == 12 else month + 1
        if month not in held:
            missing.append(month)
    return missing


def _shares(title: str, rows: pl.DataFrame) -> list[str]:
    total = int(rows["rows"].sum())
    if not total or rows["kind"][0] == "counts":
        return []
    shares = {what: int(rows[what].sum()) / total for what in SHARES}
    return [
        f"{title}: {percent(round(100 * share, 1))} of rows {SHARES[what]}."
        for what, share in shares.items()
        if share >= MUCH
    ]
