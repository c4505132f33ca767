"""Counts what an import held, month by month and slice by slice: the start of the coverage ledger."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

NOT_TOTALLED = ("rows", "within")
MISSING = {"blank_area": "source_area", "not_placed": "x", "no_category": "category"}


class Ledger:
    """Feed it kept rows, copies and refusals; then ask for totals."""

    def __init__(self, slice_columns: Sequence[str]) -> None:
        self._slice_columns = tuple(slice_columns)
        self._months: defaultdict[int, Counter[str]] = defaultdict(Counter)
        self._slices: Counter[tuple[Any, ...]] = Counter()
        self._files: Counter[int] = Counter()
        self._more: dict[str, Any] = {}
        self._labels: dict[str, list[int]] = {}  # the source's words: first month, last month, rows
        self.kept = self.duplicate = self.refused = 0

    def keep(self, frame: pl.DataFrame) -> None:
        """Rows that will be stored."""
        labels = ("source_category",) if "source_category" in frame.columns else ()
        keys = list(dict.fromkeys(("file", "month", *self._slice_columns, *labels)))
        missing = [
            pl.col(column).null_count().alias(what) for what, column in MISSING.items() if column in frame.columns
        ]
        self.kept += len(frame)
        self._keep_longer(frame)
        groups = frame.group_by(keys).agg(pl.len().alias("rows"), *missing)
        for row in groups.iter_rows(named=True):
            month = self._months[row["month"]]
            for what in ("rows", *MISSING):
                if row.get(what):
                    month[what] += row[what]
            self._files[row["file"]] += row["rows"]
            if self._slice_columns:
                self._slices[(row["file"], *(row[column] for column in self._slice_columns))] += row["rows"]
        if labels:
            self._keep_labels(groups)

    def _keep_longer(self, frame: pl.DataFrame) -> None:
        """The later months of quarters and years: no rows of their own, but not missing either."""
        if "months" not in frame.columns:
            return
        for first, months in frame.filter(pl.col("months") > 1).select("month", "months").unique().iter_rows():
            for later in range(1, months):
                at = first // 100 * 12 + first % 100 - 1 + later
                self._months[at // 12 * 100 + at % 12 + 1]["within"] += 1

    def _keep_labels(self, groups: pl.DataFrame) -> None:
        spans = groups.group_by("source_category").agg(pl.min("month"), pl.max("month").alias("last"), pl.sum("rows"))
        for words, first, last, rows in spans.iter_rows():
            if words is not None and first is not None:
                before = self._labels.get(words, [first, last, 0])
                self._labels[words] = [min(before[0], first), max(before[1], last), before[2] + rows]

    def copy(self, frame: pl.DataFrame) -> None:
        """Rows left out as copies."""
        self.duplicate += len(frame)
        for file, month, rows in frame.group_by("file", "month").len().iter_rows():
            self._months[month]["duplicates"] += rows
            self._files[file] += rows

    def refuse(self, refusals: pl.DataFrame) -> None:
        """Rows that were refused (REFUSAL_SCHEMA)."""
        self.refused += len(refusals)
        for file, rows in refusals.group_by("file").len().iter_rows():
            self._files[file] += rows

    def add(self, quality: Mapping[str, Any]) -> None:
        """A source's own counts, summed."""
        for what, value in quality.items():
            if isinstance(value, Mapping):
                inner = Counter(self._more.get(what, {}))
                inner.update({str(key): number for key, number in value.items()})
                self._more[what] = dict(inner)
            elif isinstance(value, int | float):
                self._more[what] = self._more.get(what, 0) + value
            else:
                self._more[what] = value

    def repeat(self, by_month: Mapping[int, int]) -> None:
        """How many rows of each month repeat an id."""
        for month, rows in by_month.items():
            self._months[month]["repeated_ids"] += rows

    def rows_of(self, file: int) -> int:
        """How many rows of a file were read."""
        return self._files[file]

    @property
    def months(self) -> list[int]:
        held = (month for month, counts in self._months.items() if counts["rows"] or counts["within"])
        return sorted(month for month in held if month is not None)

    def slices(self) -> list[dict[str, Any]]:
        """Batch.slices: [{"file": 0, "of": ["City of London Police", 202207], "rows": 786}]."""
        ordered = sorted(self._slices.items(), key=lambda item: tuple(str(part) for part in item[0]))
        return [{"file": key[0], "of": list(key[1:]), "rows": rows} for key, rows in ordered]

    def quality(self) -> dict[str, Any]:
        """Batch.quality: totals; the same by month under `by_month`; {words: [first month, last month, rows]} under `labels`."""
        totals: Counter[str] = Counter()
        for counts in self._months.values():
            totals.update({what: number for what, number in counts.items() if what not in NOT_TOTALLED})
        by_month = {str(month): dict(counts) for month, counts in sorted(self._months.items())}
        labels = {"labels": dict(sorted(self._labels.items()))} if self._labels else {}
        return {**self._more, **totals, **labels, "by_month": by_month}
