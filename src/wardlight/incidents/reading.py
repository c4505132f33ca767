"""Read the files of one source into the store: no database, so that no transaction can be open while a file is parsed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from hashlib import file_digest
from pathlib import Path
from typing import Any

import polars as pl

from wardlight.partners.refusal import Refusal

from . import store
from .duplicates import Duplicates
from .ledger import Ledger
from .reports import FIRST_REFUSALS
from .schema import SCHEMAS
from .sources.base import REFUSAL_SCHEMA, Chunk, ReadContext, RefusedRow, Source, SourceFile, conform

MOST_FILES = 60_000


@dataclass(slots=True)
class InputFile:
    """A file of an import: read, or left out because `left_out` says so (then `rows` are duplicates)."""

    path: Path
    name: str
    bytes: int
    sha256: str = ""
    rows: int = 0
    left_out: str = ""

    def as_json(self) -> dict[str, Any]:
        entry: dict[str, Any] = {"name": self.name, "sha256": self.sha256, "bytes": self.bytes, "rows": self.rows}
        return entry | ({"left_out": self.left_out} if self.left_out else {})


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read. The refused rows are a REFUSAL_SCHEMA frame."""

    ledger: Ledger
    refusals: pl.DataFrame
    files: list[InputFile]
    messages: list[str] = field(default_factory=list)

    @property
    def duplicate(self) -> int:
        return self.ledger.duplicate + sum(file.rows for file in self.files if file.left_out)

    @property
    def read(self) -> int:
        return self.ledger.kept + self.duplicate + self.ledger.refused

    def first_refusals(self) -> list[RefusedRow]:
        return [RefusedRow(**row) for row in self.refusals.head(FIRST_REFUSALS).iter_rows(named=True)]


def checksum(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def count_rows(path: Path) -> int:
    """How many lines of data a text file has, roughly as its reader would count: lines with anything on them, less one."""
    rows = 0
    with path.open("rb") as file:
        for line in file:
            rows += bool(line.strip())
    return max(rows - 1, 0)


def read_into(
    final: Path | None, source: Source, files: list[InputFile], context: ReadContext, *, held: pl.Series | None = None
) -> Reading:
    """Read `files` and write the rows they hold to `final` (nothing is written when it is None: a dry run).

    Raises Refusal when no row at all can be used; then nothing is left behind.
    """
    if len(files) > MOST_FILES:
        raise Refusal(f"These are {len(files):,} files, more than {MOST_FILES:,}: import them in parts.")
    messages: list[str] = []
    context.say = messages.append
    inputs = [SourceFile(index, file.path, file.name) for index, file in enumerate(files) if not file.left_out]
    ledger, duplicates = Ledger(source.slice_columns), Duplicates(held)
    with ThreadPoolExecutor(1) as pool:
        sums = _checksums(pool, files)
        refusals = _store_rows(final, source, source.read(inputs, context), ledger, duplicates)
        ledger.repeat(duplicates.repeated_ids())
        for file, future in sums:
            file.sha256 = future.result()
    for read in inputs:
        files[read.index].rows = ledger.rows_of(read.index)
    reading = Reading(ledger, refusals, files, messages)
    _check_use(source, inputs, files, reading)
    return reading


def _checksums(pool: ThreadPoolExecutor, files: Sequence[InputFile]) -> list[tuple[InputFile, Future[str]]]:
    """Worked out beside the reading, for the files that have none yet."""
    return [(file, pool.submit(checksum, file.path)) for file in files if not file.sha256]


def _store_rows(
    final: Path | None, source: Source, chunks: Iterator[Chunk], ledger: Ledger, duplicates: Duplicates
) -> pl.DataFrame:
    refusals = [pl.DataFrame(schema=REFUSAL_SCHEMA)]
    with ExitStack() as stack:
        writer: store.Writer | None = None
        for chunk in chunks:
            frame = _kept(chunk, ledger, duplicates)
            refusals.append(chunk.refusals)
            ledger.refuse(chunk.refusals)
            ledger.add(chunk.quality)
            if final is None or frame.is_empty():
                continue
            if writer is None:
                schema = _stored_schema(source, frame)
                writer = stack.enter_context(store.Writer(final, schema))
            writer.add(conform(frame, schema))
        if writer is not None:
            writer.finish()
    return pl.concat(refusals).sort("file", "line")


def _kept(chunk: Chunk, ledger: Ledger, duplicates: Duplicates) -> pl.DataFrame:
    frame = chunk.frame
    fresh = duplicates.fresh(frame, chunk.row_digest) if len(frame) else None
    if fresh is not None:
        ledger.copy(frame.filter(~fresh))
        frame = frame.filter(fresh)
    ledger.keep(frame)
    ledger.duplicate += chunk.duplicates
    return frame


def _stored_schema(source: Source, first: pl.DataFrame) -> dict[str, pl.DataType]:
    """The columns of the kind that the source gives at all: a column that is never there costs nothing to leave out."""
    whole = SCHEMAS[source.kind]
    unknown = set(first.columns) - set(whole)
    if unknown:
        raise TypeError(f"source {source.slug} gives columns that {source.kind} do not have: {sorted(unknown)}")
    return {name: kind for name, kind in whole.items() if name in first.columns}


def _check_use(source: Source, inputs: Sequence[SourceFile], files: Sequence[InputFile], reading: Reading) -> None:
    if reading.ledger.kept or reading.duplicate or not inputs:
        for file in inputs:
            if not files[file.index].rows:
                reading.messages.append(f"{file.name} has a heading and no rows.")
        return
    names = inputs[0].name if len(inputs) == 1 else f"{inputs[0].name} and {len(inputs) - 1} more"
    if not reading.read:
        raise Refusal(f"{names}: there is a heading and no rows, so there is nothing to import: download it again.")
    first = reading.first_refusals()[0]
    raise Refusal(
        f"{names}: none of the {reading.read:,} rows can be used. The first, line {first.line}"
        f"{f', column {first.column}' if first.column else ''}: {first.reason}"
    )
