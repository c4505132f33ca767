"""Open a sheet as rows of text, whatever it is: a workbook, comma- or tab-separated, or a block somebody pasted."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from wardlight.partners.refusal import Refusal
from wardlight.partners.text_files import read_text, split_rows
from wardlight.partners.workbooks import check_workbook

WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
LARGEST_CELLS = 5_000_000


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name and its cells as stripped text, row by row; row n is line n + 1 of the file."""

    name: str
    rows: list[list[str]]

    @property
    def filled(self) -> int:
        return sum(1 for row in self.rows for cell in row if cell)


def open_sheets(path: Path, name: str) -> list[Sheet]:
    """Every sheet of a file, fullest first. Raises Refusal when it cannot be read as a table."""
    sheets = _workbook(path, name) if path.suffix.lower() in WORKBOOKS else [_text(path, name)]
    full = [sheet for sheet in sheets if sheet.filled]
    if not full:
        raise Refusal(f"{name} is empty: choose the file that holds the counts.")
    return sorted(full, key=lambda sheet: -sheet.filled)


def _workbook(path: Path, name: str) -> list[Sheet]:
    import fastexcel

    if path.suffix.lower() in (".xlsx", ".xlsm"):
        check_workbook(path, name)
    try:
        book = fastexcel.read_excel(path)
        return [_worksheet(book, sheet, name) for sheet in book.sheet_names]
    except fastexcel.FastExcelError as error:
        raise Refusal(f"{name} cannot be opened as a workbook: save it again as .xlsx or .csv.") from error


def _worksheet(book: object, title: str, name: str) -> Sheet:
    sheet = book.load_sheet(title, header_row=None, dtypes="string", skip_whitespace_tail_rows=True)  # type: ignore[attr-defined]
    if sheet.height * sheet.width > LARGEST_CELLS:
        raise Refusal(f"{name}, sheet “{title}” has over {LARGEST_CELLS:,} cells: save the table alone as .csv.")
    frame = sheet.to_polars()
    return Sheet(title, [[(cell or "").strip() for cell in row] for row in frame.iter_rows()])


def _text(path: Path, name: str) -> Sheet:
    return Sheet("", split_text(read_text(path, name), name))


def split_text(text: str, name: str = "The text") -> list[list[str]]:
    """Text split into cells by tabs, commas, semicolons or bars, whichever most lines hold alike."""
    lines = [line for line in text.splitlines()[:200] if line.strip()]
    best = max(("\t", ",", ";", "|"), key=lambda mark: sum(line.count(mark) for line in lines))
    return [[cell.strip() for cell in row] for _, row in split_rows(text, best, name)]
