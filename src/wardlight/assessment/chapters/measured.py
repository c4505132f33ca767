"""The findings about one measure that several chapters print: change, comparators, keeping pace, rank, level."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from safety_analysis.methods import rates

from .. import numerals as n
from .. import wording
from ..context import Context
from ..drafts import FindingDraft
from ..figures import Figures, finite, plural
from ..periods import Period
from ..wording import lower_first

RECORDED = "Recorded by the police: it follows reporting and recording practice"  # said once, of all recorded crime


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
        how_sure=_how_sure(figures, words),
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
        notes=notes_of(figures, context),
        **more,
    )


def _how_sure(figures: Figures, words: wording.Change) -> str:
    pace = figures.pace
    sure = wording.change_how_sure(words)
    if pace is None:
        return sure
    first, cut, rest = sure.partition(". ")
    return f"{first}. {wording.pace_how_sure(pace.expected, pace.low, pace.high)} {rest}".strip() if cut else sure


def spoken(figures: Figures) -> str:
    """The title as it is said: “Recorded hate crime”."""
    about = figures.about
    return about.title if about.kind == "health" else wording.spoken_title(about.title, about.direction)


def _change_words(figures: Figures, words: wording.Change) -> str:
    about, title = figures.about, spoken(figures)
    caveat = wording.reporting_caveat(about.direction, words.verdict, found_by_police=about.found_by_police)
    caveat = "" if about.kind == "health" else caveat
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
        notes=notes_of(figures, None),
        **more,
    )


def change_title(figures: Figures) -> str:
    """The finding as the title of its chart."""
    words, title = figures.wording(), spoken(figures)
    numbers = f"{n.count(words.before)} to {n.count(words.after)}"
    if words.verdict in ("fell", "rose"):
        size = f" {n.percent(abs(words.percent))}" if words.percent is not None and not words.small else ""
        return f"{title} {words.verdict}{size}, {numbers}"
    return f"{title}: no clear change, {numbers}"


def notes_of(figures: Figures, context: Context | None) -> tuple[str, ...]:
    """The caveat, which way is good when it is not down, the pair, the source's choice, and “definition differs” notes."""
    about = figures.about
    good = {
        "up": f"Which way is good: more reports, for as long as {lower_first(about.title)} is known to be under-reported.",
        "monitor": "Which way is good: neither by itself."
        if about.kind != "health" and not about.found_by_police
        else "",
        "parity": "Which way is good: equal shares.",
        "band": "Which way is good: within a band.",
    }
    caveat = "" if about.caveat.startswith(RECORDED) and about.kind != "all" else about.caveat
    choice = figures.series.choice
    items = [caveat, good.get(about.direction, ""), _pair(figures, context), choice, *about.notes]
    return tuple(item for item in items if item)


def _pair(figures: Figures, context: Context | None) -> str:
    """What the paired measure did; for what is under-reported and has no pair, that nothing here says how much there was."""
    about = figures.about
    other = context.of(about.pair) if context is not None and about.pair else None
    if other is not None and other.change is not None:
        words = other.wording()
        did = {"unclear": "shows no clear change", "same": "did not change"}.get(words.verdict, words.verdict)
        return (
            f"Read it beside its pair, {lower_first(spoken(other))}, which {did}: "
            f"{n.count(words.before)} before, {n.count(words.after)} after."
        )
    hidden = about.direction in wording.REPORTING and about.kind != "health" and not about.found_by_police
    if hidden:
        return "Nothing held here says whether there was more or less of it; a survey of residents would."
    return ""


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
    best = " ".join(
        filter(None, (rate_rank_words(figures, context), "Here the highest is the best." if up(figures) else ""))
    )
    return FindingDraft(
        key=f"{figures.about.slug}:rank:{areas}-{place.of}",
        title=f"{figures.about.title}: {n.ordinal(place.rank)} of {place.of} {areas}",
        statement=wording.rank_statement(figures.about.title, place, areas=areas, best=best),
        how_sure=wording.rank_how_sure(
            row.rank_low, row.rank_high, row.rank_low_chance, row.rank_high_chance, steps=figures.series.steps
        ),
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
            "highest_is": "best" if up(figures) else "worst",
            **_rate_rank_result(figures, context),
        },
        parameters={"seed": figures.ranking_seed, "draws": 10_000, "level": 0.95, "source": figures.series.source},
        notes=_rate_rank_note(figures, context),
        **more,
    )


def up(figures: Figures) -> bool:
    """Whether a higher count is better."""
    return figures.about.direction == "up"


@dataclass(frozen=True, slots=True)
class RatePlace:
    """The area's place by rate for 1,000 residents. Ties share the smaller number."""

    rank: int
    of: int
    rate: float


def rate_place(figures: Figures, context: Context) -> RatePlace | None:
    """The place by rate, where the residents of every area ranked are known and no rate rests on under ten events."""
    people = context.residents_of_others
    names = [row.name for row in figures.ranking]
    own = figures.own_rank(context.area.name)
    if own is None or own[0].count < n.SMALL_COUNT or any(name not in people for name in names):
        return None
    held = {row.name: 1000 * row.count / people[row.name] for row in figures.ranking}
    mine = held[context.area.name]
    return RatePlace(1 + sum(rate > mine for rate in held.values()), len(names), mine)


def rate_rank_words(figures: Figures, context: Context) -> str:
    place = rate_place(figures, context)
    if place is None:
        return ""
    where = "highest" if place.rank == 1 else f"{n.ordinal(place.rank)} highest"
    return f"By rate it was {where}, with {n.decimal(place.rate)} for every 1,000 residents."


def _rate_rank_result(figures: Figures, context: Context) -> dict[str, Any]:
    place = rate_place(figures, context)
    return {} if place is None else {"rank_by_rate": place.rank, "rate_per_1000": place.rate}


def _rate_rank_note(figures: Figures, context: Context) -> tuple[str, ...]:
    if rate_place(figures, context) is not None:
        return ()
    return ("Ranked by count, not by rate: a larger place has more of most things.",)


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
