"""What changed: all recorded crime, and every kind of crime beside it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator

from safety_analysis.charts import Chart, bars, intervals
from safety_analysis.methods import rates

from .. import numerals as n
from ..context import ALL_CRIME, Context
from ..document import Cell, Table
from ..drafts import FindingDraft, Missing, columns, table
from ..figures import Figures
from ..wording import AS_MONTHS_VARY, CHANCE_ONLY, lower_first
from . import measured, pictures

KEY = "overview"
TITLE = "What changed"


def findings(context: Context) -> Iterator[FindingDraft | Missing]:
    """All recorded crime first, then how many kinds rose, fell or did neither."""
    if not context.figures:
        yield Missing(
            f"There are no counts for {context.area.name} in {context.period.title}: "
            "import recorded crime, as records or as a table of counts, and work the assessment out again."
        )
        return
    everything = context.of(ALL_CRIME)
    if everything is not None:
        yield measured.change_finding(
            everything, context, weight=weigh(everything, context) + 1, theme="all", **trend(everything, context)
        )
        yield from supporting(everything)
    mix = _mix(context)
    if mix is not None:
        yield mix
    compared = [item for item in context.of_kind("crime-type") if item.change is not None]
    if len(compared) > 1:
        yield _kinds(compared, context)


def _mix(context: Context) -> FindingDraft | None:
    """The share of each kind in all crime of the period, as broadly as one speaks of it."""
    counts = {slug: count for slug, count in context.mix.items() if count}
    total = sum(counts.values())
    if total < n.SMALL_BASE or len(counts) < 3:
        return None
    order = sorted(counts, key=lambda slug: (-counts[slug], slug))
    names = [context.category_titles.get(slug, slug) for slug in order]
    shares = [rates.proportion(counts[slug], total) for slug in order]
    title = f"{names[0]} is {n.percent(100 * shares[0].value)} of all recorded crime"
    counted = context.of(ALL_CRIME)
    differs = counted is not None and counted.after != total
    chart = bars.share_bars(
        [{"name": name, "value": 100 * share.value} for name, share in zip(names, shares, strict=True)],
        title=title,
        subtitle=f"Share of {n.count(total)} crimes, percent, {context.period.title}",
        width=pictures.NARROW,
    )
    heads = columns(("kind", "Kind", "text"), ("count", "Count", "count"), ("share", "Share", "percent"))
    rows: list[list[Cell]] = [
        [name, counts[slug], 100 * share.value] for name, slug, share in zip(names, order, shares, strict=True)
    ]
    return FindingDraft(
        key="overview:mix",
        title=title,
        statement=f"{title} ({n.count(counts[order[0]])} of {n.count(total)}), then {lower_first(names[1])} with "
        f"{n.percent(100 * shares[1].value)} and {lower_first(names[2])} with {n.percent(100 * shares[2].value)}.",
        how_sure="Shares of what was recorded in the period; a change in recording changes them too.",
        notes=(_why_another_total(total, counted, context),) if differs and counted is not None else (),
        method="rates.proportion",
        value=100 * shares[0].value,
        low=100 * shares[0].low,
        high=100 * shares[0].high,
        n=float(total),
        unit="percent of all recorded crime",
        result={"counts": {slug: counts[slug] for slug in order}},
        table=table("All recorded crime by kind", heads, rows),
        chart=chart.spec,
        chart_alt=chart.alt,
        weight=0.9 if context.against is None else 0.6,
        theme="mix",
    )


def _why_another_total(total: int, counted: Figures, context: Context) -> str:
    """Why the shares do not add up to the total printed elsewhere."""
    source = lower_first(context.source_title(counted.series.source))
    if context.records is None:
        return f"The shares are of the {n.count(total)} crimes that {source} tells apart by kind, of {n.count(counted.after)}."
    return (
        f"The shares are of the {n.count(total)} crimes held record by record; the total of {n.count(counted.after)} printed "
        f"elsewhere is from another source, which also holds other areas ({source})."
    )


def supporting(figures: Figures) -> Iterator[FindingDraft]:
    """The findings that stand behind a change: comparators, keeping pace, level."""
    yield from measured.comparator_findings(figures)
    pace = measured.pace_finding(figures)
    if pace is not None:
        yield pace
    yield measured.level_finding(figures)


def trend(figures: Figures, context: Context) -> dict[str, object]:
    """The monthly series as chart and yearly table, as keywords for a draft."""
    wide = {"width": 640, "height": 190} if figures.about.slug == ALL_CRIME else {}
    chart = pictures.monthly(figures, context, **wide)
    return {"chart": chart.spec, "chart_alt": chart.alt, "table": yearly_table(figures)}


def yearly_table(figures: Figures) -> Table | None:
    """The counts of up to five years, oldest first."""
    totals = measured.yearly_totals(figures)
    if len(totals) < 2:
        return None
    heads = columns(("period", "Period", "text"), ("count", "Count", "count"), ("change", "On year before", "percent"))
    rows: list[list[Cell]] = []
    for at, (window, total) in enumerate(totals):
        before = totals[at - 1][1] if at else None
        change = 100 * (total - before) / before if before is not None and before >= n.SMALL_BASE else None
        rows.append([window.short_title, total, change])
    return table(f"{figures.about.title} by year", heads, rows)


def weigh(figures: Figures, context: Context) -> float:
    """How much a change matters for the summary: its size, how sure it is, the harm it does, and standing apart from the others.

    A change that cannot be told from none weighs little; so does a theme beside the offences that it is made of.
    """
    if figures.change is None:
        return 0.1
    words = figures.wording()
    if words.verdict in ("unclear", "same"):
        return 0.2
    size = min(abs(words.percent or 100.0), 100.0) / 100
    sure = min(-math.log10(max(words.p_value, 1e-12)) / 6, 1.0)
    days = context.harm_each.get(figures.about.slug)
    harm = min(math.log10(1 + days) / 3, 1.0) if days else 0.0
    apart = 0.3 if figures.pace is not None and figures.pace.clear else 0.0
    part = 0.8 if figures.about.kind == "scope" else 1.0
    return part * (0.4 + size + 0.6 * sure + 0.6 * harm + apart)


def _kinds(compared: list[Figures], context: Context) -> FindingDraft:
    verdicts = Counter(item.wording().verdict for item in compared)
    fell, rose = verdicts["fell"], verdicts["rose"]
    rest = len(compared) - fell - rose
    title = (
        f"Of {n.in_words(len(compared))} kinds of crime, {_how_many(fell)} clearly fell, {_how_many(rose)} clearly rose and "
        f"{_how_many(rest)} {'shows' if rest == 1 else 'show'} no clear change"
    )
    chart = _kinds_chart(compared, context, title)
    return FindingDraft(
        key="overview:kinds",
        title=title,
        statement=f"{title}.",
        how_sure=f"A kind “fell” or “rose” only where the interval, {basis(context)}, leaves out no change.",
        method="change.compare_counts",
        comparator="previous-period",
        value=float(fell + rose),
        n=float(len(compared)),
        unit="kinds with a clear change",
        result={"fell": fell, "rose": rose, "unclear": rest},
        table=kinds_table(compared, context),
        chart=chart.spec if chart else None,
        chart_alt=chart.alt if chart else "",
        weight=0.9,
        theme="kinds",
    )


def _how_many(number: int) -> str:
    return "none" if number == 0 else n.in_words(number)


def _kinds_chart(compared: list[Figures], context: Context, title: str) -> Chart | None:
    """None where every kind is too few to draw a percentage of."""
    rows = [_interval(item) for item in compared if not item.wording().small]
    if not rows:
        return None
    return intervals.change_intervals(
        rows,
        title=title,
        subtitle=f"Percent change, {context.period.short_title} against "
        f"{context.against.short_title if context.against else ''}; "
        f"{'thick line: chance alone; thin line: as months ordinarily vary' if context.by_month else CHANCE_ONLY}",
    )


def _interval(item: Figures) -> dict[str, object]:
    words = item.wording()
    return {
        "name": item.about.title,
        "percent": words.percent,
        "low": words.low,
        "high": words.high,
        "low_chance": words.low_chance if words.steps == "months" else None,
        "high_chance": words.high_chance if words.steps == "months" else None,
    }


def kinds_table(compared: list[Figures], context: Context) -> Table:
    """The change of each kind with its interval; the counts stand in the year at a glance."""
    heads = columns(
        ("offence", "Offence", "text"),
        ("interval", interval_title(context), "interval"),
        ("verdict", "So it", "text"),
    )
    rows: list[list[Cell]] = []
    for item in compared:
        words = item.wording()
        says = {"fell": "fell", "rose": "rose", "unclear": "is not clear", "same": "is level"}
        rows.append([item.about.title, interval_cell(item), says[words.verdict]])
    note = "The percentage and both intervals are in the figure, the counts in the year at a glance; no percentage is "
    return table("Every kind of crime", heads, rows, f"{note}printed on a base under 20.")


def interval_title(context: Context) -> str:
    """The head of a column of intervals."""
    return "As months vary" if context.by_month else "By chance alone"


def basis(context: Context) -> str:
    """“as months ordinarily vary”, or “assuming ordinary chance only” where nothing is counted by month."""
    return AS_MONTHS_VARY if context.by_month else CHANCE_ONLY


def interval_cell(item: Figures) -> Cell:
    """“−50% to −30%”, or None on a small base."""
    words = item.wording()
    if words.small or words.low is None or words.high is None:
        return None
    return f"{n.signed_percent(words.low)} to {n.signed_percent(words.high)}"
