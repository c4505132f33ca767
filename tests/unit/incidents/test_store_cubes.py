"""Cube questions: the same numbers from Polars, lazy or eager, and pandas."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas
import polars as pl
import pytest

from wardlight.incidents import cubes
from wardlight.incidents.filters import RecordFilter

RECORDS = pl.DataFrame(
    {
        "month": [202201, 202201, 202202, 202202, 202202, 202203],
        "category": ["robbery", "burglary-home", "robbery", "violence-with-injury", None, "homicide"],
        "source": ["a", "a", "a", "b", "b", "b"],
        "flags": ["|knife|", None, "|knife|injury|", "|knife-point|", "|injury|", "|knife|injury|"],
        "victim_age": pl.Series([17, None, 24, 25, 40, 24], dtype=pl.Int16),
        "victim_sex": ["female", None, "male", "female", "female", "male"],
        "victim_key": ["p", None, "p", "q", "q", "r"],
        "outcome": ["Local resolution", None, None, "Offender charged", None, None],
        "hour_of_week": pl.Series([0, None, 167, 167, 3, None], dtype=pl.UInt8),
        "area_ward": ["W", "W", None, None, "E", "E"],
    }
)


def as_pandas(frame: pl.DataFrame) -> Any:
    return pandas.DataFrame(frame.to_dict(as_series=False))


def rows(native: Any, *sort: str) -> list[dict[str, Any]]:
    """Plain rows of any frame, blanks as None, in a fixed order."""
    if isinstance(native, pl.LazyFrame):
        native = native.collect()
    found = native.to_dicts() if isinstance(native, pl.DataFrame) else native.to_dict("records")
    plain = [{key: None if value != value else value for key, value in row.items()} for row in found]
    return sorted(plain, key=lambda row: [str(row[key]) for key in sort])


@pytest.fixture(params=["eager", "lazy", "pandas"])
def engine(request) -> Callable[[pl.DataFrame], Any]:
    return {"eager": lambda frame: frame, "lazy": lambda frame: frame.lazy(), "pandas": as_pandas}[request.param]


FILTERS = {
    "nothing asked": (RecordFilter(), [0, 1, 2, 3, 4, 5]),
    "a category and those below": (RecordFilter(categories=("violence",)), [3, 5]),
    "not a category": (RecordFilter(not_categories=("violence",)), [0, 1, 2]),
    "a whole flag, not a part of one": (RecordFilter(flags_all=("knife",)), [0, 2, 5]),
    "both flags": (RecordFilter(flags_all=("knife", "injury")), [2, 5]),
    "either flag": (RecordFilter(flags_any=("knife", "injury")), [0, 2, 4, 5]),
    "without a flag": (RecordFilter(flags_none=("knife",)), [1, 3, 4]),
    "an age band holds both ends": (RecordFilter(victim_age_from=17, victim_age_to=24), [0, 2, 5]),
    "sex": (RecordFilter(victim_sex="female"), [0, 3, 4]),
    "outcome": (RecordFilter(outcomes=("Local resolution", "Offender charged")), [0, 3]),
    "source": (RecordFilter(sources=("b",)), [3, 4, 5]),
    "all at once": (
        RecordFilter(categories=("violence",), sources=("b",), flags_any=("injury",), victim_age_to=24),
        [5],
    ),
}


@pytest.mark.parametrize("case", FILTERS)
def test_matching(case, engine):
    wanted, expected = FILTERS[case]
    numbered = RECORDS.with_row_index("number")
    assert [row["number"] for row in rows(cubes.matching(engine(numbered), wanted), "number")] == expected


def test_counts_by_keeps_blank_keys(engine):
    assert rows(
        cubes.counts_by(engine(RECORDS.with_columns(pl.col("area_ward").fill_null("nowhere"))), ["area_ward"]),
        "area_ward",
    ) == [{"area_ward": "E", "count": 2}, {"area_ward": "W", "count": 2}, {"area_ward": "nowhere", "count": 2}]
    assert {"area_ward": None, "count": 2} in rows(cubes.counts_by(RECORDS, ["area_ward"]), "area_ward")


def test_distinct_victims_counts_people_once(engine):
    assert rows(cubes.distinct_victims(engine(RECORDS), ["source"]), "source") == [
        {"source": "a", "victims": 1},
        {"source": "b", "victims": 2},
    ]


def test_hours_leave_out_what_is_not_known(engine):
    found = rows(cubes.hours(engine(RECORDS)), "hour_of_week")
    assert [(row["hour_of_week"], row["count"]) for row in found] == [(0, 1), (167, 2), (3, 1)]


def test_a_lazy_frame_stays_lazy():
    assert isinstance(cubes.matching(RECORDS.lazy(), RecordFilter()), pl.LazyFrame)
    assert isinstance(cubes.counts_by(RECORDS.lazy(), ["month"]), pl.LazyFrame)


@pytest.mark.parametrize("keys", [["month"], ["month", "source"], ["category", "area_ward"]])
def test_counts_add_up_to_the_rows(engine, keys):
    known = RECORDS.drop_nulls(keys)
    assert sum(row["count"] for row in rows(cubes.counts_by(engine(known), keys), *keys)) == known.height
