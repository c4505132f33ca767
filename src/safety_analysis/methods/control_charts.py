"""Is a measure changing, or only varying (control charts)?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from safety_analysis.inputs import (
    BadInput,
    Floats,
    Numbers,
    finite,
    nonnegative,
    one,
    positive,
    print_number,
    same_length,
)
from safety_analysis.inputs import counts as check_counts
from safety_analysis.methods.special_causes import Signal as Signal
from safety_analysis.methods.special_causes import signals as find_signals

LIMIT = 2.66
SCREEN = 3.267
MOVING_RANGE_OF_ONE = 1.128
NELSON = 3.6

Good = Literal["down", "up"] | None


@dataclass(frozen=True, slots=True, eq=False)
class ControlChart:
    """`mean`, `lower` and `upper` belong to the last point; `centres`, `lowers` and `uppers` to each point in `values`.

    `variation` is what the latest point shows: improving, worsening, changing (when neither way is good) or ordinary.
    `widening` is the factor by which a Laney chart's limits are wider than chance alone would make them, else 1.
    """

    mean: float
    lower: float
    upper: float
    signals: tuple[Signal, ...]
    variation: Literal["improving", "worsening", "changing", "ordinary"]
    centres: Floats
    lowers: Floats
    uppers: Floats
    good: Good
    values: Floats
    widening: float = 1.0

    def assurance(self, target: float) -> Literal["will pass", "will miss", "hit or miss"]:
        """Whether ordinary variation stays on the good side of a target; refuses a measure without a good direction."""
        aim = one("target", target)
        if self.good is None:
            raise BadInput("A measure without a good direction has no target to pass or miss.")
        if self.lower <= aim <= self.upper:
            return "hit or miss"
        return "will pass" if (aim > self.upper) == (self.good == "down") else "will miss"

    def __str__(self) -> str:
        verdicts = {
            "improving": "The latest point is part of a real improvement",
            "worsening": "The latest point is part of a real worsening",
            "changing": "The latest point is part of a real change",
            "ordinary": "The latest point is ordinary variation",
        }
        mean, lower, upper = (print_number(float(f"{value:.4g}")) for value in (self.mean, self.lower, self.upper))
        limits = f"mean {mean}, limits {lower} to {upper}"
        return f"{verdicts[self.variation]} ({limits})."


@dataclass(frozen=True, slots=True, eq=False)
class _Stretch:
    """The lines of one stretch, and how far each value is from its centre and its limit, on the scale of the rules."""

    centres: Floats
    lowers: Floats
    uppers: Floats
    away: Floats
    reach: Floats
    widening: float = 1.0
    near: bool = True

    @classmethod
    def level(cls, values: Floats, mean: Floats, reach: Floats, widening: float = 1.0) -> _Stretch:
        return cls(mean, mean - reach, mean + reach, values - mean, reach, widening)


def xmr(values: Numbers, *, good: Good = None, rebase_at: Sequence[int] = ()) -> ControlChart:
    """Is a monthly figure changing, or only varying?

    `values` are numbers in order of time, in any unit; the lines come in the same unit. `rebase_at` are positions at
    which a new stretch begins, with its own mean (a dated event). Signals: a point outside; seven on one side; seven
    rising or falling; two of three near a limit with all three on one side. Refuses a stretch of fewer than two
    points.

    Not for: rare events (use `g_chart` or `t_chart`); shares of groups of very different size (use `laney_p`).
    Formula: mean ± 2.66 × mean moving range, ranges of 3.267 times their mean or more left out once.
    Source: Wheeler 1993, Understanding Variation; NHS England, Making Data Count.

    >>> chart = xmr([52, 48, 50, 51, 49, 50, 90], good="down")
    >>> chart.variation
    'worsening'
    >>> round(chart.mean, 2), round(chart.lower, 2), round(chart.upper, 2)
    (55.71, 50.39, 61.03)
    """
    series = finite("values", values)

    def draw(stretch: slice) -> _Stretch:
        part = series[stretch]
        mean, reach = _centre(part)
        return _Stretch.level(part, np.full(len(part), mean), np.full(len(part), reach))

    return _chart(series, draw, good, rebase_at)


def p_chart(counts: Numbers, totals: Numbers, *, good: Good = None, rebase_at: Sequence[int] = ()) -> ControlChart:
    """Is a share (of cases solved, of visits in time) changing, or only varying?

    `counts` of `totals`, one pair a period; the lines are shares, 0 to 1, and vary with the totals. Refuses a total
    of 0 and a count above its total.

    Not for: totals in the thousands, where chance is the least of what varies (use `laney_p`).
    Formula: p̄ ± 3√(p̄(1 − p̄)/nᵢ), kept within 0 and 1.
    Source: Montgomery 2013, Introduction to Statistical Quality Control, section 7.2.

    >>> chart = p_chart([12, 15, 8, 10], [50, 50, 50, 50])
    >>> round(chart.mean, 3), round(chart.lower, 3), round(chart.upper, 3)
    (0.225, 0.048, 0.402)
    """
    return _attribute(*_shares(counts, totals), "share", good, rebase_at, laney=False)


def u_chart(counts: Numbers, exposure: Numbers, *, good: Good = None, rebase_at: Sequence[int] = ()) -> ControlChart:
    """Is a rate (events by people, nights or visits) changing, or only varying?

    `counts` over `exposure`, one pair a period; the lines are events for one unit of exposure. Refuses an exposure of
    0 or less.

    Not for: counts of crime in the hundreds, which vary more than chance (use `laney_u` or `xmr`).
    Formula: ū ± 3√(ū/nᵢ), not below 0.
    Source: Montgomery 2013, Introduction to Statistical Quality Control, section 7.3.

    >>> chart = u_chart([10, 12, 8, 14], [5, 5, 5, 5])
    >>> round(chart.mean, 2), round(chart.lower, 2), round(chart.upper, 2)
    (2.2, 0.21, 4.19)
    """
    return _attribute(*_rates(counts, exposure), "rate", good, rebase_at, laney=False)


def laney_p(counts: Numbers, totals: Numbers, *, good: Good = None, rebase_at: Sequence[int] = ()) -> ControlChart:
    """Is a share of a large total changing, or only varying as it ordinarily does?

    As `p_chart`, with limits widened (or narrowed) by how much successive shares really differ: `widening`.

    Not for: fewer than about 12 periods, which say little about ordinary variation.
    Formula: p̄ ± 3σ_z√(p̄(1 − p̄)/nᵢ), σ_z = mean moving range of the z scores / 1.128.
    Source: Laney 2002, Quality Engineering 14(4), 531–537.

    >>> chart = laney_p([9500, 9400, 9600, 9450], [10000, 10000, 10000, 10000])
    >>> round(chart.widening, 2)
    6.03
    """
    return _attribute(*_shares(counts, totals), "share", good, rebase_at, laney=True)


def laney_u(counts: Numbers, exposure: Numbers, *, good: Good = None, rebase_at: Sequence[int] = ()) -> ControlChart:
    """Is a rate of many events changing, or only varying as it ordinarily does?

    As `u_chart`, with limits widened (or narrowed) by how much successive rates really differ: `widening`.

    Not for: fewer than about 12 periods, which say little about ordinary variation.
    Formula: ū ± 3σ_z√(ū/nᵢ), σ_z = mean moving range of the z scores / 1.128.
    Source: Laney 2002, Quality Engineering 14(4), 531–537.

    >>> chart = laney_u([900, 1100, 1000, 1200], [1, 1, 1, 1])
    >>> round(chart.widening, 2)
    4.56
    """
    return _attribute(*_rates(counts, exposure), "rate", good, rebase_at, laney=True)


def g_chart(gaps: Numbers, *, good: Good = None, rebase_at: Sequence[int] = ()) -> ControlChart:
    """Are rare events coming more or less often, counted in chances (visits, days) between one and the next?

    `gaps` are whole numbers of chances without an event between two events. `mean` is the mean gap; the line in
    `centres`, from which runs are counted, is the median, because most gaps of chance events lie below their mean.
    The two-of-three rule is left out, since the limits are skewed.

    Not for: events more often than about one in ten periods (use `u_chart`).
    Formula: ḡ ± 3√(ḡ(ḡ + 1)), not below 0.
    Source: Benneyan 2001, Health Care Management Science 4, 305–318.

    >>> chart = g_chart([3, 0, 7, 2, 5, 13, 4])
    >>> round(chart.mean, 2), chart.lower, round(chart.upper, 2)
    (4.86, 0.0, 20.86)
    """
    series = check_counts("gaps", gaps)

    def draw(stretch: slice) -> _Stretch:
        part = series[stretch]
        mean = float(part.mean())
        reach = 3 * np.sqrt(mean * (mean + 1))
        middle, size = float(np.median(part)), len(part)
        limits = np.full(size, max(0.0, mean - reach)), np.full(size, mean + reach)
        ends = np.where(part > middle, mean + reach - middle, middle - mean + reach)
        return _Stretch(np.full(size, middle), *limits, part - middle, ends, near=False)

    chart = _chart(series, draw, good, rebase_at)
    return replace(chart, mean=float(series[max(rebase_at, default=0) :].mean()))


def t_chart(times: Numbers, *, good: Good = None, rebase_at: Sequence[int] = ()) -> ControlChart:
    """Are rare events coming more or less often, in time (days, hours) between one and the next?

    `times` are 0 or more, in any unit of time, which is that of the lines. The rules look at the times to the power of
    1/3.6, which makes waiting times near to normal; the lines are put back into time.

    Not for: times recorded only by month.
    Formula: lines of the XmR chart of y = t^(1/3.6), each to the power of 3.6.
    Source: Nelson 1994, Journal of Quality Technology 26(2), 114–115.

    >>> chart = t_chart([10, 30, 21, 4, 55, 17, 26])
    >>> round(chart.mean, 1), round(chart.lower, 1), round(chart.upper, 1)
    (19.5, 0.0, 185.5)
    """
    series = nonnegative("times", times)
    scaled = series ** (1 / NELSON)

    def draw(stretch: slice) -> _Stretch:
        part = scaled[stretch]
        mean, reach = _centre(part)
        size = len(part)
        centre, low, high = (max(0.0, line) ** NELSON for line in (mean, mean - reach, mean + reach))
        limits = np.full(size, low), np.full(size, high)
        return _Stretch(np.full(size, centre), *limits, part - mean, np.full(size, reach))

    return _chart(series, draw, good, rebase_at)


def _shares(counts: Numbers, totals: Numbers) -> tuple[Floats, Floats]:
    part, whole = check_counts("counts", counts), positive("totals", totals)
    same_length(counts=part, totals=whole)
    if (part > whole).any():
        place = int(np.argmax(part > whole))
        raise BadInput(
            f"counts[{place}] is {print_number(part[place])}, above its total of {print_number(whole[place])}."
        )
    return part, whole


def _rates(counts: Numbers, exposure: Numbers) -> tuple[Floats, Floats]:
    part, base = check_counts("counts", counts), positive("exposure", exposure)
    same_length(counts=part, exposure=base)
    return part, base


def _attribute(
    part: Floats, base: Floats, kind: str, good: Good, rebase_at: Sequence[int], *, laney: bool
) -> ControlChart:
    values = part / base

    def draw(stretch: slice) -> _Stretch:
        centre = float(part[stretch].sum() / base[stretch].sum())
        deviation = np.sqrt(centre * (1 - centre if kind == "share" else 1) / base[stretch])
        widening = _widening(values[stretch] - centre, deviation) if laney else 1.0
        return _Stretch.level(values[stretch], np.full(len(deviation), centre), 3 * widening * deviation, widening)

    chart = _chart(values, draw, good, rebase_at)
    return _kept_within(chart, 0.0, 1.0 if kind == "share" else np.inf)


def _widening(away: Floats, deviation: Floats) -> float:
    scores = np.divide(away, deviation, out=np.zeros_like(away), where=deviation > 0)
    return float(np.abs(np.diff(scores)).mean()) / MOVING_RANGE_OF_ONE


def _chart(values: Floats, draw: Callable[[slice], _Stretch], good: Good, rebase_at: Sequence[int]) -> ControlChart:
    starts = sorted({0, *rebase_at})
    if starts[0] < 0 or starts[-1] >= len(values) or min(np.diff([*starts, len(values)])) < 2:
        raise BadInput(f"rebase_at {list(rebase_at)} leaves a stretch of fewer than two of {len(values)} points.")
    slices = [slice(low, high) for low, high in zip(starts, [*starts[1:], len(values)], strict=True)]
    stretches = [draw(part) for part in slices]
    found: list[Signal] = []
    for part, stretch in zip(slices, stretches, strict=True):
        found += find_signals(values[part], stretch.away, stretch.reach, start=part.start, near=stretch.near)
    centres, lowers, uppers = (
        np.concatenate([getattr(stretch, line) for stretch in stretches]) for line in ("centres", "lowers", "uppers")
    )
    return ControlChart(
        mean=float(centres[-1]),
        lower=float(lowers[-1]),
        upper=float(uppers[-1]),
        signals=tuple(found),
        variation=_variation([signal for signal in found if len(values) - 1 in signal.points], good),
        centres=centres,
        lowers=lowers,
        uppers=uppers,
        good=good,
        values=values,
        widening=stretches[-1].widening,
    )


def _kept_within(chart: ControlChart, least: float, most: float) -> ControlChart:
    lowers, uppers = np.clip(chart.lowers, least, most), np.clip(chart.uppers, least, most)
    return replace(chart, lowers=lowers, uppers=uppers, lower=float(lowers[-1]), upper=float(uppers[-1]))


def _centre(values: Floats) -> tuple[float, float]:
    moving = np.abs(np.diff(values))
    kept = moving[moving < SCREEN * moving.mean()] if moving.mean() > 0 else moving
    return float(values.mean()), LIMIT * float(kept.mean())


def _variation(last: list[Signal], good: Good) -> Literal["improving", "worsening", "changing", "ordinary"]:
    if not last:
        return "ordinary"
    if good is None:
        return "changing"
    return "improving" if (last[-1].side == "low") == (good == "down") else "worsening"
