"""data.police.uk: the street-level crime files (and the base of its outcomes files, which share most columns)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

import polars as pl

from wardlight.incidents import taxonomy

from . import csv_blocks
from .base import LONGEST_VALUE, REFUSAL_SCHEMA, Chunk, ReadContext, SourceFile
from .coordinates import GridPoints, is_blank, is_in_britain, is_zero, packed, what_is_wrong
from .keys import NO_KEY, stable_keys

MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
FORCE_IN_NAME = re.compile(r"\d{4}-\d{2}-(.+?)-(street|outcomes|stop-and-search)$")
PLACE_COLUMNS = ("Longitude", "Latitude")
SHARED_COLUMNS = ("Crime ID", "Month", "Reported by", *PLACE_COLUMNS, "Location", "LSOA code", "LSOA name")
NUMBERS: dict[str, pl.DataType] = {"Longitude": pl.Float64(), "Latitude": pl.Float64()}
NUMBERS_RENAMED: dict[str, pl.DataType] = {"longitude": pl.Float64(), "latitude": pl.Float64()}
RENAMED = {
    "Crime type": "source_category",
    "Reported by": "reported_by",
    "Longitude": "longitude",
    "Latitude": "latitude",
    "Location": "place",
    "LSOA code": "source_area",
    "LSOA name": "source_area_name",
    "Last outcome category": "outcome",
    "Outcome type": "outcome",
}


@dataclass(slots=True)
class PoliceUkCsv:
    """What the files of data.police.uk have in common. `must_hold` is the column a row is worthless without."""

    slug: str
    title: str
    kind: str
    describes: str
    columns: tuple[str, ...]
    must_hold: str
    companions: tuple[str, ...] = ()
    endings: tuple[str, ...] = (".csv",)
    snapshot: bool = True
    slice_columns: tuple[str, ...] = ("reported_by", "month")
    unique_keys: bool = False

    def accepts(self, path: Path) -> bool:
        return set(self.columns) <= set(csv_blocks.headings(path))

    def explain(self, path: Path) -> str:
        found = csv_blocks.headings(path)
        missing = [f"“{name}”" for name in self.columns if name not in found]
        if len(missing) == len(self.columns):
            return f"it has none of the columns of {self.title}, such as “{self.must_hold}”"
        return f"it has no column {', '.join(missing[:-1])}{' or ' if missing[1:] else ''}{missing[-1]}"

    def read(self, files: Sequence[SourceFile], context: ReadContext) -> Iterator[Chunk]:
        points = GridPoints()
        windows, unknown = set[str](), set[str]()
        for position, file in enumerate(files):
            shape = partial(self._shape, today=context.today)
            for block in csv_blocks.in_order(shape, csv_blocks.blocks(file)):
                yield Chunk(points.place(block.frame), block.refusals, 0, block.quality, block.digest)
                if block.windows_text:
                    windows.add(file.name)
                unknown |= block.unknown
                context.progress((position + block.done) / len(files), f"Reading {file.name}")
        _say(context, windows, unknown)

    def _shape(self, block: csv_blocks.Block, today: date) -> _Shaped:
        """Everything that one block needs no other block for, so that blocks can be shaped side by side."""
        rows = csv_blocks.parse(block, NUMBERS)
        frame, bad = checked(rows, today, self.must_hold)
        unknown = set[str]()
        if self.kind == "records":
            frame, unknown = with_category(frame)
        frame = frame.with_columns(record_key=stable_keys(frame["Crime ID"]))
        has_key = frame["record_key"] != NO_KEY
        digest = (
            frame.drop("line", "Crime ID", "Month", "category", strict=False)
            .hash_rows()
            .to_frame("digest")
            .select(pl.when(has_key).then("digest"))
            .to_series()
        )
        quality = {"zero_coordinates": int(frame.select(is_zero().sum()).item())}
        refusals = pl.concat([rows.refusals, bad]) if len(bad) else rows.refusals
        kept = frame.select(self._kept(block.file.index, frame.columns))
        return _Shaped(kept, refusals, digest, quality, unknown, rows.windows_text, rows.done)

    def _kept(self, file: int, columns: Sequence[str]) -> list[pl.Expr]:
        text = {"reported_by", "place", "source_area", "source_area_name", "source_category", "outcome"}
        kept = [pl.col("record_key"), pl.col("month"), packed(), pl.col("line"), pl.lit(file, pl.UInt16).alias("file")]
        kept += [pl.col(name) for name in columns if name in text | {"category"}]
        if self.kind == "records":
            kept.append(pl.lit("month").alias("precision"))
        return kept


@dataclass(frozen=True, slots=True)
class _Shaped:
    frame: pl.DataFrame
    refusals: pl.DataFrame
    digest: pl.Series
    quality: dict[str, int]
    unknown: set[str]
    windows_text: bool
    done: float


def checked(rows: csv_blocks.Rows, today: date, must_hold: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows that can be kept, renamed, with `month` as a number; and the others as refusals, each with its reason."""
    frame, not_numbers = coordinates_as_numbers(null_for_empty(rows.frame), rows.file.index)
    frame = frame.rename({old: new for old, new in RENAMED.items() if old in frame.columns})
    frame = frame.with_columns(month=_months(frame["Month"]))
    holder = RENAMED.get(must_hold, must_hold)
    now = today.year * 100 + today.month
    if _plainly_fine(frame, holder, now):
        return frame, not_numbers
    good = (pl.col("month") <= now) & pl.col(holder).is_not_null() & (is_blank() | is_in_britain())
    fine = frame.select(good.fill_null(False).alias("fine")).to_series()
    if fine.all():
        return frame, not_numbers
    reasons = _refusals(frame.filter(~fine), rows.file.index, now, must_hold, holder)
    return frame.filter(fine), pl.concat([not_numbers, reasons])


