"""Which places are like, or unlike, those around them (local Moran)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from safety_analysis.inputs import BadInput, Floats
from safety_analysis.methods.local_inference import adjusted_p, choose, tails
from safety_analysis.methods.neighbourhoods import Field

QUADRANTS = {
    0: "none",
    1: "high among high",
    2: "low among high",
    3: "low among low",
    4: "high among low",
}


@dataclass(frozen=True, slots=True, eq=False)
class LocalMoran:
    """Arrays in the shape of the input; masked cells have NaN, quadrant 0 and class 0.

    `values` are Iᵢ: positive where a cell is like its neighbours. `z` is the neighbours' sum, standardised given the
    cell's own value. `quadrants` say what the cell is (`QUADRANTS`); `classes` the same where `p_adjusted` is below
    .05, else 0.
    """

    values: Floats
    z: Floats
    p_value: Floats
    p_adjusted: Floats
    quadrants: npt.NDArray[np.int8]
    classes: npt.NDArray[np.int8]
    inference: str
    alternative: str
    permutations: int | None
    seed: int | None

    def __str__(self) -> str:
        cells = int(np.isfinite(self.values).sum())
        found = [f"{int((self.classes == key).sum()):,} are {name}" for key, name in QUADRANTS.items() if key]
        return f"Of {cells:,} cells, {', '.join(found)}, allowing for how many were looked at."


def local_moran(
    values: Any,
    neighbours: Any,
    *,
    inference: Literal["analytic", "exact", "permutation"] = "analytic",
    permutations: int = 999,
    alternative: Literal["two-sided", "greater", "less"] = "two-sided",
    seed: int = 0,
    adjust: Literal["bh", "none"] = "bh",
) -> LocalMoran:
    """Which cells are like those around them, and which stand out alone?

    `values`: 2-D with neighbours "queen" or "rook", or 1-D with a SciPy sparse matrix (its diagonal is ignored, its
    rows are standardised). NaN is a cell outside the area. Inference is conditional on the cell's own value, as in
    `local_gi_star`: analytic (normal), exact (whole counts, 0/1 weights) or permutation. A cell without neighbours
    has I 0 and p 1. `alternative` is of I: greater is "more like its neighbours". Refuses infinities and values that
    are all equal.

    Not for: finding hot spots as such (use `local_gi_star`), nor for rates of places with few people, which vary by
    chance.
    Formula: Iᵢ = zᵢ Σⱼ wᵢⱼ zⱼ / m₂, zᵢ = xᵢ − x̄, m₂ = Σ zᵢ²/n, Σⱼ wᵢⱼ = 1.
    Source: Anselin 1995, Geographical Analysis 27(2), equation 12; Sokal, Oden & Thomson 1998 for the conditional
    variance.

    >>> result = local_moran([[9, 8, 0], [9, 7, 0], [1, 0, 0]], "rook", inference="exact", adjust="none")
    >>> result.quadrants.tolist()
    [[1, 1, 2], [1, 1, 3], [2, 3, 3]]
    >>> round(float(result.values[0, 0]), 3)
    1.504
    """
    field = Field.of(values, neighbours)
    deviation = field.x - field.x.mean()
    spread = float((deviation**2).mean())
    if spread == 0:
        raise BadInput("values are all equal, so none is like or unlike its neighbours more than another.")
    lag = np.divide(field.near, field.degree, out=np.full(len(field.x), field.x.mean()), where=field.degree > 0)
    lag = lag - field.x.mean()
    z = _conditional_z(field)
    greater, less = tails(field, z, inference, permutations, seed)
    flipped = deviation < 0
    p_value = choose(np.where(flipped, less, greater), np.where(flipped, greater, less), alternative)
    p_value = np.where(field.degree > 0, p_value, 1.0)
    adjusted = adjusted_p(p_value, adjust)
    quadrants = np.select([(deviation > 0) & (lag > 0), (deviation <= 0) & (lag > 0), deviation <= 0], [1, 2, 3], 4)
    simulated = inference == "permutation"
    return LocalMoran(
        values=field.spread(deviation * lag / spread),
        z=field.spread(z),
        p_value=field.spread(p_value),
        p_adjusted=field.spread(adjusted),
        quadrants=field.spread(quadrants, 0).astype(np.int8),
        classes=field.spread(np.where(adjusted < 0.05, quadrants, 0), 0).astype(np.int8),
        inference=inference,
        alternative=alternative,
        permutations=permutations if simulated else None,
        seed=seed if simulated else None,
    )


def _conditional_z(field: Field) -> Floats:
    """The neighbours' weighted sum as draws without replacement from all other cells."""
    others = len(field.x) - 1
    mean = (field.x.sum() - field.x) / others
    variance = np.maximum(((field.x**2).sum() - field.x**2) / others - mean**2, 0)
    share = np.maximum(field.squares - field.degree**2 / others, 0) * others / max(1, others - 1)
    error = np.sqrt(variance * share)
    away = field.near - field.degree * mean
    scored: Floats = np.divide(away, error, out=np.zeros_like(away), where=error > 1e-12 * np.maximum(1, np.abs(mean)))
    return scored
