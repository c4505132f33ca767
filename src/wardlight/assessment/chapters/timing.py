"""When: hour of the week, where the records know it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from safety_analysis.charts import times

from .. import numerals as n
from ..context import Context
from ..document import Cell
from ..drafts import FindingDraft, Missing, columns, table

KEY = "time"
TITLE = "When it happened"
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
PARTS = ((0, 6, "midnight to 6am"), (6, 12, "6am to noon"), (12, 18, "noon to 6pm"), (18, 24, "6pm to midnight"))
BUSY_HOURS = 21  # an eighth of the week's 168


def findings(context: Context) -> Iterator[FindingDraft | Missing]:
    """The week by hour, or why it is not shown."""
    if context.records is None:
        yield Missing(
            f"Hour of day is not shown: the data are {counted_by(context)}. Import records with dates and times to see it."
        )
        return
    now = context.records.within(context.period)
    known = now.filter(pl.col("hour_of_week").is_not_null())
    if known.is_empty():
        only = "month" if (now["precision"] == "month").all() else "day or month"
        yield Missing(
            f"Hour of day is not shown: these records carry the {only} only. "
            "Ask the force for an extract with times, and import it as a record extract."
        )
        return
    yield _week(known, len(now), context)


def counted_by(context: Context) -> str:
    """What there is instead of records, and what else it cannot show."""
    if context.by_month:
        return "monthly counts"
    return f"counts of whole {context.steps}, which show no season either"


def _week(known: pl.DataFrame, total: int, context: Context) -> FindingDraft:
    hours = np.bincount(known["hour_of_week"].to_numpy(), minlength=168)
    busiest = np.sort(hours)[::-1][:BUSY_HOURS].sum()
    peak = int(hours.argmax())
    grid = hours.reshape(7, 24)
    title = f"The busiest eighth of the week holds {n.percent(100 * busiest / len(known))} of the records"
    chart = times.hour_grid(
        grid, title=title, subtitle=f"Records by hour of the week, local time, {context.period.title}"
    )
    rows: list[list[Cell]] = [
        [day, *(int(grid[at, start:end].sum()) for start, end, _ in PARTS), int(grid[at].sum())]
        for at, day in enumerate(DAYS)
    ]
    heads = columns(
        ("day", "Day", "text"), *((f"h{start}", name, "count") for start, _, name in PARTS), ("all", "All day", "count")
    )
    left_out = total - len(known)
    return FindingDraft(
        key="time:week",
        title=title,
        statement=f"{title}; the busiest single hour starts on {DAYS[peak // 24]} at {clock(peak % 24)}.",
        how_sure=f"From {n.count(len(known))} records with a known hour; {n.count(left_out)} without one are left out.",
        method="timing.weekly_profile",
        value=100 * float(busiest) / len(known),
        n=float(len(known)),
        unit="percent of records in the busiest 21 hours",
        result={"peak_hour_of_week": peak, "left_out": left_out},
        table=table("Records by day and part of the day", heads, rows),
        chart=chart.spec,
        chart_alt=chart.alt,
        weight=0.7,
        theme="time",
    )


def clock(hour: int) -> str:
    """0 → “midnight”, 13 → “1pm”."""
    if hour in (0, 12):
        return "midnight" if hour == 0 else "noon"
    return f"{hour % 12}{'am' if hour < 12 else 'pm'}"
