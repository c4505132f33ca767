"""Comparing counts, the dispersion of months, keeping pace."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from safety_analysis.inputs import BadInput
from safety_analysis.methods import change

COUNTS = st.integers(0, 3000)
SPREADS = st.floats(1, 20)


@given(COUNTS, COUNTS, SPREADS)
def test_the_interval_contains_the_ratio(before: int, after: int, spread: float) -> None:
    result = change.compare_counts(before, after, dispersion=spread)
    assert 0 <= result.low <= result.high
    assert 0 <= result.p_value <= 1
    assert 0 <= result.p_e_test <= 1
    if result.ratio is not None:
        assert result.low <= result.ratio <= result.high


@given(st.integers(1, 3000), st.integers(1, 3000), SPREADS)
def test_swapping_the_periods_turns_the_interval_over(before: int, after: int, spread: float) -> None:
    there = change.compare_counts(before, after, dispersion=spread)
    back = change.compare_counts(after, before, dispersion=spread)
    assert there.low == pytest.approx(1 / back.high)
    assert there.p_value == pytest.approx(back.p_value, rel=1e-6)
    assert there.p_e_test == pytest.approx(back.p_e_test, rel=1e-6)


@given(st.integers(20, 3000), st.integers(20, 3000), st.floats(1.01, 20))
def test_more_dispersion_is_less_sure(before: int, after: int, spread: float) -> None:
    tight = change.compare_counts(before, after, dispersion=spread)
    loose = change.compare_counts(before, after, dispersion=spread * 1.5)
    assert loose.high - loose.low > tight.high - tight.low
    assert loose.p_value >= tight.p_value


def test_exposure_is_allowed_for() -> None:
    result = change.compare_counts(365, 366, exposure_before=365, exposure_after=366)
    assert result.percent == pytest.approx(0)
    assert result.p_value == pytest.approx(1)


def test_from_zero_has_no_percentage() -> None:
    assert change.percent_change(0, 5) is None
    result = change.compare_counts(0, 5)
    assert result.percent is None
    assert result.high == float("inf")
    assert str(result) == "No clear change, from 0 to 5 (exact, by chance alone)."


@pytest.mark.parametrize("spread", [1.0, 3.0])
def test_none_and_none_is_no_change(spread: float) -> None:
    result = change.compare_counts(0, 0, dispersion=spread)
    assert (result.low, result.high, result.p_value, result.p_e_test) == (0, float("inf"), 1, 1)


def test_four_then_two_cannot_tell() -> None:
    result = change.compare_counts(4, 2)
    assert not result.clear
    assert result.p_value == pytest.approx(0.6875)


def test_dispersion_of_chance_alone_is_about_one() -> None:
    generator = np.random.default_rng(7)
    season = 100 + 40 * np.sin(np.arange(600) / 12 * 2 * np.pi)
    assert change.dispersion(generator.poisson(season)).raw == pytest.approx(1, abs=0.15)
    assert change.dispersion(generator.poisson(season), expected=season).raw == pytest.approx(1, abs=0.15)


def test_dispersion_of_wilder_months_is_found() -> None:
    generator = np.random.default_rng(7)
    wild = generator.poisson(generator.gamma(100 / 3, 3, 600))
    assert change.dispersion(wild, expected=np.ones(600)).value == pytest.approx(4, abs=0.6)


@given(st.lists(st.integers(1, 500), min_size=24, max_size=48), st.floats(0.1, 50))
def test_the_comparators_size_does_not_matter(series: list[int], factor: float) -> None:
    comparator = np.arange(1, len(series) + 1, dtype=float)
    plain, scaled = (change.dispersion(series, expected=comparator * size) for size in (1, factor))
    assert plain.value == pytest.approx(scaled.value)
    assert plain.value >= 1


@pytest.mark.parametrize("own", [True, False])
def test_months_of_a_known_event_are_not_ordinary_variation(own: bool) -> None:
    generator = np.random.default_rng(11)
    series = generator.poisson(400, 36)
    shut = np.zeros(36, dtype=bool)
    shut[20:23] = True
    series[shut] //= 3
    expected = None if own else np.full(36, 400.0)
    with_event = change.dispersion(series, expected=expected)
    without = change.dispersion(series, expected=expected, left_out=shut)
    assert with_event.value > 10
    assert without.raw == pytest.approx(1, abs=0.7)
    assert (with_event.n, without.n) == (36, 33)
    assert "left out" in without.method


def test_leaving_nothing_out_changes_nothing() -> None:
    series = np.random.default_rng(3).poisson(90, 36)
    plain = change.dispersion(series, expected=np.arange(36) + 50.0)
    same = change.dispersion(series, expected=np.arange(36) + 50.0, left_out=np.zeros(36, dtype=bool))
    assert same.raw == pytest.approx(plain.raw)
    own = change.dispersion(series)
    assert change.dispersion(series, left_out=np.zeros(36, dtype=bool)).raw == pytest.approx(own.raw)


def test_too_few_ordinary_months_say_nothing() -> None:
    series = np.random.default_rng(3).poisson(90, 24)
    assert not change.dispersion(series, left_out=np.arange(24) >= 6).known


def test_short_history_says_so() -> None:
    result = change.dispersion([10] * 23)
    assert (result.value, result.known) == (1, False)
    assert "assuming ordinary chance only, because fewer than 24 earlier months are held" in str(result)


def test_an_empty_history_says_so() -> None:
    result = change.dispersion([0] * 24)
    assert (result.value, result.known) == (1, False)


def test_the_oldest_months_beyond_whole_years_are_left_out() -> None:
    months = np.random.default_rng(1).poisson(50, 24)
    assert change.dispersion(np.append([999], months)).value == change.dispersion(months).value


def test_a_comparator_month_of_none_is_allowed_for() -> None:
    comparator = np.full(24, 20.0)
    comparator[3] = 0
    result = change.dispersion([5] * 24, expected=comparator)
    assert np.isfinite(result.value)
    assert "a half added" in result.method


@given(st.integers(30, 4000), st.integers(0, 4000), st.integers(30, 10**6), st.integers(30, 10**6), SPREADS)
def test_keeping_pace_holds_its_expectation(before: int, after: int, base: int, now: int, spread: float) -> None:
    pace = change.keeping_pace(before, after, base, now, dispersion=spread)
    assert pace.low <= pace.low_given_share <= pace.expected <= pace.high_given_share <= pace.high
    assert pace.expected == pytest.approx(before * now / base)


def test_keeping_pace_sums_months() -> None:
    assert change.keeping_pace([10, 20], [5], [100, 200], [60]) == change.keeping_pace(30, 5, 300, 60)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: change.compare_counts(-1, 2), "before is −1"),
        (lambda: change.compare_counts(1, 2, exposure_after=0), "exposure_after is 0"),
        (lambda: change.compare_counts(1, 2, dispersion=0.5), "dispersion is 0.5; it must be at least 1"),
        (lambda: change.dispersion([1] * 10 + [float("nan")] * 14), r"series\[10\] is nan"),
        (lambda: change.dispersion([1] * 24, expected=[1] * 23), "series has 24, expected has 23"),
        (lambda: change.keeping_pace(0, 2, 3, 4), "at least one event"),
    ],
)
def test_a_bad_value_is_named(call, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        call()
