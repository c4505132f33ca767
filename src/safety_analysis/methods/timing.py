"""When: hours of the week from exact times and from windows of time (aoristic analysis)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from safety_analysis.inputs import BadInput, Floats, Numbers, nonnegative, one, same_length

HOURS = 168
WEEK = HOURS * 60
FIRST_MONDAY = np.datetime64("1970-01-05T00:00", "m")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
BLOCK = 20_000

Minutes = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class WeeklyProfile:
    """`hours[day, hour]`, Monday first, sums to the weight of the events used.

    `exact` events fall in one hour whole, `spread` events are shared out over their window, `left_out` have a window
    longer than the limit.
    """

    hours: Floats
    exact: int
    spread: int
    left_out: int

    @property
    def busiest(self) -> tuple[int, int]:
        """Day (0 Monday) and hour of the largest value."""
        day, hour = np.unravel_index(int(self.hours.argmax()), self.hours.shape)
        return int(day), int(hour)

    def __str__(self) -> str:
        if self.hours.sum() == 0:
            return "No event has a time that can be used."
        day, hour = self.busiest
        used = self.exact + self.spread
        when = f"{DAYS[day]} {hour:02}:00 to {(hour + 1) % 24:02}:00"
        return f"The busiest hour of the week is {when} ({self.hours.max() / self.hours.sum():.1%} of {used:,} events)."


def aoristic(start: Any, end: Any) -> Floats:
    """The chance that each event fell in each hour of the week: n × 168, Monday 00:00 first, rows sum to 1.

    `start` and `end` are local times (datetime64, or what NumPy can make of them); the window is [start, end),
    counted by the minute across midnight and the week's end; a window of no length counts whole in its hour
    (Ratcliffe 2002). Refuses a missing time and an end before its start.

    Not for: windows of days, which say nothing about the hour.
    Formula: minutes of the window in each hour of the week / minutes of the window.
    Source: Ratcliffe 2002, Journal of Quantitative Criminology 18, 23–43.

    >>> weights = aoristic(['2020-01-08T10:55'], ['2020-01-08T11:55'])[0]
    >>> [round(float(value), 4) for value in weights[48 + 10:48 + 12]]
    [0.0833, 0.9167]
    """
    first, last = _minutes("start", start), _minutes("end", end)
    same_length(start=first, end=last)
    if (last < first).any():
        row = int(np.argmax(last < first))
        raise BadInput(f"end[{row}] ({_shown(last[row])}) is before start[{row}] ({_shown(first[row])}).")
    instant = last == first
    last = np.where(instant, first + 1, last)
    return (_elapsed(last) - _elapsed(first)) / (last - first)[:, None]


def weekly_profile(
    start: Any, end: Any = None, *, weights: Numbers | None = None, longest_hours: float = HOURS
) -> WeeklyProfile:
    """Sum events (or weights) by hour of the week, in blocks that keep memory small.

    Events whose window is longer than `longest_hours` say nothing about the hour: they are left out and counted.

    Not for: events recorded at a default time, such as midnight.
    Formula: Σ weights × aoristic shares.
    Source: Ratcliffe 2002, Journal of Quantitative Criminology 18, 23–43.

    >>> print(weekly_profile(['2024-05-03T22:10', '2024-05-03T22:40', '2024-05-04T01:00']))
    The busiest hour of the week is Friday 22:00 to 23:00 (66.7% of 3 events).
    """
    first = _minutes("start", start)
    last = first if end is None else _minutes("end", end)
    load = np.ones(len(first)) if weights is None else nonnegative("weights", weights)
    same_length(start=first, end=last, weights=load)
    kept = last - first <= 60 * one("longest_hours", longest_hours, above=0)
    hours = np.zeros(HOURS)
    for place in range(0, len(first), BLOCK):
        block = np.flatnonzero(kept[place : place + BLOCK]) + place
        if len(block):
            hours += load[block] @ aoristic(_times(first[block]), _times(last[block]))
    exact = int((kept & (last == first)).sum())
    return WeeklyProfile(hours.reshape(7, 24), exact, int(kept.sum()) - exact, int((~kept).sum()))


def _minutes(name: str, values: Any) -> Minutes:
    """Minutes since a Monday midnight."""
    try:
        times = np.asarray(values).astype("datetime64[m]")
    except (TypeError, ValueError) as error:
        raise BadInput(f"{name} must be local times, but one of them cannot be read ({error}).") from error
    if times.ndim != 1:
        raise BadInput(f"{name} must have 1 dimension, but has {times.ndim}.")
    if np.isnat(times).any():
        raise BadInput(f"{name}[{int(np.argmax(np.isnat(times)))}] is missing; leave events without a time out.")
    return (times - FIRST_MONDAY).astype(np.int64)


def _times(minutes: Minutes) -> npt.NDArray[np.datetime64]:
    return FIRST_MONDAY + minutes.astype("timedelta64[m]")


def _elapsed(minutes: Minutes) -> Floats:
    """Minutes of each hour of the week that have passed since the first Monday."""
    weeks, rest = np.divmod(minutes, WEEK)
    return weeks[:, None] * 60.0 + np.clip(rest[:, None] - 60 * np.arange(HOURS), 0, 60)


def _shown(minutes: int) -> str:
    return str(_times(np.array([minutes]))[0]).replace("T", " ")
