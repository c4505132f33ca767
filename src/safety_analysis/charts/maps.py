"""Maps in British National Grid metres: quiet base, three classes at most, named places, a scale bar."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from safety_analysis.charts import theme
from safety_analysis.charts.theme import Chart, Row
from safety_analysis.inputs import BadInput

HEIGHT = 460
KEY_ROW = 22
SCALE_STEPS = (50, 100, 200, 250, 500, 1000, 2000, 5000, 10000, 20000)
LEAST_CHARACTER = 6.6


@dataclass(frozen=True, slots=True)
class _Frame:
    """Pixels from metres: x·k + dx, −y·k + dy."""

    k: float
    dx: float
    dy: float
    width: float
    height: float

    @property
    def projection(self) -> Any:
        return alt.Projection(type="identity", reflectY=True, scale=self.k, translate=[self.dx, self.dy])

    def pixel(self, x: float, y: float) -> tuple[float, float]:
        return x * self.k + self.dx, -y * self.k + self.dy


def choropleth(
    features: Iterable[Row],
    *,
    title: str,
    subtitle: str,
    classes: Sequence[str],
    places: Iterable[Row] = (),
    outlines: Iterable[Any] = (),
    note: str = "",
) -> Chart:
    """Areas shaded by class, the strongest darkest; areas of any other class are pale grey."""
    table = theme.some(features, "name", "geometry", "class")
    shapes = [{**_plain(row), "geometry": _geometry(row["geometry"])} for row in table]
    return _map(shapes, [_geometry(item) for item in outlines], classes, list(places), title, subtitle, note, "areas")


def grid_map(
    cells: Iterable[Row],
    outlines: Iterable[Any],
    *,
    title: str,
    subtitle: str,
    classes: Sequence[str],
    places: Iterable[Row] = (),
    note: str = "",
) -> Chart:
    """Square cells of the named classes over the outlines of areas; cells of other classes are not drawn."""
    table = list(cells)
    borders = [_geometry(item) for item in outlines]
    if not table and not borders:
        raise BadInput("There is nothing to draw: the map was given neither cells nor outlines.")
    shapes = [
        {**_plain(row), "geometry": _square(float(row["x"]), float(row["y"]), float(row["size"]))}
        for row in table
        if row["class"] in classes
    ]
    return _map(shapes, borders, classes, list(places), title, subtitle, note, "cells")


def _map(
    shapes: list[dict[str, Any]],
    outlines: list[Mapping[str, Any]],
    classes: Sequence[str],
    places: list[Row],
    title: str,
    subtitle: str,
    note: str,
    what: str,
) -> Chart:
    if not 1 <= len(classes) <= len(theme.SEQUENCE):
        raise BadInput(f"The map has {len(classes)} classes; it can have one to three.")
    frame = _fit([shape["geometry"] for shape in shapes] + outlines)
    layers = []
    if what == "cells":
        layers.append(
            _shapes([{"geometry": item} for item in outlines], frame, fill="#F3F4F5", stroke="#C9CDD1", width=0.8)
        )
    layers.append(_classed(shapes, classes, frame, stroke="white" if what == "areas" else None))
    if outlines:
        layers.append(
            _shapes([{"geometry": item} for item in outlines], frame, fill=None, stroke=theme.MUTED_TEXT, width=0.9)
        )
    layers += [*_place_names(places, frame), *_scale_bar(frame), *_key(classes, shapes, frame, what)]
    others = what == "areas" and any(shape["class"] not in classes for shape in shapes)
    height = frame.height + KEY_ROW * (len(classes) + others) + 18
    chart = alt.layer(*layers).properties(width=frame.width, height=height)
    counts = [f"{sum(shape['class'] == name for shape in shapes):,} {what} are {name}" for name in classes]
    named = f"Places named: {', '.join(str(place['name']) for place in places)}" if places else ""
    strongest = [str(shape["name"]) for shape in shapes if shape["class"] == classes[0] and "name" in shape][:6]
    first = f"{classes[0]}: {', '.join(strongest)}" if strongest else ""
    text = theme.sentence(title, f"Map, {subtitle}: {'; '.join(counts)}", first, named, note)
    return theme.finish(chart, title=title, subtitle=subtitle, note=note, alt_text=text)


def _plain(row: Row) -> dict[str, Any]:
    return {
        "type": "Feature",
        **{key: value for key, value in row.items() if key not in {"geometry", "x", "y", "size"}},
    }


def _geometry(shape: Any) -> Mapping[str, Any]:
    """A GeoJSON mapping rounded to the metre."""
    mapping = shape if isinstance(shape, Mapping) else shape.__geo_interface__
    if mapping["type"] not in {"Polygon", "MultiPolygon"}:
        raise BadInput(f"A map draws polygons, but was given a {mapping['type']}.")
    return {"type": mapping["type"], "coordinates": _rounded(mapping["coordinates"])}


def _rounded(part: Any) -> Any:
    if isinstance(part[0], int | float):
        return [round(float(part[0])), round(float(part[1]))]
    return [_rounded(item) for item in part]


def _square(x: float, y: float, size: float) -> Mapping[str, Any]:
    ring = [[x, y], [x, y + size], [x + size, y + size], [x + size, y], [x, y]]
    return {"type": "Polygon", "coordinates": [ring]}


def _corners(part: Any) -> Iterable[tuple[float, float]]:
    if isinstance(part[0], int | float):
        yield part[0], part[1]
        return
    for item in part:
        yield from _corners(item)


def _fit(geometries: list[Mapping[str, Any]]) -> _Frame:
    points = [point for geometry in geometries for point in _corners(geometry["coordinates"])]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    across, up = max(max(xs) - min(xs), 1.0), max(max(ys) - min(ys), 1.0)
    k = min(theme.WIDTH / across, HEIGHT / up)
    width, height = float(theme.WIDTH), up * k + 8
    return _Frame(k, (width - across * k) / 2 - min(xs) * k, max(ys) * k + 4, width, height)


def _shapes(features: list[dict[str, Any]], frame: _Frame, *, fill: str | None, stroke: str, width: float) -> Any:
    data = alt.Data(values=[{"type": "Feature", **feature} for feature in features])
    mark = alt.Chart(data).mark_geoshape(fill=fill, stroke=stroke, strokeWidth=width, filled=fill is not None)
    return mark.project(**frame.projection.to_dict())


def _classed(shapes: list[dict[str, Any]], classes: Sequence[str], frame: _Frame, *, stroke: str | None) -> Any:
    palette = dict(zip(classes, theme.SEQUENCE, strict=False))
    coloured = [{**shape, "colour": palette.get(shape["class"], theme.PALE)} for shape in shapes]
    mark = alt.Chart(alt.Data(values=coloured)).mark_geoshape(stroke=stroke, strokeWidth=0.8)
    return mark.encode(fill=alt.Fill("colour:N", scale=None)).project(**frame.projection.to_dict())


def _place_names(places: list[Row], frame: _Frame) -> list[Any]:
    """Names with a white edge; a name that would cover an earlier one or the frame's edge is left out."""
    taken: list[tuple[float, float, float, float]] = []
    rows = []
    for place in places:
        x, y = frame.pixel(float(place["x"]), float(place["y"]))
        half = LEAST_CHARACTER * len(str(place["name"])) / 2
        x = min(max(x, half), frame.width - half)
        box = (x - half, y - 8, x + half, y + 8)
        if any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in taken):
            continue
        taken.append(box)
        rows.append({"name": place["name"], "px": x, "py": y})
    return _words(rows, halo=True) if rows else []


