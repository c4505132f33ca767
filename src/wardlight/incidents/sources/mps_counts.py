"""The Metropolitan Police Service's published counts: one row an area and offence, one column a month.

The same layout serves boroughs, wards and LSOAs, as CSV from the London Datastore or as Parquet. Every cell is one row read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from wardlight.incidents import taxonomy
from wardlight.incidents.schema import COUNT_SCHEMA
from wardlight.partners.refusal import Refusal

from .base import Chunk, ReadContext, SourceFile, conform
from .refusals import refusals_where

MONTH = re.compile(r"(19|20)\d{2}(0[1-9]|1[0-2])")
CELLS_A_CHUNK = 300_000
SMALLEST_SHARE = 0.1
SMALLEST_MEDIAN = 100
HEADINGS = {
    "major": ("majortext", "majorcategory"),
    "minor": ("minortext", "minorcategory"),
    "borough": ("boroughname", "lookupboroughname", "borough"),
    "ward_code": ("wardcode",),
    "ward_name": ("wardname",),
    "lsoa_code": ("lsoacode",),
    "lsoa_name": ("lsoaname",),
}


def read_sheet(path: Path) -> pl.DataFrame:
    """The file as a frame of text columns (CSV) or as stored (Parquet)."""
    if path.suffix.lower() == ".parquet":
        return pl.read_parquet(path)
    return pl.read_csv(path, infer_schema=False, encoding="utf8-lossy", truncate_ragged_lines=True)


def headings(path: Path) -> list[str]:
    """The column names of a file; none when it cannot be read as a table."""
    try:
        if path.suffix.lower() == ".parquet":
            return list(pl.read_parquet_schema(path))
        return pl.read_csv(path, n_rows=0, infer_schema=False, encoding="utf8-lossy").columns
    except (pl.exceptions.PolarsError, OSError):
        return []


def known_columns(columns: Sequence[str]) -> dict[str, str]:
    """Which column holds what: {"minor": "MinorText"…}."""
    bare = {re.sub(r"[^a-z]", "", column.casefold()): column for column in columns}
    return {what: bare[name] for what, names in HEADINGS.items() for name in names if name in bare}


def month_columns(columns: Sequence[str]) -> list[str]:
    """The columns that are months, such as 202004, in order."""
    return sorted(column for column in columns if MONTH.fullmatch(column.strip()))


@dataclass(slots=True)
class MpsCounts:
    """Counts at one level. `wants` are the columns that tell this level's file from the others'."""

    slug: str
    title: str
    describes: str
    level: str
    wants: tuple[str, ...]
    unwanted: tuple[str, ...]
    code: str | None
    name: str
    parent: str | None
    kind: str = "counts"
    endings: tuple[str, ...] = (".csv", ".parquet")
    snapshot: bool = True
    slice_columns: tuple[str, ...] = ("month",)
    unique_keys: bool = False
    companions: tuple[str, ...] = ()

    def accepts(self, path: Path) -> bool:
        columns = headings(path)
        known = known_columns(columns)
        wanted = all(what in known for what in self.wants) and not any(what in known for what in self.unwanted)
        return wanted and bool(month_columns(columns))

    def explain(self, path: Path) -> str:
        columns = headings(path)
        if not columns:
            return "it is not a table that can be read"
        known = known_columns(columns)
        missing = [HEADINGS[what][0] for what in self.wants if what not in known]
        if missing:
            return f"it has no column “{missing[0]}”"
        if not month_columns(columns):
            return "none of its columns is a month such as 202004"
        return "it holds smaller areas than this source"

    def read(self, files: Sequence[SourceFile], context: ReadContext) -> Iterator[Chunk]:
        for file in files:
            yield from self._read_file(file, context)

    def _read_file(self, file: SourceFile, context: ReadContext) -> Iterator[Chunk]:
        sheet = read_sheet(file.path)
        months = month_columns(sheet.columns)
        if sheet.is_empty() or not months:
            raise Refusal(f"{file.name} holds no counts: download it again from the London Datastore.")
        partial = partial_months(sheet, months)
        for month in partial:
            context.say(_partial_sentence(month, file.name))
        rows = self._renamed(sheet, months)
        step = max(1, CELLS_A_CHUNK // len(months))
        unknown: dict[str, int] = {}
        for start in range(0, rows.height, step):
            chunk = self._chunk(rows.slice(start, step), months, partial, file, context.today)
            for words, cells in taxonomy.unknown_words(chunk.frame).items():
                unknown[words] = unknown.get(words, 0) + cells
            yield chunk
            context.progress(min(1.0, (start + step) / rows.height), f"Reading {file.name}")
        for words in unknown:
            context.say(f"“{words}” is not a category that Wardlight knows: its counts are kept, in no measure.")

    def _renamed(self, sheet: pl.DataFrame, months: list[str]) -> pl.DataFrame:
        known = known_columns(sheet.columns)
        columns = {
            "area_code": known.get(self.code) if self.code else None,
            "area_name": known[self.name],
            "parent_name": known.get(self.parent) if self.parent else None,
            "source_category": known["minor"],
            "source_group": known.get("major"),
        }
        if self.level == "lsoa":
            columns["parent_name"] = columns["area_name"]
        named = sheet.select(
            *(_text(column).alias(what) for what, column in columns.items()),
            *(pl.col(month).alias(month.strip()) for month in months),
        ).with_row_index("line", offset=2)
        if self.level == "lsoa":  # "Islington 011F" lies in Islington
            named = named.with_columns(pl.col("parent_name").str.replace(r" \d{3}[A-Z]$", ""))
        key = ["area_code", "area_name", "parent_name", "source_category", "source_group"]
        return named.with_columns(repeated=~pl.struct(key).is_first_distinct())

    def _chunk(self, rows: pl.DataFrame, months: list[str], partial: list[str], file: SourceFile, today: date) -> Chunk:
        cells = _cells(rows, [month.strip() for month in months])
        cells = cells.with_columns(reason=_reason(partial, today))
        good = cells.filter(pl.col("reason").is_null())
        mapped = taxonomy.categorise(good, self.slug, group="source_group")
        placed = mapped.with_columns(
            level=self._level(), months=pl.lit(1, pl.UInt16), file=pl.lit(file.index, pl.UInt16)
        )
        frame = conform(placed, COUNT_SCHEMA)
        quality = _quality(frame)
        return Chunk(frame=frame, refusals=refusals_where(cells, file.index), quality=quality)

    def _level(self) -> pl.Expr:
        nowhere = list(taxonomy.load().mappings[self.slug].unplaced)
        unplaced = pl.col("area_name").is_in(nowhere) | pl.col("parent_name").is_in(nowhere).fill_null(False)
        return pl.when(unplaced).then(pl.lit("unplaced")).otherwise(pl.lit(self.level))


def partial_months(sheet: pl.DataFrame, months: list[str]) -> list[str]:
    """First or last months that hold under a tenth of an ordinary month: stray rows of a month the file does not cover."""
    totals = sheet.select(pl.col(month).cast(pl.Int64, strict=False).sum() for month in months).row(0)
    median = sorted(totals)[len(totals) // 2]
    if len(months) < 3 or median < SMALLEST_MEDIAN:
        return []
    ends = {months[0]: totals[0], months[-1]: totals[-1]}
    return [month.strip() for month, total in ends.items() if total < SMALLEST_SHARE * median]


def _partial_sentence(month: str, name: str) -> str:
    return (
        f"{name} holds only a few stray offences in its column {month}, so that month was left out: "
        "it would have replaced a whole month by a sliver."
    )


def _text(column: str | None) -> pl.Expr:
    if column is None:
        return pl.lit(None, pl.String)
    return pl.col(column).cast(pl.String).str.strip_chars().replace("", None)


def _cells(rows: pl.DataFrame, months: list[str]) -> pl.DataFrame:
    index = [column for column in rows.columns if column not in months]
    long = rows.unpivot(on=months, index=index, variable_name="column", value_name="value")
    text = pl.col("value").cast(pl.String).str.strip_chars().str.replace_all(",", "", literal=True)
    return long.with_columns(
        pl.col("value").cast(pl.String), month=pl.col("column").cast(pl.UInt32), count=text.cast(pl.Int64, strict=False)
    )


def _reason(partial: list[str], today: date) -> pl.Expr:
    now = today.year * 100 + today.month
    return (
        pl.when(pl.col("area_name").is_null())
        .then(pl.lit("The row names no area: write the area’s name in the file."))
        .when(pl.col("source_category").is_null())
        .then(pl.lit("The row names no offence: write the offence in the file."))
        .when("repeated")
        .then(pl.lit("An earlier row has the same area and offence: keep one of them in the file."))
        .when(pl.col("column").is_in(partial))
        .then(pl.lit("The month is incomplete in this file: import a later publication for it."))
        .when(pl.col("month") > now)
        .then(pl.lit("The month is in the future: check the heading."))
        .when(pl.col("count").is_null())
        .then(pl.lit("The cell is not a whole number: write the count in digits, or 0."))
        .when(pl.col("count") < 0)
        .then(pl.lit("A count cannot be below nought: correct it in the file."))
    )


def _quality(frame: pl.DataFrame) -> dict[str, dict[str, int]]:
    unplaced = frame.filter(pl.col("level") == "unplaced")
    by_month = unplaced.group_by("month").agg(pl.col("count").sum()).sort("month")
    found = {str(month): count for month, count in by_month.iter_rows() if count}
    unknown = taxonomy.unknown_words(frame)
    return {name: values for name, values in (("unplaced", found), ("unknown_category", unknown)) if values}


BOROUGHS = MpsCounts(
    slug="mps-borough-counts",
    title="Metropolitan Police counts by borough",
    describes="Recorded crime by borough, offence and month, from the London Datastore (CSV or Parquet).",
    level="borough",
    wants=("minor", "borough"),
    unwanted=("ward_name", "ward_code", "lsoa_code"),
    code=None,
    name="borough",
    parent=None,
)
WARDS = MpsCounts(
    slug="mps-ward-counts",
    title="Metropolitan Police counts by ward",
    describes="Recorded crime by ward, offence and month, from the London Datastore (CSV or Parquet).",
    level="ward",
    wants=("minor", "ward_code", "ward_name"),
    unwanted=("lsoa_code",),
    code="ward_code",
    name="ward_name",
    parent="borough",
)
LSOAS = MpsCounts(
    slug="mps-lsoa-counts",
    title="Metropolitan Police counts by LSOA",
    describes="Recorded crime by LSOA, offence and month, without sexual offences, from the London Datastore.",
    level="lsoa",
    wants=("minor", "lsoa_code"),
    unwanted=(),
    code="lsoa_code",
    name="lsoa_name",
    parent="borough",
)
