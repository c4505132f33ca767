"""data.police.uk: the stop-and-search files. Each stop has its minute, in UTC; a file is one force's local month."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import polars as pl

from wardlight.incidents.schema import STOP_SCHEMA

from . import csv_blocks
from .base import LONGEST_VALUE, Chunk, ReadContext, SourceFile, conform
from .coordinates import GridPoints, packed, what_is_wrong
from .police_uk import FORCE_IN_NAME, NUMBERS, coordinates_as_numbers, null_for_empty

LOCAL = "Europe/London"
RENAMED = {
    "Type": "kind",
    "Policing operation": "operation_name",
    "Gender": "gender",
    "Age range": "age_range",
    "Self-defined ethnicity": "self_defined_ethnicity",
    "Officer-defined ethnicity": "officer_defined_ethnicity",
    "Legislation": "legislation",
    "Object of search": "object",
    "Outcome": "outcome",
    "Longitude": "longitude",
    "Latitude": "latitude",
}
YES_OR_NO = {
    "Part of a policing operation": "operation",
    "Outcome linked to object of search": "outcome_linked",
    "Removal of more than just outer clothing": "more_than_outer_clothing",
}


@dataclass(slots=True)
class PoliceUkStops:
    """Stop-and-search files: no ids, so that two rows that look alike are two stops."""

    slug: str = "police-uk-stops"
    title: str = "police.uk stop and search"
    kind: str = "stops"
    describes: str = "Every stop and search by a force, with its minute, downloaded from data.police.uk."
    columns: tuple[str, ...] = ("Date", *RENAMED, *YES_OR_NO)
    companions: tuple[str, ...] = ("police-uk", "police-uk-outcomes")
    endings: tuple[str, ...] = (".csv",)
    snapshot: bool = True
    slice_columns: tuple[str, ...] = ("reported_by", "month")
    unique_keys: bool = False

    def accepts(self, path: Path) -> bool:
        return set(self.columns) <= set(csv_blocks.headings(path))

    def explain(self, path: Path) -> str:
        found = csv_blocks.headings(path)
        missing = [name for name in self.columns if name not in found]
        return f"it has no column “{missing[0]}”"

    def read(self, files: Sequence[SourceFile], context: ReadContext) -> Iterator[Chunk]:
        points = GridPoints()
        now = context.today.year * 100 + context.today.month
        for position, file in enumerate(files):
            for rows in csv_blocks.in_order(partial(csv_blocks.parse, types=NUMBERS), csv_blocks.blocks(file)):
                frame, refusals = _shaped(rows, now)
                placed = points.place(frame.with_columns(packed()))
                yield Chunk(conform(placed, STOP_SCHEMA), pl.concat([rows.refusals, refusals]))
                context.progress((position + rows.done) / len(files), f"Reading {file.name}")


def _shaped(rows: csv_blocks.Rows, now: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    frame, not_numbers = coordinates_as_numbers(null_for_empty(rows.frame), rows.file.index)
    at = pl.col("Date").str.to_datetime("%Y-%m-%dT%H:%M:%S%z", time_unit="us", strict=False)
    local = pl.col("at").dt.convert_time_zone(LOCAL)
    frame = (
        frame.rename(RENAMED)
        .with_columns(at=at)
        .with_columns(
            month=(local.dt.year() * 100 + local.dt.month()).cast(pl.UInt32),
            local_date=local.dt.date(),
            hour_of_week=((local.dt.weekday() - 1).cast(pl.Int16) * 24 + local.dt.hour()).cast(pl.UInt8),
            **{new: _yes_or_no(old) for old, new in YES_OR_NO.items()},
            reported_by=pl.lit(force_in_name(rows.file)),
            file=pl.lit(rows.file.index, pl.UInt16),
        )
    )
    frame = frame.with_columns(reason=_reason(now))
    bad = frame.filter(pl.col("reason").is_not_null())
    return frame.filter(pl.col("reason").is_null()), pl.concat([not_numbers, _refusals(bad)])


def force_in_name(file: SourceFile) -> str:
    """The force that a file is about: “metropolitan” in 2024-01-metropolitan-stop-and-search.csv; else the file's name."""
    stem = Path(file.name).name.removesuffix(".gz").removesuffix(".csv")
    found = FORCE_IN_NAME.match(stem)
    return found.group(1) if found else stem


def _yes_or_no(column: str) -> pl.Expr:
    return (
        pl.col(column)
        .str.to_lowercase()
        .replace_strict({"true": True, "false": False}, default=None, return_dtype=pl.Boolean)
    )


def _reason(now: int) -> pl.Expr:
    return (
        pl.when(pl.col("at").is_null())
        .then(pl.lit("The date is not written as 2024-01-31T12:34:00+00:00: correct it."))
        .when(pl.col("month") > now)
        .then(pl.lit("The date is still to come: correct it."))
        .otherwise(what_is_wrong())
    )


def _refusals(bad: pl.DataFrame) -> pl.DataFrame:
    about_date = pl.col("reason").str.starts_with("The date")
    coordinates = pl.format("{}, {}", "longitude", "latitude")
    return bad.select(
        "file",
        "line",
        pl.when(about_date).then(pl.lit("Date")).otherwise(pl.lit("Longitude")).alias("column"),
        pl.when(about_date)
        .then(pl.col("Date").fill_null(""))
        .otherwise(coordinates)
        .str.slice(0, LONGEST_VALUE)
        .alias("value"),
        "reason",
    )


STOPS = PoliceUkStops()
