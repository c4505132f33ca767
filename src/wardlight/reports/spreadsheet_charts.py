"""Reads from a Vega-Lite specification what a spreadsheet can draw natively: lines, columns and bars.

Computes nothing: a layer that filters, folds or aggregates its data is left to the picture.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from wardlight.assessment.document import Table
from wardlight.reports.formatting import is_number

_KINDS = {"line": "line", "area": "line", "trail": "line", "bar": "bar", "point": "line", "circle": "line"}
_MEASURED = {"quantitative"}
MOST_SERIES = 8
MOST_POINTS = 600
Spec = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Series:
    name: str
    values: list[float | None]


@dataclass(frozen=True, slots=True)
class NativeChart:
    """`kind` is "line", "column" or "bar" (lying); `categories` are dates or text; `column` of the table holds the
    values and `names` the categories when the finding's own table has them; else `column` is None."""

    kind: str
    categories: list[datetime | str]
    series: list[Series]
    column: int | None = None
    names: int = 0  # the table's column that holds the categories

    @property
    def dated(self) -> bool:
        return bool(self.categories) and all(isinstance(category, datetime) for category in self.categories)


@dataclass(frozen=True, slots=True)
class _Layer:
    mark: str
    encoding: Mapping[str, Any]
    rows: list[Mapping[str, Any]]


def _rows(data: Any, datasets: Spec) -> list[Mapping[str, Any]] | None:
    if not isinstance(data, Mapping):
        return None
    values = data.get("values", datasets.get(str(data.get("name"))))
    return values if isinstance(values, list) and all(isinstance(row, Mapping) for row in values) else None


def _layers(
    spec: Spec, encoding: Mapping[str, Any], rows: list[Mapping[str, Any]] | None, datasets: Spec
) -> Iterator[_Layer]:
    if spec.get("transform") or "facet" in spec or "repeat" in spec:
        return
    encoding = {**encoding, **spec.get("encoding", {})}
    own = _rows(spec.get("data"), datasets)
    rows = own if own is not None else rows
    for child in spec.get("layer", []):
        yield from _layers(child, encoding, rows, datasets)
    mark = spec.get("mark")
    name = mark.get("type") if isinstance(mark, Mapping) else mark
    if name and rows:
        yield _Layer(str(name), encoding, rows)


def _plain(layer: _Layer, channel: str) -> bool:
    encoded = layer.encoding.get(channel, {})
    usable = "field" in encoded and not {"aggregate", "bin", "timeUnit"} & {key for key in encoded if encoded[key]}
    return usable and all(encoded["field"] in row for row in layer.rows)


def _moment(value: Any) -> datetime | str:
    if isinstance(value, int | float):
        return datetime.fromtimestamp(value / 1000, tz=UTC).replace(tzinfo=None)
    text = str(value)
    for form in ("%Y-%m-%d", "%Y-%m"):
        try:
            return datetime.strptime(text[: 10 if form.endswith("d") else 7], form)  # noqa: DTZ007 - a local date
        except ValueError:
            continue
    return text


def _number(value: Any) -> float | None:
    return float(value) if is_number(value) else None


def _chart(layer: _Layer) -> NativeChart | None:
    if layer.mark not in _KINDS or not (_plain(layer, "x") and _plain(layer, "y")):
        return None
    x, y = layer.encoding["x"], layer.encoding["y"]
    lying = x.get("type") in _MEASURED and y.get("type") not in _MEASURED
    across, measured = (y, x) if lying else (x, y)
    if measured.get("type") not in _MEASURED or across.get("type") in _MEASURED:
        return None
    kind = _KINDS[layer.mark]
    kind = ("bar" if lying else "column") if kind == "bar" else kind
    return None if lying and kind != "bar" else _filled(layer, kind, across, measured)


def _filled(layer: _Layer, kind: str, across: Spec, measured: Spec) -> NativeChart | None:
    dated = across.get("type") == "temporal"
    split = layer.encoding.get("color", layer.encoding.get("detail", {})).get("field")
    categories: dict[datetime | str, None] = {}
    cells: dict[str, dict[datetime | str, float | None]] = {}
    for row in layer.rows:
        category = _moment(row[across["field"]]) if dated else str(row[across["field"]])
        categories[category] = None
        name = str(row.get(split, "")) if split else str(measured.get("title") or measured["field"])
        cells.setdefault(name, {})[category] = _number(row[measured["field"]])
    if len(cells) > MOST_SERIES or not 2 <= len(categories) <= MOST_POINTS:
        return None
    order = sorted(categories, key=str) if dated else list(categories)
    return NativeChart(kind, order, [Series(name, [found.get(key) for key in order]) for name, found in cells.items()])


def native_chart(spec: Spec | None, table: Table | None) -> NativeChart | None:
    """The first layer a spreadsheet can draw, tied to the finding's own table when that holds the same values."""
    if not spec:
        return None
    for layer in _layers(spec, {}, None, spec.get("datasets", {})):
        chart = _chart(layer)
        if chart is not None:
            return _tied(chart, table)
    return None


def _tied(chart: NativeChart, table: Table | None) -> NativeChart:
    if table is None or len(chart.series) != 1:
        return chart
    wanted = set(zip(map(str, chart.categories), chart.series[0].values, strict=True))
    for names in (index for index, column in enumerate(table.columns) if column.kind == "text"):
        for values in (index for index in range(len(table.columns)) if index != names):
            numbers = all(is_number(row[values]) for row in table.rows)
            if numbers and {(str(row[names]), row[values]) for row in table.rows} == wanted:
                return replace(chart, column=values, names=names)
    return chart
