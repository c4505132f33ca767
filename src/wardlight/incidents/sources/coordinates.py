"""Longitudes and latitudes to the National Grid, each distinct point once; and what is wrong with the ones that are wrong."""

from __future__ import annotations

import numpy as np
import polars as pl

from wardlight.places.geometry import to_grid

# A little wider than Great Britain and Northern Ireland.
WEST, EAST, SOUTH, NORTH = -9.0, 2.3, 49.0, 61.5
PER_DEGREE = 10_000_000  # a ten-millionth of a degree is about a centimetre
LATITUDE_BITS = 2**32

SWAPPED = (
    "The longitude and latitude are swapped, for {}, {} lies outside Britain and {}, {} inside: swap the two columns."
)
OUTSIDE = "The longitude and latitude {}, {} are not in Britain: correct them or leave them blank."


def is_blank() -> pl.Expr:
    """No coordinates, or 0, 0: what computers write when they know no place."""
    longitude, latitude = pl.col("longitude"), pl.col("latitude")
    return longitude.is_null() | latitude.is_null() | ((longitude == 0) & (latitude == 0))


def is_zero() -> pl.Expr:
    """0, 0: a point in the Atlantic that stands for “not known”."""
    return ((pl.col("longitude") == 0) & (pl.col("latitude") == 0)).fill_null(False)


def is_in_britain() -> pl.Expr:
    """Whether `longitude` and `latitude` lie in a box round Britain."""
    return pl.col("longitude").is_between(WEST, EAST) & pl.col("latitude").is_between(SOUTH, NORTH)


def what_is_wrong() -> pl.Expr:
    """A sentence about coordinates that are neither blank nor in Britain; null where nothing is wrong."""
    longitude, latitude = pl.col("longitude"), pl.col("latitude")
    swapped = longitude.is_between(SOUTH, NORTH) & latitude.is_between(WEST, EAST)
    return (
        pl.when(is_blank() | is_in_britain())
        .then(None)
        .when(swapped)
        .then(pl.format(SWAPPED, longitude, latitude, latitude, longitude))
        .otherwise(pl.format(OUTSIDE, longitude, latitude))
    )


def packed() -> pl.Expr:
    """Longitude and latitude as one integer, to a ten-millionth of a degree; null where blank."""
    longitude = (pl.col("longitude") * PER_DEGREE).round().cast(pl.Int64)
    latitude = (pl.col("latitude") * PER_DEGREE).round().cast(pl.Int64)
    return pl.when(is_blank()).then(None).otherwise(longitude * LATITUDE_BITS + latitude).alias("packed")


class GridPoints:
    """Every distinct point met so far and where it lies in the National Grid."""

    def __init__(self) -> None:
        self._known = pl.DataFrame(schema={"packed": pl.Int64, "x": pl.Float64, "y": pl.Float64})

    def place(self, frame: pl.DataFrame) -> pl.DataFrame:
        """`frame` with `x` and `y` (metres, rounded to a decimetre) for its `packed` points; null where packed is null."""
        placed = self._joined(frame)
        # Most blocks meet no new point, so joining first is cheaper than looking for new points first.
        new = placed.filter(pl.col("x").is_null() & pl.col("packed").is_not_null()).select(pl.col("packed").unique())
        if len(new):
            self._known = pl.concat([self._known, _on_grid(new)], rechunk=True)
            placed = self._joined(frame)
        return placed.drop("packed")

    def _joined(self, frame: pl.DataFrame) -> pl.DataFrame:
        return frame.join(self._known, on="packed", how="left", maintain_order="left")


def _on_grid(points: pl.DataFrame) -> pl.DataFrame:
    numbers = points["packed"].to_numpy()
    latitude = (numbers + LATITUDE_BITS // 2) % LATITUDE_BITS - LATITUDE_BITS // 2
    longitude = (numbers - latitude) // LATITUDE_BITS
    x, y = to_grid(longitude / PER_DEGREE, latitude / PER_DEGREE)
    return points.with_columns(x=np.round(x, 1), y=np.round(y, 1))
