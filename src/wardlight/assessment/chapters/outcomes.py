"""What came of it: the last outcome of each record."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from safety_analysis.charts import bars
from safety_analysis.methods import rates

from .. import numerals as n
from ..context import Context
from ..document import Cell
from ..drafts import FindingDraft, Missing, columns, table

KEY = "outcomes"
TITLE = "What came of it"
SHOWN = 15
UNRESOLVED = ("under investigation", "awaiting court outcome", "status update unavailable")


def findings(context: Context) -> Iterator[FindingDraft | Missing]:
    """The mix of last outcomes, of the crimes that have one."""
    records = context.records
    now = records.within(context.period) if records else None
    if now is None or now["outcome"].is_null().all():
        yield Missing("Outcomes are not shown: the data carry none. Import records with their last outcome.")
        return
    crimes = now.filter(pl.col("category").is_in(sorted(context.crime_categories)))
    known = crimes.filter(pl.col("outcome").is_not_null())
    if known.is_empty():
        yield Missing("Outcomes are not shown: no crime of the period has one recorded.")
        return
    yield _mix(known, len(crimes), context)


def _mix(known: pl.DataFrame, crimes: int, context: Context) -> FindingDraft:
    found = known.group_by("outcome").agg(pl.len().alias("count")).sort("count", "outcome", descending=[True, False])
    names, counts = found["outcome"].to_list(), found["count"].to_list()
    total = len(known)
    open_still = sum(count for name, count in zip(names, counts, strict=True) if name.strip().lower() in UNRESOLVED)
    enough = total >= n.SMALL_BASE
    estimate = rates.proportion(counts[0], total) if enough else None
    share = f" ({n.percent(100 * estimate.value)})" if estimate else ""
    title = f"“{names[0]}” is the last outcome of {n.count(counts[0])} of {n.count(total)} crimes{share}"
    rows: list[list[Cell]] = [
        [name, count, 100 * count / total if enough else None]
        for name, count in zip(names[:SHOWN], counts[:SHOWN], strict=True)
    ]
    if len(names) > SHOWN:
        rest = sum(counts[SHOWN:])
        rows.append([f"{len(names) - SHOWN} others", rest, 100 * rest / total if enough else None])
    if crimes > total:
        rows.append(["No outcome recorded", crimes - total, None])
    chart = bars.share_bars(
        [{"name": name, "value": 100 * count / total} for name, count in zip(names[:8], counts[:8], strict=True)],
        title=title, subtitle=f"Last outcome, percent of crimes with one, {context.period.title}",
    ) if enough else None  # fmt: skip
    heads = columns(("outcome", "Last outcome", "text"), ("count", "Crimes", "count"), ("share", "Share", "percent"))
    return FindingDraft(
        key="outcomes:mix",
        title=title,
        statement=f"{title}; {n.count(open_still)} were still open when the data were cut.",
        how_sure=_how_sure(estimate, crimes - total),
        method="rates.proportion",
        value=100 * estimate.value if estimate else None,
        low=100 * estimate.low if estimate else None,
        high=100 * estimate.high if estimate else None,
        n=float(total),
        unit="percent of crimes with an outcome",
        result={"outcomes": dict(zip(names, counts, strict=True)), "open": open_still, "without": crimes - total},
        notes=("Recent crimes have had less time to reach an outcome.",),
        table=table("Last outcomes", heads, rows),
        chart=chart.spec if chart else None,
        chart_alt=chart.alt if chart else "",
        weight=0.8,
        theme="outcomes",
    )


def _how_sure(estimate: rates.Estimate | None, without: int) -> str:
    interval = (
        f"{n.percent(100 * estimate.low)} to {n.percent(100 * estimate.high)} (Wilson interval); " if estimate else ""
    )
    return f"{interval}{n.count(without)} crimes have no outcome recorded and are not in the shares."
