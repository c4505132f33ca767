"""The findings about one measure that several chapters print: change, comparators, keeping pace, rank, level."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from safety_analysis.methods import rates

from .. import numerals as n
from .. import wording
from ..context import Context
from ..drafts import FindingDraft
from ..figures import Comparator, Figures, finite, plural
from ..periods import Period

RECORDED = "These are recorded incidents: "


def change_finding(figures: Figures, context: Context, **more: Any) -> FindingDraft:
    """The change against the earlier period; where it cannot be made, the count with the reason."""
    if figures.change is None:
        return _count_only(figures, **more)
    words = figures.wording()
    result = figures.change
    return FindingDraft(
        key=f"{figures.about.slug}:change:previous-period",
        title=change_title(figures),
        statement=_change_words(figures, words),
        how_sure=wording.change_how_sure(words),
        method="change.compare_counts",
        measure=figures.about.slug,
        comparator="previous-period",
        value=finite(result.percent),
        low=words.low,
        high=words.high,
        n=result.after,
        unit="percent change",
        result={
            "count_before": result.before,
            "count_after": result.after,
            "ratio": finite(result.ratio),
            "low_chance": words.low_chance,
            "high_chance": words.high_chance,
            "p_value": result.p_value,
            "p_chance": result.p_chance,
            "p_e_test": result.p_e_test,
            "dispersion": figures.known_dispersion,
            "dispersion_months": words.history_months,
            "verdict": words.verdict,
            "direction": figures.about.direction,
            **rate_of(figures, context),
        },
        parameters={"level": result.level, "source": figures.series.source},
        notes=notes_of(figures),
        **more,
    )


def _change_words(figures: Figures, words: wording.Change) -> str:
    about = figures.about
    service = about.kind == "health"
    title = about.title if service else wording.spoken_title(about.title, about.direction)
    caveat = "" if service else wording.reporting_caveat(about.direction, words.verdict)
    return wording.change_statement(title, words, comparison=" ".join(filter(None, (caveat, _pace_words(figures)))))


def _count_only(figures: Figures, **more: Any) -> FindingDraft:
    low, high = rates.poisson_limits(figures.after)
    return FindingDraft(
        key=f"{figures.about.slug}:count:",
        title=f"{figures.about.title}: {n.count(figures.after)}",
        statement=f"{figures.about.title}: {n.count(figures.after)} in the period. "
        f"{'' if figures.against is None else figures.not_compared}".strip(),
        how_sure=f"By chance alone a count of {n.count(figures.after)} could as well have been {n.count(low)} to "
        f"{n.count(high)}.",
        method="rates.count",
        measure=figures.about.slug,
        value=figures.after,
        low=low,
        high=high,
        n=figures.after,
        unit="count",
        parameters={"level": 0.95, "source": figures.series.source},
        notes=notes_of(figures),
        **more,
    )


def change_title(figures: Figures) -> str:
    """The finding as the title of its chart."""
    words, title = figures.wording(), figures.about.title
    numbers = f"{n.count(words.before)} to {n.count(words.after)}"
    if words.verdict in ("fell", "rose"):
        size = f" {n.percent(abs(words.percent))}" if words.percent is not None and not words.small else ""
        return f"{title} {words.verdict}{size}, {numbers}"
    return f"{title}: no clear change, {numbers}"


def notes_of(figures: Figures) -> tuple[str, ...]:
    """The caveat, the way that is good when it is not down, the source's choice, and “definition differs” notes."""
    about = figures.about
    good = {
        "up": "Higher is better here.",
        "parity": "Equal shares are better here.",
        "band": "Within a band is better here.",
    }
    items = [about.caveat, good.get(about.direction, ""), figures.series.choice, *about.notes]
    return tuple(item for item in items if item)


def rate_of(figures: Figures, context: Context) -> dict[str, Any]:
    """The rate per 1,000 residents with its interval; nothing below ten events or without residents."""
    if context.area.residents is None or figures.after < n.SMALL_COUNT:
        return {}
    estimate = rates.rate(figures.after, context.area.residents, per=1000)
    return {
        "rate_per_1000": estimate.value,
        "rate_low": estimate.low,
        "rate_high": estimate.high,
        "residents": context.area.residents,
        "residents_source": context.area.residents_note,
    }


def comparator_findings(figures: Figures) -> Iterator[FindingDraft]:
    """What the same measure did in each comparator, for the JSON and the tables."""
    for item in figures.comparators:
        yield FindingDraft(
            key=f"{figures.about.slug}:change:{item.slug}",
            title=f"{figures.about.title}: {item.who}",
            statement=wording.comparator_statement(
                figures.about.title, item.who, item.before, item.after, item.percent
            ),
            method="change.compare_counts",
            measure=figures.about.slug,
            comparator=item.slug,
            value=item.percent,
            n=item.after,
            unit="percent change",
            result={"count_before": item.before, "count_after": item.after},
            parameters={"source": figures.series.source},
            tabled=True,
        )


