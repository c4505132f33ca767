"""Any sheet of area × category × period, whatever its layout. Most partnerships get no more than this.

`propose` says how a sheet would be read, with reasons, so that a person can look and change it; the mapping used is kept on the
batch and remembered by the sheet's headings.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from wardlight.incidents import taxonomy
from wardlight.incidents.schema import COUNT_SCHEMA
from wardlight.partners.refusal import Refusal

from .base import Chunk, ReadContext, SourceFile, conform
from .count_table_cells import Table, cells_of, check_totals
from .count_table_grid import Sheet, open_sheets
from .count_table_layout import Layout, recognise
from .refusals import refusals_where

ENDINGS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".csv", ".tsv", ".txt")
CONSTANTS = ("area", "category", "period")
EDITABLE = ("sheet", "columns", "values", "level", "heading_rows")


@dataclass(frozen=True, slots=True)
class Proposal:
    """How a sheet would be read. `mapping` can be edited and given to the import; `reasons` say why, a sentence each."""

    mapping: dict[str, Any]
    reasons: list[str]
    sheets: list[str]
    preview: list[list[str]]
    unknown_categories: dict[str, int] = field(default_factory=dict)


def propose(path: Path, *, name: str = "", sheet: str | None = None) -> Proposal:
    """How the file would be read. Raises Refusal when no table of counts can be found in it."""
    sheets = open_sheets(path, name or path.name)
    chosen, layout = _choose(sheets, sheet, name or path.name)
    table = cells_of(chosen, layout, {}, 0)
    unknown = taxonomy.unknown_words(table.cells.filter(pl.col("reason").is_null()))
    return Proposal(as_mapping(layout), layout.reasons, [one.name for one in sheets], chosen.rows[:12], unknown)


def as_mapping(layout: Layout) -> dict[str, Any]:
    """A layout as JSON: column numbers count from 0, `values` keys are text."""
    mapping = asdict(layout)
    mapping.pop("reasons")
    mapping["values"] = {str(column): one for column, one in layout.values.items()}
    return mapping


def from_mapping(layout: Layout, mapping: dict[str, Any]) -> Layout:
    """The layout with what the mapping decides otherwise."""
    for name in EDITABLE:
        if name in mapping and name != "sheet":
            setattr(layout, name, mapping[name])
    layout.values = {int(column): one for column, one in layout.values.items()}
    width = len(layout.headings)
    wrong = [column for column in [*layout.columns.values(), *layout.values] if not 0 <= column < width]
    if wrong:
        raise Refusal(f"The mapping names column {wrong[0] + 1}, but the sheet has {width}: correct the mapping.")
    return layout


def _choose(sheets: Sequence[Sheet], wanted: str | None, name: str) -> tuple[Sheet, Layout]:
    """The sheet named, or the one that holds most counts."""
    if wanted:
        sheets = [one for one in sheets if one.name == wanted]
        if not sheets:
            raise Refusal(f"{name} has no sheet “{wanted}”: choose one of its sheets.")
    found = [(one, layout) for one in sheets if (layout := recognise(one)) is not None]
    if not found:
        raise Refusal(
            f"No table of counts was found in {name}: it needs a row of headings with, below it, areas, categories or "
            "periods and whole numbers."
        )
    return max(found, key=lambda pair: len(pair[1].values) * len(pair[0].rows))


def _constants(mapping: dict[str, Any], forget: Sequence[str] = ()) -> dict[str, str]:
    """What a mapping says of the whole sheet. A period is never carried over from one sheet to the next."""
    said = dict(mapping.get("constants", {})) | {key: str(mapping[key]) for key in CONSTANTS if key in mapping}
    return {key: value for key, value in said.items() if key not in forget}


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
            _choose(open_sheets(path, path.name), None, path.name)
        except Refusal:
            return "no table of counts was found in it"
        return ""

    def read(self, files: Sequence[SourceFile], context: ReadContext) -> Iterator[Chunk]:
        given = dict(context.mapping)
        for number, file in enumerate(files):
            yield self._read_file(file, given, context)
            context.progress((number + 1) / len(files), f"Reading {file.name}")

    def _read_file(self, file: SourceFile, given: dict[str, Any], context: ReadContext) -> Chunk:
        sheet, layout = _choose(open_sheets(file.path, file.name), given.get("sheet"), file.name)
        remembered = context.recall(layout.headings) or {}
        mapping = {**remembered, **given}
        constants = _constants(remembered, forget=("period",)) | layout.constants | _constants(given)
        layout = from_mapping(layout, mapping)
        layout.constants = constants
        table = cells_of(sheet, layout, mapping.get("categories", {}), context.today.year * 100 + context.today.month)
        context.mapping.update(as_mapping(layout) | {"categories": mapping.get("categories", {})})
        for sentence in [*layout.reasons, *check_totals(table)]:
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
