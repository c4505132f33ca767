"""Kernel density at as many places as points, beside scikit-learn's `KernelDensity` with the same compact kernel.

uv run --group bench python -m bench.kernel_density --size 100000
"""

from __future__ import annotations

import numpy as np

from bench.sides import answer, measure, print_growth, print_ratio

SIZE = 100_000
BANDWIDTH = 400.0
KILOMETRE = 1000.0
CHECKED = 200


def given(size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points of a city (half of them round centres) and the centres of the cells of a square over it."""
    draw = np.random.default_rng(10)
    width = KILOMETRE * np.sqrt(size / 1000)
    centres = draw.uniform(0, width, (max(1, size // 500), 2))
    near = centres[draw.integers(0, len(centres), size // 2)] + draw.normal(0, 300, (size // 2, 2))
    x, y = np.vstack([near, draw.uniform(0, width, (size - size // 2, 2))]).T + np.array([[530_000.0], [180_000.0]])
    steps = np.linspace(0, width, int(np.sqrt(size)))
    at = np.column_stack([np.tile(steps, len(steps)) + 530_000, np.repeat(steps, len(steps)) + 180_000])
    return x, y, at


def ours(kernel: str):
    def work(data) -> dict[str, np.ndarray]:
        from safety_analysis.methods import hotspots

        x, y, at = data
        return {"values": hotspots.kernel_density(x, y, at, bandwidth=BANDWIDTH, kernel=kernel).values}

    return work


def theirs(data) -> dict[str, np.ndarray]:
    from sklearn.neighbors import KernelDensity

    x, y, at = data
    model = KernelDensity(kernel="epanechnikov", bandwidth=BANDWIDTH).fit(np.column_stack([x, y]))
    return {"values": np.exp(model.score_samples(at)) * len(x)}


SIDES = {"epanechnikov": (given, ours("epanechnikov")), "quartic": (given, ours("quartic")), "sklearn": (given, theirs)}


def direct(size: int) -> np.ndarray:
    """The plain sum over every point, at some of the places."""
    x, y, at = given(size)
    chosen = at[:: max(1, len(at) // CHECKED)]
    squares = ((x - chosen[:, :1]) ** 2 + (y - chosen[:, 1:]) ** 2) / BANDWIDTH**2
    return np.clip(1 - squares, 0, None).sum(axis=1) * 2 / (np.pi * BANDWIDTH**2)


def run(size: int = SIZE) -> None:
    """Print the comparison, its agreement with direct summation, and how it grows."""
    print(f"Kernel density of {size:,} points at {int(np.sqrt(size)) ** 2:,} places, bandwidth {BANDWIDTH:g} m")
    mine, peer = (measure("bench.kernel_density", side, size) for side in ("epanechnikov", "sklearn"))
    print_ratio("Epanechnikov", mine, peer, "scikit-learn KernelDensity", 40)
    values = mine.results["values"]
    most = values.max()
    plain = direct(size)
    chosen = values[:: max(1, len(values) // CHECKED)]
    print(
        f"  agreement: with scikit-learn {np.abs(values - peer.results['values']).max() / most:.1e}, with direct "
        f"summation {np.abs(chosen - plain).max() / most:.1e} of the largest value"
    )
    print_growth("points and places together", "bench.kernel_density", "epanechnikov", max(2500, size // 4))


if __name__ == "__main__":
    answer(SIDES, run, SIZE)
