"""Whether one group meets something more often than another."""

from __future__ import annotations

import numpy as np
from scipy import stats

from safety_analysis.inputs import BadInput, confidence, one, one_count
from safety_analysis.methods.change import compare_counts
from safety_analysis.methods.rates import Estimate


def relative_rate_index(
    count: float, population: float, reference_count: float, reference_population: float, *, level: float = 0.95
) -> Estimate:
    """The rate of a group over the rate of a reference group; 1 is parity.

    Interval exp(ln RR ± z√(1/a − 1/n₁ + 1/b − 1/n₂)) (Katz, Baptista, Azen & Pike 1978). Where the group has no event
    the interval is the exact conditional one. Refuses a reference without events, and counts above their population.

    Not for: proof of bias: the population may not be who is at risk of the event.
    Formula: exp(ln RR ± z√(1/a − 1/n₁ + 1/b − 1/n₂)).
    Source: Katz, Baptista, Azen & Pike 1978, Biometrics 34, 469–474.

    >>> result = relative_rate_index(189, 11_034, 104, 11_037)
    >>> round(result.value, 3), round(result.low, 3), round(result.high, 3)
    (1.818, 1.433, 2.306)
    """
    events, reference = one_count("count", count), one_count("reference_count", reference_count)
    people = one("population", population, above=0)
    others = one("reference_population", reference_population, above=0)
    if events > people or reference > others:
        raise BadInput(f"The counts ({events:,} and {reference:,}) cannot be above their populations.")
    if reference == 0:
        raise BadInput("reference_count is 0; nothing can be compared with a group without events.")
    ratio = (events / people) / (reference / others)
    if events == 0:
        exact = compare_counts(reference, events, exposure_before=others, exposure_after=people, level=level)
        return Estimate(0.0, exact.low, exact.high, events, people, "exact conditional", 1, level)
    error = np.sqrt(1 / events - 1 / people + 1 / reference - 1 / others)
    reach = float(stats.norm.ppf(0.5 + confidence(level) / 2)) * float(error)
    low, high = ratio * np.exp(-reach), ratio * np.exp(reach)
    return Estimate(ratio, float(low), float(high), events, people, "log of the relative rate", 1, level)
