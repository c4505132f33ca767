"""Look into an Excel workbook before it is opened: a cell far from the others would fill the memory with empty ones."""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path

from .refusal import Refusal

MOST_CELLS = 10_000_000
MOST_BYTES = 2 * 1024**3
PIECE = 1 << 20
OVERLAP = 256
SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
CELL = re.compile(rb'<c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*(?<!/)>')


def check_workbook(path: Path, name: str) -> None:
    """Raises Refusal when the file is no whole .xlsx workbook, or a sheet of it spans more than MOST_CELLS cells."""
    try:
        with zipfile.ZipFile(path) as book:
            if any(item.flag_bits & 0x1 for item in book.infolist()):
                raise Refusal(f"{name} is locked with a password: save a copy without one.")
            for sheet in filter(SHEET.fullmatch, book.namelist()):
                _check_sheet(book, sheet, name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        locked = path.read_bytes()[:4] == b"\xd0\xcf\x11\xe0"
        what = "is an old or locked Excel workbook" if locked else "cannot be read as an Excel workbook"
        raise Refusal(f"{name} {what}: open it and save it again as .xlsx without a password, or as CSV.") from error


def _check_sheet(book: zipfile.ZipFile, sheet: str, name: str) -> None:
    rows, columns, read, rest = [1 << 30, 0], [1 << 30, 0], 0, b""
    with book.open(sheet) as stream:
        while piece := stream.read(PIECE):
            read += len(piece)
            data = rest + piece
            for letters, number in set(CELL.findall(data)):
                _stretch(columns, _column(letters))
                _stretch(rows, int(number))
            rest = data[-OVERLAP:]
            if read > MOST_BYTES:
                raise Refusal(f"{name} unpacks to more than 2 GB: save the table alone as CSV.")
    if rows[1] and (rows[1] - rows[0] + 1) * (columns[1] - columns[0] + 1) > MOST_CELLS:
        raise Refusal(
            f"{name} has a cell in row {rows[1]:,}, column {columns[1]:,}, so a sheet of it spans more than "
            f"{MOST_CELLS:,} cells: delete what stands far from the table, or save the table alone as CSV."
        )


def _stretch(span: list[int], to: int) -> None:
    span[0], span[1] = min(span[0], to), max(span[1], to)


def _column(letters: bytes) -> int:
    """“AB” → 28."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
