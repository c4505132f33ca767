"""Where a record happened: longitude and latitude, eastings and northings, or a grid reference, to National Grid metres."""

from __future__ import annotations

import re

import numpy as np
import polars as pl

from wardlight.partners.refusal import Refusal
from wardlight.places.geometry import to_grid

from .record_extract_mapping import ExtractMapping

GREAT_BRITAIN = (0.0, 0.0, 700_000.0, 1_300_000.0)
LETTERS = "ABCDEFGHJKLMNOPQRSTUVWXYZ"
UNREADABLE = "bad_coordinates"


def grid_reference(text: str) -> tuple[float, float] | None:
    """Easting and northing (metres) of a grid reference such as “TQ 316 841”: the centre of the square it names."""
    match = re.fullmatch(r"([A-HJ-Z])([A-HJ-Z])(\d*)", re.sub(r"\s+", "", text.upper()))
    if not match or len(match[3]) % 2 or not 2 <= len(match[3]) <= 10:
        return None
    first, second = LETTERS.index(match[1]), LETTERS.index(match[2])
    east = ((first - 2) % 5) * 5 + second % 5
    north = 19 - (first // 5) * 5 - second // 5
    half = len(match[3]) // 2
    size = 10 ** (5 - half)
    x, y = int(match[3][:half]) * size, int(match[3][half:]) * size
    return east * 100_000 + x + size / 2, north * 100_000 + y + size / 2


def add_places(frame: pl.DataFrame, mapping: ExtractMapping) -> tuple[pl.DataFrame, dict[str, int]]:
    """`frame` with x and y, null where not placed, and counts of coordinates that could not be used.

    Raises Refusal when longitude and latitude were swapped throughout.
    """
    columns = mapping.columns
    if columns.grid_reference:
        return _from_references(frame, columns.grid_reference)
    if columns.easting:
        placed = frame.with_columns(x=_number(columns.easting), y=_number(columns.northing))
        return _within(placed, frame[columns.easting])
    if columns.longitude:
        lon = frame.select(_number(columns.longitude)).to_series().to_numpy()
        lat = frame.select(_number(columns.latitude)).to_series().to_numpy()
        _check_not_swapped(lon, lat)
        return _within(_projected(frame, lon, lat), frame[columns.longitude])
    return frame.with_columns(x=pl.lit(None, pl.Float64), y=pl.lit(None, pl.Float64)), {}


def _number(column: str) -> pl.Expr:
    return pl.col(column).str.replace_all(",", "", literal=True).str.strip_chars().cast(pl.Float64, strict=False)


def _check_not_swapped(lon: np.ndarray, lat: np.ndarray) -> None:
    known = np.isfinite(lon) & np.isfinite(lat) & (lon != 0)
    swapped = known & (lon > 49) & (lon < 61) & (lat > -9) & (lat < 3)
    if known.any() and swapped.sum() * 2 > known.sum():
        raise Refusal(
            "The longitudes look like latitudes and the latitudes like longitudes: swap the two in the mapping."
        )


def _projected(frame: pl.DataFrame, lon: np.ndarray, lat: np.ndarray) -> pl.DataFrame:
    inside = (lon > -10) & (lon < 4) & (lat > 49) & (lat < 62)
    x, y = np.full(len(lon), np.nan), np.full(len(lon), np.nan)
    if inside.any():
        x[inside], y[inside] = to_grid(lon[inside], lat[inside])
    return frame.with_columns(pl.Series("x", x, nan_to_null=True), pl.Series("y", y, nan_to_null=True))


def _within(frame: pl.DataFrame, given: pl.Series) -> tuple[pl.DataFrame, dict[str, int]]:
    """Coordinates outside Great Britain, or 0, 0, place nothing; they are counted."""
    low_x, low_y, high_x, high_y = GREAT_BRITAIN
    x, y = pl.col("x"), pl.col("y")
    inside = (x > low_x) & (x < high_x) & (y > low_y) & (y < high_y)
    placed = frame.with_columns(pl.when(inside).then(x).alias("x"), pl.when(inside).then(y).alias("y"))
    filled = (given.fill_null("").str.strip_chars() != "").to_numpy()
    unusable = int((filled & placed["x"].is_null().to_numpy()).sum())
    return placed, {UNREADABLE: unusable} if unusable else {}


def _from_references(frame: pl.DataFrame, column: str) -> tuple[pl.DataFrame, dict[str, int]]:
    texts = frame[column].drop_nulls().unique().to_list()
    points = [grid_reference(text) for text in texts]
    known = pl.DataFrame(
        {column: texts, "x": [p[0] if p else None for p in points], "y": [p[1] if p else None for p in points]},
        schema_overrides={column: pl.String, "x": pl.Float64, "y": pl.Float64},
    )
    placed = frame.join(known, on=column, how="left", maintain_order="left")
    return _within(placed, frame[column])
