"""Rates, proportions and standardising."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from safety_analysis.inputs import BadInput
from safety_analysis.methods import rates

COUNTS = st.integers(0, 100_000)
LEVELS = st.sampled_from([0.8, 0.95, 0.998])


@given(COUNTS, st.integers(1, 10_000_000), LEVELS)
def test_a_rate_lies_in_its_interval(count: int, population: int, level: float) -> None:
    result = rates.rate(count, population, level=level)
    assert 0 <= result.low <= result.value <= result.high


@given(st.integers(0, 5000), st.integers(1, 5000), LEVELS)
def test_a_proportion_lies_in_its_interval_within_0_and_1(part: int, more: int, level: float) -> None:
    result = rates.proportion(part, part + more, level=level)
    assert 0 <= result.low <= result.value <= result.high <= 1
    mirrored = rates.proportion(more, part + more, level=level)
    assert (1 - mirrored.high, 1 - mirrored.low) == pytest.approx((result.low, result.high), abs=1e-12)


@given(COUNTS)
def test_a_higher_level_gives_a_wider_interval(count: int) -> None:
    narrow, wide = rates.poisson_limits(count, level=0.9), rates.poisson_limits(count, level=0.99)
    assert wide[0] <= narrow[0] <= narrow[1] <= wide[1]


def test_byar_joins_the_exact_interval_smoothly_at_ten() -> None:
    nine, ten = rates.poisson_limits(9), rates.poisson_limits(10)
    assert nine == pytest.approx((4.115373, 17.084803), abs=1e-5)
    assert ten == pytest.approx((4.795389, 18.390356), abs=0.02)


def test_no_events_still_have_an_upper_limit() -> None:
    result = rates.rate(0, 1000)
    assert (result.value, result.low) == (0, 0)
    assert result.high == pytest.approx(-math.log(0.025))


@given(st.lists(st.tuples(st.integers(1, 200), st.integers(500, 5000)), min_size=2, max_size=6))
def test_standardising_to_ones_own_population_gives_the_crude_rate(bands: list[tuple[int, int]]) -> None:
    counts, people = np.array(bands).T
    if counts.sum() < 10:
        return
    result = rates.directly_standardised_rate(counts, people, people)
    assert result.value == pytest.approx(100_000 * counts.sum() / people.sum())
    assert result.low <= result.value <= result.high


def test_standardising_needs_ten_events() -> None:
    with pytest.raises(rates.TooFewEvents, match="counts sum to 9"):
        rates.directly_standardised_rate([4, 5], [100, 100], [1, 1])


def test_a_standardised_ratio_of_100_is_as_expected() -> None:
    result = rates.standardised_ratio(50, 50)
    assert result.value == 100
    assert result.low < 100 < result.high


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: rates.rate(-1, 10), "count is −1; it cannot be below 0"),
        (lambda: rates.rate(1, 0), "population is 0; it must be above 0"),
        (lambda: rates.rate(1.5, 10), "count is 1.5; it must be a whole number"),
        (lambda: rates.rate(float("nan"), 10), "count is nan; it must be a finite number"),
        (lambda: rates.rate(1, float("inf")), "population is inf; it must be a finite number"),
        (lambda: rates.rate("many", 10), "count must be numbers"),
        (lambda: rates.proportion(3, 2), "count is 3 of a total of 2"),
        (lambda: rates.proportion(0, 0), "the total must be above 0"),
        (lambda: rates.rate(1, 10, level=95), "level is 95; it must be between 0 and 1"),
        (lambda: rates.directly_standardised_rate([20, 5], [10, 0], [1, 1]), r"populations\[1\] is 0"),
        (lambda: rates.directly_standardised_rate([20, 5], [10, 9, 8], [1, 1]), "counts has 2, populations has 3"),
    ],
)
def test_a_bad_value_is_named(call, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        call()


def test_an_estimate_says_itself_in_one_sentence() -> None:
    assert str(rates.rate(20, 100, per=100)) == "20 per 100 (12.21 to 30.89, 95% interval, Byar), from 20 of 100."
