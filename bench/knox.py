"""The Knox test beside pointpats' `knox`, and by itself on as many points as four years of a large city's burglary.

uv run --group bench python -m bench.knox --size 10000
"""

from __future__ import annotations

import numpy as np

from bench.sides import answer, measure, print_growth, print_ratio

POINTS = 10_000
CITY = 45_319
PERMUTATIONS = 999
METRES, DAYS = 200.0, 14.0
SPACE, TIME = [0, 1, 100, 200, 300, 400], [0, 7, 14, 21, 28]


def points(size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points about as dense as burglary in a city, however many: half spread, half round centres; four years of days."""
    draw = np.random.default_rng(9)
    width = 600 * np.sqrt(size / 30)
    centres = draw.uniform(0, width, (max(1, size // 200), 2))
    near = centres[draw.integers(0, len(centres), size // 2)] + draw.normal(0, 400, (size // 2, 2))
    x, y = np.vstack([near, draw.uniform(0, width, (size - size // 2, 2))]).T
    return x, y, draw.integers(0, 1461, size).astype(float)


def one_band(given) -> dict[str, np.ndarray]:
    from safety_analysis.methods import repeats

    x, y, day = given
    breaks = {"space_breaks": [0, np.nextafter(METRES, np.inf)], "time_breaks": [0, DAYS + 1]}
    found = repeats.knox(x, y, day, **breaks, permutations=PERMUTATIONS)
    return {"pairs": found.pairs[0], "p": found.p_value[0]}


def five_by_four(given) -> dict[str, np.ndarray]:
    from safety_analysis.methods import repeats

    x, y, day = given
    found = repeats.knox(x, y, day, space_breaks=SPACE, time_breaks=TIME, permutations=PERMUTATIONS)
    return {"pairs": found.pairs}


def peer(given) -> dict[str, np.ndarray]:
    import warnings

    from pointpats import knox

    x, y, day = given
    np.random.seed(1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = knox(np.column_stack([x, y]), day[:, None].copy(), METRES, DAYS, permutations=PERMUTATIONS)
    return {"pairs": np.array([found["stat"]]), "p": np.ravel(found["pvalue"])}


SIDES = {"one-band": (points, one_band), "pointpats": (points, peer), "five-by-four": (points, five_by_four)}


def run(size: int = POINTS) -> None:
    """Print the comparison, the large test and how it grows with the number of pairs."""
    print(f"Knox on {size:,} points, {PERMUTATIONS} permutations")
    mine, theirs = measure("bench.knox", "one-band", size), measure("bench.knox", "pointpats", size)
    print_ratio("one band", mine, theirs, "pointpats knox", 200)
    same = int(mine.results["pairs"][0]) == int(theirs.results["pairs"][0])
    told = f"p {float(mine.results['p'][0]):.3f} and {float(theirs.results['p'][0]):.3f}"
    print(f"  agreement: pairs {'the same' if same else 'NOT the same'}; {told}")
    large = measure("bench.knox", "five-by-four", max(CITY * size // POINTS, 2000))
    pairs = int(large.results["pairs"].sum())
    print(
        f"5 × 4 bands, {max(CITY * size // POINTS, 2000):,} points: {large.seconds:.2f} s, {large.megabytes:.0f} MB "
        f"(target under 1,000), {pairs:,} pairs within the bands"
    )
    print_growth("5 × 4 bands", "bench.knox", "five-by-four", max(2500, size))


if __name__ == "__main__":
    answer(SIDES, run, POINTS)
