"""Where: counting events in cells, and which cells stand out from their surroundings by more than chance (Gi*)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from scipy import sparse, stats

from safety_analysis.inputs import BadInput, Floats, Numbers, finite, one, print_number, same_length
from safety_analysis.methods import draws_without_replacement as without_replacement

Alternative = Literal["two-sided", "greater", "less"]
Mask = npt.NDArray[np.bool_]

MOST_CELLS = 50_000_000
SHIFTS = {
    "rook": ((-1, 0), (0, -1), (0, 1), (1, 0)),
    "queen": ((-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1)),
}
CLASS_NAMES = {
    2: "high, 99% sure",
    1: "high, 95% sure",
    0: "not clearly different",
    -1: "low, 95% sure",
    -2: "low, 99% sure",
}


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """`values[row, column]` counts the square [x0 + column·cell, x0 + (column+1)·cell) × the same for rows and y (metres).

    `outside` is the number (or weight) of events that lie beyond the bounds.
    """

    values: Floats
    x0: float
    y0: float
    cell: float
    outside: float

    def corner(self, row: int, column: int) -> tuple[float, float]:
        """The south-west corner of a cell."""
        return self.x0 + column * self.cell, self.y0 + row * self.cell

    def __str__(self) -> str:
        rows, columns = self.values.shape
        cells = f"{rows * columns:,} cells of {print_number(self.cell)} m"
        return f"{print_number(float(self.values.sum()))} events in {cells}; {print_number(self.outside)} lie outside."


@dataclass(frozen=True, slots=True, eq=False)
class LocalStatistic:
    """Arrays in the shape of the input; masked cells have NaN and class 0.

    `classes` holds 2, 1, 0, −1 or −2 (`CLASS_NAMES`) by `p_adjusted` below .01 and .05 and the side it is on.
    """

    z: Floats
    p_value: Floats
    p_adjusted: Floats
    classes: npt.NDArray[np.int8]
    inference: str
    alternative: str
    permutations: int | None
    seed: int | None

    def __str__(self) -> str:
        high, low = int((self.classes > 0).sum()), int((self.classes < 0).sum())
        cells = int(np.isfinite(self.z).sum())
        return f"{high:,} of {cells:,} cells are clearly high and {low:,} clearly low, allowing for how many were looked at."


def bin_counts(
    x: Numbers,
    y: Numbers,
    *,
    cell: float,
    bounds: tuple[float, float, float, float] | None = None,
    weights: Numbers | None = None,
) -> Grid:
    """Count points (or sum their weights) in half-open squares, whose corners are whole multiples of `cell`.

    `bounds` (x least, y least, x most, y most) is widened to whole cells; without it the points' own extent is used.
    Units are those of x and y, metres in British National Grid. Refuses a grid of more than 50 million cells.
    """
    across, up = finite("x", x), finite("y", y)
    load = np.ones(len(across)) if weights is None else finite("weights", weights)
    if bounds is None or len(across):
        same_length(x=across, y=up, weights=load)
    size = one("cell", cell, above=0)
    low_x, low_y, columns, rows = _extent(across, up, size, bounds)
    column = np.floor(across / size - low_x).astype(np.int64)
    row = np.floor(up / size - low_y).astype(np.int64)
    inside = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
    flat = np.bincount((row * columns + column)[inside], weights=load[inside], minlength=rows * columns)
    outside = float(load[~inside].sum())
    return Grid(flat.reshape(rows, columns).astype(np.float64), low_x * size, low_y * size, size, outside)


def _extent(
    x: Floats, y: Floats, size: float, bounds: tuple[float, float, float, float] | None
) -> tuple[int, int, int, int]:
    if bounds is None:
        edges = np.floor(np.array([x.min(), y.min(), x.max() + size, y.max() + size]) / size)
    else:
        limits = finite("bounds", bounds)
        if len(limits) != 4 or limits[0] >= limits[2] or limits[1] >= limits[3]:
            raise BadInput("bounds must be x least, y least, x most, y most, with room between them.")
        edges = np.append(np.floor(limits[:2] / size), np.ceil(limits[2:] / size))
    columns, rows = int(edges[2] - edges[0]), int(edges[3] - edges[1])
    if columns * rows > MOST_CELLS:
        raise BadInput(f"cell is {print_number(size)}, which makes {columns * rows:,} cells; choose a larger one.")
    return int(edges[0]), int(edges[1]), columns, rows


def local_gi_star(
    values: Any,
    neighbours: Any,
    *,
    inference: Literal["analytic", "exact", "permutation"] = "analytic",
    permutations: int = 999,
    alternative: Alternative = "two-sided",
    seed: int = 0,
    adjust: Literal["bh", "none"] = "bh",
) -> LocalStatistic:
    """Gi*, the cell itself always included (Getis & Ord 1995; Ord & Getis 1995, equation 14).

    `values`: 2-D with neighbours "queen" or "rook", or 1-D with a SciPy sparse matrix (rows of weights; a zero diagonal is
    set to 1). NaN is a cell outside the area: it counts nowhere. Inference, given the cell's own value:
    analytic by the normal z; exact, for whole counts and 0/1 weights, from the distribution of the sum of the other cells drawn
    without replacement, found by a dynamic programme (no simulation noise); permutation by `permutations` seeded draws,
    p = (1 + as extreme)/(1 + draws). A two-sided p is twice the smaller tail. `adjust` is Benjamini & Hochberg 1995.
    """
    field = _Field.of(values, neighbours)
    z = field.z_scores()
    greater, less = _tails(field, z, inference, permutations, seed)
    p_value = _choose(greater, less, alternative)
    if adjust not in ("bh", "none"):
        raise BadInput(f"adjust is “{adjust}”; it must be bh or none.")
    adjusted = benjamini_hochberg(p_value) if adjust == "bh" else p_value
    high = (greater < less) if alternative == "two-sided" else np.full(len(z), alternative == "greater")
    level = (adjusted < 0.05).astype(np.int8) + (adjusted < 0.01).astype(np.int8)
    simulated = inference == "permutation"
    return LocalStatistic(
        z=field.spread(z),
        p_value=field.spread(p_value),
        p_adjusted=field.spread(adjusted),
        classes=field.spread(np.where(high, level, -level), 0).astype(np.int8),
        inference=inference,
        alternative=alternative,
        permutations=permutations if simulated else None,
        seed=seed if simulated else None,
    )


def _tails(field: _Field, z: Floats, inference: str, permutations: int, seed: int) -> tuple[Floats, Floats]:
    if inference == "analytic":
        return stats.norm.sf(z), stats.norm.cdf(z)
    if inference == "exact":
        return without_replacement.exact_tails(field.counts(), field.whole_degrees(), field.observed())
    if inference == "permutation":
        times = int(one("permutations", permutations, least=1))
        return without_replacement.simulated_tails(field.x, field.links, field.observed(), times, seed)
    raise BadInput(f"inference is “{inference}”; it must be analytic, exact or permutation.")


def benjamini_hochberg(p_values: Numbers) -> Floats:
    """Adjusted p values that hold the false discovery rate (Benjamini & Hochberg 1995), in the order given."""
    p = finite("p_values", p_values)
    order = np.argsort(p)[::-1]
    stepped = p[order] * len(p) / np.arange(len(p), 0, -1)
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(1, np.minimum.accumulate(stepped))
    return adjusted


def _choose(greater: Floats, less: Floats, alternative: str) -> Floats:
    if alternative == "greater":
        return greater
    if alternative == "less":
        return less
    if alternative != "two-sided":
        raise BadInput(f"alternative is “{alternative}”; it must be two-sided, greater or less.")
    both: Floats = np.minimum(1, 2 * np.minimum(greater, less))
    return both


@dataclass(frozen=True, slots=True, eq=False)
class _Field:
    """The cells inside the area in one row: values, and for each the weights of its neighbours without itself.

    `links` is a sparse matrix, or None for a grid of 0/1 weights, where `near` and `degree` are enough.
    """

    x: Floats
    near: Floats  # Σ w x over the neighbours, the cell left out
    degree: Floats  # Σ w over the neighbours
    squares: Floats  # Σ w² over the neighbours
    own: Floats  # the cell's own weight
    links: Any
    inside: Mask

    @classmethod
    def of(cls, values: Any, neighbours: Any) -> _Field:
        array = np.asarray(values, dtype=np.float64)
        inside = ~np.isnan(array)
        if np.isinf(array).any():
            raise BadInput(f"values[{', '.join(map(str, np.argwhere(np.isinf(array))[0]))}] is infinite.")
        if inside.sum() < 2:
            raise BadInput("values must hold at least two cells inside the area.")
        if isinstance(neighbours, str):
            return cls._of_grid(array, inside, neighbours)
        return cls._of_matrix(array, inside, neighbours)

    @classmethod
    def _of_grid(cls, array: Floats, inside: Mask, neighbours: str) -> _Field:
        if array.ndim != 2 or neighbours not in SHIFTS:
            raise BadInput("neighbours must be queen or rook with a 2-D grid, or a sparse matrix with 1-D values.")
        filled = np.where(inside, array, 0.0)
        near, degree = _shifted(filled, neighbours)[inside], _shifted(inside.astype(float), neighbours)[inside]
        return cls(array[inside], near, degree, degree, np.ones(len(near)), None, inside)

    @classmethod
    def _of_matrix(cls, array: Floats, inside: Mask, neighbours: Any) -> _Field:
        shape = neighbours.shape if sparse.issparse(neighbours) else None  # type: ignore[attr-defined]
        if array.ndim != 1 or shape != (len(array), len(array)):
            raise BadInput("neighbours must be a square SciPy sparse matrix with a row for each of the 1-D values.")
        matrix: Any = neighbours
        weights: Any = sparse.csr_array(matrix, dtype=np.float64)[inside][:, inside]
        own = weights.diagonal()
        links: Any = sparse.csr_array(weights - sparse.diags_array(own))
        links.eliminate_zeros()
        x = array[inside]
        if not np.isfinite(links.data).all():
            raise BadInput("neighbours must hold finite weights only.")
        own = np.where(own == 0, 1.0, own)
        return cls(x, links @ x, links.sum(axis=1), (links**2).sum(axis=1), own, links, inside)

    def z_scores(self) -> Floats:
        n, mean, deviation = len(self.x), self.x.mean(), self.x.std()
        weight, square = self.degree + self.own, self.squares + self.own**2
        spread = deviation * np.sqrt(np.maximum(n * square - weight**2, 0) / (n - 1))
        top = self.near + self.own * self.x - weight * mean
        z: Floats = np.divide(top, spread, out=np.zeros(n), where=spread > 1e-12 * max(1.0, abs(mean)))
        return z

    def counts(self) -> npt.NDArray[np.int64]:
        if (self.x < 0).any() or (self.x != np.floor(self.x)).any():
            bad = self.x[(self.x < 0) | (self.x != np.floor(self.x))][0]
            raise BadInput(f"values holds {print_number(float(bad))}; exact inference needs whole counts of 0 or more.")
        return self.x.astype(np.int64)

    def whole_degrees(self) -> npt.NDArray[np.int64]:
        if self.links is not None and ((self.links.data != 1).any() or (self.own != 1).any()):
            raise BadInput("neighbours holds weights other than 0 and 1; use inference permutation for those.")
        return self.degree.astype(np.int64)

    def observed(self) -> without_replacement.Observed:
        return without_replacement.Observed(self.near, self.degree)

    def spread(self, numbers: Any, outside: float = np.nan) -> Floats:
        full = np.full(self.inside.shape, outside)
        full[self.inside] = numbers
        return full


def _shifted(grid: Floats, neighbours: str) -> Floats:
    padded = np.pad(grid, 1)
    rows, columns = grid.shape
    total = np.zeros_like(grid)
    for down, right in SHIFTS[neighbours]:
        total += padded[1 + down : 1 + down + rows, 1 + right : 1 + right + columns]
    return total
