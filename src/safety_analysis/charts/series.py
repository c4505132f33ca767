"""Months along the bottom: series, events that explain them, grey context."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import altair as alt

from safety_analysis.charts import theme
from safety_analysis.charts.theme import Chart, Row
from safety_analysis.inputs import BadInput
from safety_analysis.methods.trends import MONTHS

HEIGHT = 250
MOST_SERIES = 6
LINE = 17
CHARACTER = 6.6
SHORT = 6  # characters of a note


def month_title(month: int) -> str:
    """202004 as "April 2020"."""
    if not 1 <= month % 100 <= 12:
        raise BadInput(f"{month} is no month; write it as YYYYMM, such as 202004.")
    return f"{MONTHS[month % 100 - 1]} {month // 100}"


def monthly_series(
    rows: Iterable[Row],
    *,
    title: str,
    subtitle: str,
    highlight: str | Iterable[str] = (),
    context: str | Iterable[str] = (),
    annotations: Iterable[Row] = (),
    unit: str = "",
    width: int = theme.WIDTH,
    height: int = HEIGHT,
    name_lines: bool = True,
) -> Chart:
    """Lines by month from zero, named at their right end; see the package's docstring for the rows.

    `width` and `height` are pixels, of the whole and of the lines; `name_lines=False` leaves a single line unnamed.

    Refuses more than six highlighted series: use small multiples.
    """
    table = theme.some(rows, "month", "name", "value")
    names = list(dict.fromkeys(str(row["name"]) for row in table))
    grey = theme.chosen(context)
    strong = theme.chosen(highlight) or tuple(name for name in names if name not in grey)
    if len(strong) > MOST_SERIES:
        raise BadInput(f"{len(strong)} series are highlighted; at most {MOST_SERIES} can be told apart in one chart.")
    named = [name for name in names if name in strong or name in grey] if len(grey) <= 2 else list(strong)
    notes = sorted(annotations, key=lambda note: int(note["month"]))
    short = _side_by_side(notes)
    room, height = height, height + LINE * (1 if short else len(notes))
    top = (max(float(row.get("high") or row["value"]) for row in table) or 4.0) * height / room * 1.04
    named = named if name_lines else []
    width = width - 50 - int(6.8 * max((len(name) for name in named), default=0))
    layers = [
        *_notes(notes, table, width, height, short=short),
        *_lines([row for row in table if row["name"] not in strong], (), top),
        *_lines([row for row in table if row["name"] in strong], strong, top),
        *([_end_labels(table, named, strong, top, height)] if named else []),
    ]
    chart = alt.layer(*layers).properties(width=width, height=height)
    return theme.finish(
        chart, title=title, subtitle=subtitle, alt_text=_describe(table, strong, title, subtitle, unit, notes)
    )


def _instant(month: int) -> str:
    return f"{month // 100:04}-{month % 100:02}-01T12:00:00"


def _data(rows: Iterable[Row]) -> Any:
    return theme.inline({**row, "month": _instant(int(row["month"]))} for row in rows)


def _x(rows: list[Row]) -> Any:
    months = len({row["month"] for row in rows})
    form = "%b %Y" if months <= 18 else "%Y"
    axis = alt.Axis(format=form, tickCount="year" if months > 18 else 6, grid=False, title=None, labelFlush=False)
    return alt.X("month:T", axis=axis)


def _y(top: float) -> Any:
    whole: dict[str, Any] = {"tickMinStep": 1} if top > 2 else {}
    axis = alt.Axis(title=None, tickCount=5, domain=False, ticks=False, format=",~f", **whole)
    return alt.Y("value:Q", axis=axis, scale=alt.Scale(domain=[0, top], nice=False))


def _colour(name: str, strong: tuple[str, ...], other: str) -> str:
    return theme.CATEGORIES[strong.index(name)] if name in strong else other


def _lines(rows: list[Row], strong: tuple[str, ...], top: float) -> list[Any]:
    if not rows:
        return []
    coloured: list[Row] = [{**row, "colour": _colour(str(row["name"]), strong, theme.CONTEXT)} for row in rows]
    colour = alt.Color("colour:N", scale=None)
    x, layers = _x(rows), []
    bands = [row for row in coloured if row.get("low") is not None and row.get("high") is not None]
    if bands:
        band = alt.Chart(_data(bands)).mark_area(opacity=0.16, clip=True)
        layers.append(band.encode(x=x, y=alt.Y("low:Q", title=None), y2="high:Q", color=colour, detail="name:N"))
    line = alt.Chart(_data(coloured)).mark_line(strokeWidth=2.4 if strong else 1.4, strokeJoin="round")
    layers.append(line.encode(x=x, y=_y(top), color=colour, detail="name:N"))
    return layers


def _end_labels(table: list[Row], named: list[str], strong: tuple[str, ...], top: float, height: int) -> Any:
    """Names at the line ends, pushed apart so that none covers another."""
    last = {name: max((row for row in table if row["name"] == name), key=lambda row: row["month"]) for name in named}
    gap = LINE / height * top
    labels: list[Row] = []
    lowest = -gap
    for name in sorted(named, key=lambda name: float(last[name]["value"])):
        lowest = max(float(last[name]["value"]), lowest + gap)
        colour = _colour(name, strong, theme.MUTED_TEXT)
        labels.append({"month": last[name]["month"], "value": lowest, "name": name, "colour": colour})
    text = alt.Chart(_data(labels)).mark_text(align="left", dx=7, fontSize=13, fontWeight=600)
    return text.encode(x=_x(table), y=_y(top), text="name:N", color=alt.Color("colour:N", scale=None))


def _side_by_side(notes: list[Row]) -> bool:
    """Whether the names are so short (numbers) that all stand in one line."""
    return bool(notes) and all(len(str(note["text"])) <= SHORT for note in notes)


def _notes(notes: list[Row], table: list[Row], width: int, height: int, *, short: bool) -> list[Any]:
    """Dashed lines from above the data, the latest highest, so that no name crosses a line; short names in one line."""
    if not notes:
        return []
    layers: list[Any] = []
    spans = [{**note, "until": _instant(int(note["until"]))} for note in notes if note.get("until")]
    if spans:
        band = alt.Chart(_data(spans)).mark_rect(color=theme.PALE, opacity=0.7)
        y = {"y": alt.value(LINE * (1 if short else len(notes))), "y2": alt.value(height)}
        layers.append(band.encode(x=_x(table), x2=alt.X2("until:T"), **y))
    months = sorted({int(row["month"]) for row in table})
    for place, note in enumerate(notes):
        room = sum(month < int(note["month"]) for month in months) / len(months) * width
        left = room > CHARACTER * len(str(note["text"])) + 8 and not short
        start = 0 if short else LINE * (len(notes) - 1 - place if left else place)
        rule = alt.Chart(_data([note])).mark_rule(color=theme.MUTED_TEXT, strokeDash=[4, 3])
        layers.append(rule.encode(x=_x(table), y=alt.value(start), y2=alt.value(height)))
        mark = alt.Chart(_data([note])).mark_text(
            align="right" if left else "left", baseline="top", dx=-5 if left else 5, color=theme.MUTED_TEXT
        )
        layers.append(mark.encode(x=_x(table), y=alt.value(start), text="text:N"))
    return layers


def _describe(table: list[Row], strong: tuple[str, ...], title: str, subtitle: str, unit: str, notes: list[Row]) -> str:
    months = sorted({int(row["month"]) for row in table})
    span = f"Line chart of {subtitle} by month, {month_title(months[0])} to {month_title(months[-1])}"
    parts = [_one_line([row for row in table if row["name"] == name], unit) for name in strong]
    marked = [f"{note['text']} is marked at {month_title(int(note['month']))}" for note in notes]
    return theme.sentence(title, span, *parts, *marked)


def _one_line(rows: list[Row], unit: str) -> str:
    low, high = min(rows, key=lambda row: row["value"]), max(rows, key=lambda row: row["value"])
    last = max(rows, key=lambda row: row["month"])
    ends = [
        f"{word} {theme.with_unit(theme.figure(float(row['value'])), unit)} in {month_title(int(row['month']))}"
        for word, row in (("highest", high), ("lowest", low), ("latest", last))
    ]
    return f"{rows[0]['name']}: {', '.join(ends)}"
