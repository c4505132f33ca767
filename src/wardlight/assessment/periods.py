"""Periods of whole months, and the rule that two periods compared are of equal length and do not overlap."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from wardlight.partners.refusal import Refusal

MONTHS_A_YEAR = 12
MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
WRITTEN = re.compile(r"(\d{4})-(\d{2})(?:\.\.(\d{4})-(\d{2}))?")


def month_number(month: int) -> int:
    """Months since year 0: 202004 → 24243. Consecutive months differ by one."""
    return (month // 100) * MONTHS_A_YEAR + month % 100 - 1


def month_from_number(number: int) -> int:
    """The inverse of `month_number`."""
    return number // MONTHS_A_YEAR * 100 + number % MONTHS_A_YEAR + 1


def shift(month: int, by: int) -> int:
    """The month `by` months later (earlier when negative): 202012 + 1 → 202101."""
    return month_from_number(month_number(month) + by)


def month_title(month: int) -> str:
    """202004 → “April 2020”."""
    return f"{MONTH_NAMES[month % 100 - 1]} {month // 100}"


def month_key(month: int) -> str:
    """202004 → “2020-04”."""
    return f"{month // 100:04d}-{month % 100:02d}"


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Whole months, both ends included, as integers such as 202004."""

    first_month: int
    last_month: int

    def __post_init__(self) -> None:
        for month in (self.first_month, self.last_month):
            if not 1 <= month % 100 <= MONTHS_A_YEAR or not 1900 <= month // 100 <= 2999:
                raise Refusal(f"“{month}” is not a month: write the year and month as in 2020-04.")
        if self.last_month < self.first_month:
            raise Refusal(
                f"The period {self.key} ends before it begins: "
                f"write the earlier month first, as in {month_key(self.last_month)}..{month_key(self.first_month)}."
            )

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read “2020-04..2021-03”, or “2020-04” for one month. Raises Refusal that says how a period is written."""
        match = WRITTEN.fullmatch(text.strip())
        if match is None:
            raise Refusal(f"“{text}” is not a period: write two months, as in 2020-04..2021-03.")
        year, month, last_year, last_month = match.groups()
        wrong = next((one for one in (month, last_month) if one and not 1 <= int(one) <= MONTHS_A_YEAR), None)
        if wrong is not None:
            raise Refusal(f"“{text.strip()}” has a month {wrong}: months go from 01 to 12, as in 2020-04..2021-03.")
        first = int(year) * 100 + int(month)
        return cls(first, int(last_year) * 100 + int(last_month) if last_year else first)

    @property
    def months(self) -> tuple[int, ...]:
        start = month_number(self.first_month)
        return tuple(month_from_number(start + index) for index in range(len(self)))

    def __len__(self) -> int:
        return month_number(self.last_month) - month_number(self.first_month) + 1

    @property
    def key(self) -> str:
        """“2020-04..2021-03”, as `parse` reads it."""
        return f"{month_key(self.first_month)}..{month_key(self.last_month)}"

    @property
    def title(self) -> str:
        """“1 April 2020 to 31 March 2021”."""
        first = date(self.first_month // 100, self.first_month % 100, 1)
        return f"{_day(first)} to {_day(self.last_day)}"

    @property
    def short_title(self) -> str:
        """For the head of a column: “2020/21” for a financial year, “2020” for a calendar one, else the months."""
        year, month = divmod(self.first_month, 100)
        if len(self) == MONTHS_A_YEAR and month == 1:
            return str(year)
        if len(self) == MONTHS_A_YEAR:
            suffix = f"{(year + 1) % 100:02d}"
            return f"{year}/{suffix}" if month == 4 else f"{_short(self.first_month)} – {_short(self.last_month)}"
        if len(self) == 1:
            return _short(self.first_month)
        return f"{_short(self.first_month)} – {_short(self.last_month)}"

    @property
    def last_day(self) -> date:
        following = shift(self.last_month, 1)
        return date(following // 100, following % 100, 1) - timedelta(days=1)

    def shifted(self, months: int) -> Period:
        """The same length, `months` months later (earlier when negative)."""
        return Period(shift(self.first_month, months), shift(self.last_month, months))

    def overlaps(self, other: Period) -> bool:
        return self.first_month <= other.last_month and other.first_month <= self.last_month


def _day(day: date) -> str:
    return f"{day.day} {MONTH_NAMES[day.month - 1]} {day.year}"


def _short(month: int) -> str:
    return f"{MONTH_NAMES[month % 100 - 1][:3]} {month // 100}"


def equal_window(period: Period, against: Period) -> Period:
    """The window of the period's length that lies nearest to `against`: it ends in the same month, if that is
    before the period begins, else it is the window straight before the period."""
    wanted = Period(shift(against.last_month, 1 - len(period)), against.last_month)
    return wanted if wanted.last_month < period.first_month else period.shifted(-len(period))


def months_in_words(count: int) -> str:
    return "1 month" if count == 1 else f"{count} months"


def check_comparable(period: Period, against: Period) -> None:
    """Raise a Refusal, naming the nearest equal window, unless the two have the same length and do not overlap."""
    offer = equal_window(period, against)
    if len(period) != len(against):
        raise Refusal(
            f"The period {period.key} has {months_in_words(len(period))} and {against.key} has "
            f"{months_in_words(len(against))}, and unequal periods cannot be compared: use {offer.key}."
        )
    if period.overlaps(against):
        raise Refusal(f"The periods {period.key} and {against.key} overlap: compare with {offer.key} instead.")
    if against.first_month > period.first_month:
        raise Refusal(
            f"The period {against.key} comes after {period.key}, and changes are told from the earlier to the later: "
            f"assess {against.key} against {period.key}."
        )


def runs(months: Iterable[int]) -> list[Period]:
    """Unbroken runs of the months given."""
    found: list[Period] = []
    for month in sorted(set(months)):
        if found and shift(found[-1].last_month, 1) == month:
            found[-1] = Period(found[-1].first_month, month)
        else:
            found.append(Period(month, month))
    return found


def name_months(months: Iterable[int]) -> str:
    """“June 2022”, or “April 2020 to March 2021 and June 2022”."""
    parts = [
        month_title(run.first_month)
        if len(run) == 1
        else f"{month_title(run.first_month)} to {month_title(run.last_month)}"
        for run in runs(months)
    ]
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1] if parts else "no month"


def missing_months(period: Period, covered: Iterable[int]) -> list[int]:
    """The months of the period that are not covered."""
    have = set(covered)
    return [month for month in period.months if month not in have]


def check_covered(period: Period, covered: Iterable[int], *, what: str = "the data") -> None:
    """Raise a Refusal that names the months missing from the period and those that there are."""
    have = set(covered)
    missing = missing_months(period, have)
    if missing:
        raise Refusal(
            f"The period {period.key} is not covered: {what} has nothing for {name_months(missing)}; "
            f"it has {name_months(have)}. Choose a period within that, or import the months that are missing."
        )
