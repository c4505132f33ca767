"""Counting in cells and Gi*: exact against enumeration, simulated against exact."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from safety_analysis.inputs import BadInput
from safety_analysis.methods import hotspots

GRIDS = st.integers(0, 2**32 - 1).map(
    lambda seed: np.random.default_rng(seed).negative_binomial(0.6, 0.3, (3, 4)).astype(float)
)


def by_enumeration(grid: np.ndarray, neighbours: str) -> tuple[np.ndarray, np.ndarray]:
    """Both tails for every cell by going through every choice of the other cells."""
    cells = [tuple(cell) for cell in np.argwhere(~np.isnan(grid))]
    greater, less = np.full(grid.shape, np.nan), np.full(grid.shape, np.nan)
    for row, column in cells:
        near = [(row + down, column + right) for down, right in hotspots.SHIFTS[neighbours]]
        near = [cell for cell in near if cell in cells]
        others = [grid[cell] for cell in cells if cell != (row, column)]
        sums = np.array([sum(choice) for choice in combinations(others, len(near))])
        observed = sum(grid[cell] for cell in near)
        greater[row, column], less[row, column] = (sums >= observed).mean(), (sums <= observed).mean()
    return greater, less


@settings(max_examples=12, deadline=None)
@given(GRIDS, st.sampled_from(["queen", "rook"]), st.booleans())
def test_exact_equals_enumeration(grid: np.ndarray, neighbours: str, masked: bool) -> None:
    if masked:
        grid[0, 0] = np.nan
    greater, less = by_enumeration(grid, neighbours)
    for alternative, expected in (("greater", greater), ("less", less)):
        result = hotspots.local_gi_star(grid, neighbours, inference="exact", alternative=alternative)
        assert result.p_value == pytest.approx(expected, abs=1e-12, nan_ok=True)
    both = hotspots.local_gi_star(grid, neighbours, inference="exact")
    assert both.p_value == pytest.approx(np.minimum(1, 2 * np.minimum(greater, less)), abs=1e-12, nan_ok=True)


def test_exact_does_not_mind_large_equal_or_shifted_counts() -> None:
    grid = np.random.default_rng(2).poisson(3, (12, 12)).astype(float)
    plain = hotspots.local_gi_star(grid, "queen", inference="exact")
    shifted = hotspots.local_gi_star(grid + 1000, "queen", inference="exact")
    assert shifted.p_value == pytest.approx(plain.p_value, abs=1e-12)
    flat = hotspots.local_gi_star(np.full((5, 5), 7.0), "queen", inference="exact")
    assert (flat.p_value == 1).all()
    assert (flat.z == 0).all()
    assert (flat.classes == 0).all()


@pytest.mark.parametrize("factor", [1.0, 1.37])
def test_permutation_comes_close_to_exact_also_for_real_values(factor: float) -> None:
    grid = np.random.default_rng(5).negative_binomial(0.8, 0.2, (9, 9)).astype(float)
    exact = hotspots.local_gi_star(grid, "queen", inference="exact", alternative="greater")
    drawn = hotspots.local_gi_star(
        grid * factor, "queen", inference="permutation", alternative="greater", permutations=9999
    )
    assert np.abs(drawn.p_value - exact.p_value).max() < 0.03


def test_permutation_with_weights_agrees_with_permutation_without() -> None:
    """A matrix of weights 2 goes the long way round and must tell the same story as a matrix of ones."""
    generator = np.random.default_rng(6)
    links = sparse.random_array((60, 60), density=0.08, rng=generator, data_sampler=lambda size: np.ones(size))
    links = sparse.csr_array(((links + links.T) > 0).astype(float))
    links.setdiag(0)
    links.eliminate_zeros()
    values = generator.gamma(1, 1, 60)
    ones, twos = (
        hotspots.local_gi_star(values, links * size, inference="permutation", alternative="greater", permutations=999)
        for size in (1.0, 2.0)
    )
    assert ones.p_value == pytest.approx(twos.p_value, abs=1e-12)


def test_the_same_seed_gives_the_same_answer() -> None:
    grid = np.random.default_rng(1).gamma(1, 1, (8, 8))
    first, second, other = (
        hotspots.local_gi_star(grid, "rook", inference="permutation", seed=seed) for seed in (3, 3, 4)
    )
    assert (first.p_value == second.p_value).all()
    assert (first.p_value != other.p_value).any()


def test_a_grid_and_its_matrix_give_the_same() -> None:
    grid = np.random.default_rng(1).poisson(2, (5, 6)).astype(float)
    cells = [(row, column) for row in range(5) for column in range(6)]
    links = np.array([[float(max(abs(a - c), abs(b - d)) == 1) for c, d in cells] for a, b in cells])
    for inference in ("analytic", "exact"):
        as_grid = hotspots.local_gi_star(grid, "queen", inference=inference)
        as_matrix = hotspots.local_gi_star(grid.ravel(), sparse.csr_array(links), inference=inference)
        assert as_matrix.z.reshape(5, 6) == pytest.approx(as_grid.z)
        assert as_matrix.p_value.reshape(5, 6) == pytest.approx(as_grid.p_value)


def test_a_planted_cluster_is_found_and_noise_is_not() -> None:
    grid = np.random.default_rng(0).poisson(1, (40, 40)).astype(float)
    quiet = hotspots.local_gi_star(grid, "queen", inference="exact")
    assert (quiet.classes > 0).sum() == 0
    grid[10:14, 20:24] += 12
    found = hotspots.local_gi_star(grid, "queen", inference="exact")
    assert (found.classes[11:13, 21:23] == 2).all()
    assert (found.classes[:5] == 0).all()


def test_masked_cells_count_nowhere() -> None:
    grid = np.random.default_rng(4).poisson(3, (6, 6)).astype(float)
    wide = np.full((6, 9), np.nan)
    wide[:, :6] = grid
    inside, padded = (hotspots.local_gi_star(values, "queen") for values in (grid, wide))
    assert padded.z[:, :6] == pytest.approx(inside.z)
    assert np.isnan(padded.p_value[:, 6:]).all()
    assert (padded.classes[:, 6:] == 0).all()


@given(st.lists(st.floats(0, 1), min_size=1, max_size=50))
def test_adjusted_p_is_never_smaller_and_keeps_the_order(p_values: list[float]) -> None:
    adjusted = hotspots.benjamini_hochberg(p_values)
    assert (adjusted >= np.array(p_values) - 1e-12).all()
    assert (np.diff(adjusted[np.argsort(p_values, kind="stable")]) >= -1e-12).all()


def test_benjamini_and_hochberg_as_r_p_adjust() -> None:
    assert hotspots.benjamini_hochberg([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.02, 0.04, 0.04, 0.02])


def test_cells_are_half_open_and_nothing_is_lost() -> None:
    grid = hotspots.bin_counts([0, 10, 19.99, 20, -1], [0, 0, 5, 5, 5], cell=10, bounds=(0, 0, 30, 10))
    assert grid.values.tolist() == [[1, 2, 1]]
    assert grid.outside == 1
    assert grid.corner(0, 2) == (20, 0)


@given(st.lists(st.tuples(st.floats(-500, 500), st.floats(-500, 500)), min_size=1, max_size=50), st.floats(5, 300))
def test_without_bounds_every_point_is_in_a_cell(points: list[tuple[float, float]], cell: float) -> None:
    x, y = np.array(points).T
    grid = hotspots.bin_counts(x, y, cell=cell)
    assert grid.values.sum() == len(points)
    assert grid.outside == 0
    weighted = hotspots.bin_counts(x, y, cell=cell, weights=np.ones(len(x)))
    assert (weighted.values == grid.values).all()


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: hotspots.bin_counts([0, 1e9], [0, 1e9], cell=1), "choose a larger one"),
        (lambda: hotspots.bin_counts([0], [0], cell=0), "cell is 0"),
        (lambda: hotspots.bin_counts([0, float("nan")], [0, 0], cell=1), r"x\[1\] is nan"),
        (lambda: hotspots.bin_counts([0], [0], cell=1, bounds=(1, 0, 0, 1)), "room between them"),
        (lambda: hotspots.local_gi_star([[1, float("inf")]], "queen"), r"values\[0, 1\] is infinite"),
        (lambda: hotspots.local_gi_star([[1, 2.5]], "queen", inference="exact"), "values holds 2.5"),
        (lambda: hotspots.local_gi_star([[1, -2]], "queen", inference="exact"), "values holds −2"),
        (lambda: hotspots.local_gi_star([[1, 2]], "bishop"), "queen or rook"),
        (lambda: hotspots.local_gi_star([1, 2], [[0, 1], [1, 0]]), "sparse matrix"),
        (lambda: hotspots.local_gi_star([[1, 2]], "queen", inference="guess"), "“guess”"),
        (lambda: hotspots.local_gi_star([[1, 2]], "queen", alternative="up"), "“up”"),
        (lambda: hotspots.local_gi_star([[1, float("nan")]], "queen"), "at least two cells"),
    ],
)
def test_a_bad_value_is_named(call, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        call()
