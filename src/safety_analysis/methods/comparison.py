"""Comparing areas: honest ranks and funnels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import stats

from safety_analysis.inputs import (
    BadInput,
    Floats,
    Numbers,
    confidence,
    one,
    positive,
    same_length,
)
from safety_analysis.inputs import (
    counts as check_counts,
)

Z_95 = 0.975
Z_998 = 0.999
ZERO_DRAWN_AS = 0.5
BLOCK = 1_000_000

Places = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class RankRow:
    """One area. Rank 1 is the highest value. `rank_low` is the best-supported smallest rank number, `rank_high` the largest.

    `_chance` are the same if only chance were at work. `separable_from_next` is None for the last row.
    """

    name: str
    value: float
    rank: int
    rank_low: int
    rank_high: int
    separable_from_next: bool | None
    rank_low_chance: int
    rank_high_chance: int
    count: int
    dispersion: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """Rows from highest to lowest."""

    rows: tuple[RankRow, ...]
    draws: int
    seed: int
    level: float
    method: str

    @property
    def of(self) -> int:
        return len(self.rows)

    def row(self, name: str) -> RankRow:
        """The row of one area; refuses a name that was not ranked."""
        for row in self.rows:
            if row.name == name:
                return row
        raise BadInput(f"“{name}” is not among the {self.of} names that were ranked.")

    def sentence(self, name: str) -> str:
        """The rank of one area in plain words."""
        row = self.row(name)
        place = f"{name} was {ordinal(row.rank)} highest of {self.of}"
        if row.rank_low == row.rank_high:
            return f"{place}, and the data fit no other place."
        return f"{place}; the data fit anywhere from {ordinal(row.rank_low)} to {ordinal(row.rank_high)}."

    def __str__(self) -> str:
        first = self.rows[0]
        return self.sentence(first.name)


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 11th…"""
    ending = "th" if number % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def rank(
    counts: Numbers,
    *,
    names: Sequence[str] | None = None,
    populations: Numbers | None = None,
    dispersion: Numbers | float = 1.0,
    level: float = 0.95,
    draws: int = 10_000,
    seed: int = 0,
) -> Ranking:
    """Rank areas from highest to lowest, with the ranks that the data also fit.

    Ties share the smaller number. Each draw replaces every count x by a Poisson draw round x where the dispersion φ
    is 1, and by a gamma-Poisson (negative binomial) draw with mean x and variance φx above; a zero is drawn round a
    half. `rank_low` and `rank_high` are the outer percentiles of an area's rank over the draws (2.5 and 97.5 at level
    0.95); the parametric bootstrap of Goldstein & Spiegelhalter 1996 and Marshall & Spiegelhalter 1998. A row is
    `separable_from_next` when it is strictly higher than the row below it in at least 97.5% of the draws (at level
    0.95: half the error on each side). `dispersion` is one number or one for each area; with `populations` rates are
    ranked.

    Not for: ranking areas of very different size by a rate: use `funnel`.
    Formula: ranks of gamma draws of each count, their tails' percentiles.
    Source: Goldstein & Spiegelhalter 1996, Journal of the Royal Statistical Society A 159, 385–443.

    >>> table = rank([120, 80, 78], names=['North', 'East', 'West'])
    >>> [(row.name, row.rank, row.rank_low, row.rank_high) for row in table.rows]
    [('North', 1, 1, 1), ('East', 2, 2, 3), ('West', 3, 2, 3)]
    """
    events = check_counts("counts", counts)
    total = same_length(counts=events)
    titles = [str(number + 1) for number in range(total)] if names is None else [str(name) for name in names]
    people = np.ones(total) if populations is None else positive("populations", populations)
    spread = _spread(dispersion, total)
    same_length(counts=events, names=titles, populations=people)
    if len(set(titles)) < total:
        raise BadInput("names must differ from each other, so that each row of a ranking is one area.")
    times = int(one("draws", draws, least=100))
    level = confidence(level)
    drawn = _draw(events, spread, times, seed) / people
    plain = drawn if (spread == 1).all() else _draw(events, np.ones(total), times, seed) / people
    rows = _rows(titles, events, events / people, spread, (drawn, plain), level)
    method = "as months ordinarily vary" if (spread > 1).any() else "by chance alone"
    return Ranking(rows, times, seed, level, method)


