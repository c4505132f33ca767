"""The hot loop of kernel density: exact sums over the points within a radius, found by small squares."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt
from numba import njit

from safety_analysis.inputs import Floats

SQUARES = 3.0  # squares to a bandwidth
A_PART = 4_096  # places to a task
MOST_THREADS = 4
MOST_SQUARES = 4_000_000
FREE_ORDER = {"reassoc", "contract", "nsz", "nnan", "ninf"}  # inputs are checked to be finite


def kernel_sums(x: Floats, y: Floats, weights: Floats, places: Floats, reach: float, kernel: int) -> Floats:
    """Σ weight × kernel(distance / reach) at each place; kernels are numbered as in `density.KERNELS`.

    Points are sorted by squares, row by row, so that those of a row which can reach a place lie together in memory.
    Everything is measured from the points' corner, which keeps the digits that large coordinates would lose.
    """
    left, bottom = float(x.min()), float(y.min())
    across, up = (x - left) / reach, (y - bottom) / reach
    fine = min(SQUARES, float(np.sqrt(MOST_SQUARES / ((across.max() + 1) * (up.max() + 1)))))
    columns, rows = int(across.max() * fine) + 1, int(up.max() * fine) + 1
    square = (up * fine).astype(np.int64) * columns + (across * fine).astype(np.int64)
    order = np.argsort(square, kind="stable")
    starts = np.append(0, np.cumsum(np.bincount(square, minlength=rows * columns)))
    at_x, at_y = (places[:, 0] - left) / reach, (places[:, 1] - bottom) / reach
    tour = np.lexsort((at_x, np.floor(at_y * fine)))
    sums = np.zeros(len(places))
    sorted_points = across[order], up[order], weights[order]

    def run(part: npt.NDArray[np.int64]) -> None:
        _sum(*sorted_points, starts, rows, columns, fine, at_x, at_y, part, kernel, sums)

    with ThreadPoolExecutor(min(MOST_THREADS, os.cpu_count() or 1)) as threads:
        list(threads.map(run, np.array_split(tour, max(1, len(tour) // A_PART))))
    return sums


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator,unused-ignore]
def _sum(x, y, w, starts, rows, columns, fine, at_x, at_y, tour, kernel, sums):  # type: ignore[no-untyped-def,unused-ignore]
    for place in tour:
        px, py = at_x[place], at_y[place]
        total = 0.0
        first = max(0, int(np.floor((py - 1.0) * fine)))
        last = min(rows - 1, int(np.floor((py + 1.0) * fine)))
        for row in range(first, last + 1):
            gap = max(0.0, row / fine - py, py - (row + 1) / fine)
            half = np.sqrt(max(0.0, 1.0 - gap * gap)) + 1e-9
            low = max(0, int(np.floor((px - half) * fine)))
            high = min(columns - 1, int(np.floor((px + half) * fine)))
            if low <= high:
                begin, end = starts[row * columns + low], starts[row * columns + high + 1]
                total += _row(x[begin:end], y[begin:end], w[begin:end], px, py, kernel)
        sums[place] = total


@njit(cache=True, nogil=True, fastmath=FREE_ORDER)  # type: ignore[untyped-decorator,unused-ignore]
def _row(x, y, w, px, py, kernel):  # type: ignore[no-untyped-def,unused-ignore]
    total = 0.0
    if kernel == 3:
        for point in range(x.shape[0]):
            across, up = x[point] - px, y[point] - py
            left = max(0.0, 1.0 - across * across - up * up)
            total += w[point] * left * left
    elif kernel == 2:
        for point in range(x.shape[0]):
            across, up = x[point] - px, y[point] - py
            total += w[point] * max(0.0, 1.0 - across * across - up * up)
    else:
        for point in range(x.shape[0]):
            square = (x[point] - px) ** 2 + (y[point] - py) ** 2
            if square < 1.0:
                total += w[point] * (1.0 - np.sqrt(square) if kernel == 1 else 1.0)
    return total