def the_others(figures: Figures) -> str:
    """“the other 31 boroughs”."""
    return f"the other {figures.series.everyone - 1} {plural(figures.series.level)}"


def _pace_words(figures: Figures) -> str:
    pace = figures.pace
    if pace is None:
        return ""
    return wording.keeping_pace_statement(the_others(figures), pace.actual, pace.expected, pace.low, pace.high)


def pace_finding(figures: Figures) -> FindingDraft | None:
    """Keeping pace with the other areas, as a finding of its own (its words stand in the change's paragraph)."""
    pace, base = figures.pace, figures.pace_base
    if pace is None or base is None:
        return None
    return FindingDraft(
        key=f"{figures.about.slug}:keeping-pace:others-{figures.series.everyone - 1}",
        title=f"{figures.about.title}: keeping pace",
        statement=_pace_words(figures),
        how_sure=f"The share is that of {base.title}; the interval is as months ordinarily vary.",
        method="change.keeping_pace",
        measure=figures.about.slug,
        comparator=f"others-{figures.series.everyone - 1}",
        value=pace.expected,
        low=pace.low,
        high=pace.high,
        n=pace.actual,
        unit="count expected",
        result={"actual": pace.actual, "p_value": pace.p_value, "clear": pace.clear, "dispersion": pace.dispersion},
        parameters={"base": base.key, "level": pace.level, "source": figures.series.source},
        tabled=True,
    )


def rank_finding(figures: Figures, context: Context, **more: Any) -> FindingDraft | None:
    """The area's place among the areas of its level, by count, with the places that the data also fit."""
    found = figures.own_rank(context.area.name)
    if found is None:
        return None
    row, place = found
    areas = plural(figures.series.level)
    best = "Here the highest is the best." if figures.about.direction == "up" else ""
    return FindingDraft(
        key=f"{figures.about.slug}:rank:{areas}-{place.of}",
        title=f"{figures.about.title}: {n.ordinal(place.rank)} of {place.of} {areas}",
        statement=wording.rank_statement(figures.about.title, place, areas=areas, best=best),
        how_sure=wording.rank_how_sure(row.rank_low, row.rank_high, row.rank_low_chance, row.rank_high_chance),
        method="comparison.rank",
        measure=figures.about.slug,
        comparator=f"{areas}-{place.of}",
        value=row.rank,
        low=row.rank_low,
        high=row.rank_high,
        n=row.count,
        unit="rank",
        result={
            "rank": row.rank,
            "of": place.of,
            "rank_low": row.rank_low,
            "rank_high": row.rank_high,
            "rank_low_chance": row.rank_low_chance,
            "rank_high_chance": row.rank_high_chance,
            "ties": place.ties,
            "next_count": place.next_value,
            "separable_from_next": place.separable_from_next,
            "dispersion": row.dispersion,
            "highest_is": "best" if figures.about.direction == "up" else "worst",
        },
        parameters={"seed": figures.ranking_seed, "draws": 10_000, "level": 0.95, "source": figures.series.source},
        notes=("Ranked by count, not by rate: a larger place has more of most things.",),
        **more,
    )


def yearly_totals(figures: Figures, years: int = 5) -> list[tuple[Period, int]]:
    """The area's totals over the period and the same months of up to `years` − 1 earlier years, oldest first."""
    if len(figures.period) > 12:
        return [(figures.period, figures.after)]
    windows = [figures.period.shifted(-12 * back) for back in range(years)]
    covered: list[tuple[Period, int]] = []
    for window in windows:
        if not figures.series.covers(window):
            break
        covered.append((window, figures.series.total(window)))
    return covered[::-1]


def level_finding(figures: Figures) -> FindingDraft:
    """The level over up to five years, which stands beside every year-on-year change."""
    totals = yearly_totals(figures)
    named = [(window.short_title, total) for window, total in totals]
    values = [total for _, total in totals]
    return FindingDraft(
        key=f"{figures.about.slug}:level:",
        title=f"{figures.about.title} over the years",
        statement=wording.level_statement(figures.about.title, named),
        method="trends.level",
        measure=figures.about.slug,
        value=figures.after,
        low=min(values),
        high=max(values),
        n=len(values),
        unit="count",
        result={"years": [{"period": window.key, "count": total} for window, total in totals]},
        parameters={"source": figures.series.source},
        tabled=True,
    )


def comparator_record(item: Comparator) -> dict[str, Any]:
    return asdict(item)
