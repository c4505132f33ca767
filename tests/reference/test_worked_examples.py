"""Every method against a published or independently computed figure, to its printed precision. The source is in each id."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse
from scipy.spatial.distance import cdist

from safety_analysis.methods import (
    change,
    comparison,
    concentration,
    control_charts,
    disproportionality,
    harm,
    hotspots,
    rates,
    timing,
)

NHSR_SERIES = """-0.56047565 -0.23017749 1.55870831 0.07050839 0.12928774 1.71506499 0.46091621 -1.26506123 -0.68685285
-0.44566197 1.22408180 0.35981383 0.40077145 0.11068272 -0.55584113 1.78691314 0.49785048 -1.96661716 0.70135590
-0.47279141"""


def test_byar_as_phe_indicator_methods() -> None:
    assert rates.poisson_limits(65) == pytest.approx((50.163187710459454, 82.84913854593984), abs=1e-12)


def test_rate_as_phe_indicator_methods() -> None:
    twenty, five = rates.rate(20, 100, per=100), rates.rate(5, 100, per=100)
    assert (twenty.low, twenty.high) == pytest.approx((12.211428834875937, 30.889880369197066), abs=1e-12)
    assert (five.value, five.low, five.high) == pytest.approx((5, 1.62348639011842, 11.668332079322669), abs=1e-12)
    assert (twenty.method, five.method) == ("Byar", "exact Poisson")


@pytest.mark.parametrize(
    ("part", "whole", "percent", "low", "high", "places"),
    [
        pytest.param(65, 100, 65, 55.25444329688797, 73.63575175690247, 10, id="PHEindicatormethods"),
        pytest.param(1705, 10094, 16.891, 16.173, 17.635, 3, id="seed inventory J"),
        pytest.param(19, 23, 82.61, 62.86, 93.02, 2, id="seed A15, lone-parent households"),
        pytest.param(143, 202, 70.79, 64.18, 76.63, 2, id="City survey 2022, safe at night"),
        pytest.param(91, 202, 45.0, 38.3, 51.9, 1, id="City survey 2022, antisocial behaviour"),
        pytest.param(83, 202, 41.1, 34.5, 48.0, 1, id="City survey 2022, night"),
        pytest.param(69, 202, 34.2, 28.0, 40.9, 1, id="City survey 2022, terrorism"),
        pytest.param(48, 202, 23.8, 18.4, 30.1, 1, id="City survey 2022, drugs"),
        pytest.param(194, 202, 96.0, 92.4, 98.0, 1, id="City survey 2022, safe by day"),
        pytest.param(32, 34, 94.1, 80.9, 98.4, 1, id="seed inventory J, coverage"),
    ],
)
def test_wilson(part: int, whole: int, percent: float, low: float, high: float, places: int) -> None:
    share = rates.proportion(part, whole)
    shown = [100 * share.value, 100 * share.low, 100 * share.high]
    assert shown == pytest.approx([percent, low, high], abs=0.5001 * 10**-places)


@pytest.mark.parametrize(
    ("before", "after", "percent"),
    [(859, 986, 14.8), (986, 1002, 1.6), (1002, 1562, 55.9), (34, 138, 305.9), (165, 475, 187.9), (1553, 922, -40.6)],
)
def test_percent_change_of_the_strategies(before: int, after: int, percent: float) -> None:
    value = change.percent_change(before, after)
    assert value is not None
    assert round(value, 1) == percent


def test_e_test_of_krishnamoorthy_and_thomson_2004() -> None:
    assert change.e_test(6, 2) == pytest.approx(0.1748748, abs=5e-8)


@pytest.mark.parametrize(("first", "n", "second", "m"), [(20, 3, 9, 2), (6, 1, 2, 1), (150, 1, 121, 1), (40, 7, 31, 3)])
def test_e_test_agrees_with_scipy(first: int, n: int, second: int, m: int) -> None:
    from scipy.stats import poisson_means_test

    ours = change.e_test(first, second, exposure_first=n, exposure_second=m)
    assert ours == pytest.approx(poisson_means_test(first, n, second, m).pvalue, rel=1e-6)


def test_exact_ratio_as_r_poisson_test() -> None:
    result = change.compare_counts(95, 120)
    shown = (result.ratio, result.low, result.high, result.p_value)
    assert shown == pytest.approx((1.263157895, 0.957027715, 1.671171982, 0.101452328), abs=5e-10)


def test_funnel_as_phe_indicator_methods() -> None:
    funnel = comparison.funnel([535], [664], target=0.80642448)
    assert funnel.limits_95[0] * 100 == pytest.approx([77.637263, 83.647632], abs=2e-6)
    assert funnel.limits_998[0] * 100 == pytest.approx([75.904239, 85.380656], abs=2e-6)


def test_gini_of_bernasco_and_steenbeek_2017() -> None:
    result = concentration.concentration([5, 2, 1], places=10)
    assert (result.gini, result.generalised_gini) == pytest.approx((0.80, 0.75))


def test_gi_star_of_esda() -> None:
    points = np.array([(10, 10), (20, 10), (40, 10), (15, 20), (30, 20), (30, 30)], dtype=float)
    near = (cdist(points, points) <= 15) & ~np.eye(6, dtype=bool)
    result = hotspots.local_gi_star([2, 3, 3.2, 5, 8, 7], sparse.csr_array(near.astype(float)))
    known = [-1.39727626, -0.28917762, 0.65064964, -0.28917762, 1.23452088, 2.02424331]
    assert result.z == pytest.approx(known, abs=5e-9)


def test_xmr_of_nhsr_plot_the_dots() -> None:
    chart = control_charts.xmr([float(value) for value in NHSR_SERIES.split()])
    assert (chart.mean, chart.lower, chart.upper) == pytest.approx((0.1416238, -3.01138, 3.294627), abs=1e-6)


def test_aoristic_hour_of_ratcliffe_2002() -> None:
    weights = timing.aoristic(["2020-01-08T10:55"], ["2020-01-08T11:55"])[0]
    wednesday = 2 * 24
    assert weights[[wednesday + 10, wednesday + 11]] == pytest.approx([0.0833, 0.9167], abs=5e-5)


def test_relative_rate_of_two_treatments() -> None:
    """Physicians' Health Study, 1988: 189 of 11,034 and 104 of 11,037."""
    result = disproportionality.relative_rate_index(189, 11034, 104, 11037)
    assert [round(value, 3) for value in (result.value, result.low, result.high)] == [1.818, 1.433, 2.306]


def test_severity_by_fines_is_not_rounded_on_the_way() -> None:
    assert round(harm.days_from_fines(5_302_730, 62_731, 88), 2) == 0.96


def test_the_cost_of_violence_with_injury_prevented() -> None:
    assert harm.cost({"injury": 20}, {"injury": 14_050 * 0.33}).total == pytest.approx(92_730)


def test_implied_totals_and_overlap_of_the_strategies() -> None:
    assert rates.implied_total(15e6, 2 / 3) == pytest.approx(22.5e6)
    assert round(rates.implied_total(6387, 0.033)) == 193_545
    assert round(rates.implied_total(18001, 0.093)) == 193_559
    assert rates.least_overlap(0.51, 0.70) == pytest.approx(0.21)
