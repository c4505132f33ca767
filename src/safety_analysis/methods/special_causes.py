"""The rules by which a control chart tells a real change from ordinary variation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from safety_analysis.inputs import Floats

RUN = 7

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Signal:
    """A special cause: the points it holds for, the rule that fired and the side it is on."""

    points: tuple[int, ...]
    rule: str
    side: Literal["high", "low"]


def signals(values: Floats, away: Floats, reach: Floats, *, start: int = 0, near: bool = True) -> list[Signal]:
    """Every signal of one stretch, all arrays of one length.

    `away` is each value (on the scale of the limits) above its centre line, `reach` the distance of its limit;
    positions count from `start`. `near` off leaves out the two-of-three rule, for charts with skewed limits.
    """
    steps = np.sign(np.diff(values))
    found: list[Signal] = []
    for sign, name in ((1, "high"), (-1, "low")):
        distance = sign * away
        found += [
            _signal([place], "a point outside the limits", name, start)
            for place in np.flatnonzero(distance > reach).tolist()
        ]
        found += [
            _signal(run, "seven or more on one side of the mean", name, start) for run in _runs(distance > 0, RUN)
        ]
        trends = _runs(steps == sign, RUN - 1)
        rule = "seven or more rising" if sign == 1 else "seven or more falling"
        found += [_signal([*run, run[-1] + 1], rule, name, start) for run in trends]
        windows = _near_limit(distance, reach) if near else []
        found += [_signal(run, "two of three near a limit", name, start) for run in windows]
    return found


def _signal(points: Sequence[int], rule: str, side: str, start: int) -> Signal:
    return Signal(tuple(int(point) + start for point in points), rule, "high" if side == "high" else "low")


def _runs(holds: Mask, least: int) -> list[list[int]]:
    edges = np.diff(np.concatenate([[0], holds.astype(int), [0]]))
    runs = zip(np.flatnonzero(edges == 1), np.flatnonzero(edges == -1), strict=True)
    return [list(range(low, high)) for low, high in runs if high - low >= least]


def _near_limit(away: Floats, reach: Floats) -> list[list[int]]:
    near = (away > reach * 2 / 3) & (away <= reach)
    windows = [list(range(place, place + 3)) for place in range(len(away) - 2)]
    return [window for window in windows if near[window].sum() >= 2 and (away[window] > 0).all()]
