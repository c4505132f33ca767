"""How a cell is printed: the one place that PDF, Word, Excel and HTML take their numbers from.

"41.0%" without a space, U+2212 for minus, thousands separated, an en dash where there is nothing to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wardlight.assessment.document import Cell, CellKind, Column, Table

NOTHING = "–"
MINUS = "−"
PAGE_CHARACTERS = 122.0
NARROWEST_WORDS = 20.0
NUMERIC: frozenset[CellKind] = frozenset({"count", "number", "percent"})
LEFT: frozenset[CellKind] = frozenset({"text"})


def grouped(value: float, decimals: int = 0) -> str:
    """`1234.5` → "1,234.5", with a real minus sign and no minus zero."""
    text = f"{abs(value):,.{decimals}f}"
    is_zero = not any(digit in text for digit in "123456789")
    return text if is_zero or value >= 0 else MINUS + text


def is_number(cell: Cell) -> bool:
    """True for a finite number; booleans and text are not numbers."""
    return isinstance(cell, int | float) and not isinstance(cell, bool) and cell - cell == 0


def decimals_of(cells: Sequence[Cell], kind: CellKind) -> int:
    """Decimal places shared by one column, so that its figures line up."""
    if kind == "count":
        return 0
    if kind == "percent":
        return 1
    numbers = [float(cell) for cell in cells if isinstance(cell, int | float) and is_number(cell)]
    if all(number == round(number) for number in numbers):
        return 0
    return 1 if max(abs(number) for number in numbers) >= 10 else 2


def cell_text(cell: Cell, kind: CellKind, decimals: int) -> str:
    """One cell as it is read. Numbers in text columns (a year, a code) are left as they are written."""
    if cell is None or cell == "" or (isinstance(cell, float) and not is_number(cell)):
        return NOTHING
    if isinstance(cell, str) or kind not in NUMERIC:
        return str(cell)
    return grouped(float(cell), decimals) + ("%" if kind == "percent" else "")


def first_sentence(words: str) -> str:
    """The interval in words comes first in “how sure”; the tests behind it stand in the chapter."""
    first, cut, _ = words.partition(". ")
    return f"{first}." if cut else words


@dataclass(frozen=True, slots=True)
class PrintedColumn:
    """A column as it is laid out: `share` is its part of the table's width, from 0 to 1."""

    title: str
    kind: CellKind
    align: str  # "left" or "right"
    decimals: int
    share: float


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """A table whose cells are text. `own` marks the rows about the document's own area."""

    number: int
    caption: str
    columns: list[PrintedColumn]
    rows: list[list[str]]
    own: list[bool]
    note: str
    characters: float  # the width the columns would like, together


def _longest_word(text: str) -> int:
    return max((len(word) for word in text.split()), default=1)


def _wanted_width(title: str, texts: Sequence[str], kind: CellKind) -> float:
    """Characters a column would like: figures never wrap; words may, after about 34 characters."""
    longest = max((len(text) for text in texts), default=1)
    heading = max(_longest_word(title), min(len(title), 16))
    if kind in NUMERIC:
        return max(longest, 1.15 * _longest_word(title), min(len(title), 9)) + 2.5
    if kind in LEFT:
        return max(heading, min(longest, 34), max((_longest_word(text) for text in texts), default=1)) + 2
    return max(heading, min(longest, 24)) + 3.5


def _narrowed(wanted: list[float], columns: Sequence[Column]) -> list[float]:
    """Widths that fit a page: words give way, since they may wrap and figures may not."""
    words = [index for index, column in enumerate(columns) if column.kind in LEFT]
    excess = sum(wanted) - PAGE_CHARACTERS
    spare = sum(max(0.0, wanted[index] - NARROWEST_WORDS) for index in words)
    if excess <= 0 or spare <= 0:
        return wanted
    keep = 1 - min(1.0, excess / spare)
    return [
        NARROWEST_WORDS + (width - NARROWEST_WORDS) * keep if index in words and width > NARROWEST_WORDS else width
        for index, width in enumerate(wanted)
    ]


def _column(column: Column, decimals: int, share: float, *, first: bool) -> PrintedColumn:
    align = "left" if column.kind in LEFT or (first and column.kind not in NUMERIC) else "right"
    return PrintedColumn(column.title, column.kind, align, decimals, share)


def printed(table: Table, number: int, area: str = "") -> PrintedTable:
    """The table as text, with column widths and the rows of `area` marked."""
    by_column = [[row[index] for row in table.rows] for index in range(len(table.columns))]
    places = [decimals_of(cells, column.kind) for column, cells in zip(table.columns, by_column, strict=True)]
    rows = [
        [
            cell_text(cell, column.kind, decimals)
            for cell, column, decimals in zip(row, table.columns, places, strict=True)
        ]
        for row in table.rows
    ]
    wanted = [
        _wanted_width(column.title, [row[index] for row in rows], column.kind)
        for index, column in enumerate(table.columns)
    ]
    wanted = _narrowed(wanted, table.columns)
    columns = [
        _column(column, decimals, width / sum(wanted), first=index == 0)
        for index, (column, decimals, width) in enumerate(zip(table.columns, places, wanted, strict=True))
    ]
    own = [bool(area) and area in row[:2] for row in rows]
    return PrintedTable(number, table.caption, columns, rows, own, table.note, sum(wanted))
