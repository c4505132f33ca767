"""What a spreadsheet can draw of a Vega-Lite chart."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.reports_sample import bar_chart, line_chart
from wardlight.assessment.document import Column, Table
from wardlight.reports.sheets import number_format, sheet_name
from wardlight.reports.spreadsheet_charts import native_chart

MONTHS = [{"month": f"2020-{month:02d}-01", "count": month} for month in range(1, 13)]
X = {"field": "month", "type": "temporal"}
Y = {"field": "count", "type": "quantitative"}
NAMES = [{"name": "North", "count": 5}, {"name": "South", "count": 7}]
COUNTS = Table("t", [Column("name", "Area"), Column("count", "Count", "count")], [["South", 7], ["North", 5]])


def test_months_become_a_dated_line() -> None:
    chart = native_chart(line_chart("t", MONTHS), None)
    assert chart is not None
    assert (chart.kind, chart.dated, chart.column) == ("line", True, None)
    assert chart.categories[0] == datetime(2020, 1, 1)  # noqa: DTZ001 - a month, of no zone
    assert chart.series[0].values == [float(month) for month in range(1, 13)]


def test_bars_lie_and_are_tied_to_the_table_that_holds_them() -> None:
    chart = native_chart(bar_chart("t", NAMES), COUNTS)
    assert chart is not None
    assert (chart.kind, chart.column) == ("bar", 1)


def test_a_table_with_other_numbers_is_not_tied() -> None:
    other = Table("t", COUNTS.columns, [["South", 8], ["North", 5]])
    chart = native_chart(bar_chart("t", NAMES), other)
    assert chart is not None
    assert chart.column is None


def test_series_are_split_by_colour_and_gaps_stay_empty() -> None:
    rows = [
        {"month": "2020-01", "n": 1, "s": "a"},
        {"month": "2020-02", "n": 2, "s": "a"},
        {"month": "2020-02", "n": 3, "s": "b"},
    ]
    spec = {"data": {"values": rows}, "mark": "line", "encoding": {
        "x": X, "y": {"field": "n", "type": "quantitative"}, "color": {"field": "s"}}}  # fmt: skip
    chart = native_chart(spec, None)
    assert chart is not None
    assert [(series.name, series.values) for series in chart.series] == [("a", [1, 2]), ("b", [None, 3])]


@pytest.mark.parametrize(
    "change",
    [
        {"mark": "geoshape"},
        {"transform": [{"filter": "datum.n > 1"}]},
        {"encoding": {"x": X, "y": {"aggregate": "sum", "field": "count", "type": "quantitative"}}},
        {"encoding": {"x": {"field": "absent", "type": "temporal"}, "y": Y}},
        {"data": {"url": "counts.csv"}},
    ],
)  # fmt: skip
def test_what_would_need_computing_is_left_to_the_picture(change) -> None:
    spec = {"data": {"values": MONTHS}, "mark": "line",
            "encoding": {"x": X, "y": Y}}  # fmt: skip
    assert native_chart(spec, None) is not None
    assert native_chart({**spec, **change}, None) is None


def test_sheet_names_are_permitted_and_differ() -> None:
    taken: set[str] = set()
    names = [sheet_name("3 Theft: of [a] motor/vehicle? or of a motor cycle", taken) for _ in range(12)]
    assert len({name.casefold() for name in names}) == 12
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\'") for name in names)
    assert sheet_name("::", taken) == "Sheet"


def test_number_formats_carry_a_real_minus() -> None:
    assert number_format("count", 0) == '#,##0;"−"#,##0;#,##0'
    assert number_format("percent", 1).startswith("0.0%;")
    assert number_format("number", 2).startswith("#,##0.00")


def test_the_names_may_stand_in_another_column_than_the_first() -> None:
    columns = [Column("rank", "Rank", "rank"), Column("name", "Area"), Column("count", "Count", "count")]
    chart = native_chart(bar_chart("t", NAMES), Table("t", columns, [["1st", "South", 7], ["2nd", "North", 5]]))
    assert chart is not None
    assert (chart.names, chart.column) == (1, 2)
