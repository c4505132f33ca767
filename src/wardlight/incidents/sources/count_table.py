"""Any sheet of area × category × period, whatever its layout. Most partnerships get no more than this.

`propose` says how a sheet would be read, with reasons, so that a person can look and change it; the mapping used is kept on the
batch and remembered by the sheet's headings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl

from wardlight.incidents import taxonomy
from wardlight.incidents.schema import COUNT_SCHEMA
from wardlight.partners.refusal import Refusal, about

from .base import Chunk, ReadContext, SourceFile, conform
from .count_table_cells import CELL_SCHEMA, NOT_SAID, Table, cells_of, check_totals, missing_part
from .count_table_grid import open_sheets
from .count_table_layout import count_column
from .count_table_mapping import AS_LAST_TIME, Recall, as_mapping, choose, read_layout
from .refusals import refusals_where

ENDINGS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".csv", ".tsv", ".txt")
SHEET_ROWS_SHOWN = 12
CELLS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Proposal:
    """How a sheet would be read. `mapping` can be edited and given to the import; `reasons` say why, a sentence each.

    `preview` is the sheet's first rows; `first` the first counts as read: (area, words, category, month, months, count).
    `samples` has a few cells of each column, `count_columns` what each would count. `missing` is “area”, “category” or
    “period” where the sheet does not say that, so that nothing can be read yet; `problem` says so in a sentence.
    """

    mapping: dict[str, Any]
    reasons: list[str]
    sheets: list[str]
    preview: list[list[str]]
    unknown_categories: dict[str, int] = field(default_factory=dict)
    first: list[tuple[str, str, str | None, int, int, int]] = field(default_factory=list)
    kept: int = 0
    refused: int = 0
    headings: list[str] = field(default_factory=list)
    samples: list[list[str]] = field(default_factory=list)
    count_columns: list[dict[str, Any]] = field(default_factory=list)
    remembered: bool = False
    missing: str = ""
    problem: str = ""


def propose(
    path: Path,
    *,
    name: str = "",
    given: Mapping[str, Any] | None = None,
    recall: Recall = lambda headings: None,
    this_month: int = 0,
) -> Proposal:
    """How the file would be read. Raises Refusal when no table of counts can be found in it, or `given` does not fit it."""
    read = read_layout(path, name or path.name, given or {}, recall)
    missing = missing_part(read.layout)
    table = None if missing else cells_of(read.sheet, read.layout, read.categories, this_month)
    good = table.cells.filter(pl.col("reason").is_null()) if table else pl.DataFrame(schema=CELL_SCHEMA)
    body = read.sheet.rows[read.layout.heading_rows[-1] + 1 :]
    first = good.head(CELLS_SHOWN).select("area_name", "source_category", "category", "month", "months", "count")
    return Proposal(
        mapping=as_mapping(read),
        reasons=read.layout.reasons,
        sheets=read.sheets,
        preview=read.sheet.rows[:SHEET_ROWS_SHOWN],
        unknown_categories=taxonomy.unknown_words(good),
        first=first.rows(),
        kept=good.height,
        refused=table.cells.height - good.height if table else 0,
        headings=read.layout.headings,
        samples=[_sample(body, column) for column in range(len(read.layout.headings))],
        count_columns=[count_column(read.layout, column) for column in range(len(read.layout.headings))],
        remembered=read.remembered,
        missing=missing,
        problem=NOT_SAID.get(missing, ""),
    )


def _sample(body: Sequence[Sequence[str]], column: int) -> list[str]:
    cells = (row[column] for row in body if column < len(row) and row[column])
    return list(islice(dict.fromkeys(islice(cells, 50)), 3))


@dataclass(slots=True)
class CountTable:
    """The source. `context.mapping` may hold edited parts of a proposal, `categories` {words: slug}, `area`, `period`…"""

    slug: str = "count-table"
    title: str = "A table of counts"
    kind: str = "counts"
    describes: str = "Any sheet of counts by area, category and month, quarter or year: Excel, CSV or pasted cells."
    endings: tuple[str, ...] = ENDINGS
    snapshot: bool = True
    slice_columns: tuple[str, ...] = ("level", "area_name", "source_category", "month", "months")
    unique_keys: bool = False
    companions: tuple[str, ...] = ()

    def accepts(self, path: Path) -> bool:
        return self.explain(path) == ""

    def explain(self, path: Path) -> str:
        """Why the file cannot be read, as half a sentence; empty when it can."""
        try:
            choose(open_sheets(path, path.name), {}, path.name)
        except Refusal:
            return "no table of counts was found in it"
        return ""

    def read(self, files: Sequence[SourceFile], context: ReadContext) -> Iterator[Chunk]:
        given = dict(context.mapping)
        for number, file in enumerate(files):
            yield self._read_file(file, given, context)
            context.progress((number + 1) / len(files), f"Reading {file.name}")

    def _read_file(self, file: SourceFile, given: dict[str, Any], context: ReadContext) -> Chunk:
        with about(file.name):
            read = read_layout(file.path, file.name, given, context.recall)
            this_month = context.today.year * 100 + context.today.month
            table = cells_of(read.sheet, read.layout, read.categories, this_month)
        context.mapping.clear()
        context.mapping.update(as_mapping(read))
        if read.remembered:
            context.say(AS_LAST_TIME)
        for sentence in [*read.layout.reasons, *check_totals(table)]:
            context.say(sentence)
        return self._chunk(table, file, context)

    def _chunk(self, table: Table, file: SourceFile, context: ReadContext) -> Chunk:
        good = table.cells.filter(pl.col("reason").is_null())
        if good.is_empty() and table.cells.is_empty():
            raise Refusal(f"{file.name} holds no counts below its headings: check that it is the right sheet.")
        frame = conform(good.with_columns(file=pl.lit(file.index, pl.UInt16)), COUNT_SCHEMA)
        for words in taxonomy.unknown_words(frame):
            context.say(f"“{words}” is not a category that Wardlight knows: say what it is, or it is in no measure.")
        quality = {
            "suppressed": dict.fromkeys(table.suppressed, 1),
            "unknown_category": taxonomy.unknown_words(frame),
            "totals_not_imported": len(table.totals),
        }
        return Chunk(frame, refusals_where(table.cells, file.index), quality={k: v for k, v in quality.items() if v})


COUNT_TABLE = CountTable()
