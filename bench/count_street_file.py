"""A police.uk-style CSV to counts by month × LSOA × type, beside pandas with pyarrow.

uv run --group bench python -m bench.count_street_file --size 5000000
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import numpy as np

from bench.sides import answer, measure, print_growth, print_ratio

ROWS = 5_000_000
KEYS = ["Month", "LSOA code", "Crime type"]
FOLDER = "WARDLIGHT_BENCH_FOLDER"


def file_of(size: int) -> Path:
    """The file of that many rows, written once a run."""
    from bench.police_uk_file import write

    path = Path(os.environ.get(FOLDER, tempfile.gettempdir())) / f"wardlight-bench-street-{size}.csv"
    if not path.exists():
        write(path, size)
    return path


def ours(path: Path) -> dict[str, np.ndarray]:
    import polars as pl

    from wardlight.incidents.cubes import counts_by

    frame = pl.scan_csv(path).select(KEYS)
    counted = counts_by(frame, KEYS)
    counted = counted.collect() if isinstance(counted, pl.LazyFrame) else counted
    held = counted.drop_nulls().sort(KEYS)
    return {"counts": held[held.columns[-1]].to_numpy()}


def theirs(path: Path) -> dict[str, np.ndarray]:
    import pandas as pd

    frame = pd.read_csv(path, usecols=KEYS, engine="pyarrow", dtype_backend="pyarrow")
    return {"counts": frame.groupby(KEYS, dropna=True).size().sort_index().to_numpy()}


SIDES = {"polars": (file_of, ours), "pandas": (file_of, theirs)}


def run(size: int = ROWS) -> None:
    """Print the comparison and how ours grows."""
    with tempfile.TemporaryDirectory(prefix="wardlight-bench-") as folder:
        os.environ[FOLDER] = folder
        print(f"{size:,} rows of street crime to month × LSOA × type")
        mine, peer = (
            measure("bench.count_street_file", "polars", size),
            measure("bench.count_street_file", "pandas", size),
        )
        print_ratio("count", mine, peer, "pandas with pyarrow", 1.5)
        same = np.array_equal(mine.results["counts"], peer.results["counts"])
        print(f"  agreement: {'every count the same' if same else 'counts DIFFER'}")
        print_growth("counting", "bench.count_street_file", "polars", max(1000, size // 16))


if __name__ == "__main__":
    answer(SIDES, run, ROWS)
