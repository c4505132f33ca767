"""How large a chart stands on an A4 page."""

from __future__ import annotations

import re

FULL_WIDTH = 166.0
TALL = 118.0
TALLEST = 190.0
LEAST_SCALE = 0.8
CSS_PIXEL = 25.4 / 96
LARGEST_SCALE = 1.15


def width_in_millimetres(drawing: str) -> float:
    """How wide a chart stands on the page: near its own size, never wider than the text or taller than a page."""
    size = re.search(r'viewBox="[-\d.]+ [-\d.]+ ([\d.]+) ([\d.]+)"', drawing)
    if size is None:
        return FULL_WIDTH
    width, height = (float(part) * CSS_PIXEL for part in size.groups())
    scale = min(LARGEST_SCALE, FULL_WIDTH / width, max(LEAST_SCALE, TALL / height), TALLEST / height)
    return round(width * scale, 2)
