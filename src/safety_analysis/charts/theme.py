"""The one place that knows how a chart looks: colours, type, sizes, titles and numbers."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import altair as alt

from safety_analysis.inputs import BadInput

WIDTH = 640
FONT = "Source Sans Pro"

DARK_BLUE = "#12436D"
TURQUOISE = "#28A197"
DARK_PINK = "#801650"
ORANGE = "#F46A25"
DARK_GREY = "#3D3D3D"
LIGHT_PURPLE = "#A285D1"
MID_BLUE = "#2073BC"
LIGHT_BLUE = "#6BACE6"
CONTEXT = "#B8BDC2"
PALE = "#E6E9EC"
MUTED_TEXT = "#505A5F"
INK = "#0B0C0C"
CATEGORIES = (DARK_BLUE, TURQUOISE, DARK_PINK, ORANGE, DARK_GREY, LIGHT_PURPLE)
SEQUENCE = (DARK_BLUE, MID_BLUE, LIGHT_BLUE)

TITLE_CHARACTERS = 78
SUBTITLE_CHARACTERS = 100
NAME_CHARACTERS = 44

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Chart:
    """A Vega-Lite specification with its text alternative."""

    spec: dict[str, Any]
    alt: str

    def __str__(self) -> str:
        return self.alt


def finish(chart: Any, *, title: str, subtitle: str, alt_text: str, note: str = "") -> Chart:
    """Give a chart its title, subtitle and the house configuration, and turn it into a dict."""
    lines = [*textwrap.wrap(subtitle, SUBTITLE_CHARACTERS), *textwrap.wrap(note, SUBTITLE_CHARACTERS)]
    heading = alt.TitleParams(text=textwrap.wrap(title, TITLE_CHARACTERS), subtitle=lines)
    spec = chart.properties(title=heading, description=alt_text).configure(**configuration()).to_dict(validate=False)
    return Chart(spec, alt_text)


def configuration() -> dict[str, Any]:
    """The Vega-Lite `config` of every chart."""
    text = {
        "labelFontSize": 13,
        "titleFontSize": 13,
        "labelColor": INK,
        "titleColor": MUTED_TEXT,
        "titleFontWeight": "normal",
    }
    return {
        "font": FONT,
        "background": "white",
        "lineBreak": "\n",
        "padding": {"left": 4, "top": 4, "right": 8, "bottom": 4},
        "view": {"stroke": None},
        "title": {
            "anchor": "start",
            "frame": "bounds",
            "fontSize": 17,
            "fontWeight": 600,
            "color": INK,
            "lineHeight": 21,
            "subtitleFontSize": 13.5,
            "subtitleColor": MUTED_TEXT,
            "subtitleLineHeight": 17,
            "subtitlePadding": 5,
            "offset": 14,
        },
        "axis": {**text, "gridColor": PALE, "domainColor": CONTEXT, "tickColor": CONTEXT, "labelPadding": 5},
        "text": {"fontSize": 13, "color": INK},
        "legend": {**text, "orient": "top"},
    }


def inline(rows: Iterable[Row]) -> Any:
    """Rows as data written into the specification."""
    return alt.Data(values=[dict(row) for row in rows])


def chosen(highlight: str | Iterable[str]) -> tuple[str, ...]:
    """One name or several, as a tuple."""
    return (highlight,) if isinstance(highlight, str) else tuple(highlight)


def some(rows: Iterable[Row], *keys: str) -> list[Row]:
    """The rows as a list; refuses none at all, or a row without one of the keys."""
    table = list(rows)
    if not table:
        raise BadInput("There is nothing to draw: the chart was given no rows.")
    for place, row in enumerate(table):
        for key in keys:
            if key not in row:
                raise BadInput(f"Row {place} of the chart has no “{key}”.")
    return table


def figure(value: float) -> str:
    """A value as a person reads it: 1,553; 12.4; 0.35; −26."""
    size = abs(value)
    if size >= 100 or float(value).is_integer():
        shown = f"{value:,.0f}"
    elif size >= 1:
        shown = f"{value:,.1f}"
    else:
        shown = f"{value:.2g}"
    return shown.replace("-", "−")


def figures(values: Iterable[float]) -> list[str]:
    """The values of one chart, all with the same number of decimals."""
    numbers = list(values)
    if all(float(value).is_integer() or abs(value) >= 100 for value in numbers):
        return [figure(value) for value in numbers]
    places = 1 if max(abs(value) for value in numbers) >= 1 else 2
    return [f"{value:,.{places}f}".replace("-", "−") for value in numbers]


def with_unit(shown: str, unit: str) -> str:
    """A printed figure with its unit: 41%, 922 incidents."""
    return f"{shown}{unit}" if unit.startswith(("%", " ")) or not unit else f"{shown} {unit}"


def wrapped(name: object) -> str:
    """A name on as many lines as an axis has room for."""
    return "\n".join(textwrap.wrap(str(name), NAME_CHARACTERS)) or " "


def name_axis() -> Any:
    """The axis of wrapped names; a name on two lines stands in the middle of its row."""
    lift: Any = {"condition": {"test": "indexof(datum.value, '\\n') >= 0", "value": -7.5}, "value": 0}
    return alt.Axis(title=None, domain=False, ticks=False, labelLimit=0, labelOffset=lift)


def room_for(names: Iterable[str]) -> int:
    """Pixels that the longest line of the wrapped names takes."""
    return int(6.1 * max(len(line) for name in names for line in name.split("\n"))) + 4


def step_for(names: Iterable[str], step: int) -> int:
    """Pixels for each row, so that names on several lines do not touch."""
    return max(step, 2 + 15 * max(name.count("\n") + 1 for name in names))


def sentence(*parts: str) -> str:
    """Parts of an alternative text as sentences, empty parts left out."""
    return " ".join(part if part.endswith((".", "?", "!")) else f"{part}." for part in parts if part)
