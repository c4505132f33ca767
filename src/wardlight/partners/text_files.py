"""Read a text file whatever program saved it: its encoding, its line ends, its rows. For every part that takes files."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from .refusal import Refusal

WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
SEPARATORS = (",", "\t", ";", "|")
LONGEST_FIELD = 1 << 20
MOST_NAMED = 12
BINARY_STARTS = {
    b"%PDF": "a PDF document: export the table as CSV or Excel",
    b"\x89PNG": "a picture: ask for the table itself",
    b"\xff\xd8\xff": "a picture: ask for the table itself",
    b"PK\x03\x04": "a zip or Excel file under another name: let its name end in .zip or .xlsx",
    b"\x1f\x8b": "a gz file under another name: let its name end in .gz",
    b"\xd0\xcf\x11\xe0": "an old Excel file under another name: let its name end in .xls",
}


def why_not_text(path: Path, name: str) -> str:
    """A sentence that says why a file is no text at all; "" when it may be."""
    with path.open("rb") as file:
        start = file.read(4096)
    if not start.strip(b"\r\n\t \xef\xbb\xbf"):
        return f"{name} is empty: download it again."
    for mark, what in BINARY_STARTS.items():
        if start.startswith(mark):
            return f"{name} is {what}."
    if b"\0" in start and not start.startswith(WIDE_MARKS):
        return f"{name} is not a text file: save the table as .xlsx or as CSV (UTF-8)."
    return ""


def read_text(path: Path, name: str) -> str:
    """The text of a file in UTF-8, UTF-16 or Windows-1252, with plain line ends. Raises Refusal when it is no text."""
    if problem := why_not_text(path, name):
        raise Refusal(problem)
    data = path.read_bytes()
    text = _decoded(data)
    if text is None or "\0" in text:
        line = data[: data.find(b"\0")].count(b"\n") + 1 if b"\0" in data else 1
        raise Refusal(f"{name}, line {line}: it is not text: save the table as .xlsx or as CSV (UTF-8).")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def first_line(path: Path) -> str:
    """The first line of a text file, as well as it can be told; "" when there is none."""
    with path.open("rb") as file:
        start = file.read(LONGEST_FIELD)
    encoding = "utf-16" if start.startswith(WIDE_MARKS) else "utf-8-sig"
    lines = start.decode(encoding, errors="replace").splitlines()
    return lines[0] if lines else ""


def _decoded(data: bytes) -> str | None:
    for encoding in ("utf-16",) if data.startswith(WIDE_MARKS) else ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def split_rows(text: str, separator: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a text, each with the number of its first line. Raises Refusal at a quotation mark that never closes."""
    rows = csv.reader(io.StringIO(text, newline="\n"), delimiter=separator, strict=True)
    line = 1
    before = csv.field_size_limit(LONGEST_FIELD)
    try:
        for row in rows:
            yield line, row
            line = rows.line_num + 1
    except csv.Error as error:
        raise Refusal(
            f"{name}, line {line}: the row cannot be read, most likely because a quotation mark in it is never closed: "
            "correct the row or leave it out."
        ) from error
    finally:
        csv.field_size_limit(before)


def some(names: Sequence[str]) -> str:
    """The first dozen of some names, and how many more there are."""
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")
