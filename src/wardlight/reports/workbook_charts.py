"""Charts of a workbook: native where a spreadsheet can draw them, the picture where it cannot."""

from __future__ import annotations

import math
from datetime import datetime
from io import BytesIO
from typing import Any

from wardlight.reports import charts
from wardlight.reports.outline import Figure, FindingBlock
from wardlight.reports.sheets import FACE, Formats, put_text
from wardlight.reports.sizes import size_in_pixels
from wardlight.reports.spreadsheet_charts import NativeChart, native_chart

CHART_DATA = "Chart data"
WIDTH = 640
ROW_PIXELS = 20
SERIES_COLOURS = ("#12436D", "#28A197", "#801650", "#F46A25", "#3D3D3D", "#A285D1")
DATE_AXIS = {"date_axis": True, "num_format": "mmm yyyy", "major_unit": 6, "major_unit_type": "months"}
DASHES = ("solid", "dash", "round_dot", "long_dash", "dash_dot", "square_dot")


class WorkbookCharts:
    """Knows which findings have a native chart and writes the numbers no table holds on one sheet at the end."""

    def __init__(self, book: Any, formats: Formats, findings: list[FindingBlock]) -> None:
        self.book, self.formats = book, formats
        self.native = {
            finding.number: native_chart(finding.figure.source.chart, finding.raw)
            for finding in findings
            if finding.figure
        }
        self.data: Any = None
        self.column = 0

    @property
    def needs_data(self) -> bool:
        """True when some chart draws numbers that its finding's table does not hold."""
        return any(chart is not None and chart.column is None for chart in self.native.values())

    def place(self, sheet: Any, finding: FindingBlock, top: int) -> int:
        """Put the finding's chart beside its table, whose caption is in row `top`; the rows the chart takes."""
        assert finding.figure is not None
        column = len(finding.raw.columns) + 1 if finding.raw else 0
        place = {"object_position": 2, "description": finding.figure.alt, "x_offset": 6, "y_offset": 4}
        native = self.native[finding.number]
        if native is None:
            return _picture(sheet, (top + 1, column), finding.figure, place)
        height = _height(native)
        chart = self._native(sheet, native, finding, top)
        chart.set_size({"width": WIDTH, "height": height})
        sheet.insert_chart(top + 1, column, chart, place)
        return rows_for(height)

    def _native(self, sheet: Any, native: NativeChart, finding: FindingBlock, top: int) -> Any:
        assert finding.figure is not None
        chart = self.book.add_chart({"type": native.kind})
        if native.column is not None and finding.raw is not None:
            first, last = top + 2, top + 1 + len(finding.raw.rows)
            name = sheet.get_name()
            chart.add_series(
                _series(0, finding.raw.columns[native.column].title)
                | {
                    "categories": [name, first, native.names, last, native.names],
                    "values": [name, first, native.column, last, native.column],
                }
            )
        else:
            self._from_data(chart, native, finding)
        _arrange(chart, native, f"Figure {finding.figure.number}. {finding.figure.caption}")
        return chart

    def _from_data(self, chart: Any, native: NativeChart, finding: FindingBlock) -> None:
        """Write a chart's numbers, when no table of the finding holds them, on a sheet of their own."""
        assert finding.figure is not None
        left, last = self.column, len(native.categories) + 1
        put_text(self.data, 0, left, f"Figure {finding.figure.number}. {finding.figure.caption}", self.formats.caption)
        date = self.book.add_format({"num_format": "mmm yyyy", "align": "left", "font_name": FACE})
        for row, category in enumerate(native.categories, start=2):
            if isinstance(category, datetime):
                self.data.write_datetime(row, left, category, date)
            else:
                put_text(self.data, row, left, category, self.formats.words)
        for index, series in enumerate(native.series):
            column = left + 1 + index
            put_text(self.data, 1, column, _named(series.name, native, finding), self.formats.head("right"))
            for row, value in enumerate(series.values, start=2):
                if value is not None:
                    self.data.write_number(row, column, value)
            chart.add_series(
                _series(index, _named(series.name, native, finding))
                | {"categories": [CHART_DATA, 2, left, last, left], "values": [CHART_DATA, 2, column, last, column]}
            )
        self.data.set_column(left, left + len(native.series), 16)
        self.column = left + len(native.series) + 2


def rows_for(pixels: float) -> int:
    """Rows of ordinary height that a picture covers, with room below it."""
    return math.ceil(pixels / ROW_PIXELS) + 2


def _height(native: NativeChart) -> int:
    return max(320, 24 * len(native.categories)) if native.kind == "bar" else 320


def _picture(sheet: Any, at: tuple[int, int], figure: Figure, place: dict[str, Any]) -> int:
    """The drawn chart at the size of a native one, for what a spreadsheet cannot draw."""
    width, height = size_in_pixels(charts.svg(figure.source))
    shown = WIDTH / width
    scale = shown * 72 / (96 * charts.dots_a_pixel())
    image = BytesIO(charts.png(figure.source))
    sheet.insert_image(*at, "chart.png", {**place, "image_data": image, "x_scale": scale, "y_scale": scale})
    return rows_for(height * shown)


def _named(name: str, native: NativeChart, finding: FindingBlock) -> str:
    """A series alone is called by its unit, which people know; its field name is ours."""
    unit = finding.figure.source.unit if finding.figure else ""
    return unit[:1].upper() + unit[1:] if unit and len(native.series) == 1 else name


def _series(index: int, name: str) -> dict[str, Any]:
    colour = SERIES_COLOURS[index % len(SERIES_COLOURS)]
    return {
        "name": name,
        "line": {"color": colour, "width": 2, "dash_type": DASHES[index % len(DASHES)]},
        "fill": {"color": colour},
        "gap": 50,
    }


def _arrange(chart: Any, native: NativeChart, title: str) -> None:
    small = {"name": FACE, "size": 9}
    chart.set_title({"name": title, "name_font": {"name": FACE, "size": 11, "bold": True}, "overlay": False})
    dates = DATE_AXIS if native.dated and native.column is None else {}
    chart.set_x_axis({"num_font": small, "major_gridlines": {"visible": False}, **dates})
    chart.set_y_axis({"num_font": small, "num_format": "#,##0", "min": _floor(native), "major_gridlines": _grid()})
    if native.kind == "bar":
        chart.set_y_axis({"num_font": small, "reverse": True, "major_gridlines": {"visible": False}})
        chart.set_x_axis({"num_font": small, "num_format": "#,##0", "major_gridlines": _grid()})
    if len(native.series) == 1:
        chart.set_legend({"none": True})
    else:
        chart.set_legend({"position": "bottom", "font": small})


def _grid() -> dict[str, Any]:
    return {"visible": True, "line": {"color": "#D9D9D9", "width": 0.5}}


def _floor(native: NativeChart) -> float | None:
    """Zero where nothing is below it: a picture of counts begins at nought."""
    lowest = min((value for series in native.series for value in series.values if value is not None), default=0)
    return 0 if lowest >= 0 else None
