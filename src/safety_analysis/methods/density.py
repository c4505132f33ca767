"""Smooth surfaces of points: how many to the square metre, and against what might be expected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from safety_analysis.inputs import BadInput, Floats, Numbers, finite, nonnegative, one, print_number, same_length
from safety_analysis.methods.kernel_sums import kernel_sums

Kernel = Literal["quartic", "epanechnikov", "triangular", "uniform"]
KERNELS: dict[str, tuple[int, float]] = {  # number for the loop, and π h² × the height that makes the volume 1
    "uniform": (0, 1.0),
    "triangular": (1, 3.0),
    "epanechnikov": (2, 2.0),
    "quartic": (3, 3.0),
}


@dataclass(frozen=True, slots=True, eq=False)
class Density:
    """`values` in the order (or the grid) of the places asked for: weight to the square unit, square metres for metres.

    Values` in the order (or the grid) of the places asked for: weight to the square unit, square metres for metres.
    """

    values: Floats
    bandwidth: float
    kernel: str
    weight: float

    def __str__(self) -> str:
        size = print_number(self.bandwidth)
        return (
            f"{print_number(self.weight)} events smoothed over {size} m ({self.kernel}) at {self.values.size:,} places."
        )


@dataclass(frozen=True, slots=True, eq=False)
class RelativeDensity:
    """`ratio` is 2 where events are twice as dense as the base would have them; NaN where there is too little base to say.

    `events` and `base` are the two densities; `too_little` counts the places left out.
    """

    ratio: Floats
    events: Floats
    base: Floats
    too_little: int

    def __str__(self) -> str:
        seen = self.ratio[np.isfinite(self.ratio)]
        if not len(seen):
            return "There is too little of the base anywhere to compare events with it."
        most = f"Events are up to {seen.max():.1f} times as dense as the base would have them"
        return f"{most}; {self.too_little:,} places have too little base to say."


def kernel_density(
    x: Numbers, y: Numbers, at: Any, *, bandwidth: float, kernel: Kernel = "quartic", weights: Numbers | None = None
) -> Density:
    """Where are events dense, whatever the borders?

    `x`, `y` in metres; `at` is an m × 2 array of places, or a `Grid` (its cells' centres are used, and the answer has
    its shape); `bandwidth` is the radius in metres beyond which an event counts nothing. `weights` (0 or more) stand
    for harm or people. The sum of density × cell area is the number of events when all lie well inside. Every event
    within the bandwidth is summed: nothing is approximated.

    Not for: saying that a place is high by more than chance (use `local_gi_star`), nor snapped points on a fine grid.
    Formula: f(s) = Σ wᵢ K(dᵢ/h) / h²; quartic K(u) = 3/π (1 − u²)², Epanechnikov 2/π (1 − u²), triangular 3/π (1 −
    u), uniform 1/π, for u < 1.
    Source: Silverman 1986, Density Estimation, section 4.2; Chainey & Ratcliffe 2005, GIS and Crime Mapping, section
    6.4.

    >>> result = kernel_density([0.0], [0.0], [[0.0, 0.0], [50.0, 0.0], [100.0, 0.0]], bandwidth=100)
    >>> [round(10_000 * float(value), 4) for value in result.values]
    [0.9549, 0.5371, 0.0]
    """
    across, up = finite("x", x), finite("y", y)
    load = np.ones(len(across)) if weights is None else nonnegative("weights", weights)
    same_length(x=across, y=up, weights=load)
    reach = one("bandwidth", bandwidth, above=0)
    if kernel not in KERNELS:
        raise BadInput(f"kernel is “{kernel}”; it must be one of {', '.join(KERNELS)}.")
    number, height = KERNELS[kernel]
    places, shape = _places(at)
    sums = kernel_sums(across, up, load, places, reach, number)
    return Density((sums * height / (np.pi * reach**2)).reshape(shape), reach, kernel, float(load.sum()))


def relative_density(
    x: Numbers,
    y: Numbers,
    base_x: Numbers,
    base_y: Numbers,
    at: Any,
    *,
    bandwidth: float,
    kernel: Kernel = "quartic",
    base_weights: Numbers | None = None,
    least_base: float = 5.0,
) -> RelativeDensity:
    """Where are events denser than the people, premises or other events they might happen to?

    Points in metres, `at` as in `kernel_density`. `base_weights` may hold people by building. A place with less than
    `least_base` (weight of base, within the bandwidth) is left out rather than divided by. Refuses a base that weighs
    nothing.

    Not for: a base that is not what is at risk, such as residents for crime in a shopping street.
    Formula: (f_events / number of events) / (f_base / weight of base).
    Source: Kelsall & Diggle 1995, Statistics in Medicine 14, 2335–2342.

    >>> ratio = relative_density([0, 1], [0, 0], [0, 0, 90, 90], [0, 0, 0, 0], [[0, 0]], bandwidth=10, least_base=1).ratio
    >>> round(float(ratio[0]), 2)
    1.98
    """
    least = one("least_base", least_base, above=0)
    events = kernel_density(x, y, at, bandwidth=bandwidth, kernel=kernel)
    base = kernel_density(base_x, base_y, at, bandwidth=bandwidth, kernel=kernel, weights=base_weights)
    if base.weight == 0:
        raise BadInput("The base weighs nothing, so events cannot be compared with it.")
    around = kernel_density(base_x, base_y, at, bandwidth=bandwidth, kernel="uniform", weights=base_weights)
    enough = around.values * np.pi * around.bandwidth**2 >= least * (1 - 1e-12)
    share = events.values / events.weight
    expected = base.values / base.weight
    ratio = np.divide(share, expected, out=np.full(share.shape, np.nan), where=enough & (expected > 0))
    return RelativeDensity(ratio, events.values, base.values, int((~enough).sum()))


def _places(at: Any) -> tuple[Floats, tuple[int, ...]]:
    if hasattr(at, "corner") and hasattr(at, "cell"):
        rows, columns = at.values.shape
        east = at.x0 + (np.arange(columns) + 0.5) * at.cell
        north = at.y0 + (np.arange(rows) + 0.5) * at.cell
        places = np.column_stack([np.tile(east, rows), np.repeat(north, columns)])
        return places, (rows, columns)
    places = finite("at", at, ndim=2)
    if places.shape[1] != 2:
        raise BadInput(f"at has {places.shape[1]} columns; it must have two, x and y.")
    return places, (len(places),)
