"""Season, concentration, harm, control charts and relative rates."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safety_analysis.inputs import BadInput
from safety_analysis.methods import concentration, control_charts, disproportionality, harm, trends

SUMMER = np.array([10, 20, 30, 40, 50, 60, 60, 50, 40, 30, 20, 10])


def test_a_pure_season_is_recovered_whatever_the_years_level() -> None:
    season = trends.seasonal(np.concatenate([SUMMER, 2 * SUMMER, 3 * SUMMER]), first_month=201804)
    assert season.indices == pytest.approx(SUMMER / 35)
    assert season.indices.mean() == pytest.approx(1)
    assert season.adjusted == pytest.approx(np.repeat([35, 70, 105], 12))
    assert (season.name(season.peak), season.name(season.trough)) == ("September", "April")
    assert season.clear


def test_months_beyond_whole_years_are_adjusted_but_not_used() -> None:
    season = trends.seasonal(np.concatenate([SUMMER[-2:], SUMMER, SUMMER]), first_month=201802)
    assert (season.n, season.first_month) == (24, 201804)
    assert season.adjusted == pytest.approx([35] * 26)


def test_flat_months_have_no_season() -> None:
    season = trends.seasonal(np.random.default_rng(3).poisson(50, 60))
    assert not season.clear
    assert str(season).startswith("No clear season in 60 months")


@settings(max_examples=40)
@given(st.lists(st.integers(0, 200), min_size=24, max_size=60).filter(any))
def test_season_intervals_hold_their_index(series: list[int]) -> None:
    season = trends.seasonal(series)
    assert (season.low <= season.indices + 1e-12).all()
    assert (season.indices <= season.high + 1e-12).all()
    assert 0 <= season.p_value <= 1


@pytest.mark.parametrize(("series", "says"), [([1] * 23, "at least 24"), ([0] * 24, "no events"), ([-1] * 24, "is −1")])
def test_a_season_needs_two_years_of_events(series: list[int], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        trends.seasonal(series)


def test_months_are_counted_across_years() -> None:
    assert trends.month_range(202011, 202102) == [202011, 202012, 202101, 202102]
    assert trends.add_months(202001, -1) == 201912
    with pytest.raises(BadInput, match="202013 is no month"):
        trends.add_months(202013, 1)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=40).filter(any))
def test_concentration_does_not_depend_on_order(counts: list[int]) -> None:
    there, back = concentration.concentration(counts), concentration.concentration(counts[::-1])
    assert there.gini == pytest.approx(back.gini)
    assert 0 <= there.gini < 1
    assert 0 <= there.generalised_gini + 1e-12 <= 1 + 1e-12
    assert there.lorenz.events[-1] == pytest.approx(1)
    assert (np.diff(there.lorenz.events) >= 0).all()


def test_equal_places_are_not_concentrated() -> None:
    result = concentration.concentration([3, 3, 3, 3])
    assert result.gini == pytest.approx(0)
    assert result.share_of_places_with(0.5) == pytest.approx(0.5)


def test_one_place_with_everything() -> None:
    result = concentration.concentration([12], places=100)
    assert result.share_of_places_with(1) == pytest.approx(0.01)
    assert result.lorenz.share_of_events_in(0.01) == pytest.approx(1)
    assert result.places_with_any == 1


def test_the_poisson_baseline_is_what_scattering_at_random_gives() -> None:
    scattered = concentration.concentration(np.random.default_rng(0).poisson(1.5, 100_000))
    assert scattered.gini == pytest.approx(scattered.poisson_baseline, abs=0.005)
    assert scattered.share_of_places_with(0.5) == pytest.approx(scattered.baseline.share_of_places_with(0.5), abs=0.005)


@pytest.mark.parametrize(
    ("counts", "places", "says"),
    [([0, 0], None, "no events"), ([1, 2], 1, "already has 2 places"), ([1.5], None, "whole")],
)
def test_concentration_refuses(counts: list[float], places: int | None, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        concentration.concentration(counts, places=places)


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 500), min_size=1))
def test_weights_of_one_change_nothing_and_parts_add_up(counts: dict[str, int]) -> None:
    result = harm.weighted(counts, dict.fromkeys(counts, 1.0))
    assert result.total == sum(counts.values())
    assert result.share == result.share_unweighted
    assert sum(result.by_category.values()) == pytest.approx(result.total)


def test_harm_moves_the_share() -> None:
    result = harm.weighted({"rape": 10, "shoplifting": 990}, {"rape": 2555, "shoplifting": 1})
    assert str(result) == "rape is 96% of the harm and 1% of the count."
    assert harm.severity_score({"rape": 10}, {"rape": 2555}, 1000) == pytest.approx(25.55)


def test_a_category_without_a_weight_is_named() -> None:
    with pytest.raises(BadInput, match="“arson” \\(count 3\\) has no weight"):
        harm.weighted({"arson": 3, "theft": 1}, {"theft": 1})


def test_control_chart_signals_and_which_way_is_good() -> None:
    steady = [10, 11, 9, 10, 12, 8, 10, 11, 9, 10]
    assert control_charts.xmr(steady, good="down").variation == "ordinary"
    chart = control_charts.xmr([*steady, 30], good="down")
    assert chart.variation == "worsening"
    assert chart.signals[-1].points == (10,)
    assert control_charts.xmr([*steady, 30], good="up").variation == "improving"
    assert control_charts.xmr([*steady, 30]).variation == "changing"


def test_seven_on_one_side_and_seven_rising_are_signals() -> None:
    rules = {signal.rule for signal in control_charts.xmr([5, 1, 2, 3, 4, 5, 6, 7, 9, 9, 9, 9, 9, 9, 9, 1]).signals}
    assert {"seven or more on one side of the mean", "seven or more rising"} <= rules


def test_rebasing_starts_a_new_mean_at_the_event() -> None:
    chart = control_charts.xmr([10, 11, 9, 10, 2, 3, 2, 3], rebase_at=[4])
    assert chart.centres.tolist() == [10] * 4 + [2.5] * 4
    assert chart.mean == 2.5
    with pytest.raises(BadInput, match="fewer than two"):
        control_charts.xmr([1, 2, 3], rebase_at=[2])


def test_assurance_against_a_target() -> None:
    chart = control_charts.xmr([10, 11, 9, 10, 12, 8], good="down")
    assert [chart.assurance(target) for target in (50, 10, 0)] == ["will pass", "hit or miss", "will miss"]


@given(st.integers(1, 400), st.integers(1, 400))
def test_the_relative_rate_holds_and_turns_over(first: int, second: int) -> None:
    there = disproportionality.relative_rate_index(first, 1000, second, 2000)
    back = disproportionality.relative_rate_index(second, 2000, first, 1000)
    assert there.low <= there.value <= there.high
    assert there.value == pytest.approx(1 / back.value)
    assert there.low == pytest.approx(1 / back.high)


def test_a_relative_rate_of_none_is_exact_and_a_reference_of_none_refused() -> None:
    result = disproportionality.relative_rate_index(0, 100, 10, 100)
    assert (result.value, result.low, result.method) == (0, 0, "exact conditional")
    assert 0 < result.high < 1
    with pytest.raises(BadInput, match="without events"):
        disproportionality.relative_rate_index(5, 100, 0, 100)
