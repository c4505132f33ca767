"""Control charts, interrupted series, local Moran, displacement and prevalence against published figures; sources named."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
import statsmodels.api as sm
from scipy import sparse, stats
from scipy.spatial.distance import cdist

from safety_analysis.methods import control_charts, evaluation, hotspots, prevalence, repeats, trends

# Montgomery, Introduction to Statistical Quality Control: example 7.1, cans of orange juice, and 7.4, personal computers.
ORANGE_JUICE = [
    12,
    15,
    8,
    10,
    4,
    7,
    16,
    9,
    14,
    10,
    5,
    6,
    17,
    12,
    22,
    8,
    10,
    5,
    13,
    11,
    20,
    18,
    24,
    15,
    9,
    12,
    7,
    13,
    9,
    6,
]
COMPUTERS = [10, 12, 8, 14, 10, 16, 11, 7, 10, 15, 9, 5, 7, 11, 12, 6, 8, 10, 7, 5]
# Lopez Bernal, Cummins & Gasparrini 2017: acute coronary episodes in Sicily by month, 2002 to November 2006.
EPISODES = """728 659 791 734 757 726 760 740 720 814 795 858 887 766 851 769 781 756 766 752 765 831 879 928 914 808 937 840
916 828 845 818 860 839 887 886 831 796 833 820 877 758 767 738 781 843 850 908 1021 859 976 888 962 838 810 876 843 936 912"""
PEOPLE = """379875.3 376495.5 377040.8 377116.4 377383.4 374113.1 379513.3 376295.5 374653.2 378485.6 375955.5 378349.7 376762.4
379032.3 379360.4 376162 377972.4 381830.7 379888.6 380872.2 380966.9 381240.4 382104.9 381802.7 381656.3 383680 383503.2
386462.9 383783.1 380836.8 383483 380906.2 382926.8 384052.4 384449.6 383428.4 388153.2 388373.2 386470.1 386033.2 383686.4
385509.3 385901.9 386516.6 388436.5 383255.2 390148.7 385874.9 391613.6 391750.4 394005.6 391364.9 391664.6 389022.3 391878.5
388575.3 392989 390018.8 390712.3"""
BAN = 36


def test_p_chart_of_montgomery() -> None:
    chart = control_charts.p_chart(ORANGE_JUICE, [50] * 30)
    assert [round(value, 4) for value in (chart.mean, chart.lower, chart.upper)] == [0.2313, 0.0524, 0.4102]
    outside = [signal.points for signal in chart.signals if "outside" in signal.rule]
    assert outside == [(14,), (22,)]


def test_u_chart_of_montgomery() -> None:
    chart = control_charts.u_chart(COMPUTERS, [5] * 20)
    assert [round(value, 2) for value in (chart.mean, chart.lower, chart.upper)] == [1.93, 0.07, 3.79]
    assert not [signal for signal in chart.signals if "outside" in signal.rule]


def test_laney_p_by_the_formula_of_laney_2002() -> None:
    """The first six weeks of Mohammed and others 2013, worked by hand from the formula."""
    seen = np.array([266501, 264225, 276532, 281461, 269071, 261215])
    came = np.array([280443, 276823, 291681, 296155, 282343, 275888])
    mean = seen.sum() / came.sum()
    sigma = np.sqrt(mean * (1 - mean) / came)
    widening = np.abs(np.diff((seen / came - mean) / sigma)).mean() / 1.128
    chart = control_charts.laney_p(seen, came)
    assert chart.widening == pytest.approx(widening)
    assert chart.uppers == pytest.approx(mean + 3 * widening * sigma)
    assert chart.lowers == pytest.approx(mean - 3 * widening * sigma)
    assert chart.widening > 5


def test_t_chart_is_an_xmr_chart_of_nelsons_transformed_times() -> None:
    times = np.array([10, 30, 21, 4, 55, 17, 26, 40, 3, 12])
    scaled = control_charts.xmr(times ** (1 / 3.6))
    chart = control_charts.t_chart(times)
    assert (chart.mean, chart.upper) == pytest.approx((scaled.mean**3.6, scaled.upper**3.6))


@pytest.mark.parametrize(("harmonics", "printed"), [(0, 0.894), (2, 0.885)])
def test_the_smoking_ban_of_lopez_bernal_2017(harmonics: int, printed: float) -> None:
    counts = np.array([float(value) for value in EPISODES.split()])
    people = np.array([float(value) for value in PEOPLE.split()])
    result = trends.interrupted_time_series(counts, people, BAN, harmonics=harmonics)
    assert round(result.step_ratio, 3) == printed
    time = np.arange(len(counts))
    season = [wave(2 * np.pi * k * time / 12) for k in range(1, harmonics + 1) for wave in (np.sin, np.cos)]
    design = np.column_stack([np.ones(len(time)), time >= BAN, time, *season]).astype(float)
    peer = sm.GLM(counts, design, family=sm.families.Poisson(), offset=np.log(people)).fit(scale="X2")
    reach = stats.t.ppf(0.975, len(time) - design.shape[1]) * peer.bse[1]
    assert result.dispersion == pytest.approx(peer.scale, rel=1e-6)
    known = np.exp([peer.params[1], peer.params[1] - reach, peer.params[1] + reach])
    assert (result.step_ratio, result.low, result.high) == pytest.approx(tuple(known), rel=1e-6)


def test_local_moran_of_esda() -> None:
    """As esda 2.9.0 prints them; it divides by n − 1 where Anselin 1995 divides by n."""
    points = np.array([(10, 10), (20, 10), (40, 10), (15, 20), (30, 20), (30, 30)], dtype=float)
    near = (cdist(points, points) <= 15) & ~np.eye(6, dtype=bool)
    result = hotspots.local_moran([2, 3, 3.2, 5, 8, 7], sparse.csr_array(near.astype(float)))
    esda = [0.32926829, -0.08885017, -0.86236934, -0.01916376, -0.08623693, 1.32229965]
    assert result.values * 5 / 6 == pytest.approx(esda, abs=5e-9)
    quadrants = {1: 1, 2: 2, 3: 3, 4: 4}
    assert [quadrants[value] for value in result.quadrants] == [3, 2, 2, 4, 4, 1]


def test_weighted_displacement_difference_of_wheeler_and_ratcliffe_2018() -> None:
    result = evaluation.weighted_displacement_difference([207, 110], [308, 318], [178, 157], [150, 140])
    assert result.estimate == -118
    assert (result.standard_error, result.z) == pytest.approx((39.59797974644666, -2.979950006429022), abs=1e-12)
    assert [round(value, 4) for value in (result.low, result.high)] == [-195.6106, -40.3894]
    assert (result.local, result.displacement) == (-107, -11)


def test_weighted_displacement_quotient_of_bowers_and_johnson_2003() -> None:
    result = evaluation.weighted_displacement_quotient([100, 50], [100, 150], [100, 100])
    assert (result.wdq, result.success, result.buffer, result.total_net_effect) == (-1.0, -0.5, 0.5, 0.0)


def test_synthetic_prevalence_of_the_strategies() -> None:
    assert round(prevalence.synthetic(0.021, 500_000).value) == 10_500
    assert round(prevalence.synthetic(0.021, 5_010).value) == 105


def test_accuracy_index_of_chainey_tompson_and_uhlig_2008() -> None:
    """Half of the crimes in a tenth of the area is an index of 5; all of them in all of the area is 1."""
    result = hotspots.accuracy([50, 30, 20], [10, 40, 50], [0, 1, 2])
    assert result.pai[0] == pytest.approx(5)
    assert result.pai[-1] == pytest.approx(1)


@pytest.mark.real_data
def test_near_repeats_of_chicago_agree_with_knox(shared_data: Path) -> None:
    frame = pl.read_csv(
        shared_data / "near_repeat" / "chicago_be_month1.csv", has_header=False, new_columns=["x", "y", "date"]
    )
    where = frame["x"].to_numpy(), frame["y"].to_numpy(), frame["date"].to_numpy()
    pairs = repeats.near_repeat_pairs(*where, metres=100, days=7, metric="manhattan")
    assert len(pairs.metres) == 28 + 44
    assert int((pairs.metres < 1).sum()) == 28
    chains = repeats.near_repeat_chains(*where, metres=100, days=7, metric="manhattan")
    assert chains.sizes.sum() == len(np.union1d(pairs.originator, pairs.follower))
