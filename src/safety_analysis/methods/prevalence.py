"""How many people may be affected where nobody has counted them, and how many of them nobody reaches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from safety_analysis.inputs import BadInput, finite, one, one_count, print_number
from safety_analysis.methods.rates import Estimate


@dataclass(frozen=True, slots=True)
class UnmetNeed:
    """`number` of people (with its limits) in need and not treated.

    `share` of those in need, 0 to 1. Limits are None when not known.
    """

    number: float
    low: float | None
    high: float | None
    share: float
    estimated: float
    treated: int

    def __str__(self) -> str:
        limits = "" if self.low is None or self.high is None else f" ({self.low:,.0f} to {self.high:,.0f})"
        whole = f"{self.estimated:,.0f} people in need ({self.share:.0%})"
        return f"About {self.number:,.0f}{limits} of {whole} are not in treatment."


def synthetic(rate: float, population: float, *, interval: tuple[float, float] | None = None) -> Estimate:
    """How many people would be affected if a national or survey rate held here?

    `rate` is a share (0.021 is 2.1%) found elsewhere, `population` the people here whom it is about, `interval` the
    rate's own limits, which become those of the estimate; without them its limits are not a number, and `method` says
    so. It is an estimate from elsewhere, never a count of people here.

    Not for: a place unlike the one the rate comes from, or a change over time (the rate is the same by construction).
    Formula: rate × population.
    Source: Office for Health Improvement and Disparities, synthetic prevalence estimates; Rao & Molina 2015, Small
    Area Estimation, section 3.2.

    >>> round(synthetic(0.021, 500_000).value)
    10500
    >>> estimate = synthetic(0.021, 5_010, interval=(0.018, 0.025))
    >>> round(estimate.value), round(estimate.low), round(estimate.high)
    (105, 90, 125)
    """
    share = one("rate", rate, least=0, most=1)
    people = one("population", population, least=0)
    if interval is None:
        method = "a rate from elsewhere, whose own uncertainty is not known"
        return Estimate(share * people, float("nan"), float("nan"), share * people, people, method)
    low, high = _limits(interval, share)
    method = "a rate from elsewhere, with that rate's own limits"
    return Estimate(share * people, low * people, high * people, share * people, people, method)


def unmet_need(estimated: Estimate | float, treated: int) -> UnmetNeed:
    """How many people in need does no service reach?

    `estimated` people in need (an `Estimate` brings its limits), `treated` a count of people. More treated than
    estimated gives 0, since an estimate may be too low.

    Not for: estimates and counts of different years, ages or areas.
    Formula: max(0, estimated − treated), and the same at each limit.
    Source: Office for Health Improvement and Disparities, unmet need for drug and alcohol treatment, methods.

    >>> need = unmet_need(105, 60)
    >>> need.number, round(need.share, 3)
    (45.0, 0.429)
    """
    seen = one_count("treated", treated)
    value = estimated.value if isinstance(estimated, Estimate) else one("estimated", estimated, above=0)
    if value == 0:
        raise BadInput("estimated is 0; there is no need that could go unmet.")
    limits: Sequence[float] = ()
    if isinstance(estimated, Estimate) and estimated.low == estimated.low:
        limits = [max(0.0, limit - seen) for limit in (estimated.low, estimated.high)]
    number = max(0.0, value - seen)
    low, high = limits or (None, None)
    return UnmetNeed(number, low, high, number / value, value, seen)


def _limits(interval: tuple[float, float], share: float) -> tuple[float, float]:
    ends = finite("interval", interval)
    if len(ends) != 2 or not 0 <= ends[0] <= share <= ends[1] <= 1:
        shown = ", ".join(print_number(float(end)) for end in ends)
        raise BadInput(
            f"interval is {shown}; it must be two shares that hold the rate, {print_number(share)}, between them."
        )
    return float(ends[0]), float(ends[1])
