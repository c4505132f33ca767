"""Writing cells of a spreadsheet so that text stays text, numbers stay numbers and nothing is run."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

from wardlight.assessment.document import Table
from wardlight.reports.formatting import NOTHING, PrintedTable, is_number

_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
FACE = "Calibri"
LONGEST_NAME = 31
WIDEST = 46
WORDS_ACROSS = 8
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


class Formats:
    """The few looks a cell may have."""

    def __init__(self, book: Any, accent: str) -> None:
        self._book = book
        self.title = self._look(font_size=18, bold=True, font_color=accent)
        self.heading = self._look(font_size=13, bold=True, font_color=accent)
        self.strong = self._look(bold=True, text_wrap=True, valign="top")
        self.words = self._look(text_wrap=True, valign="top")
        self.quiet = self._look(font_color="#505050", text_wrap=True, valign="top", font_size=10)
        self.note = self._look(font_color="#505050", font_size=10)
        self.link = self._look(font_color=accent, underline=1)
        self.label = self._look(bold=True, border=1)
        self.caption = self._look(bold=True)
        self._cells: dict[tuple[str, int, bool, str], Any] = {}

    def _look(self, **settings: Any) -> Any:
        return self._book.add_format({"font_name": FACE, "font_size": 11, **settings})

    def head(self, align: str) -> Any:
        return self._cell("head", 0, align=align, bold=True)

    def cell(self, kind: str, decimals: int, align: str, *, own: bool) -> Any:
        return self._cell(kind, decimals, align=align, bold=own)

    def _cell(self, kind: str, decimals: int, *, align: str, bold: bool) -> Any:
        key = (kind, decimals, bold, align)
        if key not in self._cells:
            settings: dict[str, Any] = {"align": align, "valign": "top", "bottom": 4, "bottom_color": "#999999"}
            if kind == "head":
                settings |= {"top": 2, "bottom": 1, "bottom_color": "#000000", "valign": "bottom", "text_wrap": True}
            if kind == "text":
                settings["text_wrap"] = True
            if kind in {"count", "number", "percent"}:
                settings["num_format"] = number_format(kind, decimals)
            self._cells[key] = self._look(bold=bold, **settings)
        return self._cells[key]


def number_format(kind: str, decimals: int) -> str:
    """A spreadsheet's number format with a real minus sign."""
    base = "0.0%" if kind == "percent" else "#,##0" + ("." + "0" * decimals if decimals else "")
    return f'{base};"−"{base};{base}'


def sheet_name(words: str, taken: set[str]) -> str:
    """A permitted, unused sheet name of at most 31 characters; adds it to `taken`."""
    plain = " ".join(_FORBIDDEN.sub(" ", words).split())[:LONGEST_NAME].strip() or "Sheet"
    name, count = plain, 1
    while name.casefold() in taken:
        count += 1
        name = f"{plain[: LONGEST_NAME - len(str(count)) - 1]} {count}"
    taken.add(name.casefold())
    return name


def put_text(sheet: Any, row: int, column: int, words: str, look: Any) -> None:
    """Write text as text: never a formula, a link or a number, whatever it begins with."""
    sheet.write_string(row, column, _CONTROL.sub("", words)[:32_767], look)


def _lines(text: str, width: float) -> int:
    """Lines a text takes; words that do not fit leave about a tenth of each line empty."""
    return 1 if len(text) <= width else math.ceil(len(text) * 1.12 / max(width, 4))


def fit_row(sheet: Any, row: int, texts: Sequence[str], wide: Sequence[float]) -> None:
    """Make a row tall enough for its longest cell: spreadsheets do not do it on opening. `wide` is in characters."""
    tallest = max([1, *(_lines(text, width - 1.5) for text, width in zip(texts, wide, strict=False))])
    if tallest > 1:
        sheet.set_row(row, 15.5 * tallest + 1)


def put_words(sheet: Any, row: int, words: str, look: Any, width: float) -> int:
    """Write a paragraph across the sheet, tall enough to be read; the next free row. `width` is in characters."""
    sheet.merge_range(row, 0, row, WORDS_ACROSS - 1, "", look)
    put_text(sheet, row, 0, words, look)
    sheet.set_row(row, 15.5 * _lines(words, width) + 1)
    return row + 1


def put_table(
    sheet: Any, row: int, table: Table, printed: PrintedTable, formats: Formats, wide: Sequence[float]
) -> int:
    """Write a table's head and rows; the next free row. Percent cells become fractions with a percent format."""
    for index, column in enumerate(printed.columns):
        put_text(sheet, row, index, column.title, formats.head(column.align))
    fit_row(sheet, row, [column.title for column in printed.columns], wide)
    for offset, (cells, texts) in enumerate(zip(table.rows, printed.rows, strict=True)):
        for index, column in enumerate(printed.columns):
            look = formats.cell(column.kind, column.decimals, column.align, own=printed.own[offset])
            _put_cell(sheet, (row + 1 + offset, index), cells[index], texts[index], column.kind, look)
        fit_row(sheet, row + 1 + offset, texts, wide)
    return row + 1 + len(table.rows)


def _put_cell(sheet: Any, at: tuple[int, int], cell: Any, text: str, kind: str, look: Any) -> None:
    if kind in {"count", "number", "percent"} and is_number(cell):
        sheet.write_number(*at, round(float(cell) / 100, 12) if kind == "percent" else float(cell), look)
    else:
        put_text(sheet, *at, text or NOTHING, look)


def widths(tables: list[PrintedTable]) -> list[float]:
    """Column widths, in characters, that serve every table of a sheet."""
    wide = [11.0] * WORDS_ACROSS
    for table in tables:
        for index, column in enumerate(table.columns):
            wanted = min(WIDEST, column.share * table.characters + 2)
            if index == len(wide):
                wide.append(11.0)
            wide[index] = max(wide[index], wanted)
    return wide