def _rows(
    names: list[str], events: Floats, values: Floats, spread: Floats, draws: tuple[Floats, Floats], level: float
) -> tuple[RankRow, ...]:
    order = np.lexsort((np.arange(len(names)), -values))
    ranks = stats.rankdata(-values, method="min").astype(int)
    low, high = _rank_limits(draws[0], level)
    chance_low, chance_high = (low, high) if draws[1] is draws[0] else _rank_limits(draws[1], level)
    above = _separable(draws[0][:, order], 1 - (1 - level) / 2)
    return tuple(
        RankRow(
            name=names[area],
            value=float(values[area]),
            rank=int(ranks[area]),
            rank_low=int(low[area]),
            rank_high=int(high[area]),
            separable_from_next=above[place],
            rank_low_chance=int(chance_low[area]),
            rank_high_chance=int(chance_high[area]),
            count=int(events[area]),
            dispersion=float(spread[area]),
        )
        for place, area in enumerate(order)
    )


def _spread(dispersion: Numbers | float, total: int) -> Floats:
    spread = np.asarray(dispersion, dtype=np.float64)
    spread = np.full(total, float(spread)) if spread.ndim == 0 else spread
    if len(spread) != total:
        raise BadInput(f"dispersion has {len(spread)} values for {total} counts; give one number or one for each.")
    return np.array([one(f"dispersion[{place}]", value, least=1) for place, value in enumerate(spread)])


def _draw(events: Floats, spread: Floats, draws: int, seed: int) -> Floats:
    generator = np.random.default_rng(seed)
    mean = np.where(events == 0, ZERO_DRAWN_AS, events)
    rates = np.broadcast_to(mean, (draws, len(mean))).copy()
    wide = spread > 1
    if wide.any():
        scale = spread[wide] - 1
        rates[:, wide] = generator.gamma(mean[wide] / scale, scale, (draws, int(wide.sum())))
    return generator.poisson(rates).astype(np.float64)


