"""Cells and their neighbours, as the local statistics see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from safety_analysis.inputs import BadInput, Floats, print_number
from safety_analysis.methods import draws_without_replacement as without_replacement

Mask = npt.NDArray[np.bool_]

SHIFTS = {
    "rook": ((-1, 0), (0, -1), (0, 1), (1, 0)),
    "queen": ((-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1)),
}


@dataclass(frozen=True, slots=True, eq=False)
class Field:
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
    def of(cls, values: Any, neighbours: Any) -> Field:
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
    def _of_grid(cls, array: Floats, inside: Mask, neighbours: str) -> Field:
        if array.ndim != 2 or neighbours not in SHIFTS:
            raise BadInput("neighbours must be queen or rook with a 2-D grid, or a sparse matrix with 1-D values.")
        filled = np.where(inside, array, 0.0)
        near, degree = _shifted(filled, neighbours)[inside], _shifted(inside.astype(float), neighbours)[inside]
        return cls(array[inside], near, degree, degree, np.ones(len(near)), None, inside)

    @classmethod
    def _of_matrix(cls, array: Floats, inside: Mask, neighbours: Any) -> Field:
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
