"""Draw areas as an SVG map without a basemap: fills, outlines, names that fit, a scale bar."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from django.utils.html import escape

INK, QUIET, LAND = "#0b0c0c", "#b1b4b6", "#f3f2f1"
# Sequential, light to dark: readable in print and by colour-blind readers.
SEQUENTIAL = ("#6bace6", "#2073bc", "#12436d")
MARGIN = 8
FOOT = 34
LETTER = 6.6  # the width of an average letter at 12 px


@dataclass(frozen=True, slots=True)
class DrawnArea:
    """An area to draw: its shape in metres, its name, and the class of its value (0 none, 1 lowest to 3 highest)."""

    name: str
    shape: Any
    shade: int = 0


@dataclass(frozen=True, slots=True)
class _Frame:
    left: float
    top: float
    scale: float  # pixels in a metre
    width: float
    height: float

    def place(self, xy: Any) -> Any:
        """Pixels from metres, to a tenth."""
        return np.round((xy - (self.left, self.top)) * (self.scale, -self.scale) + MARGIN, 1)


def draw_map(
    areas: Sequence[DrawnArea], *, outline: Any | None = None, width: int = 680, tallest: int = 640, names: int = 30
) -> str:
    """The text of an SVG picture. `outline` is drawn over the areas as a heavier line; at most `names` are written.

    Raises ValueError when there is nothing to draw.
    """
    shapes = [area.shape for area in areas] + ([outline] if outline is not None else [])
    if not shapes:
        raise ValueError("there is no shape to draw")
    frame = _frame(shapely.total_bounds(np.array(shapes, dtype=object)), width, tallest)
    parts = [_path(frame, area.shape, _fill(area.shade), area.name) for area in areas]
    if outline is not None:
        parts.append(f'<path d="{_data(frame, outline)}" fill="none" stroke="{INK}" stroke-width="2"/>')
    parts += [*_names(frame, areas, names), _scale_bar(frame)]
    total = f"{frame.width + 2 * MARGIN:.0f} {frame.height + 2 * MARGIN + FOOT:.0f}"
    size = 'width="{}" height="{}"'.format(*total.split())
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {total}" {size} '
        f'font-family="system-ui, Arial, sans-serif">{"".join(parts)}</svg>'
    )


def _frame(bounds: Any, width: int, tallest: int) -> _Frame:
    left, bottom, right, top = (float(edge) for edge in bounds)
    across, up = max(right - left, 1.0), max(top - bottom, 1.0)
    scale = min(width / across, tallest / up)
    return _Frame(left, top, scale, across * scale, up * scale)


def _fill(shade: int) -> str:
    return SEQUENTIAL[min(shade, 3) - 1] if shade > 0 else LAND


def _path(frame: _Frame, shape: Any, fill: str, name: str) -> str:
    data = _data(frame, shape)
    line = 'stroke="#ffffff" stroke-width="1" stroke-linejoin="round" fill-rule="evenodd"'
    edge = line if fill != LAND else line.replace("#ffffff", QUIET)
    return f'<path d="{data}" fill="{fill}" {edge}><title>{escape(name)}</title></path>'


def _data(frame: _Frame, shape: Any) -> str:
    return "".join(_ring(frame, ring) for ring in _rings(shapely.simplify(shape, 0.4 / frame.scale)))


def _rings(shape: Any) -> list[Any]:
    polygons = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    return [ring for polygon in polygons for ring in shapely.get_rings(polygon)]


def _ring(frame: _Frame, ring: Any) -> str:
    points = frame.place(shapely.get_coordinates(ring))
    return "M" + "L".join(f"{x:g},{y:g}" for x, y in points[:-1]) + "Z"


def _names(frame: _Frame, areas: Sequence[DrawnArea], most: int) -> list[str]:
    """Names of the largest areas, each inside its own area or left out, none over another."""
    written: list[tuple[float, float, float, float]] = []
    parts: list[str] = []
    for area in sorted(areas, key=lambda one: -float(one.shape.area)):
        if len(parts) >= most:
            break
        x, y = frame.place(shapely.get_coordinates(shapely.point_on_surface(area.shape)))[0]
        half = len(area.name) * LETTER / 2
        box = (x - half, y - 8, x + half, y + 6)
        room = math.sqrt(float(area.shape.area)) * frame.scale * 1.6
        inside = box[0] >= 0 and box[2] <= frame.width + 2 * MARGIN
        if half * 2 > room or not inside or any(_overlap(box, other) for other in written):
            continue
        written.append(box)
        parts.append(_text(x, y + 4, area.name, area.shade))
    return parts


def _overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _text(x: float, y: float, words: str, shade: int) -> str:
    ink, halo = ("#ffffff", SEQUENTIAL[shade - 1]) if shade >= 2 else (INK, _fill(shade))
    return (
        f'<text x="{x:g}" y="{y:g}" text-anchor="middle" font-size="12" fill="{ink}" stroke="{halo}" '
        f'stroke-width="3" stroke-linejoin="round" paint-order="stroke">{escape(words)}</text>'
    )


def _scale_bar(frame: _Frame) -> str:
    """A bar of a round length, about a quarter of the picture wide."""
    metres = round_length(frame.width / frame.scale / 4)
    long, y = metres * frame.scale, frame.height + MARGIN * 2 + 10
    words = f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"
    return (
        f'<path d="M{MARGIN},{y - 5:g}V{y:g}H{MARGIN + long:g}V{y - 5:g}" fill="none" stroke="{INK}"/>'
        f'<text x="{MARGIN}" y="{y + 15:g}" font-size="12" fill="{INK}">{words}</text>'
    )


def round_length(metres: float) -> float:
    """The largest of 1, 2 or 5 times a power of ten that is not longer."""
    power = 10 ** math.floor(math.log10(max(metres, 1e-3)))
    return next(step * power for step in (5, 2, 1) if step * power <= metres * (1 + 1e-9))
