"""Longitudes and latitudes to the National Grid, each distinct point once; and what is wrong with the ones that are wrong."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from wardlight.places.geometry import to_grid

# A little wider than Great Britain and Northern Ireland.
WEST, EAST, SOUTH, NORTH = -9.0, 2.3, 49.0, 61.5
PER_DEGREE = 10_000_000  # a ten-millionth of a degree is about a centimetre
LATITUDE_BITS = 2**32
NOWHERE = np.iinfo(np.int64).min  # stands for a blank in a column of packed points

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
    """Every distinct point met so far and where it lies in the National Grid, in the order of their packed numbers."""

    def __init__(self) -> None:
        self._packed = np.empty(0, dtype=np.int64)
        self._x = self._y = np.empty(0)

    def place(self, frame: pl.DataFrame) -> pl.DataFrame:
        """`frame` with `x` and `y` (metres, rounded to a decimetre) for its `packed` points; null where packed is null."""
        wanted = frame["packed"]
        numbers = wanted.fill_null(NOWHERE).to_numpy()
        at, known = self._found(numbers)
        if not known.all():
            self._meet(np.unique(numbers[~known]))
            at, _ = self._found(numbers)
        placed = pl.DataFrame({"x": self._x[at], "y": self._y[at]}, nan_to_null=True)
        return frame.drop("packed").hstack(placed)

    def _found(self, numbers: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
        """Where each number is, and whether it is there. A search in a sorted array is quicker than a join."""
        if not len(self._packed):
            return np.zeros(len(numbers), dtype=np.intp), np.zeros(len(numbers), dtype=bool)
        at = np.minimum(np.searchsorted(self._packed, numbers), len(self._packed) - 1)
        return at, self._packed[at] == numbers

    def _meet(self, new: npt.NDArray[np.int64]) -> None:
        x, y = _on_grid(new)
        packed = np.concatenate([self._packed, new])
        order = np.argsort(packed)
        self._packed = packed[order]
        self._x, self._y = np.concatenate([self._x, x])[order], np.concatenate([self._y, y])[order]


def _on_grid(numbers: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Eastings and northings of packed points; NaN for NOWHERE."""
    latitude = (numbers + LATITUDE_BITS // 2) % LATITUDE_BITS - LATITUDE_BITS // 2
    longitude = (numbers - latitude) // LATITUDE_BITS
    x, y = to_grid(longitude / PER_DEGREE, latitude / PER_DEGREE)
    nowhere = numbers == NOWHERE
    return np.where(nowhere, np.nan, np.round(x, 1)), np.where(nowhere, np.nan, np.round(y, 1))
