"""Refused rows as a frame, from a frame that says why each row is refused."""

from __future__ import annotations

import polars as pl

from .base import LONGEST_VALUE, REFUSAL_SCHEMA


def refusals_where(frame: pl.DataFrame, file: int) -> pl.DataFrame:
    """The rows of `frame` that have a `reason`, as REFUSAL_SCHEMA. `frame` has line, column, value and reason."""
    return frame.filter(pl.col("reason").is_not_null()).select(
        pl.lit(file).cast(REFUSAL_SCHEMA["file"]).alias("file"),
        pl.col("line").cast(REFUSAL_SCHEMA["line"]),
        pl.col("column").cast(pl.String),
        pl.col("value").cast(pl.String).fill_null("").str.slice(0, LONGEST_VALUE),
        pl.col("reason").cast(pl.String),
    )
