"""Bars from zero, with their values written at their ends."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import altair as alt

from safety_analysis.charts import theme
from safety_analysis.charts.theme import Chart, Row

MANY = 20
LINES: tuple[dict[str, Any], ...] = (
    {"color": "white", "strokeWidth": 4},
    {"color": theme.INK, "strokeWidth": 1.4},
)


def ranked_bars(
    rows: Iterable[Row], *, title: str, subtitle: str, highlight: str | Iterable[str] = (), unit: str = ""
) -> Chart:
    """Bars from highest to lowest; highlighted names dark, the others grey, intervals as thin lines."""
    table = sorted(theme.some(rows, "name", "value"), key=lambda row: -float(row["value"]))
    return _bars(table, title, subtitle, theme.chosen(highlight), unit)


def share_bars(
    rows: Iterable[Row],
    *,
    title: str,
    subtitle: str,
    highlight: str | Iterable[str] = (),
    unit: str = "%",
    width: int = theme.WIDTH,
) -> Chart:
    """Bars in the order given; without a highlight all are dark. `width` is in pixels, names included."""
    table = theme.some(rows, "name", "value")
    strong = theme.chosen(highlight) or tuple(str(row["name"]) for row in table)
    return _bars(table, title, subtitle, strong, unit, width)


def _bars(
    table: list[Row], title: str, subtitle: str, strong: tuple[str, ...], unit: str, across: int = theme.WIDTH
) -> Chart:
    names = [theme.wrapped(row["name"]) for row in table]
    data = theme.inline(
        {
            **row,
            "name": theme.wrapped(row["name"]),
            "strong": row["name"] in strong,
            "end": max(float(row["value"]), float(row.get("high") or 0)),
            "label": theme.with_unit(label, unit),
        }
        for row, label in zip(table, theme.figures(float(row["value"]) for row in table), strict=True)
    )
    step = theme.step_for(names, 24 if len(table) <= 12 else 18 if len(table) <= MANY else 15)
    y = alt.Y("name:N", sort=names, axis=theme.name_axis())
    empty = not any(row["value"] for row in table)
    scale = alt.Scale(domain=[0, 1]) if empty else alt.Scale(domainMin=0, nice=False)
    x = alt.X("value:Q", axis=None, scale=scale)
    base = alt.Chart(data).encode(y=y)
    colour = alt.condition("datum.strong", alt.value(theme.DARK_BLUE), alt.value(theme.CONTEXT))
    layers = [base.mark_bar(size=min(step, 24) - (6 if step > 16 else 4)).encode(x=x, color=colour)]
    if any(row.get("low") is not None and row.get("high") is not None for row in table):
        line = base.transform_filter("isValid(datum.low) && isValid(datum.high)")
        layers += [line.mark_rule(**look).encode(x="low:Q", x2="high:Q") for look in LINES]
    weights: tuple[tuple[str, Any], ...] = (("datum.strong", 600), ("!datum.strong", 400))
    for test, weight in weights:
        label = base.transform_filter(test).mark_text(align="left", dx=5, fontSize=12.5, fontWeight=weight)
        layers.append(label.encode(x="end:Q", text="label:N"))
    width = across - theme.room_for(names) - 62
    chart = alt.layer(*layers).properties(width=width, height=step * len(table))
    return theme.finish(chart, title=title, subtitle=subtitle, alt_text=_describe(table, title, subtitle, strong, unit))


def _describe(table: list[Row], title: str, subtitle: str, strong: tuple[str, ...], unit: str) -> str:
    def said(row: Row) -> str:
        return f"{row['name']} {theme.with_unit(theme.figure(float(row['value'])), unit)}"

    ordered = sorted(table, key=lambda row: -float(row["value"]))
    ends = f"highest {said(ordered[0])}, lowest {said(ordered[-1])}"
    chosen = [said(row) for row in ordered[1:-1] if row["name"] in strong] if len(strong) < len(table) else []
    return theme.sentence(title, f"Bar chart of {subtitle}, {len(table)} bars: {ends}", "; ".join(chosen))
