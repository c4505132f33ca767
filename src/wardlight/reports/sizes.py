"""How large a chart stands on an A4 page."""

from __future__ import annotations

import re

FULL_WIDTH = 166.0
TALL = 118.0
TALLEST = 190.0
LEAST_SCALE = 0.8
CSS_PIXEL = 25.4 / 96
LARGEST_SCALE = 1.0


def size_in_pixels(drawing: str) -> tuple[float, float]:
    """Width and height of an SVG in CSS pixels, from its view box; an SVG without one counts as 600 by 300."""
    size = re.search(r'viewBox="[-\d.]+ [-\d.]+ ([\d.]+) ([\d.]+)"', drawing)
    return (float(size[1]), float(size[2])) if size else (600.0, 300.0)


def width_in_millimetres(drawing: str) -> float:
    """How wide a chart stands on the page: near its own size, never wider than the text or taller than a page."""
    width, height = (part * CSS_PIXEL for part in size_in_pixels(drawing))
    scale = min(LARGEST_SCALE, FULL_WIDTH / width, max(LEAST_SCALE, TALL / height), TALLEST / height)
    return round(width * scale, 2)
