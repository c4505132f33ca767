"""Curves of concentration."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import altair as alt
import numpy as np

from safety_analysis.charts import theme
from safety_analysis.charts.theme import Chart, Row
from safety_analysis.inputs import finite, same_length

SIDE = 300
WIDE = 560
MOST_POINTS = 400


def lorenz(
    places: Any,
    events: Any,
    *,
    title: str,
    subtitle: str,
    baseline: tuple[Any, Any] | None = None,
    marks: Sequence[Row] = (),
) -> Chart:
    """Share of events against share of places, most affected first, with the curve that chance alone would give."""
    curve = _points(places, events)
    layers = []
    if baseline is not None:
        grey = alt.Chart(theme.inline(_points(*baseline))).mark_line(
            strokeDash=[5, 3], strokeWidth=1.5, color=theme.MUTED_TEXT
        )
        layers.append(grey.encode(x="places:Q", y="events:Q", order="order:Q"))
        layers.append(_text([_beyond(_points(*baseline), 0.62)], "left", 8, 14, theme.MUTED_TEXT, 400))
    axis: dict[str, Any] = {"format": ".0%", "tickCount": 5, "domain": False, "ticks": False}
    line = alt.Chart(theme.inline(curve)).mark_line(strokeWidth=2.6, color=theme.DARK_BLUE)
    scale = alt.Scale(domain=[0, 1], nice=False)
    layers.append(
        line.encode(
            x=alt.X("places:Q", title="Share of places, most affected first", axis=alt.Axis(**axis), scale=scale),
            y=alt.Y("events:Q", title="Share of incidents", axis=alt.Axis(**axis), scale=scale),
            order="order:Q",
        )
    )
    if marks:
        dots = [{**mark, "text": _said(mark)} for mark in marks]
        point = alt.Chart(theme.inline(dots)).mark_point(filled=True, size=80, color=theme.DARK_PINK, opacity=1)
        layers.append(point.encode(x="places:Q", y="events:Q"))
        layers.append(_halo(dots, 10, 4))
        layers.append(_text(dots, "left", 10, 4, theme.DARK_PINK, 600))
    chart = alt.layer(*layers).properties(width=WIDE, height=SIDE)
    text = theme.sentence(title, f"Curve of concentration, {subtitle}", *(_said(mark) for mark in marks))
    return theme.finish(chart, title=title, subtitle=subtitle, alt_text=text)


def _points(places: Any, events: Any) -> list[Row]:
    across, up = finite("places", places), finite("events", events)
    size = same_length(places=across, events=up)
    kept = np.unique(np.linspace(0, size - 1, min(size, MOST_POINTS)).astype(int))
    return [{"places": float(across[i]), "events": float(up[i]), "order": int(i)} for i in kept]


def _beyond(curve: list[Row], share: float) -> Row:
    point = min(curve, key=lambda row: abs(float(row["events"]) - share))
    return {**point, "text": "by chance alone"}


def _said(mark: Row) -> str:
    share = f"{100 * float(mark['places']):.2g}%"
    return f"{share} of places hold {float(mark['events']):.0%} of incidents"


def _halo(rows: Iterable[Row], dx: int, dy: int) -> Any:
    mark = alt.Chart(theme.inline(rows)).mark_text(
        align="left", dx=dx, dy=dy, stroke="white", strokeWidth=4, fontWeight=600
    )
    return mark.encode(x="places:Q", y="events:Q", text="text:N")


def _text(rows: Iterable[Row], align: Any, dx: int, dy: int, colour: str, weight: Any) -> Any:
    mark = alt.Chart(theme.inline(rows)).mark_text(align=align, dx=dx, dy=dy, color=colour, fontWeight=weight)
    return mark.encode(x="places:Q", y="events:Q", text="text:N")
