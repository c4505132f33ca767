"""Periods: reading them, comparing like with like, naming what is missing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardlight.assessment.periods import (
    Period,
    check_comparable,
    check_covered,
    equal_window,
    month_from_number,
    month_number,
    name_months,
    runs,
    shift,
)
from wardlight.partners.refusal import Refusal

MONTHS = st.builds(lambda year, month: year * 100 + month, st.integers(1950, 2100), st.integers(1, 12))


def test_a_period_is_read_and_written() -> None:
    period = Period.parse("2020-04..2021-03")
    assert (period.first_month, period.last_month, len(period)) == (202004, 202103, 12)
    assert period.key == "2020-04..2021-03"
    assert period.title == "1 April 2020 to 31 March 2021"
    assert period.short_title == "2020/21"
    assert period.months[8:10] == (202012, 202101)


@pytest.mark.parametrize(
    ("text", "title", "short"),
    [
        ("2020-01..2020-12", "1 January 2020 to 31 December 2020", "2020"),
        ("2020-02", "1 February 2020 to 29 February 2020", "Feb 2020"),
        ("2022-07..2023-06", "1 July 2022 to 30 June 2023", "Jul 2022 – Jun 2023"),
        ("1999-04..2000-03", "1 April 1999 to 31 March 2000", "1999/00"),
    ],
)
def test_titles(text: str, title: str, short: str) -> None:
    period = Period.parse(text)
    assert (period.title, period.short_title) == (title, short)


@pytest.mark.parametrize(
    "text", ["2020", "April 2020", "2020-4..2021-3", "2020-04-2021-03", "", "2020-13", "2021-03..2020-04"]
)
def test_what_is_not_a_period_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(Refusal, match=r"20\d\d-\d\d"):
        Period.parse(text)


def test_unequal_periods_are_refused_and_the_nearest_equal_window_offered() -> None:
    period, against = Period.parse("2020-04..2021-03"), Period.parse("2019-05..2020-03")
    with pytest.raises(Refusal, match=r"12 months.*11 months.*use 2019-04\.\.2020-03"):
        check_comparable(period, against)


def test_overlapping_periods_are_refused_and_the_window_before_offered() -> None:
    with pytest.raises(Refusal, match=r"overlap: compare with 2019-04\.\.2020-03"):
        check_comparable(Period.parse("2020-04..2021-03"), Period.parse("2019-10..2020-09"))


def test_missing_months_are_named() -> None:
    period = Period.parse("2022-06..2022-09")
    with pytest.raises(Refusal, match=r"nothing for June 2022; it has July 2022 to December 2022"):
        check_covered(period, Period.parse("2022-07..2022-12").months)
    check_covered(period, Period.parse("2022-01..2022-12").months)


def test_months_are_named_in_runs() -> None:
    assert name_months([202206, 202004, 202005]) == "April 2020 to May 2020 and June 2022"
    assert [run.key for run in runs([202001, 202002, 202004])] == ["2020-01..2020-02", "2020-04..2020-04"]


@given(MONTHS, st.integers(-600, 600))
def test_shifting_there_and_back_is_nothing(month: int, by: int) -> None:
    assert shift(shift(month, by), -by) == month
    assert month_from_number(month_number(month)) == month


@given(MONTHS, st.integers(0, 60), st.integers(-80, 80), st.integers(0, 60))
def test_the_window_offered_can_always_be_compared(first: int, length: int, away: int, other: int) -> None:
    period = Period(first, shift(first, length))
    start = shift(first, away)
    check_comparable(period, equal_window(period, Period(start, shift(start, other))))
