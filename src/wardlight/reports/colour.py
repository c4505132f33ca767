"""The accent colour of a partnership, made dark enough to be read."""

from __future__ import annotations

import re

WARDLIGHT = "#0b5351"
LEAST_CONTRAST = 4.5
_DARKER = 0.9


def _channels(colour: str) -> list[float]:
    return [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]


def contrast_with_white(colour: str) -> float:
    """Contrast ratio with white, 1 to 21 (WCAG 2.2, relative luminance). `colour` is "#rrggbb"."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _channels(colour)]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return 1.05 / (luminance + 0.05)


def readable_accent(colour: str) -> str:
    """The colour, darkened until white text on it has a contrast of 4.5; Wardlight's own when it is not "#rrggbb"."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        return WARDLIGHT
    while contrast_with_white(colour) < LEAST_CONTRAST:
        colour = "#" + "".join(f"{round(part * 255 * _DARKER):02x}" for part in _channels(colour))
    return colour.lower()
