"""The hot loop of the Knox test: counting listed pairs by the gap between their shuffled days."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

from safety_analysis.inputs import Floats

Whole = npt.NDArray[np.int64]


def permuted_counts(
    pairs: Whole,
    band: Whole,
    days: Floats,
    time: Floats,
    shape: tuple[int, int],
    permutations: int,
    generator: np.random.Generator,
) -> Whole:
    """(permutations + 1) × space bands × time bands; the first is the days as they are."""
    counted = np.zeros((permutations + 1, *shape), dtype=np.int64)
    shuffled = days.copy()
    first, second = np.ascontiguousarray(pairs[:, 0]), np.ascontiguousarray(pairs[:, 1])
    for row in range(permutations + 1):
        _count(first, second, band, shuffled, time, counted[row])
        generator.shuffle(shuffled)
    return counted


@njit(cache=True)  # type: ignore[untyped-decorator,unused-ignore]
def _count(first: Whole, second: Whole, band: Whole, days: Floats, time: Floats, counted: Whole) -> None:
    for pair in range(first.shape[0]):
        gap = abs(days[first[pair]] - days[second[pair]])
        if gap < time[0]:
            continue
        for column in range(counted.shape[1]):
            if gap < time[column + 1]:
                counted[band[pair], column] += 1
                break
