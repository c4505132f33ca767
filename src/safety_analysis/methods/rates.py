"""Rates, proportions, standardised rates and ratios, each with its interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from safety_analysis.inputs import (
    BadInput,
    Numbers,
    confidence,
    nonnegative,
    one,
    one_count,
    positive,
    print_number,
    same_length,
)

EXACT_BELOW = 10
LEAST_FOR_STANDARDISING = 10


class TooFewEvents(BadInput):
    """A directly standardised rate was asked for from fewer than ten events."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its interval. `value`, `low` and `high` are per `per`; `method` names the interval's source."""

    value: float
    low: float
    high: float
    count: float
    population: float
    method: str
    per: float = 1
    level: float = 0.95

    def __str__(self) -> str:
        shown = [print_number(float(f"{item:.4g}")) for item in (self.value, self.low, self.high)]
        unit = "" if self.per == 1 else f" per {print_number(self.per)}"
        base = f"{print_number(self.count)} of {print_number(self.population)}"
        return f"{shown[0]}{unit} ({shown[1]} to {shown[2]}, {self.level:.0%} interval, {self.method}), from {base}."


def poisson_limits(count: float, *, level: float = 0.95) -> tuple[float, float]:
    """The interval of a Poisson count: Byar's approximation (Breslow & Day 1987), exact by chi-square below ten.

    Source: Breslow & Day 1987, Statistical Methods in Cancer Research II, equation 2.13.

    >>> low, high = poisson_limits(65)
    >>> round(low, 3), round(high, 3)
    (50.163, 82.849)
    """
    tail = (1 - confidence(level)) / 2
    if count < EXACT_BELOW:
        low = 0.0 if count == 0 else float(stats.chi2.ppf(tail, 2 * count)) / 2
        return low, float(stats.chi2.ppf(1 - tail, 2 * count + 2)) / 2
    z = float(stats.norm.ppf(1 - tail))
    upper = count + 1
    low = count * (1 - 1 / (9 * count) - z / (3 * np.sqrt(count))) ** 3
    return float(low), float(upper * (1 - 1 / (9 * upper) + z / (3 * np.sqrt(upper))) ** 3)


def rate(count: float, population: float, *, per: float = 1000, level: float = 0.95) -> Estimate:
    """Events per `per` people (or premises, or anything counted), with Byar's interval, exact below ten events.

    Source: Breslow & Day 1987, volume II, equation 2.13. Refuses a population that is not above 0.

    Not for: counts of crime over time, which vary more than chance (use `change.compare_counts` with a dispersion).
    Formula: count / population × per; limits L = x(1 − 1/(9x) − z/(3√x))³, U the same of x + 1 with a plus; exact
    below ten.
    Source: Breslow & Day 1987, Statistical Methods in Cancer Research II, equation 2.13.

    >>> print(rate(20, 1000))
    20 per 1,000 (12.21 to 30.89, 95% interval, Byar), from 20 of 1,000.
    """
    events = one_count("count", count)
    size = one("population", population, above=0)
    scale = one("per", per, above=0) / size
    low, high = poisson_limits(events, level=level)
    method = "exact Poisson" if events < EXACT_BELOW else "Byar"
    return Estimate(events * scale, low * scale, high * scale, events, size, method, per, level)


def proportion(count: float, total: float, *, level: float = 0.95) -> Estimate:
    """A share between 0 and 1 with Wilson's score interval (Wilson 1927; Newcombe 1998, method 3).

    Not for: shares of a sample that was not drawn at random: the interval knows only chance.
    Formula: (2x + z² ∓ z√(z² + 4x(1 − x/n))) / (2(n + z²)).
    Source: Wilson 1927; Newcombe 1998, Statistics in Medicine 17, 857–872, method 3.

    >>> share = proportion(91, 202)
    >>> round(share.value, 3), round(share.low, 3), round(share.high, 3)
    (0.45, 0.383, 0.519)
    """
    part = one_count("count", count)
    whole = one_count("total", total)
    if whole == 0 or part > whole:
        raise BadInput(f"count is {part:,} of a total of {whole:,}; the total must be above 0 and at least the count.")
    z = float(stats.norm.ppf(0.5 + confidence(level) / 2))
    share = part / whole
    centre = 2 * part + z * z
    reach = z * float(np.sqrt(z * z + 4 * part * (1 - share)))
    base = 2 * (whole + z * z)
    low = 0.0 if part == 0 else (centre - reach) / base
    high = 1.0 if part == whole else (centre + reach) / base
    return Estimate(share, low, high, part, whole, "Wilson", 1, level)


