"""Did it work: control charts by kind, interrupted series, displacement, comparisons, prevalence."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safety_analysis.inputs import BadInput
from safety_analysis.methods import control_charts, evaluation, prevalence, trends

COUNTS = st.lists(st.integers(0, 60), min_size=4, max_size=30)
PAIR = st.tuples(st.integers(0, 500), st.integers(0, 500))


@settings(max_examples=40)
@given(COUNTS)
def test_attribute_limits_hold_their_mean_and_stay_possible(counts: list[int]) -> None:
    for chart in (
        control_charts.p_chart(counts, [60] * len(counts)),
        control_charts.laney_p(counts, [60] * len(counts)),
        control_charts.u_chart(counts, [2] * len(counts)),
        control_charts.laney_u(counts, [2] * len(counts)),
        control_charts.g_chart(counts),
        control_charts.t_chart(counts),
    ):
        assert (chart.lowers <= chart.centres + 1e-9).all()
        assert (chart.centres <= chart.uppers + 1e-9).all()
        assert (chart.lowers >= 0).all()
        assert len(chart.values) == len(counts)


def test_laney_widens_only_what_varies_more_than_chance() -> None:
    draw = np.random.default_rng(0)
    chance = control_charts.laney_u(draw.poisson(400, 60), np.ones(60))
    wild = control_charts.laney_u(draw.poisson(draw.gamma(20, 20, 60)), np.ones(60))
    assert chance.widening == pytest.approx(1, abs=0.25)
    assert wild.widening > 3
    assert len(wild.signals) < len(control_charts.u_chart(wild.values, np.ones(60)).signals)


def test_rebasing_gives_each_stretch_its_own_lines() -> None:
    counts = [5, 6, 5, 6, 5, 20, 21, 20, 21, 20]
    chart = control_charts.u_chart(counts, [1] * 10, rebase_at=[5])
    assert chart.centres.tolist() == [5.4] * 5 + [20.4] * 5
    assert chart.signals == ()
    assert control_charts.g_chart(counts, rebase_at=[5]).mean == 20.4
    with pytest.raises(BadInput, match="fewer than two"):
        control_charts.p_chart(counts, [50] * 10, rebase_at=[9])


def test_assurance_on_any_chart() -> None:
    chart = control_charts.p_chart([40, 42, 41, 39], [1000] * 4, good="down")
    assert chart.assurance(0.5) == "will pass"
    assert chart.assurance(0.001) == "will miss"
    assert chart.assurance(0.04) == "hit or miss"


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: control_charts.p_chart([5, 9], [6, 8]), r"counts\[1\] is 9, above its total of 8"),
        (lambda: control_charts.p_chart([5, 9], [6, 0]), r"totals\[1\] is 0"),
        (lambda: control_charts.u_chart([5, -9], [6, 1]), r"counts\[1\] is −9"),
        (lambda: control_charts.g_chart([1.5, 2]), "whole number"),
        (lambda: control_charts.t_chart([1, float("nan")]), r"times\[1\] is nan"),
        (lambda: control_charts.laney_u([5, 9], [6]), "same length"),
    ],
)
def test_charts_refuse(call, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        call()


def series(step: float, bend: float = 1.0, months: int = 96, start: int = 60, noise: int | None = None) -> np.ndarray:
    time = np.arange(months)
    mean = 200 * 1.002**time * (1 + 0.2 * np.sin(2 * np.pi * time / 12))
    mean = mean * np.where(time >= start, step * bend ** (time - start), 1)
    return np.round(mean) if noise is None else np.random.default_rng(noise).poisson(mean)


def test_a_planted_step_and_slope_are_found() -> None:
    exact = trends.interrupted_time_series(series(0.7), None, 60)
    assert exact.step_ratio == pytest.approx(0.7, abs=0.01)
    assert exact.trend_ratio == pytest.approx(1.002, abs=2e-4)
    assert exact.clear
    assert exact.slope_ratio is None
    assert exact.difference == pytest.approx((exact.fitted - exact.without)[60:].sum())
    bent = trends.interrupted_time_series(series(0.8, 0.98), None, 60, slope=True)
    assert (bent.step_ratio, bent.slope_ratio) == (pytest.approx(0.8, abs=0.02), pytest.approx(0.98, abs=0.002))


def test_no_step_is_called_in_noise_more_than_one_time_in_twenty() -> None:
    called = [trends.interrupted_time_series(series(1.0, noise=seed), None, 60).clear for seed in range(100)]
    assert sum(called) <= 11  # 5 expected; more than 11 of 100 has a chance of one in 200


def test_exposure_scales_and_spread_widens() -> None:
    counts, wild = series(0.8, noise=1), series(0.8, noise=1) * np.tile([1, 3], 48)
    once = trends.interrupted_time_series(counts, np.ones(96), 60)
    twice = trends.interrupted_time_series(counts, np.full(96, 7.0), 60)
    assert once.step_ratio == pytest.approx(twice.step_ratio)
    assert once.dispersion >= 1
    spread = trends.interrupted_time_series(wild, None, 60)
    assert np.log(spread.high / spread.low) > 2 * np.log(once.high / once.low)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"start": 2}, "at least three on either side"),
        ({"start": 94}, "at least three on either side"),
        ({"counts": np.zeros(96)}, "all 0"),
        ({"harmonics": 7}, "at most 6"),
        ({"exposure": np.zeros(96)}, r"exposure\[0\] is 0"),
        ({"counts": np.ones(7), "start": 3}, "7 counts for"),
    ],
)
def test_interrupted_series_refuse(change: dict, says: str) -> None:
    arguments = {"counts": series(1), "exposure": None, "start": 60} | change
    with pytest.raises(BadInput, match=says):
        trends.interrupted_time_series(
            arguments.pop("counts"), arguments.pop("exposure"), arguments.pop("start"), **arguments
        )


@settings(max_examples=40)
@given(PAIR.filter(any), PAIR, PAIR, PAIR)
def test_displacement_parts_add_up(treated, control, moved, moved_control) -> None:
    result = evaluation.weighted_displacement_difference(treated, control, moved, moved_control)
    assert result.estimate == pytest.approx(result.local + result.displacement)
    assert result.low <= result.estimate <= result.high
    swapped = evaluation.weighted_displacement_difference(control, treated, moved_control, moved)
    assert swapped.estimate == pytest.approx(-result.estimate)


def test_displacement_weights_and_refusals() -> None:
    plain = evaluation.weighted_displacement_difference([20, 10], [30, 32])
    longer = evaluation.weighted_displacement_difference([20, 20], [30, 64], periods=(1, 2))
    assert longer.estimate == plain.estimate
    assert longer.standard_error < plain.standard_error
    with pytest.raises(BadInput, match="together"):
        evaluation.weighted_displacement_difference([20, 10], [30, 32], [1, 1])
    with pytest.raises(BadInput, match="has 3 counts"):
        evaluation.weighted_displacement_difference([20, 10, 5], [30, 32])
    with pytest.raises(BadInput, match="above 0"):
        evaluation.weighted_displacement_difference([20, 10], [30, 32], periods=(1, 0))
    with pytest.raises(BadInput, match="All counts are 0"):
        evaluation.weighted_displacement_difference([0, 0], [0, 0])


def test_the_quotient_is_not_given_when_nothing_fell() -> None:
    rose = evaluation.weighted_displacement_quotient([100, 150], [100, 90], [100, 100])
    assert rose.wdq is None
    assert "nothing to displace" in str(rose)
    assert "fell too" in str(evaluation.weighted_displacement_quotient([100, 50], [100, 90], [100, 100]))
    with pytest.raises(BadInput, match="control is 0"):
        evaluation.weighted_displacement_quotient([1, 1], [1, 1], [0, 1])


def test_difference_in_differences_finds_what_is_planted_and_doubts_what_drifts() -> None:
    draw = np.random.default_rng(2)
    season = 100 * (1 + 0.3 * np.sin(np.arange(48) / 2))
    control = draw.poisson(2 * season)
    treated = draw.poisson(season * np.where(np.arange(48) >= 24, 0.7, 1))
    result = evaluation.difference_in_differences(treated, control, 24)
    assert result.low < 0.7 < result.high < 1
    assert result.difference < 0
    drifting = draw.poisson(season * 1.05 ** np.arange(48))
    drift = evaluation.difference_in_differences(drifting, control, 24)
    assert drift.before_p_value is not None
    assert drift.before_p_value < 0.001


def test_difference_in_differences_of_totals_is_the_ratio_of_ratios() -> None:
    result = evaluation.difference_in_differences([40, 60, 30, 20], [50, 50, 90, 110], 2)
    assert result.ratio == pytest.approx((50 / 100) / (200 / 100))
    with pytest.raises(BadInput, match="one on either side"):
        evaluation.difference_in_differences([1, 2, 3], [1, 2, 3], 0)


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1))
def test_synthetic_weights_are_a_mixture_and_find_a_planted_one(seed: int) -> None:
    draw = np.random.default_rng(seed)
    donors = draw.uniform(10, 100, (5, 30))
    mixture = np.array([0.5, 0.3, 0.2, 0, 0])
    treated = mixture @ donors - np.where(np.arange(30) >= 20, 8, 0)
    result = evaluation.synthetic_control(np.vstack([treated, donors]), 0, 20)
    assert result.weights.sum() == pytest.approx(1)
    assert (result.weights >= 0).all()
    assert result.weights[1:] == pytest.approx(mixture, abs=1e-4)
    assert result.mean_effect == pytest.approx(-8, abs=0.05)
    assert result.p_value == pytest.approx(1 / 6)


def test_synthetic_control_by_predictors_and_refusals() -> None:
    outcomes = [[5, 5, 5, 5], [4, 4, 4, 4], [6, 6, 6, 6]]
    result = evaluation.synthetic_control(outcomes, 0, 2, predictors=[[2.0], [1.0], [3.0]])
    assert result.weights == pytest.approx([0, 0.5, 0.5], abs=1e-6)
    with pytest.raises(BadInput, match="2 rows"):
        evaluation.synthetic_control(outcomes, 0, 2, predictors=[[2.0], [1.0]])
    with pytest.raises(BadInput, match="too little to compare"):
        evaluation.synthetic_control(outcomes, 0, 1)


def test_the_choice_of_a_comparison_is_by_its_rule() -> None:
    months = np.arange(12)
    treated = 100 + months
    like, higher, falling = 104 + months, 400 + 4 * months, 100 - 3 * months
    choice = evaluation.choose_comparison(treated, [falling, like, higher], names=["falling", "like", "higher"])
    assert choice.rows[0].name == "like"
    assert choice.rows[0].trend == pytest.approx(1 / (104 + 5.5))
    assert "12 periods before" in str(choice)
    with pytest.raises(BadInput, match="area 2 has no events"):
        evaluation.choose_comparison(treated, [like, np.zeros(12)])


def test_prevalence_and_need() -> None:
    bare = prevalence.synthetic(0.02, 1000)
    assert np.isnan(bare.low)
    assert "not known" in bare.method
    held = prevalence.synthetic(0.02, 1000, interval=(0.01, 0.04))
    need = prevalence.unmet_need(held, 15)
    assert (need.number, need.low, need.high, need.share) == (5, 0, 25, 0.25)
    assert prevalence.unmet_need(held, 50).number == 0
    with pytest.raises(BadInput, match="hold the rate"):
        prevalence.synthetic(0.02, 1000, interval=(0.03, 0.04))
    with pytest.raises(BadInput, match=r"rate is 1\.2"):
        prevalence.synthetic(1.2, 1000)
    with pytest.raises(BadInput, match="no need"):
        prevalence.unmet_need(prevalence.synthetic(0, 100), 3)
