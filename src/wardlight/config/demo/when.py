"""When the demo borough's incidents happen: months, seasons, the lockdown, days and hours. Local time, in whole minutes."""

from __future__ import annotations

import calendar
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .truths import components, record_months, truths

DAY = 24 * 60
ORDINARY_MONTH = 365.25 / 12
PEAK_MONTH = {"summer": ("summer_violence", 7), "winter": ("winter_burglary", 12)}


def minutes_at(month: int) -> int:
    """Minutes from 1 January 1970 to the start of a month, as a clock on the wall in Larkmoor shows it."""
    return int(np.datetime64(f"{month // 100}-{month % 100:02d}", "m").astype(np.int64))


def month_after(month: int) -> int:
    return month + 1 if month % 100 < 12 else month + 89


def days_in(month: int) -> int:
    return calendar.monthrange(month // 100, month % 100)[1]


def expected(flow: dict[str, Any], scale: float, wobble: NDArray[np.float64]) -> NDArray[np.float64]:
    """How many of a flow to expect in each record month. `wobble` is the months' extra variation for flows that have it."""
    months = record_months()
    per_month = np.array([flow["per_year"] / 12 * days_in(month) / ORDINARY_MONTH for month in months])
    per_month *= [season(flow["season"], month) for month in months]
    if flow.get("dispersed"):
        per_month *= wobble
    return scale * per_month * [_lockdown(flow, month) * _reporting(flow, month) for month in months]


def season(which: str, month: int) -> float:
    """The planted season's factor in a month; 1 where there is none."""
    if which == "none":
        return 1.0
    key, peak = PEAK_MONTH[which]
    return float(1 + truths()["season"][key] * np.cos(2 * np.pi * (month % 100 - peak) / 12))


def extra_variation(rng: np.random.Generator, mean: float, dispersion: float, number: int) -> NDArray[np.float64]:
    """Factors round 1 that make counts with this mean vary `dispersion` times as much as chance dice."""
    shape = mean / (dispersion - 1)
    return rng.gamma(shape, 1 / shape, size=number)


def moments(rng: np.random.Generator, month: int, number: int, clock: str) -> NDArray[np.int64]:
    """`number` moments in a month by a named clock, in minutes. Small hours belong to the day before's evening."""
    start = minutes_at(month)
    days = np.arange(days_in(month))
    weights = np.array(components()["clock"][clock]["days"], dtype=float)[(start // DAY + 3 + days) % 7]
    chosen = start + DAY * rng.choice(days, size=number, p=weights / weights.sum())
    return within_records(chosen + time_of_day(rng, number, clock))


def time_of_day(rng: np.random.Generator, number: int, clock: str) -> NDArray[np.int64]:
    """Minutes after midnight by a named clock; more than a day's worth is the small hours of the next day."""
    hands = components()["clock"][clock]
    weights = np.array(hands["weights"], dtype=float)
    hours = rng.choice(np.array(hands["hours"]), size=number, p=weights / weights.sum())
    return np.asarray(60 * hours + rng.integers(0, 60, size=number), dtype=np.int64)


def within_records(moments: NDArray[np.int64]) -> NDArray[np.int64]:
    """Moments past the last record month go whole weeks back."""
    end = minutes_at(month_after(record_months()[-1]))
    return clock_times(moments - np.maximum(0, (moments - end) // (7 * DAY) + 1) * 7 * DAY)


def clock_times(moments: NDArray[np.int64]) -> NDArray[np.int64]:
    """No clock shows the hour that summer time skips: moments in it go an hour on."""
    for year in range(record_months()[0] // 100, record_months()[-1] // 100 + 1):
        march = minutes_at(year * 100 + 3) // DAY + 30
        skipped = (march - (march + 4) % 7) * DAY + 60
        moments = np.where((moments >= skipped) & (moments < skipped + 60), moments + 60, moments)
    return moments


def month_of(moments: NDArray[np.int64]) -> NDArray[np.int64]:
    """The month of each moment as YYYYMM."""
    index = moments.astype("datetime64[m]").astype("datetime64[M]").astype(np.int64) + 1970 * 12
    return np.asarray(index // 12 * 100 + index % 12 + 1)


def _lockdown(flow: dict[str, Any], month: int) -> float:
    planted = truths()["lockdown"]
    return float(flow["lockdown"]) if planted["first_month"] <= month <= planted["last_month"] else 1.0


def _reporting(flow: dict[str, Any], month: int) -> float:
    planted = truths()["hate"]
    return 1 + float(planted["effect"]) if flow.get("hate") and month >= planted["first_month"] else 1.0
