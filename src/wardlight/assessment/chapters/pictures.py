"""Figures and tables handed to the chart functions: rows, titles and subtitles, no statistics."""

from __future__ import annotations

from safety_analysis.charts import Chart, bars, intervals, series

from .. import numerals as n
from ..context import Context
from ..figures import Figures, plural
from ..periods import Period, month_title, shift
from . import measured

CHART_YEARS = 5
MOST_BARS = 20
NARROW, LOW = 420, 150  # pixels: the yearly table stands beside it, and two or three fit on a page


def shown_months(figures: Figures) -> Period:
    """At most five years up to the end of the period, as far as the source reaches without a gap."""
    last = figures.period.last_month
    have, length = set(figures.series.months), 1
    while length < CHART_YEARS * 12 and shift(last, -length) in have:
        length += 1
    return Period(shift(last, 1 - length), last)


def monthly(figures: Figures, context: Context, *, width: int = NARROW, height: int = LOW) -> Chart:
    """The area's monthly counts over up to five years, with known events marked."""
    if figures.series.step > 1:
        return by_period(figures, context)
    window = shown_months(figures)
    where = figures.series.where(window)
    counts = figures.series.own[where]
    rows = [
        {"month": month, "name": context.area.name, "value": int(value)}
        for month, value in zip(window.months, counts, strict=True)
    ]
    notes, key = events(window, context)
    title = measured.change_title(figures) if figures.change is not None else f"{figures.about.title} by month"
    months = f"{month_title(window.first_month)} to {month_title(window.last_month)}"
    subtitle = f"{figures.about.title}, incidents a month, {months}{key}"
    return series.monthly_series(
        rows, title=title, subtitle=subtitle, highlight=[context.area.name], annotations=notes, unit="incidents",
        width=width, height=height, name_lines=False,
    )  # fmt: skip


def events(window: Period, context: Context) -> tuple[list[dict[str, object]], str]:
    """The known events of the window as marks, and the key to their numbers: one is named, several are numbered."""
    held = sorted(
        (one for one in context.annotations if set(one.months) & set(window.months)), key=lambda one: one.month
    )
    first = window.first_month
    if len(held) == 1:
        return [_event(max(held[0].month, first), held[0].title, held[0].until)], ""
    marks: dict[int, tuple[list[str], int | None]] = {}
    for number, one in enumerate(held, start=1):
        numbers, _ = marks.setdefault(max(one.month, first), ([], one.until))
        numbers.append(str(number))
    rows = [_event(month, ", ".join(numbers), until) for month, (numbers, until) in marks.items()]
    key = "; ".join(f"{number} {one.title}" for number, one in enumerate(held, start=1))
    return rows, f". Marked: {key}" if key else ""


def _event(month: int, text: str, until: int | None) -> dict[str, object]:
    """Shaded to the end of its last month where it lasted."""
    return {"month": month, "text": text, **({"until": shift(until, 1)} if until else {})}


def by_period(figures: Figures, context: Context) -> Chart:
    """The area's counts of quarters or years, each a bar; the periods compared are dark."""
    step, periods = figures.series.step, (figures.period, figures.against)
    shown = [
        (Period(start, shift(start, step - 1)), int(value))
        for start, value in zip(figures.series.starts, figures.series.own, strict=True)
    ]
    shown = [(window, value) for window, value in shown if window.last_month <= figures.period.last_month][-MOST_BARS:]
    dark = [one.short_title for one, _ in shown if any(two is not None and one.overlaps(two) for two in periods)]
    title = (
        measured.change_title(figures)
        if figures.change is not None
        else f"{figures.about.title} by {figures.series.steps}"
    )
    return bars.share_bars(
        [{"name": window.short_title, "value": value} for window, value in shown],
        title=title,
        subtitle=f"{figures.about.title}, incidents, by {figures.series.steps.removesuffix('s')}, {context.area.name}",
        highlight=dark,
        unit="",
    )


def ranks(found: list[tuple[str, int, int, int]], context: Context, figures: Figures) -> Chart:
    """The area's place for each measure, with the places that fit: (name, rank, low, high)."""
    of = figures.series.everyone
    areas = plural(figures.series.level)
    return intervals.rank_intervals(
        [{"name": name, "rank": rank, "low": low, "high": high} for name, rank, low, high in found],
        title=f"Where {context.area.name} stands among {of} {areas}, and the places that fit as well",
        subtitle=f"Place by count, 1st is the highest of {n.count(of)}, {context.period.title}",
        of=of,
    )