def _rank_limits(drawn: Floats, level: float) -> tuple[Places, Places]:
    """The outer percentiles (inverse of the empirical distribution) of each area's rank over the draws."""
    ranks = np.concatenate([_ranks(block) for block in np.array_split(drawn, -(-drawn.size // BLOCK))]).T.copy()
    tail = (1 - level) / 2
    low, high = (max(0, int(np.ceil(len(drawn) * share - 1e-9)) - 1) for share in (tail, 1 - tail))
    ordered = np.partition(ranks, (low, high), axis=1)
    return ordered[:, low], ordered[:, high]


def _ranks(drawn: Floats) -> Places:
    """Ranks within each row, highest first, ties sharing the smaller number."""
    order = np.argsort(-drawn, axis=1, kind="stable")
    ordered = np.take_along_axis(drawn, order, axis=1)
    lower = np.zeros(drawn.shape, dtype=np.int32)
    lower[:, 1:] = np.where(ordered[:, 1:] < ordered[:, :-1], np.arange(1, drawn.shape[1], dtype=np.int32), 0)
    ranks = np.empty_like(lower)
    np.put_along_axis(ranks, order, np.maximum.accumulate(lower, axis=1) + 1, axis=1)
    return ranks


def _separable(drawn: Floats, needed: float) -> list[bool | None]:
    shares = (drawn[:, :-1] > drawn[:, 1:]).mean(axis=0)
    return [*(bool(share >= needed) for share in shares), None]


FunnelFlag = Literal["within", "above 95%", "above 99.8%", "below 95%", "below 99.8%"]


@dataclass(frozen=True, slots=True, eq=False)
class Funnel:
    """`values` and the two pairs of limits have one entry (row) for each area, in the units of `target`."""

    target: float
    limits_95: Floats
    limits_998: Floats
    flags: tuple[FunnelFlag, ...]
    values: Floats
    kind: str

    def __str__(self) -> str:
        outside = sum(flag.endswith("99.8%") for flag in self.flags)
        verb = "lies" if outside == 1 else "lie"
        return f"{outside} of {len(self.flags)} {verb} outside the 99.8% limits round {self.target:.4g}."


def funnel(
    numerators: Numbers,
    denominators: Numbers,
    *,
    kind: Literal["proportion", "rate", "ratio"] = "proportion",
    target: float | None = None,
    per: float = 1.0,
) -> Funnel:
    """Which areas lie further from the target than chance allows (Spiegelhalter 2005).

    proportion: p₀ ± z√(p₀(1 − p₀)/n), clipped to 0 and 1. rate: exact Poisson limits of the expected count, over n,
    times `per`. ratio: numerators are observed and denominators expected, the target 100. z stands at .975 and .999.

    Not for: counts that vary more than chance: most areas will look unusual.
    Formula: p₀ ± z√(p₀(1 − p₀)/n), z at .975 and .999, kept within 0 and 1; ratios by exact Poisson limits.
    Source: Spiegelhalter 2005, Statistics in Medicine 24, 1185–1202.

    >>> result = funnel([30, 50, 75], [100, 100, 100])
    >>> [str(flag) for flag in result.flags]
    ['below 99.8%', 'within', 'above 99.8%']
    """
    part, whole = check_counts("numerators", numerators), positive("denominators", denominators)
    same_length(numerators=part, denominators=whole)
    if kind not in ("proportion", "rate", "ratio"):
        raise BadInput(f"kind is “{kind}”; it must be proportion, rate or ratio.")
    if kind == "proportion" and (part > whole).any():
        place = int(np.argmax(part > whole))
        raise BadInput(f"numerators[{place}] is above denominators[{place}]; a proportion cannot pass 1.")
    scale = {"proportion": 1.0, "rate": per, "ratio": 100.0}[kind]
    middle = (1.0 if kind == "ratio" else float(part.sum() / whole.sum())) if target is None else target / scale
    limits = [_limits(middle, whole, at, kind) * scale for at in (Z_95, Z_998)]
    values = part / whole * scale
    return Funnel(middle * scale, limits[0], limits[1], _flags(values, *limits), values, kind)


def _limits(middle: float, whole: Floats, at: float, kind: str) -> Floats:
    if kind == "proportion":
        reach = stats.norm.ppf(at) * np.sqrt(middle * (1 - middle) / whole)
        return np.clip(np.column_stack([middle - reach, middle + reach]), 0, 1)
    expected = middle * whole
    low = np.where(expected > 0, stats.chi2.ppf(1 - at, np.maximum(2 * expected, 1e-300)) / 2, 0)
    return np.column_stack([low, stats.chi2.ppf(at, 2 * expected + 2) / 2]) / whole[:, None]


def _flags(values: Floats, near: Floats, far: Floats) -> tuple[FunnelFlag, ...]:
    states: list[tuple[npt.NDArray[np.bool_], FunnelFlag]] = [
        (values > far[:, 1], "above 99.8%"),
        (values < far[:, 0], "below 99.8%"),
        (values > near[:, 1], "above 95%"),
        (values < near[:, 0], "below 95%"),
    ]
    return tuple(next((flag for mask, flag in states if mask[place]), "within") for place in range(len(values)))


@dataclass(frozen=True, slots=True)
class Churn:
    """How much more the changes of areas differ from each other than chance alone gives.

    `raw` is before the floor of 1.
    """

    value: float
    raw: float
    areas: int
    p_value: float

    def __str__(self) -> str:
        times = f"{self.value:.1f} times as much as chance alone gives"
        return f"From one period to the next the {self.areas:,} areas moved against each other {times}."


def churn(before: Numbers, after: Numbers) -> Churn:
    """χ²/df of the areas × two periods table: 1 where all areas changed alike but for chance (Pearson 1900).

    The dispersion to use when one ward's change is compared with the rest. Areas with no event in either period are
    left out. Refuses fewer than two areas with events, and a period of none.

    Formula: χ² of the two columns of counts over its degrees of freedom.
    Source: Pearson 1900; McCullagh & Nelder 1989, section 9.2.

    >>> print(churn([100, 50, 25], [90, 60, 30]))
    From one period to the next the 3 areas moved against each other 1.0 times as much as chance alone gives.
    """
    first, second = check_counts("before", before), check_counts("after", after)
    same_length(before=first, after=second)
    table = np.column_stack([first, second])
    table = table[table.sum(axis=1) > 0]
    if len(table) < 2 or not table.sum(axis=0).all():
        raise BadInput("before and after must hold events in both periods and in at least two areas.")
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0) / table.sum()
    statistic = float(((table - expected) ** 2 / expected).sum())
    freedom = len(table) - 1
    raw = statistic / freedom
    return Churn(max(1.0, raw), raw, len(table), float(stats.chi2.sf(statistic, freedom)))
