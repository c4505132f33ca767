"""What would have happened anyway: comparison areas, difference in differences, synthetic control."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import optimize

from safety_analysis.inputs import BadInput, Floats, Numbers, finite, nonnegative, one_count, positive, same_length
from safety_analysis.inputs import counts as check_counts
from safety_analysis.methods.quasi_poisson import fit

LEAST_PERIODS = 3
SUM_TO_ONE = 1e5


@dataclass(frozen=True, slots=True)
class DifferenceInDifferences:
    """`ratio` is the treated area's change over the control's: 0.8 is a fall of 20% against it.

    `difference` is events more than if it had moved as the control. `before_p_value` tests that the two moved alike
    beforehand (None with a single period before); a small one means the comparison should not be trusted.
    """

    ratio: float
    low: float
    high: float
    p_value: float
    difference: float
    before_p_value: float | None
    dispersion: float
    level: float

    @property
    def clear(self) -> bool:
        """Whether the interval leaves out "no difference"."""
        return not self.low <= 1 <= self.high

    def __str__(self) -> str:
        ends = f"{100 * (self.low - 1):.0f}% to {100 * (self.high - 1):.0f}%".replace("-", "−")
        if not self.clear:
            return f"No clear difference from the comparison area ({ends})."
        word = "Fell" if self.ratio < 1 else "Rose"
        return f"{word} by {abs(100 * (self.ratio - 1)):.0f}% against the comparison area ({ends})."


@dataclass(frozen=True, slots=True, eq=False)
class SyntheticControl:
    """`weights` of the other units (0 at the treated one), `synthetic` and `effect` (treated − synthetic) by period.

    `mean_effect` is over the periods from `start`. `placebo` is each unit's root mean square gap after over before,
    as if it had been the treated one; `p_value` the share of units whose ratio is at least the treated one's.
    """

    weights: Floats
    synthetic: Floats
    effect: Floats
    mean_effect: float
    before_error: float
    placebo: Floats
    p_value: float

    def __str__(self) -> str:
        word = "below" if self.mean_effect < 0 else "above"
        said = f"On average {abs(self.mean_effect):,.1f} {word} what like areas would give"
        return f"{said} (p = {self.p_value:.2f} by treating every other area in its turn)."


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible comparison: its mean `level`, its `trend` (change a period, 0.01 is 1%) and its `distance` from the treated.

     possible comparison: its mean `level`, its `trend` (change a period, 0.01 is 1%) and its `distance` from the
    treated.
    """

    name: str
    level: float
    trend: float
    distance: float


@dataclass(frozen=True, slots=True)
class ComparisonChoice:
    """Candidates, the most alike first; `rule` is the sentence to print beside the choice."""

    rows: tuple[Candidate, ...]
    level: float
    trend: float
    rule: str

    def __str__(self) -> str:
        return f"{self.rows[0].name} is most alike. {self.rule}"


