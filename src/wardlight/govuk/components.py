"""The plain shapes that template tags draw: tables, figures, links.

A view's presenter makes these; a template only says where they go. `Table` has the same shape as
`wardlight.assessment.document.Table`, so that either can be given to `{% govuk_table %}`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from .numbers import NOTHING, percent, thousands

CellKind = Literal["text", "count", "number", "percent", "interval", "rank"]
NUMERIC_KINDS = {"count", "number", "percent", "interval", "rank"}


@dataclass(frozen=True, slots=True)
class Link:
    """A link, or plain text when `href` is empty."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Tag:
    """A short coloured label. The words carry the meaning; the colour only helps."""

    text: str
    colour: str = "grey"


Cell = str | int | float | None | Link | Tag


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. `percent` cells hold 41.0 for 41%; `interval` and `rank` cells are ready-made text."""

    key: str
    title: str
    kind: CellKind = "text"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows are lists of cells in column order. A cell is text, a number, None (–), a `Link` or a `Tag`."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]  # of Cell
    note: str = ""


class ColumnLike(Protocol):
    @property
    def key(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def kind(self) -> str: ...


class TableLike(Protocol):
    @property
    def caption(self) -> str: ...
    @property
    def columns(self) -> Sequence[Any]: ...
    @property
    def rows(self) -> Sequence[Sequence[Any]]: ...
    @property
    def note(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart or map with its words.

    `key` is unique on the page. `svg` is the drawn picture's own text, or `src` its address. `spec` is a Vega or
    Vega-Lite specification for readers with JavaScript. `table` holds the
    same numbers. `told`: the heading above says the title already.
    """

    key: str
    title: str
    alt: str
    subtitle: str = ""
    svg: str = ""
    src: str = ""
    spec: Mapping[str, Any] | None = None
    table: TableLike | None = None
    note: str = ""
    told: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a summary list, with an optional link to change it."""

    key: str
    value: Cell
    action: Link | None = None


@dataclass(frozen=True, slots=True)
class DrawnCell:
    title: str
    text: str
    numeric: bool
    href: str = ""
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    title: str
    numeric: bool
    href: str = ""
    order: Literal["none", "ascending", "descending"] = "none"


@dataclass(frozen=True, slots=True)
class DrawnTable:
    caption: str
    note: str
    headings: list[Heading] = field(default_factory=list)
    rows: list[list[DrawnCell]] = field(default_factory=list)


def cell_text(value: Cell, kind: str = "text", decimals: int | None = None) -> str:
    """The words of one cell; `decimals` of a percentage when its column needs the same throughout."""
    if isinstance(value, Link | Tag):
        return value.text
    if value is None or value == "":
        return NOTHING
    if isinstance(value, str):
        return value
    if kind == "percent":
        return percent(value, decimals)
    return str(value) if kind == "text" else thousands(value)


def draw_table(table: TableLike, *, headings: list[Heading] | None = None) -> DrawnTable:
    """Turn a table's values into words. None of it touches the database."""
    down = zip(*table.rows, strict=True) if table.rows else [()] * len(table.columns)
    decimals = [_decimals(column, values) for column, values in zip(table.columns, down, strict=True)]
    drawn = [
        [_draw(column, value, places) for column, value, places in zip(table.columns, row, decimals, strict=True)]
        for row in table.rows
    ]
    plain = [Heading(column.title, column.kind in NUMERIC_KINDS) for column in table.columns]
    return DrawnTable(table.caption, table.note, headings or plain, drawn)


def _decimals(column: ColumnLike, values: Sequence[Cell]) -> int | None:
    """One decimal down the whole column as soon as one percentage needs it."""
    numbers = [value for value in values if isinstance(value, int | float)]
    return 1 if column.kind == "percent" and any(not float(number).is_integer() for number in numbers) else None


def _draw(column: ColumnLike, value: Cell, decimals: int | None) -> DrawnCell:
    href = value.href if isinstance(value, Link) else ""
    colour = value.colour if isinstance(value, Tag) else ""
    return DrawnCell(column.title, cell_text(value, column.kind, decimals), column.kind in NUMERIC_KINDS, href, colour)


def sort_rows(table: TableLike, key: str, *, descending: bool) -> Table:
    """The same table with its rows in the order of one column. Blanks come last either way."""
    index = [column.key for column in table.columns].index(key)
    filled = [row for row in table.rows if row[index] is not None]
    blank = [row for row in table.rows if row[index] is None]
    ordered = sorted(filled, key=lambda row: _sort_key(row[index]), reverse=descending)
    return Table(table.caption, table.columns, [*ordered, *blank], table.note)


def _sort_key(value: Cell) -> tuple[int, float, str]:
    if isinstance(value, int | float):
        return (0, float(value), "")
    return (1, 0.0, cell_text(value).casefold())
