"""Densities against direct sums, local Moran against enumeration, map accuracy, near repeats and their chains."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safety_analysis.inputs import BadInput
from safety_analysis.methods import hotspots, repeats, shuffling

SEEDS = st.integers(0, 2**32 - 1)
HEIGHTS = {
    "quartic": lambda u: 3 * (1 - u**2) ** 2,
    "epanechnikov": lambda u: 2 * (1 - u**2),
    "triangular": lambda u: 3 * (1 - u),
    "uniform": lambda u: np.ones_like(u),
}


@settings(max_examples=30)
@given(SEEDS, st.sampled_from(sorted(HEIGHTS)), st.floats(1, 3000))
def test_density_equals_direct_summation(seed: int, kernel, bandwidth: float) -> None:
    draw = np.random.default_rng(seed)
    points, at, weights = draw.uniform(0, 2000, (80, 2)), draw.uniform(-500, 2500, (30, 2)), draw.uniform(0, 3, 80)
    u = np.hypot(*(points[None] - at[:, None]).transpose(2, 0, 1)) / bandwidth
    direct = (np.where(u < 1, HEIGHTS[kernel](u), 0) * weights).sum(axis=1) / (np.pi * bandwidth**2)
    found = hotspots.kernel_density(*points.T, at, bandwidth=bandwidth, kernel=kernel, weights=weights)
    assert found.values == pytest.approx(direct, rel=1e-9, abs=1e-12 * weights.sum() / bandwidth**2)


@settings(max_examples=20)
@given(SEEDS, st.floats(-1e6, 1e6))
def test_density_does_not_mind_order_shifts_or_weights_of_one(seed: int, shift: float) -> None:
    draw = np.random.default_rng(seed)
    points, at = draw.integers(0, 1000, (40, 2)).astype(float), draw.integers(0, 1000, (10, 2)).astype(float)
    plain = hotspots.kernel_density(*points.T, at, bandwidth=200).values
    moved = points[::-1] + round(shift)
    other = hotspots.kernel_density(*moved.T, at + round(shift), bandwidth=200, weights=np.ones(40)).values
    assert other == pytest.approx(plain, rel=1e-9)


def test_density_on_a_grid_sums_to_the_events() -> None:
    draw = np.random.default_rng(1)
    x, y = draw.uniform(400, 600, 200), draw.uniform(400, 600, 200)
    grid = hotspots.bin_counts(x, y, cell=10, bounds=(0, 0, 1000, 1000))
    found = hotspots.kernel_density(x, y, grid, bandwidth=150)
    assert found.values.shape == grid.values.shape
    assert found.values.sum() * 100 == pytest.approx(200, rel=1e-3)


def test_a_point_at_the_bandwidth_counts_nothing_and_one_point_is_enough() -> None:
    assert hotspots.kernel_density([5], [5], [[5, 15]], bandwidth=10).values.tolist() == [0]
    assert hotspots.kernel_density([5], [5], [[1e7, -1e7]], bandwidth=10).values.tolist() == [0]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"bandwidth": 0}, "bandwidth is 0"),
        ({"kernel": "gaussian"}, "“gaussian”"),
        ({"at": [[1, 2, 3]]}, "at has 3 columns"),
        ({"x": [0, np.inf]}, r"x\[1\] is inf"),
        ({"weights": [1, -1]}, r"weights\[1\] is −1"),
        ({"x": [], "y": []}, "must not be empty|same length"),
    ],
)
def test_density_refuses(change: dict, says: str) -> None:
    arguments = {"x": [0, 1], "y": [0, 1], "at": [[0, 0]], "bandwidth": 5} | change
    with pytest.raises(BadInput, match=says):
        hotspots.kernel_density(arguments.pop("x"), arguments.pop("y"), arguments.pop("at"), **arguments)


def test_relative_density_is_one_where_events_follow_their_base() -> None:
    draw = np.random.default_rng(2)
    x, y = draw.uniform(0, 100, (2, 300))
    even = hotspots.relative_density(x, y, x, y, [[50, 50], [900, 900]], bandwidth=30)
    assert even.ratio[0] == pytest.approx(1)
    assert np.isnan(even.ratio[1])
    assert even.too_little == 1
    with pytest.raises(BadInput, match="weighs nothing"):
        hotspots.relative_density(x, y, x, y, [[50, 50]], bandwidth=30, base_weights=np.zeros(300))


@settings(max_examples=12, deadline=None)
@given(SEEDS)
def test_exact_local_moran_equals_enumeration(seed: int) -> None:
    grid = np.random.default_rng(seed).negative_binomial(0.7, 0.3, (3, 3)).astype(float)
    if np.ptp(grid) == 0:
        grid[0, 0] += 1
    result = hotspots.local_moran(grid, "rook", inference="exact", alternative="greater", adjust="none")
    deviation = grid - grid.mean()
    for row, column in np.ndindex(3, 3):
        near = [(row + down, column + right) for down, right in hotspots.SHIFTS["rook"]]
        near = [cell for cell in near if 0 <= cell[0] < 3 and 0 <= cell[1] < 3]
        others = [deviation[cell] for cell in np.ndindex(3, 3) if cell != (row, column)]
        sign = -1.0 if deviation[row, column] < 0 else 1.0
        sums = np.array([sign * sum(choice) for choice in combinations(others, len(near))])
        observed = sign * sum(deviation[cell] for cell in near)
        assert result.p_value[row, column] == pytest.approx((sums >= observed - 1e-9).mean())


def test_local_moran_finds_a_planted_cluster_and_a_lone_cell() -> None:
    grid = np.random.default_rng(4).poisson(5, (20, 20)).astype(float)
    grid[3:7, 3:7] += 30
    grid[15, 15] = np.nan
    found = hotspots.local_moran(grid, "queen", inference="permutation", permutations=4999, seed=3)
    assert (found.classes[4:6, 4:6] == 1).all()
    assert found.classes[15, 15] == 0
    assert np.isnan(found.values[15, 15])
    again = hotspots.local_moran(grid, "queen", inference="permutation", permutations=4999, seed=3)
    assert (again.p_value[np.isfinite(again.p_value)] == found.p_value[np.isfinite(found.p_value)]).all()
    with pytest.raises(BadInput, match="all equal"):
        hotspots.local_moran(np.ones((3, 3)), "queen")


@settings(max_examples=30)
@given(SEEDS)
def test_no_map_beats_the_best_and_the_best_is_one(seed: int) -> None:
    draw = np.random.default_rng(seed)
    counts, area = draw.integers(0, 20, 12), draw.uniform(1, 3, 12)
    counts[0] += 1
    some = hotspots.accuracy(counts, area, draw.permutation(12), earlier=counts)
    assert (some.pei <= 1 + 1e-12).all()
    assert some.recapture_index is not None
    held = some.recapture_index[np.isfinite(some.recapture_index)]
    assert held == pytest.approx(np.ones(len(held)))
    best = hotspots.accuracy(counts, area, np.argsort(-counts / area))
    assert best.pei == pytest.approx(np.ones(12))


def test_accuracy_at_a_share_and_its_refusals() -> None:
    result = hotspots.accuracy([4, 3, 2, 1], [1, 1, 1, 1], [0, 1, 2])
    assert (result.at(0.5), result.at(0.74)) == (1, 1)
    assert str(result) == "90% of 10 events fell in the 75.0% of the area flagged (1.2 times its share)."
    for order, says in (([0, 0], "each once"), ([4], "each once"), ([], "each once")):
        with pytest.raises(BadInput, match=says):
            hotspots.accuracy([4, 3, 2, 1], [1, 1, 1, 1], order)
    with pytest.raises(BadInput, match="no events"):
        hotspots.accuracy([0, 0], [1, 1], [0])
    with pytest.raises(BadInput, match="less than the first cell"):
        result.at(0.1)


@settings(max_examples=30)
@given(SEEDS, st.sampled_from(["euclidean", "manhattan"]))
def test_near_repeats_are_the_pairs_of_a_double_loop(seed: int, metric) -> None:
    draw = np.random.default_rng(seed)
    points, day = draw.integers(0, 30, (40, 2)).astype(float), draw.integers(0, 20, 40)
    found = repeats.near_repeat_pairs(*points.T, day, metres=5, days=3, metric=metric)
    expected = set()
    for first, second in combinations(range(40), 2):
        gap = np.abs(points[first] - points[second])
        distance = gap.sum() if metric == "manhattan" else np.hypot(*gap)
        if distance < 5 and abs(day[first] - day[second]) < 3:
            earlier = (first, second) if day[first] <= day[second] else (second, first)
            expected.add(earlier)
    assert set(zip(found.originator.tolist(), found.follower.tolist(), strict=True)) == expected
    chains = repeats.near_repeat_chains(*points.T, day, metres=5, days=3, metric=metric)
    assert (chains.chain[found.originator] == chains.chain[found.follower]).all()
    assert (chains.sizes >= 2).all()
    assert (np.diff(chains.sizes) <= 0).all()
    assert (chains.chain >= 0).sum() == chains.sizes.sum()


def test_one_event_and_equal_coordinates() -> None:
    alone = repeats.near_repeat_pairs([1], [1], [1], metres=5, days=3)
    assert len(alone.metres) == 0
    assert str(repeats.near_repeat_chains([1], [1], [1], metres=5, days=3)) == "No chains among 1 events."
    same = repeats.near_repeat_pairs([1, 1], [2, 2], [4, 4], metres=5, days=3)
    assert (same.originator[0], same.follower[0], same.metres[0]) == (0, 1, 0)


@pytest.mark.parametrize(
    "dates",
    [
        ["2020-01", "2020-02"],
        np.array(["2020-01", "2020-02"], dtype="datetime64[M]"),
        [202001, 202002],
        ["2020-01-01", "2020-02-01"],
    ],
)
def test_months_are_no_days(dates) -> None:
    with pytest.raises(BadInput, match="only their month is known"):
        repeats.near_repeat_pairs([0, 1], [0, 1], dates, metres=5, days=3)
    with pytest.raises(BadInput, match="only their month is known"):
        repeats.knox([0, 1], [0, 1], dates, space_breaks=[0, 5], time_breaks=[0, 5], permutations=9)


def test_snapped_points_are_warned_of() -> None:
    x, y = np.repeat([0.5, 700.5, 900.5], 10), np.repeat([3.0, 80.0, 9.0], 10)
    found = repeats.near_repeat_pairs(x, y, np.arange(30), metres=5, days=3)
    assert "100% of the points lie exactly on another" in found.caution
    assert found.caution in str(found)
    grid = np.arange(25)
    stepped = repeats.near_repeat_pairs(grid % 5 * 100, grid // 5 * 100, grid, metres=5, days=3)
    assert "whole multiples of 100 m" in stepped.caution
    spread = np.random.default_rng(0).uniform(0, 1000, (2, 25))
    assert repeats.near_repeat_pairs(*spread, grid, metres=5, days=3).caution == ""


def test_knox_does_not_mind_fractions_of_days() -> None:
    draw = np.random.default_rng(5)
    x, y, day = draw.uniform(0, 100, 60), draw.uniform(0, 100, 60), draw.uniform(0, 9, 60)
    found = repeats.knox(x, y, day, space_breaks=[0, 20, 40], time_breaks=[0, 1.5, 3], permutations=9).pairs
    gap = np.abs(day[:, None] - day)[np.triu_indices(60, 1)]
    distance = np.hypot(x[:, None] - x, y[:, None] - y)[np.triu_indices(60, 1)]
    assert found[0, 0] == ((distance < 20) & (gap < 1.5)).sum()
    assert found[1, 1] == ((distance >= 20) & (distance < 40) & (gap >= 1.5) & (gap < 3)).sum()


def test_compiled_shuffles_are_fair_and_repeat() -> None:
    """All 24 orders of four, 600 times each on average: χ² with 23 degrees of freedom, bar at one in 10,000."""
    state = shuffling.states(3, 1)[0]
    seen: Counter[tuple[int, ...]] = Counter()
    for _ in range(14_400):
        values = np.arange(4)
        shuffling.shuffle_front(values, 4, state)
        seen[tuple(values.tolist())] += 1
    assert len(seen) == 24
    assert sum((count - 600) ** 2 / 600 for count in seen.values()) < 55.6
    first, second = np.arange(50), np.arange(50)
    shuffling.shuffle_front(first, 20, shuffling.states(5, 2)[1])
    shuffling.shuffle_front(second, 20, shuffling.states(5, 2)[1])
    assert first.tolist() == second.tolist()
    assert sorted(first.tolist()) == list(range(50))
