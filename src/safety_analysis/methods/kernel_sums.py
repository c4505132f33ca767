"""The hot loop of kernel density: exact sums over the points within a radius, found by strips."""

from __future__ import annotations

import numpy as np
from numba import njit

from safety_analysis.inputs import Floats

STRIPS = 4  # strips to a bandwidth
MOST_STRIPS = 4_000_000


def kernel_sums(x: Floats, y: Floats, weights: Floats, places: Floats, reach: float, kernel: int) -> Floats:
    """Σ weight × kernel(distance / reach) at each place; kernels are numbered as in `density.KERNELS`.

    Points are sorted into strips of y and by x within them, so that those which can reach a place lie together in memory.
    Everything is measured from the points' corner, which keeps the digits that large coordinates would lose.
    """
    left, bottom = float(x.min()), float(y.min())
    across, up = (x - left) / reach, (y - bottom) / reach
    strips = min(MOST_STRIPS, int(up.max() * STRIPS) + 1)
    width = max(1 / STRIPS, float(up.max()) / strips * (1 + 1e-12))
    strip = np.minimum((up / width).astype(np.int64), strips - 1)
    order = np.lexsort((across, strip))
    starts = np.searchsorted(strip[order], np.arange(strips + 1))
    at_x, at_y = (places[:, 0] - left) / reach, (places[:, 1] - bottom) / reach
    sums = np.zeros(len(places))
    _sum(across[order], up[order], weights[order], starts, width, at_x, at_y, kernel, sums)
    return sums


@njit(cache=True, fastmath={"reassoc", "contract", "nsz"})  # type: ignore[untyped-decorator,unused-ignore]
def _sum(x, y, w, starts, width, at_x, at_y, kernel, sums):  # type: ignore[no-untyped-def,unused-ignore]
    strips = starts.shape[0] - 1
    for place in range(at_x.shape[0]):
        px, py = at_x[place], at_y[place]
        total = 0.0
        first = max(0, int(np.floor((py - 1.0) / width)))
        last = min(strips - 1, int(np.floor((py + 1.0) / width)))
        for strip in range(first, last + 1):
            low, high = strip * width, (strip + 1) * width
            gap = max(0.0, low - py, py - high)
            half = np.sqrt(max(0.0, 1.0 - gap * gap)) + 1e-9
            begin, end = starts[strip], starts[strip + 1]
            begin += np.searchsorted(x[begin:end], px - half)
            end = begin + np.searchsorted(x[begin:end], px + half)
            total += _strip(x, y, w, begin, end, px, py, kernel)
        sums[place] = total


@njit(cache=True, inline="always", fastmath={"reassoc", "contract", "nsz"})  # type: ignore[untyped-decorator,unused-ignore]
def _strip(x, y, w, begin, end, px, py, kernel):  # type: ignore[no-untyped-def,unused-ignore]
    total = 0.0
    if kernel == 3:
        for point in range(begin, end):
            left = max(0.0, 1.0 - (x[point] - px) ** 2 - (y[point] - py) ** 2)
            total += w[point] * left * left
    elif kernel == 2:
        for point in range(begin, end):
            total += w[point] * max(0.0, 1.0 - (x[point] - px) ** 2 - (y[point] - py) ** 2)
    else:
        for point in range(begin, end):
            square = (x[point] - px) ** 2 + (y[point] - py) ** 2
            if square < 1.0:
                total += w[point] * (1.0 - np.sqrt(square) if kernel == 1 else 1.0)
    return total
