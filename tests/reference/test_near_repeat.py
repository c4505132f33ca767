"""The Knox test on one month of burglary in Chicago, as published with the NearRepeat package for R."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from safety_analysis.methods import repeats

pytestmark = pytest.mark.real_data


def test_knox_table_of_chicago(shared_data: Path) -> None:
    frame = pl.read_csv(
        shared_data / "near_repeat" / "chicago_be_month1.csv", has_header=False, new_columns=["x", "y", "date"]
    )
    result = repeats.knox(
        frame["x"],
        frame["y"],
        frame["date"].to_numpy(),
        space_breaks=[0, 1, 100, 200, 300, np.inf],
        time_breaks=[0, 7, 14, 21, np.inf],
        metric="manhattan",
        permutations=99,
    )
    assert result.pairs[:2].tolist() == [[28, 5, 5, 2], [44, 13, 8, 4]]
    assert result.pairs.sum() == frame.height * (frame.height - 1) // 2
    assert result.p_value[0, 0] <= 0.02
    assert result.bands[0][0] == "[0, 1)"