def _plainly_fine(frame: pl.DataFrame, holder: str, now: int) -> bool:
    """A quick look that clears most blocks: nothing blank that must not be, and all extremes where they belong."""
    longitude, latitude, month = frame["longitude"], frame["latitude"], frame["month"]
    if month.null_count() or frame[holder].null_count() or not len(frame) or month.max() > now:  # type: ignore[operator]
        return False
    extremes = pl.DataFrame(
        {"longitude": [longitude.min(), longitude.max()], "latitude": [latitude.min(), latitude.max()]},
        schema=NUMBERS_RENAMED,
    )
    return bool(extremes.select(is_in_britain().all() & ~pl.col("longitude").is_null().any()).item())


def null_for_empty(frame: pl.DataFrame) -> pl.DataFrame:
    """Some programs write a blank as two quotation marks, which reads as "": make it null, like any other blank."""
    text = [name for name, kind in frame.schema.items() if kind == pl.String]
    empty = frame.select((pl.col(name) == "").any() for name in text)
    wanting = [name for name in text if empty[name].item()]
    return frame.with_columns(pl.col(name).replace("", None) for name in wanting) if wanting else frame


def coordinates_as_numbers(frame: pl.DataFrame, file: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Coordinates as numbers. Rows whose coordinates are words are refused."""
    none = pl.DataFrame(schema=REFUSAL_SCHEMA)
    if frame["Longitude"].dtype != pl.String:
        return frame, none
    bad = []
    cast = {name: pl.col(name).str.strip_chars().replace("", None).cast(pl.Float64, strict=False) for name in NUMBERS}
    finite = {name: value.is_finite().fill_null(False) for name, value in cast.items()}
    for name in NUMBERS:
        words = pl.col(name).str.strip_chars().replace("", None).is_not_null() & ~finite[name]
        reason = pl.lit(f"{name} is not a number: correct it or leave it blank.")
        bad.append(frame.filter(words).select(_refusal_columns(file, name, pl.col(name), reason)))
        frame = frame.filter(~words)
    return frame.with_columns(**cast), pl.concat(bad)


def _refusal_columns(file: int, column: str, value: pl.Expr, reason: pl.Expr) -> list[pl.Expr]:
    return [
        pl.lit(file, pl.UInt16).alias("file"),
        pl.col("line"),
        pl.lit(column).alias("column"),
        value.cast(pl.String).fill_null("").str.slice(0, LONGEST_VALUE).alias("value"),
        reason.alias("reason"),
    ]


def _months(words: pl.Series) -> pl.Series:
    """202207 of “2022-07”; null of anything else."""
    numbers = {word: int(word.replace("-", "")) for word in words.unique().drop_nulls() if MONTH.fullmatch(word)}
    return words.replace_strict(numbers, default=None, return_dtype=pl.UInt32)


def _refusals(frame: pl.DataFrame, file: int, now: int, must_hold: str, holder: str) -> pl.DataFrame:
    malformed, future = pl.col("month").is_null(), pl.col("month") > now
    blank = pl.col(holder).is_null()
    what = pl.col("Month").fill_null("")
    coordinates = pl.format("{}, {}", "longitude", "latitude")
    return frame.select(
        pl.lit(file, pl.UInt16).alias("file"),
        pl.col("line"),
        pl.when(malformed | future)
        .then(pl.lit("Month"))
        .when(blank)
        .then(pl.lit(must_hold))
        .otherwise(pl.lit("Longitude"))
        .alias("column"),
        pl.when(malformed | future)
        .then(what)
        .when(blank)
        .then(pl.lit(""))
        .otherwise(coordinates)
        .str.slice(0, LONGEST_VALUE)
        .alias("value"),
        pl.when(malformed)
        .then(pl.format("“{}” is not a month: write it as 2022-07.", what.str.slice(0, LONGEST_VALUE)))
        .when(future)
        .then(pl.format("The month {} is still to come: correct it.", what))
        .when(blank)
        .then(pl.lit(f"{must_hold} is blank: fill it in or leave the row out."))
        .otherwise(what_is_wrong())
        .alias("reason"),
    )


def with_category(frame: pl.DataFrame) -> tuple[pl.DataFrame, set[str]]:
    """`frame` with the Wardlight `category` of its words, and the words that no category is known for."""
    tree = taxonomy.load()
    months = frame["month"].unique().to_list()
    by_words = {
        words: {tree.map("police-uk", words, None, month) for month in months}
        for words in frame["source_category"].unique().to_list()
    }
    if any(len(categories) > 1 for categories in by_words.values()):
        mapped = taxonomy.categorise(frame, "police-uk")
        return mapped, set(taxonomy.unknown_words(mapped))
    unknown = {words for words, categories in by_words.items() if None in categories}
    plain = {words: next(iter(categories)) for words, categories in by_words.items()}
    category = pl.col("source_category").replace_strict(plain, default=None, return_dtype=pl.String)
    return frame.with_columns(category=category), unknown


def _say(context: ReadContext, windows: set[str], unknown: set[str]) -> None:
    for name in sorted(windows):
        context.say(f"{name} is not UTF-8 text: it was read as Windows-1252, so check its accented letters.")
    for words in sorted(unknown):
        context.say(f"“{words}” is not a category that Wardlight knows: its records are kept, in no measure.")


STREET = PoliceUkCsv(
    slug="police-uk",
    title="police.uk street-level crime",
    kind="records",
    describes="Recorded crime and anti-social behaviour by month and approximate place, downloaded from data.police.uk.",
    columns=(*SHARED_COLUMNS, "Crime type", "Last outcome category"),
    must_hold="Crime type",
    companions=("police-uk-outcomes", "police-uk-stops"),
)
OUTCOMES = PoliceUkCsv(
    slug="police-uk-outcomes",
    title="police.uk outcomes",
    kind="outcomes",
    describes="What came of recorded crimes, by month of the decision, downloaded from data.police.uk.",
    columns=(*SHARED_COLUMNS, "Outcome type"),
    must_hold="Outcome type",
    companions=("police-uk", "police-uk-stops"),
)
