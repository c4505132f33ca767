"""Read a large CSV file in blocks of whole lines, checking each line's number of fields, several blocks at once.

A line with too many or too few fields is refused and the rest is kept. A field may not hold a line break: such a row counts
as broken (police.uk never has one).
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import polars as pl

from wardlight.partners import text_files
from wardlight.partners.refusal import Refusal
from wardlight.partners.text_files import WIDE_MARKS

from .base import LONGEST_VALUE, REFUSAL_SCHEMA, SourceFile

BLOCK_BYTES = 32 << 20
LONGEST_LINE = 1 << 20
CACHED_BYTES = 1 << 17
NEW_LINE = "\n"
WORKERS = 2
AHEAD = 3
QUOTED_FIELD = r'"(?:[^"]|"")*"'
BYTE_ORDER_MARK = b"\xef\xbb\xbf"

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Block:
    """Whole lines of one file, without its heading. `first_line` is the number of the first (the heading is line 1)."""

    file: SourceFile
    headings: tuple[str, ...]
    data: bytes
    first_line: int
    lines: int
    done: float  # how much of the file has been read once this block is, 0 to 1


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a block as text (`line` beside them), the lines that were refused, and whether it was Windows-1252."""

    file: SourceFile
    frame: pl.DataFrame
    refusals: pl.DataFrame
    read: int
    windows_text: bool
    done: float


def headings(path: Path) -> tuple[str, ...]:
    """The headings of a CSV file, trimmed; () when it has none that can be read as text."""
    try:
        with path.open("rb") as file:
            first = file.readline(LONGEST_LINE)
    except OSError:
        return ()
    return _headings(first)


def _headings(first: bytes) -> tuple[str, ...]:
    first = first.removeprefix(BYTE_ORDER_MARK)
    if b"\0" in first or not first.strip():
        return ()
    row = next(csv.reader([_decoded(first)[0].splitlines()[0]]), [])
    return tuple(name.strip() for name in row)


def _decoded(data: bytes) -> tuple[str, bool]:
    """The text, and whether it had to be read as Windows-1252."""
    try:
        return data.decode("utf-8"), False
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace"), True


def why_not_text(path: Path, name: str) -> str:
    """A sentence that says why a file cannot be a CSV file; "" when it may be one."""
    with path.open("rb") as file:
        start = file.read(4096)
    if start.startswith(WIDE_MARKS):
        return f"{name} is saved as UTF-16: save it again as “CSV UTF-8”."
    if b"\r" in start and b"\n" not in start:
        return f"{name} has the line ends of old Macintosh computers: save it again as “CSV UTF-8”."
    return text_files.why_not_text(path, name)


def blocks(file: SourceFile) -> Iterator[Block]:
    """The blocks of a file, in order. Raises Refusal for a line longer than LONGEST_LINE (the file is no CSV)."""
    size = max(file.path.stat().st_size, 1)
    with file.path.open("rb") as stream:
        first = stream.readline(LONGEST_LINE)
        names = _headings(first)
        line = 2
        # A block is what was read and the rest of its last line.
        while data := stream.read(BLOCK_BYTES):
            if not data.endswith(b"\n"):
                rest = stream.readline(LONGEST_LINE)
                data += rest
                if len(rest) == LONGEST_LINE:
                    number = line + _count(data, NEW_LINE)
                    raise Refusal(f"{file.name}, line {number}: the line never ends: choose the CSV as downloaded.")
            if not data.endswith(b"\n"):
                data += b"\n"
            lines = _count(data, NEW_LINE)
            yield Block(file, names, data, line, lines, stream.tell() / size)
            line += lines


def _count(data: bytes, character: str) -> int:
    """In pieces that stay in the processor's cache: several times as quick as `bytes.count`."""
    numbers, wanted = np.frombuffer(data, np.uint8), ord(character)
    pieces = range(0, len(numbers), CACHED_BYTES)
    return sum(int(np.count_nonzero(numbers[start : start + CACHED_BYTES] == wanted)) for start in pieces)


