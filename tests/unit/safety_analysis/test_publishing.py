"""Disclosure control and the column contracts."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from safety_analysis import disclosure, frames
from safety_analysis.inputs import BadInput


@given(st.lists(st.integers(0, 10_000), min_size=1), st.integers(0, 20), st.integers(1, 10))
def test_nothing_small_gets_out_and_nothing_moves_far(counts: list[int], least: int, base: int) -> None:
    shown = disclosure.round_and_suppress(counts, suppress_below=least, base=base).table
    for count, value in zip(counts, shown, strict=True):
        assert np.isnan(value) == (0 < count < least)
        if not np.isnan(value):
            assert value % base == 0
            assert abs(value - count) <= base / 2


def test_a_frame_keeps_its_shape_and_words() -> None:
    frame = pl.DataFrame({"area": ["a", "b", "c"], "count": [3, 12, 0], "rate": [1.5, 2.5, 0.0]})
    result = disclosure.round_and_suppress(frame)
    assert result.table["count"].to_list() == [None, 10, 0]
    assert result.table.select("area", "rate").equals(frame.select("area", "rate"))
    assert str(result) == "1 cell is not shown, being under 10; the others are rounded to the nearest 5."


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ([1, -1], r"table\[1\] is −1"),
        ([0.5], "whole number"),
        (pl.DataFrame({"n": [1, None]}), "“n” has missing counts"),
    ],
)
def test_disclosure_refuses(table, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        disclosure.round_and_suppress(table)


def test_a_frame_that_keeps_its_contract_passes() -> None:
    frame = pl.DataFrame({"area": ["a"], "month": [202004], "count": [3]})
    assert frames.check(frame, frames.MONTHLY).columns == ["area", "month", "count"]


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        (pl.DataFrame({"area": ["a"], "month": [202004]}), "no column “count”; it has area, month"),
        (
            pl.DataFrame({"area": ["a"], "month": [202004], "count": [1.5]}),
            "“count” must hold a whole number, but holds Float64",
        ),
        (pl.DataFrame({"area": ["a", None], "month": [1, 2], "count": [1, 2]}), "“area” has no value in row 1"),
    ],
)
def test_a_broken_contract_is_named(frame: pl.DataFrame, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        frames.check(frame, frames.MONTHLY)
