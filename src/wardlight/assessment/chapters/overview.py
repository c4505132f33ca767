"""What changed: all recorded crime, and every kind of crime beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from safety_analysis.charts import intervals

from .. import numerals as n
from ..context import ALL_CRIME, Context
from ..document import Cell, Table
from ..drafts import FindingDraft, Missing, columns, table
from ..figures import Figures, finite
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
            everything, context, weight=weigh(everything) + 1, theme="all", **trend(everything, context)
        )
        yield from supporting(everything)
    compared = [item for item in context.of_kind("crime-type") if item.change is not None]
    if len(compared) > 1:
        yield _kinds(compared, context)


def supporting(figures: Figures) -> Iterator[FindingDraft]:
    """The findings that stand behind a change: comparators, keeping pace, level."""
    yield from measured.comparator_findings(figures)
    pace = measured.pace_finding(figures)
    if pace is not None:
        yield pace
    yield measured.level_finding(figures)


def trend(figures: Figures, context: Context) -> dict[str, object]:
    """The monthly series as chart and yearly table, as keywords for a draft."""
    chart = pictures.monthly(figures, context)
    return {"chart": chart.spec, "chart_alt": chart.alt, "table": yearly_table(figures)}


def yearly_table(figures: Figures) -> Table | None:
    """The counts of up to five years, oldest first."""
    totals = measured.yearly_totals(figures)
    if len(totals) < 2:
        return None
    heads = columns(
        ("period", "Period", "text"), ("count", "Count", "count"), ("change", "Change on year before", "percent")
    )
    rows: list[list[Cell]] = []
    for at, (window, total) in enumerate(totals):
        before = totals[at - 1][1] if at else None
        change = 100 * (total - before) / before if before is not None and before >= n.SMALL_BASE else None
        rows.append([window.title, total, change])
    return table(f"{figures.about.title}, the same months of each year", heads, rows)


def weigh(figures: Figures) -> float:
    """How much a change matters for the summary: size, certainty, volume. Unclear changes weigh little."""
    if figures.change is None:
        return 0.1
    words = figures.wording()
    if words.verdict in ("unclear", "same"):
        return 0.2
    size = min(abs(words.percent or 100.0), 100.0) / 100
    volume = min(max(words.before, words.after), 2000) / 2000
    apart = 0.5 if figures.pace is not None and figures.pace.clear else 0.0
    return 1 + size + volume + apart


def _kinds(compared: list[Figures], context: Context) -> FindingDraft:
    verdicts = Counter(item.wording().verdict for item in compared)
    fell, rose = verdicts["fell"], verdicts["rose"]
    rest = len(compared) - fell - rose
    title = f"Of {n.in_words(len(compared))} kinds of crime, {n.in_words(fell)} fell, {n.in_words(rose)} rose and {n.in_words(rest)} show no clear change"
    chart = intervals.change_intervals(
        [_interval(item) for item in compared if not item.wording().small],
        title=title,
        subtitle=f"Percent change, {context.period.short_title} against {context.against.short_title if context.against else ''}; "
        "thick line: chance alone; thin line: as months ordinarily vary",
    )
    return FindingDraft(
        key="overview:kinds",
        title=title,
        statement=f"{title}.",
        how_sure="A kind “fell” or “rose” only where the interval, as months ordinarily vary, leaves out no change.",
        method="change.compare_counts",
        comparator="previous-period",
        value=float(fell + rose),
        n=float(len(compared)),
        unit="kinds with a clear change",
        result={"fell": fell, "rose": rose, "unclear": rest},
        table=kinds_table(compared, context),
        chart=chart.spec,
        chart_alt=chart.alt,
        weight=0.9,
        theme="all",
    )


def _interval(item: Figures) -> dict[str, object]:
    words = item.wording()
    return {
        "name": item.about.title,
        "percent": words.percent,
        "low": words.low,
        "high": words.high,
        "low_chance": words.low_chance,
        "high_chance": words.high_chance,
    }


def kinds_table(compared: list[Figures], context: Context) -> Table:
    """Before, after, change and interval of each kind."""
    heads = columns(
        ("offence", "Offence", "text"),
        ("before", context.against.short_title if context.against else "Before", "count"),
        ("after", context.period.short_title, "count"),
        ("percent", "Change", "percent"),
        ("interval", "As months vary", "interval"),
        ("verdict", "So it", "text"),
    )
    rows: list[list[Cell]] = []
    for item in compared:
        words = item.wording()
        says = {"fell": "fell", "rose": "rose", "unclear": "cannot be told from no change", "same": "did not change"}
        percent = None if words.small else finite(words.percent)
        rows.append([item.about.title, words.before, words.after, percent, interval_cell(item), says[words.verdict]])
    return table("Every kind of crime", heads, rows, "Percentages are not printed on a base under 20.")


def interval_cell(item: Figures) -> Cell:
    """“−50% to −30%”, or None on a small base."""
    words = item.wording()
    if words.small or words.low is None or words.high is None:
        return None
    return f"{n.signed_percent(words.low)} to {n.signed_percent(words.high)}"
