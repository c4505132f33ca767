"""Which rows of an import are copies: of a row before them in the same import, or of a record an earlier batch holds.

The rules are told in docs/reference/imports.md. Memory: 16 bytes a row.
"""

from __future__ import annotations

import polars as pl

from .sources.keys import NO_KEY


class Duplicates:
    """Feed it the chunks of an import in order; it tells which rows are copies and counts repeated ids by month."""

    def __init__(self, held: pl.Series | None = None) -> None:
        """`held`: keys that earlier batches hold, for sources whose keys never repeat."""
        self._held = held if held is not None and len(held) else None
        self._seen: list[tuple[int, int, pl.Series]] = []  # first month, last month, digests
        self._keys: list[pl.DataFrame] = []

    def fresh(self, frame: pl.DataFrame, digest: pl.Series | None) -> pl.Series | None:
        """True for each row that is no copy; None when none is."""
        self._remember_keys(frame)
        copies = [copy for copy in (self._copies(frame, digest), self._held_already(frame)) if copy is not None]
        if not copies:
            return None
        either = copies[0] if len(copies) == 1 else copies[0] | copies[1]
        return ~either if either.any() else None

    def repeated_ids(self) -> dict[int, int]:
        """By month: rows whose id an earlier row of this import has, exact copies included."""
        if not self._keys:
            return {}
        keys = pl.concat(self._keys).filter(pl.col("record_key") != NO_KEY)
        repeated = keys.filter(~keys["record_key"].is_first_distinct())
        return dict(repeated.group_by("month").len().sort("month").iter_rows())

    def _remember_keys(self, frame: pl.DataFrame) -> None:
        if "record_key" in frame.columns and "month" in frame.columns:
            self._keys.append(frame.select("record_key", "month"))

    def _copies(self, frame: pl.DataFrame, digest: pl.Series | None) -> pl.Series | None:
        """Copies of a row in this chunk or in an earlier chunk that shares a month with it (a copy has the same month)."""
        if digest is None or digest.null_count() == len(digest):
            return None
        copy = ~digest.is_first_distinct()
        first, last = (
            int(month) for month in frame.select(pl.min("month"), pl.col("month").max().alias("last")).row(0)
        )
        for seen_first, seen_last, seen in self._seen:
            if seen_first <= last and first <= seen_last:
                # The small set is searched for the many, which is quicker than the other way round.
                both = seen.filter(seen.is_in(digest.implode()))
                if len(both):
                    copy = copy | digest.is_in(both.implode())
        self._seen.append((first, last, digest.drop_nulls()))
        return copy & digest.is_not_null()

    def _held_already(self, frame: pl.DataFrame) -> pl.Series | None:
        if self._held is None:
            return None
        key = frame["record_key"]
        return key.is_in(self._held.implode()) & (key != NO_KEY)
