"""Words, classes, the drawn map and the outlines of the map explorer."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.conf import settings
from django.urls import reverse

from wardlight.govuk.components import Cell, Column, Link, Table
from wardlight.govuk.numbers import thousands
from wardlight.measures.models import Measure
from wardlight.partners.models import Partnership
from wardlight.places import queries as places
from wardlight.places.drawing import SEQUENTIAL, DrawnArea, draw_map
from wardlight.places.geometry import shapes_to_wgs84
from wardlight.places.levels import level_title

from .map_queries import GRID, MapArea, MapData
from .periods import month_title

COUNT, RATE = "count", "rate"


def level_words(level: str) -> str:
    """`wards`, or `200 m squares`."""
    return "200 metre squares" if level == GRID else level_title(level, plural=True)


def value(area: MapArea, show: str) -> float | None:
    """What the map colours an area by."""
    return area.rate if show == RATE else area.total


def breaks(values: Sequence[float]) -> list[float]:
    """The upper edges of at most three classes of the values above nought: about a third of the areas in each."""
    positive = sorted(one for one in values if one > 0)
    if not positive:
        return []
    cuts = [
        positive[min(len(positive) - 1, round(len(positive) * share) - 1)]
        for share in (1 / 3, 2 / 3)
        if len(positive) > 2
    ]
    return sorted({*cuts, positive[-1]})


def shade(number: float | None, edges: Sequence[float]) -> int:
    """0 for none, else 1 for the lowest class to 3 for the highest. Few classes take the outer shades."""
    if not number or number <= 0 or not edges:
        return 0
    position = next((index for index, edge in enumerate(edges) if number <= edge), len(edges) - 1)
    return {1: [3], 2: [1, 3], 3: [1, 2, 3]}[len(edges)][position]


def key(edges: Sequence[float], show: str) -> list[tuple[str, int]]:
    """The classes in words, with the shade of each: `1 to 4`, or for rates `over 1.9, up to 3.2`."""
    words = _rate_class if show == RATE else _count_class
    return [(words(low, edge), shade(edge, edges)) for low, edge in zip([0.0, *edges], edges, strict=False)]


def _count_class(low: float, edge: float) -> str:
    return f"{edge:,.0f}" if low + 1 >= edge else f"{low + 1:,.0f} to {edge:,.0f}"


def _rate_class(low: float, edge: float) -> str:
    return f"over {low:,.1f}, up to {edge:,.1f}" if low else f"up to {edge:,.1f}"


def period_words(months: Sequence[int]) -> str:
    """`in April 2022`, or `from April 2022 to March 2023`."""
    if len(months) == 1:
        return f"in {month_title(months[0])}"
    return f"from {month_title(months[0])} to {month_title(months[-1])}"


def answer(measure: Measure, data: MapData) -> str:
    """One sentence: how many, where most, and how many could not be placed."""
    where = f" in {data.within.name}" if data.within else ""
    words = f"{thousands(data.total)} were recorded{where} {period_words(data.months)}"
    most = next((area for area in data.areas if area.total), None)
    inside = "the square “{}”" if data.level == GRID else "{}"
    words += f"; most in {inside.format(most.name)} ({thousands(most.total)})." if most and len(data.areas) > 1 else "."
    if data.not_placed:
        words += f" {thousands(data.not_placed)} more could not be placed in any of the {level_words(data.level)}."
    undrawn = sum(area.shape is None for area in data.areas)
    if undrawn and undrawn < len(data.areas):
        words += (
            f" {thousands(undrawn)} of the {thousands(len(data.areas))} {level_words(data.level)} are in the list only: "
            "their codes are not among the boundaries that are loaded."
        )
    return words


def picture(data: MapData, show: str) -> str:
    """The SVG of the map, or an empty string when no area has a boundary."""
    edges = breaks([value(area, show) or 0 for area in data.areas])
    drawn = [
        DrawnArea(one.name, one.shape, shade(value(one, show), edges)) for one in data.areas if one.shape is not None
    ]
    if not drawn:
        return ""
    outline = places.outlines([data.within], simplify_metres=10).get(data.within.pk) if data.within else None
    names = 0 if data.level == GRID else 40
    return draw_map(drawn, outline=outline, names=names)


def alt(measure: Measure, data: MapData) -> str:
    """What the picture shows, in words."""
    top = [f"{area.name} ({thousands(area.total)})" for area in data.areas[:3] if area.total]
    most = f" Most were in {', '.join(top)}." if top else ""
    return f"Map of {measure.title} by {level_words(data.level)}, {period_words(data.months)}.{most} The list has every area."


def table(data: MapData, *, limit: int | None = None) -> Table:
    """The list beside the map."""
    rated = any(area.population for area in data.areas)
    columns = [Column("place", "Place"), Column("count", "Recorded", "count")]
    if rated:
        columns.append(Column("rate", "A year for 1,000 residents", "number"))
    rows = [_row(area, data.level, rated) for area in data.areas[:limit]]
    note = "A rate is not given under 10 records." if rated else ""
    if limit and len(data.areas) > limit:
        note = f"The {limit} with most of {len(data.areas):,}. The download has all of them. {note}".strip()
    return Table(f"By {level_words(data.level)}", columns, rows, note)


def _row(area: MapArea, level: str, rated: bool) -> list[Cell]:
    place: Cell = Link(area.name, reverse("place", args=[area.key])) if area.key > 0 and level != GRID else area.name
    return [place, area.total, *([None if area.rate is None else f"{area.rate:,.1f}"] if rated else [])]


def csv_rows(data: MapData) -> list[list[Any]]:
    """The whole list: place, code, recorded, people, rate, then each month."""
    head = ["place", "code", "recorded", "residents", "rate_per_1000_a_year", *(str(month) for month in data.months)]
    rows: list[list[Any]] = [
        [
            area.name,
            area.code,
            area.total,
            area.population,
            None if area.rate is None else round(area.rate, 3),
            *area.counts,
        ]
        for area in data.areas
    ]
    if data.not_placed:
        rows.append(["(not placed)", "", data.not_placed, None, None, *([None] * len(data.months))])
    return [head, *rows]


def outlines_path(partnership: Partnership, digest: str) -> Path:
    """Where the outlines with this content are kept."""
    return Path(settings.HOME) / "outlines" / str(partnership.pk) / f"{digest}.geojson"


def store_outlines(partnership: Partnership, data: MapData) -> str:
    """Keep the outlines of the map as GeoJSON (longitude, latitude) by their content; the digest that names them."""
    drawn = [area for area in data.areas if area.shape is not None]
    raw = b"".join(shapely.to_wkb(area.shape) + str(area.key).encode() for area in drawn)
    digest = hashlib.sha256(raw).hexdigest()[:32]
    path = outlines_path(partnership, digest)
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_suffix(f".{os.getpid()}.part")
        aside.write_text(_geojson(drawn), encoding="utf-8")
        aside.replace(path)
    return digest


def _geojson(areas: Sequence[MapArea]) -> str:
    shapes = shapes_to_wgs84(np.array([area.shape for area in areas], dtype=object))
    features = [
        {
            "type": "Feature",
            "id": area.key,
            "properties": {"name": area.name},
            "geometry": json.loads(shapely.to_geojson(shapely.set_precision(shape, 1e-6, mode="pointwise"))),
        }
        for area, shape in zip(areas, shapes, strict=True)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":"))


def interactive(data: MapData, addresses: dict[str, str]) -> dict[str, Any]:
    """What the script of the interactive map needs: months, counts by area and month, classes, colours, addresses.

    The classes are those of all months together, so that a colour means the same in each.
    """
    drawn = [area for area in data.areas if area.shape is not None]
    bounds = shapely.total_bounds(shapes_to_wgs84(np.array([area.shape for area in drawn], dtype=object)))
    return {
        **addresses,
        "bounds": [round(float(edge), 5) for edge in bounds],
        "months": [month_title(month) for month in data.months],
        "edges": breaks([float(count) for area in data.areas for count in area.counts]),
        "colours": list(SEQUENTIAL),
        "labels": data.level != GRID,
        "areas": [
            {"id": area.key, "name": area.name, "counts": area.counts, "at": _middle(area)} for area in data.areas
        ],
    }


def _middle(area: MapArea) -> list[float] | None:
    if area.shape is None:
        return None
    point = shapes_to_wgs84(np.array([shapely.point_on_surface(area.shape)], dtype=object))[0]
    return [round(float(point.x), 5), round(float(point.y), 5)]
