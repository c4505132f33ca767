"""The words of the import pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl
from django.urls import reverse

from wardlight.govuk.components import Cell, Column, Link, Row, Table, Tag
from wardlight.govuk.numbers import long_time, month_name, thousands

from .models import Batch
from .quality import missing_months
from .reports import ImportReport
from .sources import SOURCES
from .sources.base import RefusedRow

STATUS_COLOURS = {
    Batch.Status.PROPOSED: "yellow",
    Batch.Status.QUEUED: "blue",
    Batch.Status.RUNNING: "blue",
    Batch.Status.LANDED: "green",
    Batch.Status.UNDONE: "grey",
    Batch.Status.FAILED: "red",
    Batch.Status.CLOSED: "grey",
}
QUALITY_WORDS = {
    "blank_area": "Rows without an area",
    "not_placed": "Rows without a usable point",
    "no_category": "Rows whose category is not mapped",
    "repeated_ids": "Rows that repeat an earlier identifier",
}
COVERAGE_COLUMNS = {
    "rows": "Rows",
    "blank_area": "No area",
    "not_placed": "No point",
    "no_category": "Not mapped",
    "repeated_ids": "Repeated id",
    "duplicates": "Duplicates",
}
KIND_WORDS = {
    "records": "records",
    "counts": "counts",
    "outcomes": "outcomes",
    "stops": "stop and searches",
}


def source_title(slug: str) -> str:
    """The title of a source, or its slug when this version no longer knows it."""
    source = SOURCES.get(slug)
    return source.title if source else slug


def status_tag(batch: Batch) -> Tag:
    return Tag(Batch.Status(batch.status).label, STATUS_COLOURS[Batch.Status(batch.status)])


def months(first: int | None, last: int | None) -> str:
    """“April 2020 to March 2021”, one month alone, or nothing."""
    if first is None or last is None:
        return ""
    return month_name(first) if first == last else f"{month_name(first)} to {month_name(last)}"


def batches_table(batches: Iterable[Batch]) -> Table:
    """Every import, newest first."""
    return Table(
        "Imports",
        [
            Column("batch", "Import"),
            Column("period", "Period"),
            Column("kept", "Kept", "count"),
            Column("duplicate", "Duplicate", "count"),
            Column("refused", "Refused", "count"),
            Column("when", "When"),
            Column("status", "Status"),
        ],
        [
            [
                Link(f"{source_title(batch.source)} (number {batch.pk})", reverse("import-batch", args=[batch.pk])),
                months(batch.first_month, batch.last_month),
                batch.rows_kept,
                batch.rows_duplicate,
                batch.rows_refused,
                long_time(batch.created_at),
                status_tag(batch),
            ]
            for batch in batches
        ],
    )


def totals_rows(batch: Batch) -> list[Row]:
    """The sum that must add up: read = kept + duplicate + refused."""
    return [
        Row("Read", f"{thousands(batch.rows_read)} rows"),
        Row("Kept", thousands(batch.rows_kept)),
        Row("Duplicate", thousands(batch.rows_duplicate)),
        Row("Refused", thousands(batch.rows_refused)),
    ]


def provenance_rows(batch: Batch) -> list[Row]:
    """Where the batch came from and what became of it."""
    rows = [
        Row("Source", source_title(batch.source)),
        Row("Holds", KIND_WORDS.get(batch.kind, batch.kind)),
        Row("Period", months(batch.first_month, batch.last_month)),
        Row("Started", long_time(batch.created_at)),
        Row("By", batch.created_by.name if batch.created_by else batch.created_by_label),
    ]
    if batch.landed_at:
        rows.append(Row("Imported", long_time(batch.landed_at)))
    if batch.undone_at:
        rows += [Row("Undone", long_time(batch.undone_at)), Row("Why it was undone", batch.undo_reason)]
    return rows


def files_table(batch: Batch) -> Table:
    """The files as they were given, with the checksum that proves it."""
    return Table(
        "Files",
        [
            Column("name", "File"),
            Column("rows", "Rows", "count"),
            Column("bytes", "Bytes", "count"),
            Column("sha256", "SHA-256"),
        ],
        [[file["name"], file.get("rows"), file.get("bytes"), file.get("sha256", "")[:16]] for file in batch.files],
        note="The first 16 characters of each checksum are shown.",
    )


def refusals_table(files: Sequence[Mapping[str, Any]], refusals: Sequence[RefusedRow]) -> Table:
    """Rows that were not accepted, each with its reason."""
    names = [file["name"] for file in files]
    return Table(
        "Refused rows",
        [
            Column("file", "File"),
            Column("line", "Line", "count"),
            Column("column", "Column"),
            Column("value", "Value"),
            Column("reason", "Why, and what to do"),
        ],
        [
            [names[row.file] if row.file < len(names) else "", row.line, row.column, row.value, row.reason]
            for row in refusals
        ],
    )


def sum_sentence(batch: Batch | ImportReport) -> str:
    """“9,019 read = 9,016 kept + 3 duplicates + 0 refused.”"""
    return (
        f"{thousands(batch.rows_read)} read = {thousands(batch.rows_kept)} kept + "
        f"{thousands(batch.rows_duplicate)} duplicate + {thousands(batch.rows_refused)} refused."
    )


def check_context(report: ImportReport) -> dict[str, Any]:
    """What a check found, with the reports of the other kinds of data in the same files."""
    return {"reports": [_checked(each) for each in (report, *report.others)]}


def _checked(report: ImportReport) -> dict[str, Any]:
    return {
        "title": source_title(report.source),
        "sum": sum_sentence(report),
        "messages": report.messages,
        "quality": [
            Row(words, thousands(report.quality[what]))
            for what, words in QUALITY_WORDS.items()
            if report.quality.get(what)
        ],
        "refusals": refusals_table(report.files, report.refusals),
    }


def quality_rows(batch: Batch) -> list[Row]:
    """What the ledger counted in this import, leaving out what is nought."""
    return [
        Row(words, thousands(batch.quality[what])) for what, words in QUALITY_WORDS.items() if batch.quality.get(what)
    ]


def undo_consequence(batch: Batch) -> str:
    """What undoing does, in one sentence."""
    rows = thousands(batch.rows_kept)
    return f"Its {rows} rows will no longer count anywhere, and any rows it replaced will count again."


def coverage_summary(coverage: pl.DataFrame) -> Table:
    """One row a source: what it covers and how much of it lacks something."""
    return Table(
        "What each source covers",
        [
            Column("source", "Source"),
            Column("months", "Months"),
            Column("missing", "Months missing", "count"),
            *(Column(what, title, "count") for what, title in COVERAGE_COLUMNS.items()),
        ],
        [_coverage_row(source, rows) for source, rows in _by_source(coverage)],
    )


def _by_source(coverage: pl.DataFrame) -> list[tuple[str, pl.DataFrame]]:
    sources = coverage["source"].unique(maintain_order=True)
    return [(source, coverage.filter(pl.col("source") == source)) for source in sources]


def _coverage_row(source: str, rows: pl.DataFrame) -> list[Cell]:
    held = rows["month"].to_list()
    counted: list[Cell] = [int(rows[what].sum()) for what in COVERAGE_COLUMNS]
    return [source_title(source), months(min(held), max(held)), len(missing_months(held)), *counted]


def coverage_tables(coverage: pl.DataFrame) -> list[Table]:
    """One table a source, newest month first; columns that are nought throughout are left out."""
    return [_months_table(source_title(source), rows) for source, rows in _by_source(coverage)]


def _months_table(title: str, rows: pl.DataFrame) -> Table:
    shown = {what: words for what, words in COVERAGE_COLUMNS.items() if what == "rows" or rows[what].sum()}
    told = rows.filter(
        pl.any_horizontal(pl.col(list(COVERAGE_COLUMNS)) > 0)
    )  # not the later months of a year's one row
    newest_first = told.sort("month", descending=True).iter_rows(named=True)
    return Table(
        title,
        [Column("month", "Month"), *(Column(what, words, "count") for what, words in shown.items())],
        [[month_name(row["month"]), *(row[what] for what in shown)] for row in newest_first],
    )


def quality_answer(warnings: Sequence[str]) -> str:
    """The first sentence of the page."""
    if not warnings:
        return "Mostly: every month between the first and the last is there, and few rows lack a place or a category."
    return "With care. This is what a reader must know:"
