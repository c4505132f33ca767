"""Did crime fall where something was done, or only move next door?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from safety_analysis.inputs import BadInput, Floats, Numbers, confidence, finite, print_number
from safety_analysis.inputs import counts as check_counts

PLACES = ("treated", "control", "displacement", "displacement_control")


@dataclass(frozen=True, slots=True)
class DisplacementDifference:
    """`estimate` events more (below 0: fewer) than if treated had moved as control, with displacement counted in.

    `local` is the treated area's own part, `displacement` that of the area around it; in the units of the weights.
    """

    estimate: float
    standard_error: float
    z: float
    p_value: float
    low: float
    high: float
    local: float
    displacement: float
    level: float

    @property
    def clear(self) -> bool:
        """Whether the interval leaves out "no difference"."""
        return not self.low <= 0 <= self.high

    def __str__(self) -> str:
        ends = f"{print_number(round(self.low))} to {print_number(round(self.high))}"
        if not self.clear:
            return f"No clear difference, with displacement counted in ({ends} events)."
        word = "fewer" if self.estimate < 0 else "more"
        return f"About {abs(self.estimate):,.0f} {word} events than expected, with displacement counted in ({ends})."


@dataclass(frozen=True, slots=True)
class DisplacementQuotient:
    """`success` and `buffer` are the changes of the response and buffer areas' ratios to control; negative is a fall.

    `wdq` is buffer over success: above 0 benefits spread, below 0 crime moved, under −1 it moved more than it fell.
    None where the response area did not fall against control, since there was nothing to move. `total_net_effect` is
    events prevented (above 0).
    """

    success: float
    buffer: float
    wdq: float | None
    total_net_effect: float

    def __str__(self) -> str:
        if self.wdq is None:
            return "The response area did not fall against its control, so there was nothing to displace."
        if self.wdq > 0:
            return f"It fell, and the area around it fell too (quotient {self.wdq:.2f})."
        if self.wdq == 0:
            return "It fell, and nothing moved to the area around it (quotient 0)."
        moved = "some of it" if self.wdq > -1 else "all of it or more"
        return f"It fell, but {moved} appeared around it (quotient {print_number(round(self.wdq, 2))})."


def weighted_displacement_difference(
    treated: Numbers,
    control: Numbers,
    displacement: Numbers | None = None,
    displacement_control: Numbers | None = None,
    *,
    periods: tuple[float, float] = (1, 1),
    areas: Numbers | None = None,
    level: float = 0.95,
) -> DisplacementDifference:
    """How many events did an operation prevent, when those it moved next door are counted in?

    Each place is two counts, before and after; `displacement` is the area around the treated one, with a control of
    its own (both or neither). `periods` are the lengths before and after, `areas` the sizes of the places in the
    order given: counts are divided by them. Refuses fractions and negative counts.

    Not for: control areas chosen after the event, or areas whose counts had been drifting apart.
    Formula: (T₁−T₀) − (C₁−C₀) + (D₁−D₀) − (E₁−E₀); variance the sum of the counts, each over its squared weight.
    Source: Wheeler & Ratcliffe 2018, Crime Science 7:11.

    >>> result = weighted_displacement_difference([207, 110], [308, 318], [178, 157], [150, 140])
    >>> result.estimate, round(result.standard_error, 2), round(result.low, 1), round(result.high, 1)
    (-118.0, 39.6, -195.6, -40.4)
    """
    given = dict(zip(PLACES, (treated, control, displacement, displacement_control), strict=True))
    if (displacement is None) != (displacement_control is None):
        raise BadInput("displacement and displacement_control must be given together, or neither.")
    table = np.array([_pair(name, counts) for name, counts in given.items() if counts is not None])
    weights = _weights(periods, areas, len(table))
    weighted = table / weights
    change = weighted[:, 1] - weighted[:, 0]
    sign = np.array([1, -1, 1, -1])[: len(table)]
    estimate = float(sign @ change)
    error = float(np.sqrt((table / weights**2).sum()))
    if error == 0:
        raise BadInput("All counts are 0, so nothing can be compared.")
    z = estimate / error
    reach = float(stats.norm.ppf(0.5 + confidence(level) / 2)) * error
    parts = sign * change
    local, moved = float(parts[:2].sum()), float(parts[2:].sum())
    p_value = float(2 * stats.norm.sf(abs(z)))
    return DisplacementDifference(estimate, error, z, p_value, estimate - reach, estimate + reach, local, moved, level)


def weighted_displacement_quotient(response: Numbers, buffer: Numbers, control: Numbers) -> DisplacementQuotient:
    """Of what fell in the response area, how much appeared around it, or did the benefit spread?

    Each place is two counts, before and after. Refuses a control of 0 in either period.

    Not for: small counts (it has no interval: use the weighted displacement difference), or a response area that did
    not fall.
    Formula: (D₁/C₁ − D₀/C₀) / (R₁/C₁ − R₀/C₀); net effect R₀(C₁/C₀) − R₁ + D₀(C₁/C₀) − D₁.
    Source: Bowers & Johnson 2003, Journal of Quantitative Criminology 19(3), 275–301.

    >>> weighted_displacement_quotient([100, 50], [100, 150], [100, 100]).wdq
    -1.0
    """
    before, after = zip(
        *(_pair(name, counts) for name, counts in (("response", response), ("buffer", buffer), ("control", control))),
        strict=True,
    )
    if before[2] == 0 or after[2] == 0:
        raise BadInput("control is 0 in one of the periods; choose a control area with events in both.")
    success = after[0] / after[2] - before[0] / before[2]
    moved = after[1] / after[2] - before[1] / before[2]
    growth = after[2] / before[2]
    net = before[0] * growth - after[0] + before[1] * growth - after[1]
    return DisplacementQuotient(
        float(success), float(moved), float(moved / success) if success < 0 else None, float(net)
    )


def _pair(name: str, values: Numbers) -> tuple[float, float]:
    counts = check_counts(name, values)
    if len(counts) != 2:
        raise BadInput(f"{name} has {len(counts)} counts; it must have two, before and after.")
    return float(counts[0]), float(counts[1])


def _weights(periods: tuple[float, float], areas: Numbers | None, places: int) -> Floats:
    times = finite("periods", periods)
    sizes = np.ones(places) if areas is None else finite("areas", areas)
    if len(times) != 2 or len(sizes) != places:
        raise BadInput(f"periods must be two lengths and areas {places} sizes, one a place.")
    if (times <= 0).any() or (sizes <= 0).any():
        raise BadInput("periods and areas must all be above 0.")
    return np.outer(sizes, times)
