"""Cells are printed one way in every format."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardlight.assessment.document import Column, Table
from wardlight.reports.formatting import cell_text, grouped, printed


@pytest.mark.parametrize(
    ("cell", "kind", "decimals", "text"),
    [
        (None, "count", 0, "–"),
        ("", "text", 0, "–"),
        (float("nan"), "percent", 1, "–"),
        (float("inf"), "number", 1, "–"),
        (1204331, "count", 0, "1,204,331"),
        (-631, "count", 0, "−631"),
        (-40.63, "percent", 1, "−40.6%"),
        (41.0, "percent", 1, "41.0%"),
        (-0.04, "percent", 1, "0.0%"),
        (8.7, "number", 2, "8.70"),
        ("6th (6th to 10th)", "rank", 0, "6th (6th to 10th)"),
        ("30% to 50%", "interval", 0, "30% to 50%"),
        (2020, "text", 0, "2020"),
        ("fewer than 5", "count", 0, "fewer than 5"),
    ],
)
def test_a_cell_is_printed_as_people_read_it(cell, kind, decimals, text) -> None:
    assert cell_text(cell, kind, decimals) == text


@given(st.integers(-(10**12), 10**12))
def test_a_count_can_be_read_back(value: int) -> None:
    assert int(grouped(value).replace(",", "").replace("−", "-")) == value


def test_a_column_shares_its_decimals_and_a_percent_keeps_one() -> None:
    table = Table(
        "t", [Column("a", "A", "number"), Column("b", "B", "number")], [[1.5, 12.25], [2.25, 3.0], [None, 4.0]]
    )
    assert printed(table, 1).rows == [["1.50", "12.2"], ["2.25", "3.0"], ["–", "4.0"]]


def test_whole_numbers_need_no_decimals() -> None:
    assert printed(Table("t", [Column("a", "A", "number")], [[1.0], [20.0]]), 1).rows == [["1"], ["20"]]


def test_an_empty_table_can_be_printed() -> None:
    empty = printed(Table("t", [Column("a", "A"), Column("b", "B", "number")], []), 1)
    assert empty.rows == []
    assert sum(column.share for column in empty.columns) == pytest.approx(1)


def test_words_stand_left_figures_right_and_the_own_area_is_marked() -> None:
    table = Table("t", [Column("a", "Area"), Column("n", "Count", "count")], [["Larkmoor", 1], ["Fennel", 2]])
    made = printed(table, 1, "Fennel")
    assert [column.align for column in made.columns] == ["left", "right"]
    assert made.own == [False, True]


def test_a_column_of_long_words_is_wider_than_one_of_figures() -> None:
    table = Table("t", [Column("a", "Area"), Column("n", "Count", "count")], [["North Fennel and Harbourside", 1]])
    wide, narrow = printed(table, 1).columns
    assert wide.share > 2 * narrow.share
