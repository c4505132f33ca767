"""What a source is: a reader that turns files into chunks of records, counts, outcomes or stops, with refused rows beside.

To add a source: write a module with one object that satisfies `Source`, name it in `sources/__init__.py`, add its words to the
taxonomy, and test it with the files people really have (docs/how-to/add-a-source.md).

What the import does for every source, so that no source has to: it finds the files in folders, unpacks `.zip` and `.gz` (with
limits), checks that each file is the source's (`accepts`), counts, de-duplicates, writes, places in areas, and lands or
leaves no trace. A source only reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import polars as pl

if TYPE_CHECKING:
    from wardlight.partners.models import Partnership

REFUSAL_SCHEMA: dict[str, pl.DataType] = {
    "file": pl.UInt16(),  # index into Batch.files
    "line": pl.UInt32(),
    "column": pl.String(),
    "value": pl.String(),
    "reason": pl.String(),  # one sentence: what is wrong and what to do
}
LONGEST_VALUE = 100


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file to read: plain, never compressed. `name` is what people see (a member of a zip is `2022.zip/2022-07/…csv`)."""

    index: int
    path: Path
    name: str


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """One row that was left out. `line` is the line in the file (the heading is line 1); `reason` a whole sentence."""

    file: int
    line: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """Part of what a source read, at most some hundred thousand rows.

    `frame` has the schema of the source's kind (RECORD_SCHEMA, COUNT_SCHEMA, OUTCOME_SCHEMA or STOP_SCHEMA).
    `refusals` has REFUSAL_SCHEMA (`refused` makes it from rows). `duplicates` counts rows the source itself left out as exact
    copies. `quality` adds to the batch's quality counts: {"what": number} or {"what": {"month": number}}; numbers are summed.
    `row_digest` is for sources that want exact copies found across chunks: a hash of the whole row, null where the
    row has no id of its own and may well have a lawful twin.
    """

    frame: pl.DataFrame
    refusals: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=REFUSAL_SCHEMA))
    duplicates: int = 0
    quality: Mapping[str, Any] = field(default_factory=dict)
    row_digest: pl.Series | None = None


@dataclass(slots=True)
class ReadContext:
    """What a source may ask while it reads.

    `mapping` is how columns are to be read (a record extract's TOML, a count table's choices; a source may fill it in: what
    it holds at the end is kept on the batch). `recall(headings)` gives the mapping used last time for a table with these
    headings. `say` adds a sentence for the person. `progress(fraction, doing)` reports how far it is (0 to 1).
    """

    partnership: Partnership
    today: date
    mapping: dict[str, Any] = field(default_factory=dict)
    recall: Callable[[Sequence[str]], dict[str, Any] | None] = lambda headings: None
    say: Callable[[str], None] = lambda sentence: None
    progress: Callable[[float, str], None] = lambda fraction, doing: None


@runtime_checkable
class Source(Protocol):
    """A source of data. Modules usually write one small class and expose one instance of it."""

    slug: str  # "police-uk"
    title: str  # "police.uk street-level crime"
    kind: str  # "records" | "counts" | "outcomes" | "stops"
    describes: str  # one sentence: what it is and where people get it
    endings: tuple[str, ...]  # (".csv",): files with other endings inside folders and zips are passed over
    snapshot: bool  # a file is all there is for its slices: a later batch replaces an earlier one, slice by slice
    slice_columns: tuple[
        str, ...
    ]  # the columns that name a slice, such as ("reported_by", "month"); () when not a snapshot
    unique_keys: bool  # a row whose record_key an earlier landed batch of this source holds is a duplicate
    companions: tuple[str, ...]  # slugs of sources whose files come in the same folder, imported along

    def accepts(self, path: Path) -> bool:
        """Whether the (plain) file has this source's shape, by its headings. Never raises for a file it cannot read."""

    def explain(self, path: Path) -> str:
        """Why the file is not accepted: half a sentence such as “it has no column “Crime type””."""

    def read(self, files: Sequence[SourceFile], context: ReadContext) -> Iterator[Chunk]:
        """Read the files in order. Raises Refusal when nothing of a file can be used."""


def refused(rows: Sequence[RefusedRow]) -> pl.DataFrame:
    """A REFUSAL_SCHEMA frame of refused rows; values are cut to LONGEST_VALUE characters."""
    return pl.DataFrame(
        [(row.file, row.line, row.column, row.value[:LONGEST_VALUE], row.reason) for row in rows],
        schema=REFUSAL_SCHEMA,
        orient="row",
    )


def conform(frame: pl.DataFrame | pl.LazyFrame, schema: Mapping[str, pl.DataType]) -> Any:
    """`frame` with exactly the columns of `schema`, in order: missing ones become null, types are cast strictly."""
    have = set(frame.collect_schema().names())
    return frame.select(
        pl.col(name).cast(kind) if name in have else pl.lit(None, dtype=kind).alias(name)
        for name, kind in schema.items()
    )
