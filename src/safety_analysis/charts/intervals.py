"""Dots with the intervals they may lie in: changes and ranks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import altair as alt

from safety_analysis.charts import theme
from safety_analysis.charts.theme import Chart, Row

STEP = 26
MANY, CLOSE = 12, 20  # of more names than that, the rows stand closer
FURTHEST = 200.0


def change_intervals(rows: Iterable[Row], *, title: str, subtitle: str, highlight: str | Iterable[str] = ()) -> Chart:
    """Percentage changes round a "no change" line: dot, thick line for chance, thin line as months vary.

    Without a highlight the changes whose interval leaves out 0 are dark and the others grey.
    Intervals beyond +200% are cut at the edge; the figures are in the labels.
    """
    table = theme.some(rows, "name", "percent", "low", "high")
    strong = theme.chosen(highlight) or tuple(str(row["name"]) for row in table if _clear(row))
    ends = [float(row[key]) for row in table if row["percent"] is not None for key in ("percent", "low", "high")]
    low = max(-100.0, min([-10.0, *ends]) - 5)
    high = min(FURTHEST, max([10.0, *(end for end in ends if end < float("inf"))]) + 5)
    drawn = [_cut(row, low, high, row["name"] in strong) for row in table]
    names = [theme.wrapped(row["name"]) for row in table]
    label = "(datum.value > 0 ? '+' : datum.value < 0 ? '−' : '') + format(abs(datum.value), 'd') + '%'"
    axis = alt.Axis(title=None, labelExpr=label, tickCount=6, domain=False, ticks=False)
    x = alt.X("percent:Q", axis=axis, scale=alt.Scale(domain=[low, high], nice=False))
    width = theme.WIDTH - theme.room_for(names) - 150
    return _dots(
        drawn,
        names,
        x,
        width,
        title,
        subtitle,
        note=_note(table, grey_is_unclear=not theme.chosen(highlight) and len(strong) < len(table)),
        zero=True,
    )


def rank_intervals(
    rows: Iterable[Row], *, title: str, subtitle: str, of: int, highlight: str | Iterable[str] = ()
) -> Chart:
    """Ranks 1 to `of`, highest at the left, with the ranks the data also fit. Rows {"name", "rank", "low", "high"}."""
    table = theme.some(rows, "name", "rank", "low", "high")
    strong = theme.chosen(highlight) or tuple(str(row["name"]) for row in table)
    drawn: list[Row] = [
        {
            **row,
            "percent": row["rank"],
            "strong": row["name"] in strong,
            "label": _ranks(row),
        }
        for row in table
    ]
    axis = alt.Axis(title=f"1 is highest of {of}", values=[1, *range(5, of + 1, 5)], domain=False, ticks=False)
    x = alt.X("percent:Q", axis=axis, scale=alt.Scale(domain=[0.5, of + 0.5], nice=False))
    names = [theme.wrapped(row["name"]) for row in table]
    width = theme.WIDTH - theme.room_for(names) - 92
    return _dots(drawn, names, x, width, title, subtitle, note="", zero=False)


def _ranks(row: Row) -> str:
    return str(row["rank"]) if row["low"] == row["high"] else f"{row['rank']} ({row['low']}–{row['high']})"


def _cut(row: Row, low: float, high: float, strong: bool) -> Row:
    if row["percent"] is None:
        return {"name": row["name"], "strong": strong, "label": "from none"}
    numbers = {
        key: min(max(float(row[key]), low), high)
        for key in ("percent", "low", "high", "low_chance", "high_chance")
        if row.get(key) is not None
    }
    reach = f"{_percent(float(row['low']))} to {_percent(float(row['high']))}"
    return {"name": row["name"], "strong": strong, "label": f"{_percent(float(row['percent']))} ({reach})", **numbers}


def _percent(value: float) -> str:
    if value == float("inf"):
        return "no limit"
    rounded = round(value)
    return f"{'+' if rounded > 0 else '−' if rounded < 0 else ''}{abs(rounded)}%"


def _clear(row: Row) -> bool:
    return row["percent"] is not None and not float(row["low"]) <= 0 <= float(row["high"])


def _note(table: list[Row], *, grey_is_unclear: bool) -> str:
    lines = ""
    if any(row.get("low_chance") is not None for row in table):
        lines = "Thick line: chance alone. Thin line: as months ordinarily vary. "
    return lines + ("Grey: no clear change." if grey_is_unclear else "")


def _dots(
    rows: list[Row], names: list[str], x: Any, width: int, title: str, subtitle: str, *, note: str, zero: bool
) -> Chart:
    y = alt.Y("name:N", sort=names, axis=theme.name_axis())
    base = alt.Chart(theme.inline({**row, "name": theme.wrapped(row["name"])} for row in rows)).encode(y=y)
    known = base.transform_filter("isValid(datum.percent)")
    colour = alt.condition("datum.strong", alt.value(theme.DARK_BLUE), alt.value(theme.MUTED_TEXT))
    layers = [known.mark_rule(strokeWidth=1.6).encode(x=alt.X("low:Q"), x2="high:Q", color=colour)]
    if any("low_chance" in row for row in rows):
        thick = known.transform_filter("isValid(datum.low_chance)").mark_rule(strokeWidth=5, opacity=0.55)
        layers.append(thick.encode(x="low_chance:Q", x2="high_chance:Q", color=colour))
    layers.append(known.mark_point(filled=True, size=70, opacity=1).encode(x=x, color=colour))
    label = base.mark_text(align="left", dx=8, fontSize=12.5).encode(x=alt.value(width), text="label:N")
    layers.append(label)
    if zero:
        line = alt.Chart(theme.inline([{"percent": 0}])).mark_rule(color=theme.INK, strokeWidth=1.2)
        layers.insert(0, line.encode(x="percent:Q"))
    chart = alt.layer(*layers).properties(
        width=width, height=theme.step_for(names, STEP if len(names) <= MANY else CLOSE) * len(rows)
    )
    said = "; ".join(f"{row['name']} {row['label']}" for row in rows)
    kind = "changes" if zero else "ranks"
    text = theme.sentence(title, f"Chart of {kind} with intervals, {subtitle}: {said}", note)
    return theme.finish(chart, title=title, subtitle=subtitle, note=note, alt_text=text)