def difference_in_differences(
    treated: Numbers,
    control: Numbers,
    start: int,
    *,
    exposure_treated: Numbers | None = None,
    exposure_control: Numbers | None = None,
    level: float = 0.95,
) -> DifferenceInDifferences:
    """Did an area change more than its comparison area did?

    Counts by period, both over the same periods; `start` is the position of the first period after. Exposures
    (people, days) by period, when they change. Refuses a side without events, and fewer than three periods in all for
    the two.

    Not for: areas that had been moving apart already (see `before_p_value`), or chosen knowing how it came out.
    Formula: log μ = area + period + ratio·[treated, after], quasi-Poisson with φ from Pearson's χ², at least 1;
    Student's t limits.
    Source: Angrist & Pischke 2009, Mostly Harmless Econometrics, section 5.2; McCullagh & Nelder 1989, chapter 9.

    >>> result = difference_in_differences([50, 52, 48, 30, 31, 29], [80, 82, 78, 79, 81, 80], 3)
    >>> round(result.ratio, 2), round(result.low, 2), round(result.high, 2)
    (0.6, 0.38, 0.94)
    """
    ours, theirs = check_counts("treated", treated), check_counts("control", control)
    length = same_length(treated=ours, control=theirs)
    first = one_count("start", start)
    if not 1 <= first < length or length < LEAST_PERIODS:
        raise BadInput(f"start is {first} of {length} periods; there must be one on either side and three in all.")
    bases = [
        np.ones(length) if base is None else positive(name, base)
        for name, base in (("exposure_treated", exposure_treated), ("exposure_control", exposure_control))
    ]
    same_length(treated=ours, exposure_treated=bases[0], exposure_control=bases[1])
    counts, exposure = np.concatenate([ours, theirs]), np.concatenate(bases)
    group, time = np.repeat([1.0, 0.0], length), np.tile(np.arange(length), 2)
    after = group * (time >= first)
    shared = np.column_stack([group, *(time == period for period in range(length))])
    model = fit(np.column_stack([after, shared]).astype(np.float64), counts, exposure)
    ratio, low, high, p_value = model.ratio(0, level)
    fitted = float(model.fitted[after > 0].sum())
    return DifferenceInDifferences(
        ratio,
        low,
        high,
        p_value,
        fitted - fitted / ratio,
        _drift(ours, theirs, bases, first, level),
        model.dispersion,
        level,
    )


def _drift(ours: Floats, theirs: Floats, bases: Sequence[Floats], first: int, level: float) -> float | None:
    """p that the two moved alike before, by their trends."""
    if first < LEAST_PERIODS:
        return None
    counts, exposure = np.append(ours[:first], theirs[:first]), np.append(bases[0][:first], bases[1][:first])
    group, time = np.repeat([1.0, 0.0], first), np.tile(np.arange(first, dtype=np.float64), 2)
    design = np.column_stack([group * time, group, np.ones(2 * first), time])
    return fit(design, counts, exposure).ratio(0, level)[3]


def synthetic_control(
    outcomes: Numbers, treated: int, start: int, *, predictors: Numbers | None = None
) -> SyntheticControl:
    """What would one area have had, judged by the mix of other areas that was most like it beforehand?

    `outcomes` is units × periods, `treated` the row of the treated unit, `start` the first period after. Weights are
    0 or more and sum to 1, chosen to fit the periods before, or `predictors` (units × k), each divided by its spread.
    Deterministic. Refuses fewer than two other units or periods before.

    Not for: an area at the edge of the others, which no mix of them can match: look at `before_error` first.
    Formula: min ‖X₁ − X₀w‖², w ≥ 0, Σw = 1; placebo ratio √MSPE after / √MSPE before.
    Source: Abadie, Diamond & Hainmueller 2010, Journal of the American Statistical Association 105(490), 493–505.

    >>> result = synthetic_control([[15, 25, 15, 10], [10, 20, 10, 20], [20, 30, 20, 40]], 0, 3)
    >>> result.weights.round(3).tolist(), round(result.mean_effect, 2)
    ([0.0, 0.5, 0.5], -20.0)
    """
    table = finite("outcomes", outcomes, ndim=2)
    units, periods = table.shape
    which, first = one_count("treated", treated), one_count("start", start)
    if units < LEAST_PERIODS or which >= units or not 2 <= first < periods:
        raise BadInput(
            f"{units} units and {periods} periods with treated {which} and start {first} leave too little to compare."
        )
    matched = table[:, :first] if predictors is None else _scaled(predictors, units)
    gaps, weights = np.empty_like(table), np.zeros((units, units))
    for unit in range(units):
        others = np.arange(units) != unit
        weights[unit, others] = _simplex(matched[others].T, matched[unit])
        gaps[unit] = table[unit] - weights[unit] @ table
    before = np.sqrt((gaps[:, :first] ** 2).mean(axis=1))
    after = np.sqrt((gaps[:, first:] ** 2).mean(axis=1))
    least = 1e-9 * max(1.0, float(np.abs(table).max()))
    placebo = after / np.maximum(before, least)
    return SyntheticControl(
        weights=weights[which],
        synthetic=table[which] - gaps[which],
        effect=gaps[which],
        mean_effect=float(gaps[which, first:].mean()),
        before_error=float(before[which]),
        placebo=placebo,
        p_value=float((placebo >= placebo[which]).mean()),
    )


