"""Pairs of points within a distance of one another, each once, without holding more than the pairs themselves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numba import njit

from safety_analysis.inputs import Floats

Index = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class NearPairs:
    """Positions of both points of each pair and their distance, which is below the reach asked for."""

    first: Index
    second: Index
    distance: Floats


def near_pairs(points: Floats, reach: float, *, manhattan: bool = False) -> NearPairs:
    """Every pair of the n × 2 `points` that is less than `reach` apart. Memory: 16 bytes a pair.

    Points are put in squares as wide as the reach; a point looks at its own square and at four of the eight around it.
    """
    corner = points.min(axis=0)
    column, row = ((points - corner) // (reach * (1 + 1e-9))).astype(np.int64).T
    width = int(column.max()) + 3
    square = row * width + column + 1
    order = np.argsort(square, kind="stable")
    squares, starts = np.unique(square[order], return_index=True)
    starts = np.append(starts, len(points))
    x, y = points[order, 0], points[order, 1]
    ends = _ends(squares, starts, width)
    counted = _walk(x, y, starts, ends, reach, manhattan, _NO_INDEX, _NO_INDEX, _NO_FLOATS)
    first, second = np.empty(counted, np.int32), np.empty(counted, np.int32)
    distance = np.empty(counted)
    _walk(x, y, starts, ends, reach, manhattan, first, second, distance)
    places = order.astype(np.int32)
    return NearPairs(places[first], places[second], distance)


_NO_INDEX: Index = np.empty(0, np.int32)
_NO_FLOATS: Floats = np.empty(0)


def _ends(squares: npt.NDArray[np.int64], starts: npt.NDArray[np.int64], width: int) -> npt.NDArray[np.int64]:
    """For each square: where the one to its right ends, and the begin and end of the three above it."""
    count = len(squares)
    right = np.searchsorted(squares, squares + 1, "right")
    above = np.searchsorted(squares, squares + width - 1), np.searchsorted(squares, squares + width + 1, "right")
    return np.column_stack([starts[np.minimum(part, count)] for part in (right, *above)])


@njit(cache=True)  # type: ignore[untyped-decorator,unused-ignore]
def _walk(x, y, starts, ends, reach, manhattan, first, second, distance):  # type: ignore[no-untyped-def,unused-ignore]
    counted = 0
    store = first.shape[0] > 0
    for square in range(starts.shape[0] - 1):
        for one in range(starts[square], starts[square + 1]):
            for part in range(2):
                low = one + 1 if part == 0 else ends[square, 1]
                high = ends[square, 0] if part == 0 else ends[square, 2]
                for other in range(low, high):
                    across, up = abs(x[one] - x[other]), abs(y[one] - y[other])
                    apart = across + up if manhattan else np.sqrt(across * across + up * up)
                    if apart < reach:
                        if store:
                            first[counted], second[counted], distance[counted] = one, other, apart
                        counted += 1
    return counted
