"""Monthly series: the season, the series with its season taken out, and what changed when something was done."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from safety_analysis.inputs import BadInput, Floats, Numbers, confidence, nonnegative, one
from safety_analysis.methods.change import LEAST_MONTHS, dispersion
from safety_analysis.methods.interruptions import InterruptedSeries as InterruptedSeries
from safety_analysis.methods.interruptions import interrupted_time_series as interrupted_time_series

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@dataclass(frozen=True, slots=True, eq=False)
class Season:
    """A yearly pattern. `indices[k]` is 1.2 where the k-th month of the year has a fifth more than the average month.

    Positions count from the first month used, which `first_month` names.

    `low` and `high` are the indices' intervals; `adjusted` is the whole series divided by its indices; `p_value` tests
    that there is no season; `peak` and `trough` are positions within the year; `n` months were used to find the season.
    """

    indices: Floats
    low: Floats
    high: Floats
    adjusted: Floats
    peak: int
    trough: int
    dispersion: float
    p_value: float
    n: int
    method: str
    first_month: int | None
    level: float

    @property
    def clear(self) -> bool:
        """Whether the months differ more than they ordinarily vary."""
        return self.p_value < 1 - self.level

    def name(self, position: int) -> str:
        """The calendar name of a position in the year, or its number when the first month is not known."""
        if self.first_month is None or len(self.indices) != len(MONTHS):
            return f"period {position + 1}"
        return MONTHS[(self.first_month % 100 - 1 + position) % len(MONTHS)]

    def __str__(self) -> str:
        if not self.clear:
            return f"No clear season in {self.n} months: they vary no more than they ordinarily do."
        peak, trough = self.indices[self.peak], self.indices[self.trough]
        high = f"{self.name(self.peak)} is highest ({100 * (peak - 1):.0f}% above the average month)"
        return f"{high} and {self.name(self.trough)} lowest ({100 * (1 - trough):.0f}% below)."


def seasonal(series: Numbers, *, first_month: int | None = None, period: int = 12, level: float = 0.95) -> Season:
    """The season of monthly counts by the two-way (year × month) multiplicative model.

    For whole years its maximum-likelihood indices are the months' totals over the average month's (Agresti 2013,
    section 3.2), so that one loud year does not bend them more than its share. Interval: log index ± z√(φ(1/nₘ −
    1/N)). p: F test of the months' Pearson statistic over φ, the dispersion round the season. The oldest months that
    fill no whole year get the same indices but are not used to find them. `first_month` (YYYYMM of series[0]) only
    names the months. Refuses under 24 months or a series of no events.

    Not for: a series with a break in how it was counted.
    Formula: index = month's total / average month's total; limits log index ± z√(φ(1/nₘ − 1/N)).
    Source: Agresti 2013, Categorical Data Analysis, section 3.2.

    >>> print(seasonal([10, 20, 30, 40, 50, 60, 60, 50, 40, 30, 20, 10] * 3, first_month=202001))
    June is highest (71% above the average month) and January lowest (71% below).
    """
    counts = nonnegative("series", series)
    length = int(one("period", period, least=2))
    years = len(counts) // length
    if years * length < LEAST_MONTHS or years < 2:
        raise BadInput(f"series has {len(counts)} months; a season needs at least {max(LEAST_MONTHS, 2 * length)}.")
    used = counts[-years * length :]
    totals = used.reshape(years, length).sum(axis=0)
    whole = float(totals.sum())
    if whole == 0:
        raise BadInput("series holds no events, so it has no season.")
    indices = totals * length / whole
    spread = dispersion(used, period=length).value
    low, high = _limits(indices, totals, whole, spread, confidence(level))
    statistic = float(((totals - whole / length) ** 2).sum() / (whole / length)) / (length - 1) / spread
    offset = len(counts) - years * length
    by_month = np.roll(np.tile(indices, years + 1), offset)[: len(counts)]
    return Season(
        indices=indices,
        low=low,
        high=high,
        adjusted=np.divide(counts, by_month, out=np.zeros_like(counts), where=by_month > 0),
        peak=int(indices.argmax()),
        trough=int(indices.argmin()),
        dispersion=spread,
        p_value=float(stats.f.sf(statistic, length - 1, (length - 1) * (years - 1))),
        n=len(used),
        method="two-way multiplicative model of whole years",
        first_month=None if first_month is None else add_months(first_month, offset),
        level=level,
    )


def _limits(indices: Floats, totals: Floats, whole: float, spread: float, level: float) -> tuple[Floats, Floats]:
    events = np.maximum(totals, 0.5)
    reach = stats.norm.ppf(0.5 + level / 2) * np.sqrt(spread * np.maximum(1 / events - 1 / whole, 0))
    middle = np.maximum(indices, 0.5 * len(totals) / whole)
    low = np.where(totals > 0, middle * np.exp(-reach), 0.0)
    return low, middle * np.exp(reach)


def add_months(month: int, by: int) -> int:
    """YYYYMM moved by a number of months.

    >>> add_months(202011, 3)
    202102
    """
    if not 1 <= month % 100 <= 12:
        raise BadInput(f"{month} is no month; write it as YYYYMM, such as 202004.")
    months = month // 100 * 12 + month % 100 - 1 + by
    return months // 12 * 100 + months % 12 + 1


def month_range(first: int, last: int) -> list[int]:
    """Every month from first to last, both included, as YYYYMM.

    >>> month_range(202011, 202102)
    [202011, 202012, 202101, 202102]
    """
    months = [add_months(first, 0)]
    while months[-1] < last:
        months.append(add_months(months[-1], 1))
    return months
