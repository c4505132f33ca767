"""Gi* on a square grid beside esda's `G_Local`: exact, simulated with real weights, and analytic.

    uv run --group bench python -m bench.gi_star --size 200000

`--size` is the number of cells. esda runs with 999 permutations (none beside the analytic), on every core it wants.
"""

from __future__ import annotations

import numpy as np

from bench.sides import answer, measure, print_growth, print_ratio

CELLS = 200_000
PERMUTATIONS = 999


def counts(size: int) -> np.ndarray:
    side = int(np.sqrt(size))
    return np.random.default_rng(7).negative_binomial(0.5, 0.3, (side, side)).astype(float)


def harm(size: int) -> np.ndarray:
    draw = np.random.default_rng(8)
    grid = counts(size)
    return grid * draw.uniform(1, 400, grid.shape)


def ours(inference: str):
    def work(grid: np.ndarray) -> dict[str, np.ndarray]:
        from safety_analysis.methods import hotspots

        found = hotspots.local_gi_star(
            grid, "queen", inference=inference, permutations=PERMUTATIONS, alternative="greater", adjust="none"
        )
        return {"z": found.z.ravel(), "p": found.p_value.ravel()}

    return work


def theirs(permutations: int):
    def prepare(grid: np.ndarray):
        from libpysal.weights import lat2W

        return grid, lat2W(*grid.shape, rook=False)

    def work(given) -> dict[str, np.ndarray]:
        import warnings

        import esda

        grid, weights = given
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = esda.G_Local(
                grid.ravel(),
                weights,
                transform="B",
                star=True,
                permutations=permutations,
                keep_simulations=False,
                seed=1,
            )
        return {"z": found.Zs, "p": found.p_sim if permutations else found.p_norm}

    return prepare, work


def esda_side(make, permutations: int):
    prepare, work = theirs(permutations)
    return (lambda size: prepare(make(size))), work


SIDES = {
    "exact": (counts, ours("exact")),
    "simulated": (harm, ours("permutation")),
    "analytic": (counts, ours("analytic")),
    "esda-counts": esda_side(counts, PERMUTATIONS),
    "esda-harm": esda_side(harm, PERMUTATIONS),
    "esda-analytic": esda_side(counts, 0),
}


def agreement(mine, peer, grid: np.ndarray, inference: str) -> str:
    """How far esda's p lies from ours. Counts tie, and esda's fractions break ties by their last digit: P(>) to P(≥) will do."""
    from safety_analysis.methods import hotspots

    calls = (
        hotspots.local_gi_star(grid, "queen", inference=inference, alternative=side) for side in ("greater", "less")
    )
    at_least, at_most = (found.p_value.ravel() for found in calls)
    folded = np.sort([np.minimum(p, 1 - p) for p in (at_least, 1 - at_most)], axis=0)
    apart = np.maximum(0, np.maximum(folded[0] - peer.results["p"], peer.results["p"] - folded[1]))
    z = np.abs(mine.results["z"] - peer.results["z"]).max()
    mean, most = apart.mean(), np.quantile(apart, 0.99)
    return f"  agreement: z within {z:.1e}; p {mean:.4f} apart on average, {most:.3f} at the 99th percentile"


def run(size: int = CELLS) -> None:
    """Print all three comparisons, and how ours grow."""
    print(f"Gi* on {int(np.sqrt(size)) ** 2:,} cells, queen neighbours")
    for mine, peer, title, target in (
        ("exact", "esda-counts", "counts, exact p", 300),
        ("simulated", "esda-harm", "real weights, 999 draws", 15),
        ("analytic", "esda-analytic", "analytic", 200),
    ):
        first, second = measure("bench.gi_star", mine, size), measure("bench.gi_star", peer, size)
        print_ratio(title, first, second, "esda G_Local", target)
        make = harm if mine == "simulated" else counts
        inference = {"exact": "exact", "simulated": "permutation"}.get(mine, "analytic")
        print(agreement(first, second, make(size), inference))
    for side in ("exact", "simulated", "analytic"):
        print_growth(side, "bench.gi_star", side, max(2500, size // 4))


if __name__ == "__main__":
    answer(SIDES, run, CELLS)
