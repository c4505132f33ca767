"""Has a count changed: percent, ratio, exact and quasi-Poisson intervals, and how much months ordinarily vary."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from safety_analysis.inputs import BadInput, Floats, Numbers, confidence, nonnegative, one, one_count, same_length

LEAST_MONTHS = 24
LEAST_FREEDOM = 6  # ordinary months too few to say anything
FITTING_ROUNDS = 40
CHANCE_ONLY = "assuming ordinary chance only"


@dataclass(frozen=True, slots=True)
class Dispersion:
    """How many times more than Poisson chance a series varies; `raw` is before the floor of 1.

    `n` is the number of periods used; `by_year` the value of each year, oldest first; `known` is False when there was
    not enough history, and then `value` is 1 and `method` says so.
    """

    value: float
    n: int
    method: str
    raw: float
    by_year: tuple[float, ...]
    known: bool

    def __str__(self) -> str:
        if not self.known:
            return f"How much months ordinarily vary is not known: {self.method}."
        return f"Months vary {self.value:.1f} times as much as chance alone would make them ({self.n} months)."


@dataclass(frozen=True, slots=True)
class CountChange:
    """A change between two counts.

    `ratio`, `low` and `high` are (after per exposure) over (before per exposure): 0.6 is a fall of 40%; `percent_low`
    and `percent_high` are the same as percentages. `low_chance`, `high_chance` and `p_chance` are the exact
    conditional interval and p that hold if only chance were at work; with a dispersion of 1 they equal `low`, `high`,
    `p_value`. `percent` and `ratio` are None when the first count is 0. `expected` is what `before` gives at
    `exposure_after`.
    """

    percent: float | None
    ratio: float | None
    low: float
    high: float
    p_value: float
    p_e_test: float
    dispersion: float
    method: str
    before: int
    after: int
    low_chance: float
    high_chance: float
    p_chance: float
    level: float

    @property
    def percent_low(self) -> float:
        return 100 * (self.low - 1)

    @property
    def percent_high(self) -> float:
        return 100 * (self.high - 1)

    @property
    def clear(self) -> bool:
        """Whether the interval leaves out "no change"."""
        return not self.low <= 1 <= self.high

    def __str__(self) -> str:
        counts = f"from {self.before:,} to {self.after:,}"
        if self.percent is None or not self.clear:
            return f"No clear change, {counts} ({self.method})."
        word = "Fell" if self.percent < 0 else "Rose"
        ends = sorted(abs(end) for end in (self.percent_low, self.percent_high))
        return f"{word} by {abs(self.percent):.0f}%, {counts} ({ends[0]:.0f}% to {ends[1]:.0f}%, {self.method})."


def percent_change(before: float, after: float) -> float | None:
    """100 × (after − before) / before; None when it starts from zero.

    >>> percent_change(120, 90), percent_change(0, 4)
    (-25.0, None)
    """
    start = one("before", before, least=0)
    end = one("after", after, least=0)
    return None if start == 0 else 100 * (end - start) / start


def compare_counts(
    before: float,
    after: float,
    *,
    exposure_before: float = 1.0,
    exposure_after: float = 1.0,
    dispersion: float = 1.0,
    level: float = 0.95,
) -> CountChange:
    """Compare two counts over exposures (days, people, months).

    With `dispersion` 1 the interval is the exact conditional one (Clopper & Pearson 1934 on after of both, as R's
    `poisson.test`) and p its two-sided binomial test. Above 1 both are quasi-Poisson: the variance of the log ratio
    is φ(1/before + 1/after) (McCullagh & Nelder 1989, section 9.2); where a count is 0, the exact interval of counts
    over φ. The E-test is Krishnamoorthy & Thomson 2004 and always assumes chance alone.

    Not for: series with a trend or season of their own: compare the same months.

    >>> print(compare_counts(120, 71, dispersion=2))
    Fell by 41%, from 120 to 71 (10% to 61%, as months ordinarily vary).
    """
    first, second = one_count("before", before), one_count("after", after)
    odds = one("exposure_after", exposure_after, above=0) / one("exposure_before", exposure_before, above=0)
    spread = one("dispersion", dispersion, least=1)
    tail = (1 - confidence(level)) / 2
    low_chance, high_chance = _conditional_limits(first, second, odds, tail)
    p_chance = _conditional_p(first, second, odds)
    low, high, p_value, method = low_chance, high_chance, p_chance, "exact, by chance alone"
    if spread > 1:
        low, high, p_value = _quasi_poisson(first, second, odds, spread, tail)
        method = "as months ordinarily vary"
    ratio = None if first == 0 else second / first / odds
    return CountChange(
        percent=None if ratio is None else 100 * (ratio - 1),
        ratio=ratio,
        low=low,
        high=high,
        p_value=p_value,
        p_e_test=e_test(second, first, exposure_first=odds),
        dispersion=spread,
        method=method,
        before=first,
        after=second,
        low_chance=low_chance,
        high_chance=high_chance,
        p_chance=p_chance,
        level=level,
    )


def _conditional_limits(before: float, after: float, odds: float, tail: float) -> tuple[float, float]:
    """Limits of the ratio; counts may be fractions (counts over a dispersion)."""
    share_low = 0.0 if after == 0 else float(stats.beta.ppf(tail, after, before + 1))
    share_high = 1.0 if before == 0 else float(stats.beta.ppf(1 - tail, after + 1, before))
    high = np.inf if share_high == 1 else share_high / (1 - share_high) / odds
    return share_low / (1 - share_low) / odds, high


def _conditional_p(before: int, after: int, odds: float) -> float:
    if before + after == 0:
        return 1.0
    return float(stats.binomtest(after, before + after, odds / (1 + odds)).pvalue)


def _quasi_poisson(before: int, after: int, odds: float, spread: float, tail: float) -> tuple[float, float, float]:
    if before == 0 or after == 0:
        low, high = _conditional_limits(before / spread, after / spread, odds, tail)
        all_of_one = odds / (1 + odds) if before == 0 else 1 / (1 + odds)
        return low, high, min(1.0, 2 * all_of_one ** ((before + after) / spread))
    error = np.sqrt(spread * (1 / before + 1 / after))
    middle = np.log(after / before / odds)
    reach = float(stats.norm.ppf(1 - tail)) * error
    low, high = np.exp(middle - reach), np.exp(middle + reach)
    return float(low), float(high), float(2 * stats.norm.sf(abs(middle) / error))


def e_test(first: float, second: float, *, exposure_first: float = 1.0, exposure_second: float = 1.0) -> float:
    """The two-sided p of the E-test that two Poisson rates are equal (Krishnamoorthy & Thomson 2004, equation 3.6).

    For each first count the second counts at least as extreme are two tails, found by solving a quadratic, so that the
    cost grows with the square root of the counts and not with the counts.

    >>> round(e_test(6, 2), 4)
    0.1749
    """
    one_of, other = one_count("first", first), one_count("second", second)
    a = 1 / one("exposure_first", exposure_first, above=0)
    b = 1 / one("exposure_second", exposure_second, above=0)
    if one_of * a == other * b:
        return 1.0
    threshold = (one_of * a - other * b) ** 2 / (one_of * a * a + other * b * b)
    pooled = (one_of + other) / (1 / a + 1 / b)
    lowest = float(stats.poisson.ppf(1e-16, pooled / a))
    x = np.arange(lowest, float(stats.poisson.isf(1e-16, pooled / a)) + 2)
    linear = 2 * a * x + threshold * b
    root = np.sqrt(np.maximum(linear**2 - 4 * a * a * x * (x - threshold), 0))
    below = np.floor((linear - root) / (2 * b) + 1e-9)
    above = np.ceil((linear + root) / (2 * b) - 1e-9)
    tails = stats.poisson.cdf(below, pooled / b) * (x > 0) + stats.poisson.sf(above - 1, pooled / b)
    return float(min(1.0, (stats.poisson.pmf(x, pooled / a) * tails).sum()))


def dispersion(
    series: Numbers, *, expected: Numbers | None = None, period: int = 12, left_out: Numbers | None = None
) -> Dispersion:
    """How much more than Poisson chance the counts of a series vary, within each year.

    φ = Σ(x − μ)²/μ over its degrees of freedom, never below 1. With `expected` (a comparator's counts of the same
    months) μ is the comparator's shape over the year scaled to the series' own year and each year loses one degree of
    freedom; without, μ is the series' own season (year total × month share) and (years − 1)(period − 1) degrees
    remain. The oldest months that fill no whole year are left out. Below 24 months nothing is estimated and the
    result says so. `left_out` marks months (true) of a known event, such as a lockdown, which are not ordinary
    variation: they take part in no sum, each costs a degree of freedom, and `n` does not count them.
    Source: McCullagh & Nelder 1989, section 6.2.3.

    >>> print(dispersion([20, 30, 25, 24, 31, 22, 28, 26, 21, 33, 27, 25] * 2))
    Months vary 1.0 times as much as chance alone would make them (24 months).
    """
    counts = nonnegative("series", series)
    length = int(one("period", period, least=2))
    comparator = None if expected is None else nonnegative("expected", expected)
    if comparator is not None and len(comparator) != len(counts):
        same_length(series=counts, expected=comparator)
    years = len(counts) // length
    if years * length < LEAST_MONTHS:
        return _unknown(len(counts), f"{CHANCE_ONLY}, because fewer than {LEAST_MONTHS} earlier months are held")
    table = counts[-years * length :].reshape(years, length)
    if left_out is not None:
        return _without(table, None if comparator is None else comparator[-years * length :], left_out)
    shape, method = _shape(table, None if comparator is None else comparator[-years * length :])
    return _pearson(table, shape, method, own=comparator is None)


def _unknown(n: int, method: str) -> Dispersion:
    return Dispersion(1.0, n, method, float("nan"), (), known=False)


def _without(table: Floats, comparator: Floats | None, left_out: Numbers) -> Dispersion:
    """The same round the months that are kept: expected counts by year × month of the year, fitted to both margins."""
    kept = ~np.asarray(left_out, dtype=bool)[-table.size :].reshape(table.shape)
    own = comparator is None
    shape, method = _shape(table, comparator)
    table, shape = table * kept, shape * kept
    used = (table.sum(axis=1) > 0) & (shape.sum(axis=1) > 0)
    table, shape, kept = table[used], shape[used], kept[used]
    held, columns = int(kept.sum()), int((kept.sum(axis=0) > 0).sum())
    freedom = held - len(table) - (columns - 1 if own else 0)
    if len(table) <= int(own) or freedom < LEAST_FREEDOM:
        return _unknown(held, f"{CHANCE_ONLY}, because too few ordinary months are left")
    mean = _fitted(table, kept) if own else shape / shape.sum(axis=1, keepdims=True) * table.sum(axis=1, keepdims=True)
    parts = np.divide((table - mean) ** 2, mean, out=np.zeros_like(mean), where=mean > 0).sum(axis=1)
    raw = float(parts.sum() / freedom)
    each = tuple(float(part / (freedom / len(table))) for part in parts)
    return Dispersion(max(1.0, raw), held, f"{method}, months of known events left out", raw, each, known=True)


def _fitted(table: Floats, kept: npt.NDArray[np.bool_]) -> Floats:
    """Expected counts of the kept cells, year × month of the year, by iterative proportional fitting to both margins.

    Xpected counts of the kept cells, year × month of the year, by iterative proportional fitting to both margins.
    """
    mean = kept.astype(float)
    for _ in range(FITTING_ROUNDS):
        for axis in (1, 0):
            have = mean.sum(axis=axis, keepdims=True)
            mean = mean * np.divide(table.sum(axis=axis, keepdims=True), have, out=np.zeros_like(have), where=have > 0)
    return mean


def _shape(table: Floats, comparator: Floats | None) -> tuple[Floats, str]:
    if comparator is None:
        return np.tile(table.sum(axis=0), (len(table), 1)), "months within each year, round their own season"
    shape = comparator.reshape(table.shape)
    method = "months within each year, round the comparator's season"
    empty = (shape == 0).any(axis=1)
    if empty.any():
        shape = shape + 0.5 * empty[:, None]
        method += " (a half added to each month of a year in which the comparator had a month of none)"
    return shape, method


def _pearson(table: Floats, shape: Floats, method: str, *, own: bool) -> Dispersion:
    used = (table.sum(axis=1) > 0) & (shape.sum(axis=1) > 0)
    table, shape = table[used], shape[used]
    if len(table) <= int(own):
        return _unknown(table.size, f"{CHANCE_ONLY}, because the earlier months hold too few events")
    mean = shape / shape.sum(axis=1, keepdims=True) * table.sum(axis=1, keepdims=True)
    parts = np.divide((table - mean) ** 2, mean, out=np.zeros_like(mean), where=mean > 0).sum(axis=1)
    share = (len(table) - 1) / len(table) if own else 1.0
    freedom = (table.shape[1] - 1) * share
    raw = float(parts.mean() / freedom)
    by_year = tuple(float(part / freedom) for part in parts)
    return Dispersion(max(1.0, raw), table.size, method, raw, by_year, known=True)


@dataclass(frozen=True, slots=True)
class KeepingPace:
    """What the area would have had if it had moved as its comparator did.

    `low` and `high` hold where the count would fall `level` of the time, with the doubt in the area's share of the base
    period included; `low_given_share` and `high_given_share` take that share as known. `share` is area over comparator.
    """

    expected: float
    low: float
    high: float
    actual: int
    percent: float | None
    p_value: float
    low_given_share: float
    high_given_share: float
    share: float
    dispersion: float
    level: float

    @property
    def clear(self) -> bool:
        """Whether the actual count lies outside the interval."""
        return not self.low <= self.actual <= self.high

    def __str__(self) -> str:
        verdict = "no clear difference"
        if self.clear:
            verdict = "more than that" if self.actual > self.expected else "fewer than that"
        reach = f"{self.low:,.0f} to {self.high:,.0f}"
        return f"Keeping pace would have given {self.expected:,.0f} ({reach}); there were {self.actual:,}: {verdict}."


def keeping_pace(
    before: Numbers,
    after: Numbers,
    comparator_before: Numbers,
    comparator_after: Numbers,
    *,
    dispersion: float = 1.0,
    level: float = 0.95,
) -> KeepingPace:
    """The count that keeping pace with a comparator (which must not contain the area) would have given.

    Each input is a number or an array of months, which is summed; the base should be at least 24 months, since one
    year's share drifts. Expected = Σbefore / Σcomparator_before × Σcomparator_after. Its variance is φ·expected for
    the count, plus (unless given the share) expected²·(φ/Σbefore + 1/Σcomparator_before + 1/Σcomparator_after) for
    the share: the delta method on the log scale. Refuses a base or comparator of none.

    >>> print(keeping_pace(100, 95, 1000, 900))
    Keeping pace would have given 90 (63 to 117); there were 95: no clear difference.
    """
    base, actual = _total("before", before), _total("after", after)
    base_comparator = _total("comparator_before", comparator_before)
    comparator = _total("comparator_after", comparator_after)
    spread = one("dispersion", dispersion, least=1)
    if min(base, base_comparator, comparator) == 0:
        raise BadInput("before, comparator_before and comparator_after must each hold at least one event.")
    share = base / base_comparator
    expected = share * comparator
    given = spread * expected
    whole = given + expected**2 * (spread / base + 1 / base_comparator + 1 / comparator)
    z = float(stats.norm.ppf(0.5 + confidence(level) / 2))
    reach, narrow = z * float(np.sqrt(whole)), z * float(np.sqrt(given))
    return KeepingPace(
        expected=expected,
        low=max(0.0, expected - reach),
        high=expected + reach,
        actual=int(actual),
        percent=percent_change(expected, actual),
        p_value=float(2 * stats.norm.sf(abs(actual - expected) / np.sqrt(whole))),
        low_given_share=max(0.0, expected - narrow),
        high_given_share=expected + narrow,
        share=share,
        dispersion=spread,
        level=level,
    )


def _total(name: str, values: Numbers) -> float:
    return float(nonnegative(name, values, ndim=None).sum())
