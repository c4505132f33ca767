"""A text file as a table of text, its ragged rows refused: for extracts of any layout."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from wardlight.partners.refusal import Refusal
from wardlight.partners.text_files import SEPARATORS, read_text, split_rows

from .base import RefusedRow, refused


def read_table(path: Path, name: str, file: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The table as text columns by its headings with the `line` of each row, and its ragged rows as refusals."""
    text = read_text(path, name).rstrip("\n")
    first = text[: text.find("\n")] if "\n" in text else text
    separator = max(SEPARATORS, key=first.count)
    headings = _headings(first, separator, name)
    body = text[len(first) + 1 :]
    lines = body.count("\n") + 1 if body else 0
    # As many separators as whole rows have, and no quotation mark: then each line is a row, and none is ragged.
    if '"' not in body and body.count(separator) == lines * (len(headings) - 1):
        frame = _plain(body, headings, separator)
        if frame is not None and frame.height == lines:
            return frame.with_columns(line=pl.int_range(2, 2 + lines, dtype=pl.UInt32)), refused([])
    return _row_by_row(text, headings, separator, name, file)


def _headings(first: str, separator: str, name: str) -> list[str]:
    return named_once([cell.strip() for cell in next(split_rows(first, separator, name))[1]], name)


def named_once(headings: list[str], name: str, line: int = 1) -> list[str]:
    """The headings, with names for those that have none. Raises Refusal when two columns have the same."""
    named = [heading for heading in headings if heading]
    twice = next((heading for heading in named if named.count(heading) > 1), None)
    if twice is not None:
        raise Refusal(f"{name}, line {line}: two columns are called “{twice}”: give one of them another name.")
    return [heading or f"(column {number})" for number, heading in enumerate(headings, 1)]


def _plain(body: str, headings: list[str], separator: str) -> pl.DataFrame | None:
    if not body:
        return pl.DataFrame(schema=dict.fromkeys(headings, pl.String))
    try:
        return pl.read_csv(
            body.encode(),
            has_header=False,
            schema=dict.fromkeys(headings, pl.String),
            separator=separator,
            quote_char=None,
        )
    except pl.exceptions.PolarsError:
        return None


def _row_by_row(
    text: str, headings: list[str], separator: str, name: str, file: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    numbers, rows, ragged = [], [], []
    for line, row in split_rows(text, separator, name):
        if line == 1 or not any(cell.strip() for cell in row):
            continue
        if len(row) == len(headings):
            numbers.append(line)
            rows.append([cell or None for cell in row])
            continue
        reason = (
            f"The row has {len(row)} fields where the heading has {len(headings)}: correct the row or leave it out."
        )
        ragged.append(RefusedRow(file, line, "", separator.join(row), reason))
    frame = pl.DataFrame(rows, schema=dict.fromkeys(headings, pl.String), orient="row")
    return frame.with_columns(pl.Series("line", numbers, dtype=pl.UInt32)), refused(ragged)