def directly_standardised_rate(
    counts: Numbers, populations: Numbers, standard: Numbers, *, per: float = 100_000, level: float = 0.95
) -> Estimate:
    """The rate the area would have with the `standard` population's age make-up (arrays by age band).

    Source: Dobson, Kuulasmaa, Eberle & Scherer 1991. Refuses fewer than ten events (`TooFewEvents`).

    Not for: areas with few people in some age bands.
    Formula: Σwᵢ(Oᵢ/nᵢ)/Σw; limits DSR + √(var/O)(Byar(O) − O).
    Source: Dobson, Kuulasmaa, Eberle & Scherer 1991, Statistics in Medicine 10, 457–462.

    >>> result = directly_standardised_rate([10, 20], [1000, 4000], [3, 7], per=1000)
    >>> round(result.value, 2), round(result.low, 2), round(result.high, 2)
    (6.5, 4.31, 9.38)
    """
    events, people = nonnegative("counts", counts), positive("populations", populations)
    weights = nonnegative("standard", standard)
    same_length(counts=events, populations=people, standard=weights)
    observed, weight = float(events.sum()), float(weights.sum())
    if observed < LEAST_FOR_STANDARDISING:
        raise TooFewEvents(f"counts sum to {print_number(observed)}; a standardised rate needs at least 10 events.")
    if weight == 0:
        raise BadInput("standard sums to 0; it must hold a standard population.")
    value = float((weights * events / people).sum()) / weight
    variance = float((weights**2 * events / people**2).sum()) / weight**2
    stretch = float(np.sqrt(variance / observed))
    low, high = (value + stretch * (limit - observed) for limit in poisson_limits(observed, level=level))
    return Estimate(value * per, low * per, high * per, observed, float(people.sum()), "Dobson", per, level)


def standardised_ratio(observed: float, expected: float, *, level: float = 0.95) -> Estimate:
    """100 × observed / expected events, with the Poisson interval of the observed (Breslow & Day 1987).

    Not for: comparing two areas with each other: each ratio is against the standard alone.
    Formula: 100 O / E with the Poisson limits of O.
    Source: Breslow & Day 1987, Statistical Methods in Cancer Research II, section 2.3.

    >>> result = standardised_ratio(30, 20)
    >>> round(result.value), round(result.low), round(result.high)
    (150, 101, 214)
    """
    events = one_count("observed", observed)
    base = one("expected", expected, above=0)
    low, high = poisson_limits(events, level=level)
    method = "exact Poisson" if events < EXACT_BELOW else "Byar"
    return Estimate(100 * events / base, 100 * low / base, 100 * high / base, events, base, method, 100, level)


def implied_total(part: float, share: float) -> float:
    """The whole of which `part` is said to be `share` (0 to 1): £15m that is two thirds implies £22.5m.

    Formula: part / share.
    Source: arithmetic.

    >>> implied_total(15, 2 / 3)
    22.5
    """
    return one("part", part, least=0) / one("share", share, above=0, most=1)


def least_overlap(first: float, second: float) -> float:
    """The least share (0 to 1) of a group that must have both of two traits held by these shares of it (Bonferroni).

    Formula: max(0, first + second − 1).
    Source: Bonferroni 1936.

    >>> round(least_overlap(0.51, 0.70), 2)
    0.21
    """
    return max(0.0, one("first", first, least=0, most=1) + one("second", second, least=0, most=1) - 1)
