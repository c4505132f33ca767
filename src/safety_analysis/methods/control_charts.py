"""Is a measure changing, or only varying (XmR charts)?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from safety_analysis.inputs import BadInput, Floats, Numbers, finite, one, print_number

LIMIT = 2.66
SCREEN = 3.267
RUN = 7

Good = Literal["down", "up"] | None
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Signal:
    """A special cause: the points it holds for, the rule that fired and the side it is on."""

    points: tuple[int, ...]
    rule: str
    side: Literal["high", "low"]


@dataclass(frozen=True, slots=True, eq=False)
class ControlChart:
    """`mean`, `lower` and `upper` belong to the last stretch; `centres`, `lowers` and `uppers` to each point.

    `variation` is what the latest point shows: improving, worsening, changing (when neither way is good) or ordinary.
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


def xmr(values: Numbers, *, good: Good = None, rebase_at: Sequence[int] = ()) -> ControlChart:
    """Individuals chart: mean ± 2.66 × mean moving range, ranges of 3.267 times their mean or more left out once.

    `rebase_at` are positions at which a new stretch begins, with its own mean (a dated event). Signals: a point outside; seven on
    one side; seven rising or falling; two of three near a limit with all three on one side (Shewhart; Wheeler 1993; NHS
    England, Making Data Count). Refuses a stretch of fewer than two points.
    """
    series = finite("values", values)
    starts = sorted({0, *rebase_at})
    if starts[0] < 0 or starts[-1] >= len(series) or min(np.diff([*starts, len(series)])) < 2:
        raise BadInput(f"rebase_at {list(rebase_at)} leaves a stretch of fewer than two of {len(series)} points.")
    stretches = [slice(low, high) for low, high in zip(starts, [*starts[1:], len(series)], strict=True)]
    lines = np.empty((3, len(series)))
    signals: list[Signal] = []
    for stretch in stretches:
        mean, reach = _centre(series[stretch])
        lines[:, stretch] = np.array([[mean], [mean - reach], [mean + reach]])
        signals += _signals(series[stretch], mean, reach, stretch.start)
    centres, lowers, uppers = lines
    last = [signal for signal in signals if len(series) - 1 in signal.points]
    return ControlChart(
        mean=float(centres[-1]),
        lower=float(lowers[-1]),
        upper=float(uppers[-1]),
        signals=tuple(signals),
        variation=_variation(last, good),
        centres=centres,
        lowers=lowers,
        uppers=uppers,
        good=good,
    )


def _centre(values: Floats) -> tuple[float, float]:
    moving = np.abs(np.diff(values))
    kept = moving[moving < SCREEN * moving.mean()] if moving.mean() > 0 else moving
    return float(values.mean()), LIMIT * float(kept.mean())


def _signals(values: Floats, mean: float, reach: float, start: int) -> list[Signal]:
    side = np.sign(values - mean)
    steps = np.sign(np.diff(values))
    found: list[Signal] = []
    for sign, name in ((1, "high"), (-1, "low")):
        away = sign * (values - mean)
        found += [
            _signal([place], "a point outside the limits", name, start)
            for place in np.flatnonzero(away > reach).tolist()
        ]
        found += [
            _signal(run, "seven or more on one side of the mean", name, start) for run in _runs(side == sign, RUN)
        ]
        trends = _runs(steps == sign, RUN - 1)
        rule = "seven or more rising" if sign == 1 else "seven or more falling"
        found += [_signal([*run, run[-1] + 1], rule, name, start) for run in trends]
        found += [_signal(run, "two of three near a limit", name, start) for run in _near_limit(away, reach)]
    return found


def _signal(points: Sequence[int], rule: str, side: str, start: int) -> Signal:
    return Signal(tuple(int(point) + start for point in points), rule, "high" if side == "high" else "low")


def _runs(holds: Mask, least: int) -> list[list[int]]:
    edges = np.diff(np.concatenate([[0], holds.astype(int), [0]]))
    runs = zip(np.flatnonzero(edges == 1), np.flatnonzero(edges == -1), strict=True)
    return [list(range(low, high)) for low, high in runs if high - low >= least]


def _near_limit(away: Floats, reach: float) -> list[list[int]]:
    near = (away > reach * 2 / 3) & (away <= reach)
    windows = [list(range(place, place + 3)) for place in range(len(away) - 2)]
    return [window for window in windows if near[window].sum() >= 2 and (away[window] > 0).all()]


def _variation(last: list[Signal], good: Good) -> Literal["improving", "worsening", "changing", "ordinary"]:
    if not last:
        return "ordinary"
    if good is None:
        return "changing"
    return "improving" if (last[-1].side == "low") == (good == "down") else "worsening"
