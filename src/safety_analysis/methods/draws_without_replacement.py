"""The sum of a cell's neighbours if all other cells changed places: exactly, or by seeded draws.

Given a cell's own value, its k neighbours are k of the other n − 1 values, drawn without replacement. Both functions
share one reference distribution among all cells that have the same k (and, exactly, the same own value), which is what
makes them fast.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from safety_analysis.inputs import BadInput, Floats

MOST_STATES = 60_000_000
WHOLE = npt.NDArray[np.int64]
BLOCK = 4_000_000
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Observed:
    """For each cell: the sum over its neighbours (without itself) and the sum of their weights."""

    near: Floats
    degree: Floats


def exact_tails(x: WHOLE, degree: WHOLE, observed: Observed) -> tuple[Floats, Floats]:
    """P(sum ≥ observed) and P(sum ≤ observed) for each cell, with no simulation.

    The generating function Π(1 + t zᵘ)^c over the distinct values u (c cells each) is built once for all k; the cell's
    own value v is divided out again by (1 + t zᵛ). t is scaled so that nothing over- or underflows.
    """
    offset = int(x.min())
    shifted = x - offset
    values, amounts = np.unique(shifted, return_counts=True)
    most = int(degree.max())
    scale = max(1, most) / len(x)
    table = _all_draws(values, amounts, most, scale)
    sums = np.rint(observed.near).astype(np.int64) - offset * degree
    greater, less = np.ones(len(x)), np.ones(len(x))
    order = np.argsort(shifted, kind="stable")
    for value, block in zip(values, np.split(order, np.cumsum(amounts)[:-1]), strict=True):
        upper, lower = _tails(_without(table, int(value), scale))
        greater[block] = upper[degree[block], sums[block]]
        less[block] = lower[degree[block], sums[block]]
    return greater, less


def _all_draws(values: WHOLE, amounts: WHOLE, most: int, scale: float) -> Floats:
    """table[j, s]: the number of ways to draw j cells that sum to s, times scale to the power of j."""
    top = np.repeat(values[::-1], np.minimum(amounts[::-1], most))[:most]
    support = int(top.sum()) + 1
    if (most + 1) * support > MOST_STATES:
        raise BadInput(
            f"values and neighbours are too large for exact inference ({most} neighbours that may sum to {support - 1:,}); "
            "use inference permutation."
        )
    table = np.zeros((most + 1, support))
    table[0, 0] = 1
    for value, amount in zip(values.tolist(), amounts.tolist(), strict=True):
        table = _add_value(table, value, amount, scale)
    return table


def _add_value(table: Floats, value: int, amount: int, scale: float) -> Floats:
    """Let up to `amount` of the drawn cells have this value."""
    rows, support = table.shape
    new, ways = table.copy(), 1.0
    for drawn in range(1, min(amount, rows - 1) + 1):
        if drawn * value >= support:
            break
        ways *= (amount - drawn + 1) / drawn * scale
        new[drawn:, drawn * value :] += ways * table[: rows - drawn, : support - drawn * value]
    return new


def _without(table: Floats, value: int, scale: float) -> Floats:
    """The table for all cells but one of this value: division by (1 + t zᵛ), draw by draw."""
    less = table.copy()
    support = table.shape[1]
    for drawn in range(1, len(less)):
        less[drawn, value:] -= scale * less[drawn - 1, : support - value]
        np.maximum(less[drawn], 0, out=less[drawn])
    return less


def _tails(table: Floats) -> tuple[Floats, Floats]:
    """For each number drawn, P(sum ≥ s) and P(sum ≤ s), each summed from its own end so that small tails stay exact."""
    lower = np.cumsum(table, axis=1)
    whole = np.maximum(lower[:, -1:], np.finfo(float).tiny)
    upper = np.cumsum(table[:, ::-1], axis=1)[:, ::-1]
    return np.minimum(1, upper / whole), np.minimum(1, lower / whole)


def simulated_tails(x: Floats, links: Any, observed: Observed, draws: int, seed: int) -> tuple[Floats, Floats]:
    """(1 + as extreme)/(1 + draws) in each direction, for real values and any weights.

    Each draw takes k + 1 different cells; a cell that finds itself among the first k uses the last one instead, so that
    every cell gets an unbiased draw of k from the others while all share the same draws.
    """
    generator = np.random.default_rng(seed)
    greater, less = np.ones(len(x)), np.ones(len(x))
    degree = np.rint(observed.degree).astype(np.int64) if links is None else np.diff(links.indptr)
    for number in np.unique(degree[degree > 0]).tolist():
        cells = np.flatnonzero(degree == number)
        drawn = _different(generator, len(x), number + 1, draws)
        if links is None or (links.data == 1).all():
            tails = _shared(x, cells, observed.near[cells], drawn)
        else:
            tails = _weighted(x, cells, links, observed.near[cells], drawn)
        greater[cells], less[cells] = ((count + 1) / (draws + 1) for count in tails)
    return greater, less


def _different(generator: np.random.Generator, cells: int, number: int, draws: int) -> WHOLE:
    """`draws` rows of `number` different cells."""
    if number * number > cells // 4:
        return np.array([generator.permutation(cells)[:number] for _ in range(draws)])
    drawn = generator.integers(0, cells, (draws, number))
    while (repeated := (np.diff(np.sort(drawn, axis=1), axis=1) == 0).any(axis=1)).any():
        drawn[repeated] = generator.integers(0, cells, (int(repeated.sum()), number))
    return drawn


def _shared(x: Floats, cells: WHOLE, near: Floats, drawn: WHOLE) -> tuple[Floats, Floats]:
    """Counts of draws at least, and at most, as large, where all weights are 1: one sorted reference, own draws put right.

    Ounts of draws at least, and at most, as large, where all weights are 1: one sorted reference, own draws put
    right.
    """
    picked = x[drawn]
    sums = picked[:, :-1].sum(axis=1)
    slack = ROUNDING * max(1.0, float(np.abs(sums).max()))
    ordered = np.sort(sums)
    greater = len(sums) - np.searchsorted(ordered, near - slack, "left")
    less = np.searchsorted(ordered, near + slack, "right")
    place = np.full(len(x), -1)
    place[cells] = np.arange(len(cells))
    row, column = np.nonzero(place[drawn[:, :-1]] >= 0)
    mine = place[drawn[row, column]]
    instead = sums[row] - picked[row, column] + picked[row, -1]
    for side, counts in ((1, greater), (-1, less)):
        bar = side * near[mine] - slack
        np.add.at(counts, mine, (side * instead >= bar).astype(int) - (side * sums[row] >= bar).astype(int))
    return greater.astype(np.float64), less.astype(np.float64)


def _weighted(x: Floats, cells: WHOLE, links: Any, near: Floats, drawn: WHOLE) -> tuple[Floats, Floats]:
    """The same for any weights, in blocks of cells that keep memory small."""
    number = drawn.shape[1] - 1
    greater, less = np.zeros(len(cells)), np.zeros(len(cells))
    picked = x[drawn]
    size = max(1, BLOCK // len(drawn))
    for start in range(0, len(cells), size):
        block = cells[start : start + size]
        weights = links.data[links.indptr[block][:, None] + np.arange(number)]
        sums = weights @ picked[:, :-1].T
        place = np.full(len(x), -1)
        place[block] = np.arange(len(block))
        row, column = np.nonzero(place[drawn[:, :-1]] >= 0)
        mine = place[drawn[row, column]]
        np.add.at(sums, (mine, row), weights[mine, column] * (picked[row, -1] - picked[row, column]))
        slack = ROUNDING * max(1.0, float(np.abs(sums).max()))
        bar = near[start : start + size, None]
        greater[start : start + size] = (sums >= bar - slack).sum(axis=1)
        less[start : start + size] = (sums <= bar + slack).sum(axis=1)
    return greater, less