def _words(rows: list[dict[str, Any]], *, halo: bool = False, align: Any = "center", weight: Any = 400) -> list[Any]:
    base = alt.Chart(theme.inline(rows)).encode(
        x=alt.X("px:Q", scale=None, axis=None), y=alt.Y("py:Q", scale=None, axis=None), text="name:N"
    )
    words = base.mark_text(align=align, fontSize=12, color=theme.INK, fontWeight=weight)
    edge = base.mark_text(
        align=align, fontSize=12, stroke="white", strokeWidth=3.5, strokeJoin="round", fontWeight=weight
    )
    return [edge, words] if halo else [words]


def _scale_bar(frame: _Frame) -> list[Any]:
    metres = max(step for step in SCALE_STEPS if step * frame.k <= frame.width / 5 or step == SCALE_STEPS[0])
    y, right = frame.height + KEY_ROW, frame.width - 6
    left = right - metres * frame.k
    title = f"{metres:,} m" if metres < 1000 else f"{metres // 1000} km"
    data = theme.inline([{"px": left, "px2": right, "py": y}])
    rule = alt.Chart(data).mark_rule(color=theme.INK, strokeWidth=2)
    bar = rule.encode(x=alt.X("px:Q", scale=None, axis=None), x2="px2:Q", y=alt.Y("py:Q", scale=None, axis=None))
    return [bar, *_words([{"name": title, "px": (left + right) / 2, "py": y + 12}])]


def _key(classes: Sequence[str], shapes: list[dict[str, Any]], frame: _Frame, what: str) -> list[Any]:
    entries = list(zip(classes, theme.SEQUENCE, strict=False))
    rest = sorted({str(shape["class"]) for shape in shapes} - set(classes))
    if what == "areas" and rest:
        entries.append((", ".join(rest), theme.PALE))
    rows = [
        {"name": name[:1].upper() + name[1:], "colour": colour, "px": 10.0, "py": frame.height + KEY_ROW * (place + 1)}
        for place, (name, colour) in enumerate(entries)
    ]
    square = alt.Chart(theme.inline(rows)).mark_point(shape="square", filled=True, size=190, opacity=1)
    swatch = square.encode(
        x=alt.X("px:Q", scale=None, axis=None),
        y=alt.Y("py:Q", scale=None, axis=None),
        color=alt.Color("colour:N", scale=None),
    )
    return [swatch, *_words([{**row, "px": 24.0} for row in rows], align="left")]