def _scaled(predictors: Numbers, units: int) -> Floats:
    table = finite("predictors", predictors, ndim=2)
    if len(table) != units:
        raise BadInput(f"predictors has {len(table)} rows; it must have one for each of the {units} units.")
    spread = table.std(axis=0)
    scaled: Floats = table / np.where(spread > 0, spread, 1.0)
    return scaled


def _simplex(donors: Floats, target: Floats) -> Floats:
    """Least squares with weights that are 0 or more and sum to 1 (the sum as a heavy row, then exactly)."""
    scale = max(1e-12, float(np.abs(donors).max()))
    heavy = np.full((1, donors.shape[1]), SUM_TO_ONE)
    weights, _ = optimize.nnls(np.vstack([donors / scale, heavy]), np.append(target / scale, SUM_TO_ONE))
    total = weights.sum()
    even: Floats = np.full(len(weights), 1 / len(weights))
    return weights / total if total > 0 else even


def choose_comparison(treated: Numbers, candidates: Numbers, *, names: Sequence[str] | None = None) -> ComparisonChoice:
    """Which area is the fairest comparison, by a rule stated beforehand?

    `treated` are counts or rates by period before anything was done, `candidates` the same for other areas (areas ×
    periods). The rule looks at nothing else, and never at what came after. Refuses fewer than three periods, or an
    area that is 0 throughout.

    Not for: choosing among areas that the operation may have touched.
    Formula: distance = √(((level − level₁)/s)² + ((trend − trend₁)/t)²); level is the log of the mean, trend the
    slope of a straight line over the mean, s and t their standard deviations over all areas.
    Source: Wardlight's own rule, after the matching on levels and trends of Stuart 2010, Statistical Science 25(1),
    1–21.

    >>> choice = choose_comparison([10, 11, 12], [[30, 31, 32], [11, 12, 13], [10, 9, 8]], names=["A", "B", "C"])
    >>> [row.name for row in choice.rows]
    ['B', 'A', 'C']
    """
    table = nonnegative("candidates", candidates, ndim=2)
    own = nonnegative("treated", treated)
    if len(own) < LEAST_PERIODS or table.shape[1] != len(own):
        raise BadInput(
            f"treated has {len(own)} periods and candidates {table.shape[1]}; both must have the same, three or more."
        )
    labels = [f"area {row + 1}" for row in range(len(table))] if names is None else [str(name) for name in names]
    same_length(names=labels, candidates=table)
    both = np.vstack([own, table])
    means = both.mean(axis=1)
    if (means == 0).any():
        raise BadInput(
            f"{(['treated', *labels])[int(np.argmax(means == 0))]} has no events at all, so it has no level."
        )
    time = np.arange(len(own)) - (len(own) - 1) / 2
    trend = both @ time / (time @ time) / means
    apart = np.column_stack([np.log(means), trend])
    spread = apart.std(axis=0)
    distance = np.sqrt((((apart - apart[0]) / np.where(spread > 0, spread, 1.0)) ** 2).sum(axis=1))
    rows = [
        Candidate(labels[row], float(means[row + 1]), float(trend[row + 1]), float(distance[row + 1]))
        for row in np.argsort(distance[1:], kind="stable")
    ]
    rule = (
        f"Chosen by level and trend over the {len(own)} periods before, each in standard deviations of all the areas."
    )
    return ComparisonChoice(tuple(rows), float(means[0]), float(trend[0]), rule)
