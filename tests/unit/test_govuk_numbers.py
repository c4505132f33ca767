"""Numbers and dates as they are written in text and tables."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardlight.govuk.numbers import long_date, long_time, month_name, percent, signed_percent, thousands


@pytest.mark.parametrize(
    ("value", "said"), [(1553, "1,553"), (-4.5, "−4.5"), (0, "0"), (None, "–"), (1000000.0, "1,000,000")]
)
def test_thousands(value: float | None, said: str) -> None:
    assert thousands(value) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [(-26.4, "−26.4%"), (3.0, "+3.0%"), (0.0, "0.0%"), (-0.04, "0.0%"), (0.04, "0.0%"), (None, "–")],
)
def test_signed_percent(value: float | None, said: str) -> None:
    assert signed_percent(value) == said


def test_percent_has_no_space() -> None:
    assert percent(41.0) == "41%"


@given(st.integers(-(10**12), 10**12))
def test_thousands_reads_back(value: int) -> None:
    written = thousands(value)
    assert "-" not in written
    assert int(written.replace("−", "-").replace(",", "")) == value


def test_dates_are_local_and_long() -> None:
    assert long_date(date(2020, 4, 1)) == "1 April 2020"
    assert long_date(datetime(2020, 6, 30, 23, 30, tzinfo=UTC)) == "1 July 2020"
    assert long_time(datetime(2020, 6, 30, 12, 5, tzinfo=UTC)) == "30 June 2020 at 1:05pm"
    assert long_time(datetime(2020, 1, 1, 0, 5, tzinfo=UTC)) == "1 January 2020 at 12:05am"


def test_months() -> None:
    assert month_name(202004) == "April 2020"
    assert month_name(None) == "–"
