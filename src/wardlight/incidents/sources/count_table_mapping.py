"""What people say of how a sheet is read: a mapping file, the page that shows the reading, or the memory of the last table.

A mapping with `headings` is whole: it was made for a sheet with those headings, and its columns replace what was recognised.
One without is a person's file: what it says is put over what was recognised. There columns may go by their headings.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from wardlight.incidents import taxonomy
from wardlight.partners.refusal import Refusal

from .count_table_grid import Sheet, open_sheets
from .count_table_layout import HEADING_WORDS, Layout, count_column, recognise

CONSTANTS = ("area", "category", "period")
ROLES = tuple(role for role in HEADING_WORDS if role != "count")
WHOLE = ("heading_rows", "columns", "values")
KNOWN = (*WHOLE, *CONSTANTS, "sheet", "headings", "heading_lines", "counts", "level", "categories", "constants")
AS_LAST_TIME = "Read as last time: a table with the same headings was imported before."

Recall = Callable[[Sequence[str]], Mapping[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Read:
    """A sheet and how it is read. `headings` are those found without any mapping: what the sheet is remembered by."""

    sheet: Sheet
    sheets: list[str]
    layout: Layout
    headings: list[str]
    categories: dict[str, str]
    remembered: bool


def read_layout(path: Path, name: str, given: Mapping[str, Any], recall: Recall) -> Read:
    """How a file is read: what is recognised, put right by what was used last time and by what is given now.

    Raises Refusal where the file holds no table of counts, or the mapping does not fit it.
    """
    check_mapping(given)
    sheets = open_sheets(path, name)
    sheet, found = choose(sheets, given, name)
    last = dict(recall(found.headings) or {})
    fits = "headings" not in given or list(given["headings"]) == found.headings
    said = dict(given) if fits else {key: value for key, value in given.items() if key not in (*WHOLE, "level")}
    layout = _merged(sheet, found, {**last, **said})
    layout.constants = constants_of(last, forget=("period",)) | layout.constants | constants_of(said)
    categories = {**last.get("categories", {}), **given.get("categories", {})}
    names = [one.name for one in sheets]
    return Read(sheet, names, layout, found.headings, categories, bool(last))


def choose(sheets: Sequence[Sheet], given: Mapping[str, Any], name: str) -> tuple[Sheet, Layout]:
    """The sheet named, or the one that holds most counts, as it is recognised without a mapping."""
    wanted = given.get("sheet")
    if wanted:
        sheets = [one for one in sheets if one.name == wanted]
        if not sheets:
            raise Refusal(f"{name} has no sheet “{wanted}”: choose one of its sheets.")
    found = [(one, layout) for one in sheets if (layout := recognise(one)) is not None]
    if found:
        return max(found, key=lambda pair: len(pair[1].values) * len(pair[0].rows))
    rows = heading_rows_of(given)
    if rows and (layout := recognise(sheets[0], rows)) is not None:
        return sheets[0], layout
    raise Refusal(
        f"No table of counts was found in {name}: it needs a row of headings with, below it, areas, categories or "
        "periods and whole numbers."
    )


def check_mapping(mapping: Mapping[str, Any]) -> None:
    """Raise a Refusal for a key or a category that Wardlight does not know: a slip must not pass in silence."""
    for key in mapping:
        if key not in KNOWN:
            raise Refusal(f"The mapping says “{key}”, which Wardlight does not know: use {', '.join(KNOWN)}.")
    tree = taxonomy.load()
    for words, slug in mapping.get("categories", {}).items():
        if slug and slug not in tree.categories:
            raise Refusal(f"The mapping calls “{words}” “{slug}”, which is no category: see the list of categories.")
    for role in mapping.get("columns", {}):
        if role not in ROLES:
            raise Refusal(f"The mapping names a column “{role}”: columns are {', '.join(ROLES)}.")


def heading_rows_of(mapping: Mapping[str, Any]) -> list[int]:
    """Row numbers from 0; a person's `heading_lines` count from 1, as spreadsheets do."""
    lines = mapping.get("heading_lines")
    if lines is None:
        return [int(row) for row in mapping.get("heading_rows", [])]
    return sorted(int(line) - 1 for line in (lines if isinstance(lines, list) else [lines]))


def _merged(sheet: Sheet, found: Layout, mapping: Mapping[str, Any]) -> Layout:
    rows = heading_rows_of(mapping)
    layout = found
    if rows and rows != found.heading_rows:
        if not 0 <= rows[0] <= rows[-1] < len(sheet.rows):
            raise Refusal(f"The headings cannot be on row {rows[-1] + 1}: the sheet has {len(sheet.rows)} rows.")
        layout = recognise(sheet, rows) or found
    layout.level = mapping.get("level") or layout.level
    if "headings" in mapping:
        layout.columns = {role: int(column) for role, column in mapping.get("columns", layout.columns).items()}
        layout.values = {int(column): one for column, one in mapping.get("values", layout.values).items()}
    else:
        _put_over(layout, mapping)
    width = len(layout.headings)
    wrong = [column for column in [*layout.columns.values(), *layout.values] if not 0 <= column < width]
    if wrong:
        raise Refusal(f"The mapping names column {wrong[0] + 1}, but the sheet has {width}: correct the mapping.")
    return layout


def _put_over(layout: Layout, mapping: Mapping[str, Any]) -> None:
    """Change the columns that a person's file names; the others stay as they were recognised."""
    for role, said in mapping.get("columns", {}).items():
        column = _column(layout, said)
        layout.columns = {other: at for other, at in layout.columns.items() if at != column} | {role: column}
        layout.values.pop(column, None)
    if "counts" in mapping:
        columns = [_column(layout, said) for said in mapping["counts"]]
        layout.columns = {role: at for role, at in layout.columns.items() if at not in columns}
        layout.values = {column: layout.values.get(column) or count_column(layout, column) for column in columns}


def _column(layout: Layout, said: int | str) -> int:
    if isinstance(said, int):
        return said - 1  # people count columns from 1
    for column, heading in enumerate(layout.headings):
        if heading.casefold() == said.strip().casefold():
            return column
    listed = ", ".join(f"“{heading}”" for heading in layout.headings if heading)
    raise Refusal(f"The mapping names a column “{said}”, which the sheet does not have: its headings are {listed}.")


def constants_of(mapping: Mapping[str, Any], forget: Sequence[str] = ()) -> dict[str, str]:
    """What a mapping says of the whole sheet. A period is never carried over from one sheet to the next."""
    said = dict(mapping.get("constants", {})) | {key: str(mapping[key]) for key in CONSTANTS if key in mapping}
    return {key: value for key, value in said.items() if key not in forget}


def as_mapping(read: Read) -> dict[str, Any]:
    """How a sheet was read as JSON: column numbers count from 0, `values` keys are text."""
    mapping = asdict(read.layout)
    mapping.pop("reasons")
    mapping["headings"] = list(read.headings)
    mapping["values"] = {str(column): one for column, one in read.layout.values.items()}
    mapping["categories"] = dict(read.categories)
    return mapping
