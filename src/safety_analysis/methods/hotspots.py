"""Where: counting events in cells, which cells stand out by more than chance, densities, and how well a map did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from safety_analysis.inputs import BadInput, Floats, Numbers, finite, one, print_number, same_length
from safety_analysis.methods.density import Density as Density
from safety_analysis.methods.density import RelativeDensity as RelativeDensity
from safety_analysis.methods.density import kernel_density as kernel_density
from safety_analysis.methods.density import relative_density as relative_density
from safety_analysis.methods.local_inference import adjusted_p, choose, tails
from safety_analysis.methods.local_inference import benjamini_hochberg as benjamini_hochberg
from safety_analysis.methods.local_moran import LocalMoran as LocalMoran
from safety_analysis.methods.local_moran import local_moran as local_moran
from safety_analysis.methods.map_accuracy import Accuracy as Accuracy
from safety_analysis.methods.map_accuracy import accuracy as accuracy
from safety_analysis.methods.neighbourhoods import SHIFTS as SHIFTS
from safety_analysis.methods.neighbourhoods import Field

Alternative = Literal["two-sided", "greater", "less"]

MOST_CELLS = 50_000_000
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

    Not for: points that were snapped to shared places, on cells smaller than the snapping.
    Formula: cell of x = ⌊x / cell⌋.
    Source: arithmetic.

    >>> bin_counts([1, 2, 12], [1, 3, 1], cell=10).values.tolist()
    [[2.0, 1.0]]
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

    `values`: 2-D with neighbours "queen" or "rook", or 1-D with a SciPy sparse matrix (rows of weights; a zero
    diagonal is set to 1). NaN is a cell outside the area: it counts nowhere. Inference, given the cell's own value:
    analytic by the normal z; exact, for whole counts and 0/1 weights, from the distribution of the sum of the other
    cells drawn without replacement, found by a dynamic programme (no simulation noise); permutation by `permutations`
    seeded draws, p = (1 + as extreme)/(1 + draws). A two-sided p is twice the smaller tail. `adjust` is Benjamini &
    Hochberg 1995.

    Not for: a handful of cells, or events so few that most cells are 0: nothing can be told apart.
    Formula: zᵢ = (Σⱼ wᵢⱼ xⱼ − x̄ Σⱼ wᵢⱼ) / (s √((n Σⱼ wᵢⱼ² − (Σⱼ wᵢⱼ)²) / (n − 1))).
    Source: Getis & Ord 1992; Ord & Getis 1995, Geographical Analysis 27, equation 14; Benjamini & Hochberg 1995.

    >>> import numpy as np
    >>> grid = np.zeros((6, 6))
    >>> grid[1:3, 1:3] = 9
    >>> round(float(local_gi_star(grid, 'queen').z[1, 1]), 2)
    3.62
    """
    field = Field.of(values, neighbours)
    z = field.z_scores()
    greater, less = tails(field, z, inference, permutations, seed)
    p_value = choose(greater, less, alternative)
    adjusted = adjusted_p(p_value, adjust)
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