def parse(block: Block, types: Mapping[str, pl.DataType] | None = None) -> Rows:
    """Parse a block. Columns are text, or of `types` when every value of the block fits (then none was malformed)."""
    data, windows_text = _utf8(block.data)
    data = data.replace(b"\r\n", b"\n") if b"\r" in data else data
    lines = block.lines
    # As many commas as whole rows have, and as many rows as lines: then no row is ragged and each line is a row.
    if _count(data, ",") == lines * (len(block.headings) - 1):
        frame = _parsed_or_none(data, block.headings, types)
        if frame is not None and len(frame) == lines:
            frame = frame.with_columns(line=pl.int_range(block.first_line, block.first_line + lines, dtype=pl.UInt32))
            return Rows(block.file, frame, pl.DataFrame(schema=REFUSAL_SCHEMA), lines, windows_text, block.done)
    return _parse_carefully(block, data, types, windows_text)


def _utf8(data: bytes) -> tuple[bytes, bool]:
    if data.isascii():
        return data, False
    text, windows_text = _decoded(data)
    return (text.encode(), True) if windows_text else (data, False)


def _parsed_or_none(data: bytes, names: Sequence[str], types: Mapping[str, pl.DataType] | None) -> pl.DataFrame | None:
    """None when a quotation mark is never closed: then the lines are looked at one by one."""
    try:
        return _parsed(data, names, types)
    except pl.exceptions.ComputeError:
        return None


def _parsed(data: bytes, names: Sequence[str], types: Mapping[str, pl.DataType] | None) -> pl.DataFrame:
    """As `types` where every value fits; otherwise all as text, so that the value that does not can be named."""
    text: dict[str, pl.DataType] = {name: pl.String() for name in names}
    if types:
        try:
            return pl.read_csv(data, has_header=False, schema=text | {k: v for k, v in types.items() if k in text})
        except pl.exceptions.ComputeError:
            return pl.read_csv(data, has_header=False, schema=text)
    return pl.read_csv(data, has_header=False, schema=text)


def _parse_carefully(block: Block, data: bytes, types: Mapping[str, pl.DataType] | None, windows_text: bool) -> Rows:
    """Line by line: which have the right number of fields? Commas inside quoted fields do not part fields."""
    text = pl.Series("text", data.decode().removesuffix("\n").split("\n"), dtype=pl.String)
    wanted = len(block.headings)
    lines = (
        text.to_frame()
        .with_columns(
            line=pl.int_range(block.first_line, block.first_line + len(text), dtype=pl.UInt32),
            bare=pl.when(pl.col("text").str.contains('"', literal=True))
            .then(pl.col("text").str.replace_all(QUOTED_FIELD, ""))
            .otherwise(pl.col("text")),
        )
        .filter(pl.col("text").str.strip_chars() != "")
    )
    whole = (pl.col("bare").str.count_matches(",", literal=True) == wanted - 1) & ~pl.col("bare").str.contains('"')
    good, bad = lines.filter(whole), lines.filter(~whole)
    frame = _parsed("\n".join(good["text"].to_list()).encode(), block.headings, types) if len(good) else None
    if frame is None:
        frame = pl.DataFrame(schema={name: (types or {}).get(name, pl.String()) for name in block.headings})
    frame = frame.with_columns(line=good["line"])
    return Rows(block.file, frame, _ragged(block, bad, wanted), len(lines), windows_text, block.done)


def _ragged(block: Block, bad: pl.DataFrame, wanted: int) -> pl.DataFrame:
    fields = (pl.col("bare").str.count_matches(",", literal=True) + 1).cast(pl.String)
    reason = pl.format(
        "The row has {} fields where the heading has {}: correct the row or leave it out.", fields, pl.lit(str(wanted))
    )
    unclosed = pl.lit("The row has a quotation mark that is never closed: correct the row or leave it out.")
    return bad.select(
        pl.lit(block.file.index, dtype=pl.UInt16).alias("file"),
        "line",
        pl.lit("").alias("column"),
        pl.col("text").str.slice(0, LONGEST_VALUE).alias("value"),
        pl.when(pl.col("bare").str.contains('"')).then(unclosed).otherwise(reason).alias("reason"),
    )


def in_order(function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """Like `map`, with a few items under way at once in threads (the work lets go of Python's lock)."""
    with ThreadPoolExecutor(WORKERS) as pool:
        waiting: deque[Future[Result]] = deque()
        for item in items:
            waiting.append(pool.submit(function, item))
            if len(waiting) > AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
