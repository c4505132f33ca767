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
LINE = 16


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
) -> Chart:
    """Lines by month from zero, named at their right end; see the package's docstring for the rows.

    Refuses more than six highlighted series: use small multiples.
    """
    table = theme.some(rows, "month", "name", "value")
    names = list(dict.fromkeys(str(row["name"]) for row in table))
    grey = theme.chosen(context)
    strong = theme.chosen(highlight) or tuple(name for name in names if name not in grey)
    if len(strong) > MOST_SERIES:
        raise BadInput(f"{len(strong)} series are highlighted; at most {MOST_SERIES} can be told apart in one chart.")
    top = 1.08 * max(float(row.get("high") or row["value"]) for row in table) or 1.0
    named = [name for name in names if name in strong or name in grey] if len(grey) <= 2 else list(strong)
    room = 14 + 7 * max((len(name) for name in named), default=0)
    notes = list(annotations)
    above = LINE * len(notes)
    layers = [
        *_notes(notes, table, top),
        *_lines([row for row in table if row["name"] not in strong], names, (), top),
        *_lines([row for row in table if row["name"] in strong], list(strong), strong, top),
        _end_labels(table, named, strong, top),
    ]
    chart = alt.layer(*layers).properties(width=theme.WIDTH - room - 48, height=HEIGHT + above // 2)
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
    axis = alt.Axis(title=None, tickCount=5, domain=False, ticks=False, format=",~f")
    return alt.Y("value:Q", axis=axis, scale=alt.Scale(domain=[0, top], nice=False))


def _lines(rows: list[Row], names: list[str], strong: tuple[str, ...], top: float) -> list[Any]:
    if not rows:
        return []
    colours = list(theme.CATEGORIES[: len(strong)]) if strong else [theme.CONTEXT] * len(names)
    colour = alt.Color("name:N", legend=None, scale=alt.Scale(domain=names, range=colours))
    x, layers = _x(rows), []
    bands = [row for row in rows if row.get("low") is not None and row.get("high") is not None]
    if bands:
        band = alt.Chart(_data(bands)).mark_area(opacity=0.18)
        layers.append(band.encode(x=x, y=alt.Y("low:Q", title=None), y2="high:Q", color=colour))
    line = alt.Chart(_data(rows)).mark_line(strokeWidth=2.4 if strong else 1.3, strokeJoin="round")
    layers.append(line.encode(x=x, y=_y(top), color=colour, detail="name:N"))
    return layers


def _end_labels(table: list[Row], named: list[str], strong: tuple[str, ...], top: float) -> Any:
    """Names at the line ends, pushed apart so that none covers another."""
    last = {name: max((row for row in table if row["name"] == name), key=lambda row: row["month"]) for name in named}
    gap = LINE / HEIGHT * top
    heights: dict[str, float] = {}
    lowest = -gap
    for name in sorted(named, key=lambda name: float(last[name]["value"])):
        lowest = heights[name] = max(float(last[name]["value"]), lowest + gap)
    labels = [{"month": last[name]["month"], "value": heights[name], "name": name} for name in named]
    colours = [theme.CATEGORIES[strong.index(name)] if name in strong else theme.MUTED_TEXT for name in named]
    colour = alt.Color("name:N", legend=None, scale=alt.Scale(domain=named, range=colours))
    text = alt.Chart(_data(labels)).mark_text(align="left", dx=7, fontSize=13, fontWeight=600)
    return text.encode(x=_x(table), y=_y(top), text="name:N", color=colour)


def _notes(notes: list[Row], table: list[Row], top: float) -> list[Any]:
    if not notes:
        return []
    layers: list[Any] = []
    spans = [{**note, "until": _instant(int(note["until"]))} for note in notes if note.get("until")]
    if spans:
        band = alt.Chart(_data(spans)).mark_rect(color=theme.PALE, opacity=0.8)
        layers.append(band.encode(x=_x(table), x2="until:T", y=alt.value(0), y2=alt.value("height")))
    rule = alt.Chart(_data(notes)).mark_rule(color=theme.MUTED_TEXT, strokeDash=[4, 3])
    layers.append(rule.encode(x=_x(table)))
    middle = sorted({int(row["month"]) for row in table})[len({row["month"] for row in table}) * 2 // 3]
    for place, note in enumerate(sorted(notes, key=lambda note: note["month"])):
        late = int(note["month"]) > middle
        mark = alt.Chart(_data([note])).mark_text(
            align="right" if late else "left",
            baseline="top",
            dx=-5 if late else 5,
            dy=LINE * place - 2,
            color=theme.MUTED_TEXT,
        )
        layers.append(mark.encode(x=_x(table), y=alt.value(0), text="text:N"))
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
        f"{word} {theme.figure(float(row['value']))}{unit} in {month_title(int(row['month']))}"
        for word, row in (("highest", high), ("lowest", low), ("latest", last))
    ]
    return f"{rows[0]['name']}: {', '.join(ends)}"
