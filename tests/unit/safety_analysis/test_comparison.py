"""Ranks that know their doubt, and funnels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safety_analysis.inputs import BadInput
from safety_analysis.methods import comparison


@settings(max_examples=40)
@given(st.lists(st.integers(0, 500), min_size=1, max_size=12), st.floats(1, 6))
def test_ranks_lie_in_their_limits_and_within_the_table(counts: list[int], spread: float) -> None:
    ranking = comparison.rank(counts, dispersion=spread, draws=300)
    assert [row.value for row in ranking.rows] == sorted(counts, reverse=True)
    for row in ranking.rows:
        assert 1 <= row.rank_low <= row.rank_high <= len(counts)
        assert row.rank == 1 + sum(count > row.value for count in counts)


@settings(max_examples=20)
@given(st.lists(st.integers(0, 500), min_size=2, max_size=8, unique=True))
def test_the_order_of_the_input_does_not_move_a_rank(counts: list[int]) -> None:
    names = [f"area {count}" for count in counts]
    ranks = {row.name: row.rank for row in comparison.rank(counts, names=names, draws=200).rows}
    turned = comparison.rank(counts[::-1], names=names[::-1], draws=200)
    assert {row.name: row.rank for row in turned.rows} == ranks


@given(st.lists(st.lists(st.integers(0, 5), min_size=4, max_size=4), min_size=1, max_size=5))
def test_ranks_of_draws_are_competition_ranks(drawn: list[list[int]]) -> None:
    ranks = comparison._ranks(np.array(drawn, dtype=float))
    expected = [[1 + sum(other > value for other in row) for value in row] for row in drawn]
    assert ranks.tolist() == expected


def test_the_limits_are_the_outer_percentiles() -> None:
    drawn = np.array([[float(place), 50.5] for place in range(1, 101)])
    low, high = comparison._rank_limits(drawn, 0.9)
    assert (low.tolist(), high.tolist()) == ([1, 1], [2, 2])
    assert [limits.tolist() for limits in comparison._rank_limits(drawn[:52], 0.9)] == [[2, 1], [2, 1]]


def test_the_same_seed_gives_the_same_ranks() -> None:
    counts = [50, 48, 45, 20]
    assert comparison.rank(counts, seed=4) == comparison.rank(counts, seed=4)


def test_ties_share_a_rank_and_cannot_be_told_apart() -> None:
    ranking = comparison.rank([10, 10, 3])
    assert [row.rank for row in ranking.rows] == [1, 1, 3]
    assert ranking.rows[0].separable_from_next is False


def test_far_apart_can_be_told_apart_and_the_last_has_no_next() -> None:
    ranking = comparison.rank([1000, 100, 1])
    assert [row.separable_from_next for row in ranking.rows] == [True, True, None]
    assert [(row.rank_low, row.rank_high) for row in ranking.rows] == [(1, 1), (2, 2), (3, 3)]


def test_separable_is_about_the_five_per_cent_test() -> None:
    """1.96 standard deviations of the difference from 400 are about 53."""
    assert comparison.rank([400, 343], draws=50_000).rows[0].separable_from_next
    assert not comparison.rank([400, 348], draws=50_000).rows[0].separable_from_next


def test_dispersion_widens_the_ranks() -> None:
    counts = np.arange(300, 500, 10)
    chance, wide = comparison.rank(counts), comparison.rank(counts, dispersion=6)
    assert wide.rows[10].rank_high - wide.rows[10].rank_low > chance.rows[10].rank_high - chance.rows[10].rank_low
    assert (wide.rows[10].rank_low_chance, wide.rows[10].rank_high_chance) == (
        chance.rows[10].rank_low,
        chance.rows[10].rank_high,
    )


def test_draws_have_the_stated_mean_and_variance() -> None:
    drawn = comparison._draw(np.array([80.0, 80.0]), np.array([1.0, 5.0]), 40_000, 0)
    assert drawn.mean(axis=0) == pytest.approx([80, 80], rel=0.01)
    assert drawn.var(axis=0) == pytest.approx([80, 400], rel=0.04)


def test_rates_are_ranked_when_populations_are_given() -> None:
    ranking = comparison.rank([100, 60], names=["large", "small"], populations=[10_000, 1000])
    assert [row.name for row in ranking.rows] == ["small", "large"]
    assert ranking.rows[0].value == 0.06


def test_one_area_is_first_of_one() -> None:
    assert (
        comparison.rank([5], names=["Only"]).sentence("Only")
        == "Only was 1st highest of 1, and the data fit no other place."
    )


def test_ordinals() -> None:
    words = [comparison.ordinal(number) for number in (1, 2, 3, 4, 11, 12, 13, 21, 32, 111)]
    assert words == ["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "32nd", "111th"]


def test_a_funnel_flags_only_what_lies_outside() -> None:
    funnel = comparison.funnel([500, 505, 600, 560, 400], [1000] * 5, target=0.5)
    assert funnel.flags == ("within", "within", "above 99.8%", "above 99.8%", "below 99.8%")
    assert str(funnel) == "3 of 5 lie outside the 99.8% limits round 0.5."


@given(st.lists(st.integers(0, 60), min_size=2, max_size=10), st.sampled_from(["proportion", "rate", "ratio"]))
def test_the_outer_limits_hold_the_inner(counts: list[int], kind) -> None:
    funnel = comparison.funnel(counts, [60.0] * len(counts), kind=kind)
    assert (funnel.limits_998[:, 0] <= funnel.limits_95[:, 0]).all()
    assert (funnel.limits_95[:, 1] <= funnel.limits_998[:, 1]).all()


def test_a_ratio_funnel_has_exact_poisson_limits() -> None:
    funnel = comparison.funnel([30, 12], [10, 10], kind="ratio")
    assert funnel.limits_95[0] == pytest.approx([47.953891, 183.903560], abs=1e-5)
    assert funnel.flags == ("above 99.8%", "within")


def test_areas_that_change_alike_have_no_churn() -> None:
    result = comparison.churn([100, 50, 10, 0], [50, 25, 5, 0])
    assert (result.value, result.raw, result.areas) == (1, 0, 3)
    assert result.p_value == 1


def test_churn_is_the_chi_square_of_the_table() -> None:
    from scipy.stats import chi2_contingency

    before, after = [120, 80, 40], [90, 110, 44]
    known = chi2_contingency(np.array([before, after]))
    result = comparison.churn(before, after)
    assert result.raw == pytest.approx(known.statistic / known.dof)
    assert result.p_value == pytest.approx(known.pvalue)
    assert str(result).startswith("From one period to the next the 3 areas moved against each other")


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: comparison.rank([]), "counts must not be empty"),
        (lambda: comparison.rank([1, -2]), r"counts\[1\] is −2; it cannot be below 0"),
        (lambda: comparison.rank([1, float("inf")]), r"counts\[1\] is inf"),
        (lambda: comparison.rank([1, 2], names=["a", "a"]), "names must differ"),
        (lambda: comparison.rank([1, 2], dispersion=[1, 2, 3]), "dispersion has 3 values for 2 counts"),
        (lambda: comparison.rank([1, 2], populations=[1, 0]), r"populations\[1\] is 0"),
        (lambda: comparison.rank([1, 2]).row("Nowhere"), "“Nowhere” is not among the 2 names"),
        (lambda: comparison.churn([5, 0], [0, 0]), "in both periods"),
        (lambda: comparison.churn([5, 1], [1]), "before has 2, after has 1"),
        (lambda: comparison.funnel([5], [4]), r"numerators\[0\] is above denominators\[0\]"),
    ],
)
def test_a_bad_value_is_named(call, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        call()
