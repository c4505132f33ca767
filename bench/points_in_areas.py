"""A million points into London's 654 wards and 4,994 LSOAs: Wardlight's locator beside `geopandas.sjoin`.

Run with `uv run --group bench python bench/points_in_areas.py FOLDER`, where FOLDER holds the boundary files. Each side
runs in a process of its own, so that its peak memory is its own: the memory printed is what placing the points added.
Linux and macOS only.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pyogrio
import shapely

POINTS = 1_000_000
BOUNDARIES = Path("../shared/data/boundaries")
SETS = {
    "654 wards": ("london_wards.zip", "GSS_CODE"),
    "4,994 LSOAs": ("london-2021-lsoa-gen20.shp", "LSOA21CD"),
}


def read(path: Path, column: str) -> tuple[list[str], np.ndarray]:
    from wardlight.places.geometry import repaired

    meta, _, wkb, data = pyogrio.raw.read(path)
    shapes = [repaired(shape)[0] for shape in shapely.from_wkb(wkb, on_invalid="ignore")]
    return list(data[list(meta["fields"]).index(column)]), np.array(shapes, dtype=object)


def points(shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    left, bottom, right, top = shapely.total_bounds(shapes)
    draw = np.random.default_rng(2026)
    return draw.uniform(left, right, POINTS), draw.uniform(bottom, top, POINTS)


def ours(codes: list[str], shapes: np.ndarray, x: np.ndarray, y: np.ndarray) -> int:
    from wardlight.places.locator import Locator

    return int((Locator(codes, codes, shapes).assign(x, y) >= 0).sum())


def theirs(codes: list[str], shapes: np.ndarray, x: np.ndarray, y: np.ndarray) -> int:
    import geopandas as gpd

    areas = gpd.GeoDataFrame({"code": codes}, geometry=shapes, crs="EPSG:27700")
    placed = gpd.GeoDataFrame(geometry=gpd.points_from_xy(x, y), crs="EPSG:27700")
    joined = gpd.sjoin(placed, areas, how="left", predicate="intersects")
    return int(joined.code.groupby(level=0).first().notna().sum())


def peak_mb() -> float:
    """The most memory this process has ever held. Linux counts in kilobytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(side: str, path: Path, column: str) -> dict[str, float]:
    codes, shapes = read(path, column)
    x, y = points(shapes)
    run = ours if side == "wardlight" else theirs
    run(codes, shapes, x[:1000], y[:1000])  # imports and first-call costs on both sides
    before = peak_mb()
    started = time.perf_counter()
    found = run(codes, shapes, x, y)
    seconds = time.perf_counter() - started
    return {"seconds": seconds, "megabytes": max(peak_mb() - before, 1.0), "placed": found}


def in_own_process(side: str, path: Path, column: str) -> dict[str, float]:
    command = [sys.executable, __file__, str(path.parent), "--side", side, "--file", path.name, "--column", column]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(result.stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=BOUNDARIES)
    parser.add_argument("--side")
    parser.add_argument("--file")
    parser.add_argument("--column")
    asked = parser.parse_args()
    if asked.side:
        print(json.dumps(measure(asked.side, asked.folder / asked.file, asked.column)))
        return
    run(asked.folder)


def run(folder: Path = BOUNDARIES) -> None:
    """Print both comparisons, or which folder is not there."""
    if not all((folder / file).exists() for file, _ in SETS.values()):
        print(f"points in areas: {folder} does not hold the boundary files; name a folder that does")
        return
    for title, (file, column) in SETS.items():
        mine = in_own_process("wardlight", folder / file, column)
        peer = in_own_process("geopandas", folder / file, column)
        assert mine["placed"] == peer["placed"], "the two sides disagree"
        print(
            f"a million points into {title}: wardlight {mine['seconds']:.2f} s, {mine['megabytes']:.0f} MB; "
            f"geopandas.sjoin {peer['seconds']:.2f} s, {peer['megabytes']:.0f} MB; "
            f"{peer['seconds'] / mine['seconds']:.1f}× faster, {peer['megabytes'] / mine['megabytes']:.1f}× less memory"
        )


if __name__ == "__main__":
    main()
