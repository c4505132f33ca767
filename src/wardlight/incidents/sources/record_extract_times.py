"""When a record happened: local clock times to UTC, date-only and month-only, with the clock-change rule.

A clock time that never was (the hour skipped on the last Sunday of March) is refused. One that was twice (the hour repeated on
the last Sunday of October) is taken as its first occurrence, and counted.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from .count_table_periods import parse_period
from .record_extract_mapping import LOCAL_ZONE, ExtractMapping

EARLIEST = date(1950, 1, 1)


def add_times(frame: pl.DataFrame, mapping: ExtractMapping, today: date) -> pl.DataFrame:
    """`frame` with precision, month, start, end, local_date, hour_of_week, ambiguous, and why the time is refused."""
    if not mapping.columns.start:
        return _months_only(frame, mapping, today)
    columns = mapping.columns
    parsed = _parse(frame, "start", columns.start, columns.start_time, mapping)
    parsed = _parse(parsed, "end", columns.end, columns.end_time, mapping)
    timed = parsed.with_columns(
        precision=pl.when(pl.col("start_is_time")).then(pl.lit("minute")).otherwise(pl.lit("day")),
        end=pl.coalesce(_end(), "start"),
    )
    local = timed.with_columns(local=pl.col("start").dt.convert_time_zone(LOCAL_ZONE))
    local = local.with_columns(
        local_date=pl.col("local").dt.date(),
        month=(pl.col("local").dt.year().cast(pl.UInt32) * 100 + pl.col("local").dt.month()).cast(pl.UInt32),
        hour_of_week=_hour_of_week(),
        time_reason=_reason(today),
    )
    return local.drop("local", "start_naive", "end_naive", "start_is_time", "end_is_time", "start_text", "end_text")


def _parse(frame: pl.DataFrame, which: str, column: str, time: str, mapping: ExtractMapping) -> pl.DataFrame:
    if not column:
        nothing = pl.lit(None, pl.Datetime("us"))
        return frame.with_columns(
            nothing.alias(f"{which}_naive"),
            nothing.dt.replace_time_zone("UTC").alias(which),
            pl.lit(False).alias(f"{which}_is_time"),
            pl.lit(False).alias(f"{which}_twice"),
            pl.lit("").alias(f"{which}_text"),
        )
    text = pl.col(column).str.strip_chars()
    if time:
        text = pl.concat_str([text, pl.col(time).str.strip_chars()], separator=" ", ignore_nulls=True).str.strip_chars()
    clock = pl.coalesce([text.str.to_datetime(one, strict=False, time_unit="us") for one in mapping.time_formats])
    day = pl.coalesce([text.str.to_date(one, strict=False) for one in mapping.date_formats]).cast(pl.Datetime("us"))
    if which == "end":
        day = day.dt.offset_by("23h59m")
    frame = frame.with_columns(
        text.fill_null("").alias(f"{which}_text"),
        clock.is_not_null().alias(f"{which}_is_time"),
        pl.coalesce(clock, day).alias(f"{which}_naive"),
    )
    return _to_utc(frame, which, mapping.zone)


def _to_utc(frame: pl.DataFrame, which: str, zone: str) -> pl.DataFrame:
    naive = pl.col(f"{which}_naive")
    first = naive.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    last = naive.dt.replace_time_zone(zone, ambiguous="latest", non_existent="null")
    return frame.with_columns(
        first.dt.convert_time_zone("UTC").alias(which), (first != last).fill_null(False).alias(f"{which}_twice")
    )


def _end() -> pl.Expr:
    """The end; its second occurrence where the first would lie before the start."""
    before = pl.col("end_twice") & (pl.col("end") < pl.col("start"))
    return pl.when(before).then(pl.col("end").dt.offset_by("1h")).otherwise(pl.col("end"))


def _hour_of_week() -> pl.Expr:
    """0 is Monday 00:00–00:59, local. Only where start and end lie in the same hour."""
    same_hour = pl.col("start").dt.truncate("1h") == pl.col("end").dt.truncate("1h")
    hour = (pl.col("local").dt.weekday().cast(pl.Int16) - 1) * 24 + pl.col("local").dt.hour()
    return pl.when((pl.col("precision") == "minute") & same_hour).then(hour.cast(pl.UInt8))


def _reason(today: date) -> pl.Expr:
    skipped = "never was: the clocks went forward in that hour, so correct the time."
    return (
        pl.when(pl.col("start_text") == "")
        .then(pl.lit("The row does not say when it happened: fill in the date."))
        .when(pl.col("start_naive").is_null())
        .then(pl.lit("The start is not a date that can be read: write it as 2020-04-01 13:45, or give its format."))
        .when(pl.col("start").is_null())
        .then(pl.lit(f"The start {skipped}"))
        .when((pl.col("end_text") != "") & pl.col("end_naive").is_null())
        .then(pl.lit("The end is not a date that can be read: write it as 2020-04-01 13:45, or give its format."))
        .when(pl.col("end_naive").is_not_null() & pl.col("end").is_null())
        .then(pl.lit(f"The end {skipped}"))
        .when(pl.col("end") < pl.col("start"))
        .then(pl.lit("The end lies before the start: correct one of them."))
        .when(pl.col("start_naive").dt.date() > today)
        .then(pl.lit("The date is in the future: check the year."))
        .when(pl.col("start_naive").dt.date() < EARLIEST)
        .then(pl.lit("The date is before 1950: check the year."))
    )


def _months_only(frame: pl.DataFrame, mapping: ExtractMapping, today: date) -> pl.DataFrame:
    column = mapping.columns.month
    texts = frame[column].unique().to_list()
    months = [_month(text) for text in texts]
    known = pl.DataFrame({column: texts, "month": months}, schema_overrides={"month": pl.UInt32})
    now = today.year * 100 + today.month
    reason = (
        pl.when(pl.col("month").is_null())
        .then(pl.lit("The month cannot be read: write it as 2020-04."))
        .when(pl.col("month") > now)
        .then(pl.lit("The month is in the future: check the year."))
    )
    nothing = pl.lit(None, pl.Datetime("us", "UTC"))
    return frame.join(known, on=column, how="left", nulls_equal=True, maintain_order="left").with_columns(
        precision=pl.lit("month"),
        start=nothing,
        end=nothing,
        local_date=pl.lit(None, pl.Date),
        hour_of_week=pl.lit(None, pl.UInt8),
        start_twice=pl.lit(False),
        end_twice=pl.lit(False),
        time_reason=reason,
    )


def _month(text: str | None) -> int | None:
    period = parse_period(text or "")
    return period[0] if period and period[1] == 1 else None
