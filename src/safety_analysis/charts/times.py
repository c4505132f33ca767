"""Hours of the week as a grid."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np

from safety_analysis.charts import theme
from safety_analysis.charts.theme import Chart
from safety_analysis.inputs import BadInput, Floats, nonnegative
from safety_analysis.methods.timing import DAYS

CELL = 23
STEPS = ("#F3F6F8", "#CFE0EE", "#6BACE6", "#2073BC", "#12436D")


def hour_grid(values: Any, *, title: str, subtitle: str) -> Chart:
    """Seven days by 24 hours, each cell with its number; darker is more. `values` 7 × 24 or 168, Monday first."""
    array = nonnegative("values", values, ndim=None)
    if array.size != 168:
        raise BadInput(f"values has {array.size} hours; a week has 168 (7 days of 24, Monday first).")
    grid = array.reshape(7, 24)
    top = float(grid.max()) or 1.0
    labels = _labels(grid, top)
    rows = [
        {"day": DAYS[day], "hour": f"{hour:02}", "value": float(grid[day, hour]), "label": labels[day][hour]}
        for day in range(7)
        for hour in range(24)
    ]
    base = alt.Chart(theme.inline(rows)).encode(
        x=alt.X(
            "hour:N", axis=alt.Axis(title="Hour beginning", labelAngle=0, domain=False, ticks=False, labelFontSize=12)
        ),
        y=alt.Y("day:N", sort=list(DAYS), axis=alt.Axis(title=None, domain=False, ticks=False)),
    )
    colour = alt.Color("value:Q", legend=None, scale=alt.Scale(domain=[0, top], range=list(STEPS)))
    ink = alt.condition(f"datum.value > {0.68 * top}", alt.value("white"), alt.value(theme.INK))
    cells = base.mark_rect(stroke="white", strokeWidth=1).encode(color=colour)
    text = base.mark_text(fontSize=11).encode(text="label:N", color=ink)
    chart = alt.layer(cells, text).properties(width=CELL * 24, height=CELL * 7 + 14)
    return theme.finish(chart, title=title, subtitle=subtitle, alt_text=_describe(grid, title, subtitle))


def _labels(grid: Floats, top: float) -> list[list[str]]:
    scale = 1.0 if top < 1000 else 1000.0 / float(grid.sum())
    return [[f"{value * scale:.0f}" if value * scale >= 0.5 else "" for value in day] for day in grid]


def _describe(grid: Floats, title: str, subtitle: str) -> str:
    day, hour = np.unravel_index(int(grid.argmax()), grid.shape)
    days = grid.sum(axis=1)
    most = f"most in the hour from {int(hour):02}:00 on {DAYS[int(day)]} ({theme.figure(round(float(grid.max()), 1))})"
    busiest = f"{DAYS[int(days.argmax())]} is the fullest day, {DAYS[int(days.argmin())]} the emptiest"
    return theme.sentence(title, f"Grid of 7 days by 24 hours, {subtitle}: {most}; {busiest}")
