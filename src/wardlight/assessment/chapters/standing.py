"""How the area compares: the house table, and its place among the areas of its level."""

from __future__ import annotations

from collections.abc import Iterator

from safety_analysis.charts import bars

from .. import numerals as n
from ..context import ALL_CRIME, Context
from ..document import Cell, Table
from ..drafts import FindingDraft, Missing, columns, table, without_empty
from ..figures import Figures, plural
from ..wording import CHANCE_ONLY
from . import measured, neighbours, pictures
from .overview import basis, interval_cell, interval_title

KEY = "comparison"
TITLE = "How the area compares"
HOUSE_TABLE = "house-table"
PRINTED_RANKS = 6  # the rest stand in the table
CHARTED_RANKS = 3
FEW_AREAS = 12  # of more, one chart with its table is enough: the places of every measure stand in a table of their own


def findings(context: Context) -> Iterator[FindingDraft | Missing]:
    """The house table, then the ranks with the places that fit."""
    if not context.figures:
        yield Missing("There are no counts to compare: import recorded crime and work the assessment out again.")
        return
    yield _house_finding(context)
    ranked = [item for item in context.figures if item.ranking]
    if not ranked:
        yield Missing(
            f"{context.area.name} is not ranked, because no source holds the same counts for other areas of its level "
            f"({context.area.level}): import a table of counts with other {plural(context.area.level)} in it."
        )
        return
    printed = _worth_a_paragraph(ranked, context)
    yield _all_ranks(ranked, context)
    yield from neighbours.findings(ranked, context)
    for item in ranked:
        yield from _rank(item, context, printed.index(item) if item in printed else None)


def _worth_a_paragraph(ranked: list[Figures], context: Context) -> list[Figures]:
    """All crime first, then the kinds in which the area stands highest, leaving out handfuls."""
    kinds = [item for item in ranked if item.about.kind == "crime-type" and item.after >= 50]
    highest = sorted(kinds, key=lambda item: (_row(item, context), -item.after))
    first = [item for item in ranked if item.about.slug == ALL_CRIME]
    return (first + [item for item in highest if item not in first])[:PRINTED_RANKS]


def _row(item: Figures, context: Context) -> int:
    found = item.own_rank(context.area.name)
    return found[0].rank if found else len(item.ranking)


def _rank(item: Figures, context: Context, place: int | None) -> Iterator[FindingDraft]:
    if place is None:
        more: dict[str, object] = {"tabled": True}
    else:
        more = {
            "weight": _weigh(item, context),
            "theme": item.about.family or item.about.slug,
            "overlaps": item.about.overlaps,
        }
        if place < (CHARTED_RANKS if len(item.ranking) <= FEW_AREAS else 1):
            chart = bars.ranked_bars(
                [{"name": row.name, "value": row.count} for row in item.ranking],
                title=_bars_title(item, context),
                subtitle=f"{item.about.title}, incidents by count, {context.period.title}",
                highlight=[context.area.name],
            )
            more |= {"chart": chart.spec, "chart_alt": chart.alt, "table": _ranking_table(item, context)}
    finding = measured.rank_finding(item, context, **more)
    if finding is not None:
        yield finding


def _bars_title(item: Figures, context: Context) -> str:
    areas = plural(item.series.level)
    return f"{context.area.name} was {n.ordinal(_row(item, context))} of {len(item.ranking)} {areas} for {item.about.title}"


def _ranking_table(item: Figures, context: Context) -> Table:
    heads = columns(
        ("rank", "Rank", "rank"), ("area", item.series.level.capitalize(), "text"), ("count", "Count", "count"),
        ("fits", "Fits", "rank"), ("rate", "Rate", "number"),
    )  # fmt: skip
    people = context.residents_of_others
    rows: list[list[Cell]] = [
        [n.ordinal(row.rank), row.name, row.count, places(row.rank_low, row.rank_high),
         round(1000 * row.count / people[row.name], 1) if row.name in people and row.count >= n.SMALL_COUNT else None]
        for row in item.ranking
    ]  # fmt: skip
    note = f"Highest count first. Fits: the places that the data fit, {basis(context)}."
    if any(row[-1] is not None for row in rows):
        note += " Rate: for 1,000 residents."
    return without_empty(table(f"{item.about.title}, highest first", heads, rows, note))


def places(low: int, high: int) -> str:
    """“6th to 10th”."""
    return n.ordinal(low) if low == high else f"{n.ordinal(low)} to {n.ordinal(high)}"


def _weigh(item: Figures, context: Context) -> float:
    """Standing near the top of the list weighs more, if the range of places is narrow."""
    found = item.own_rank(context.area.name)
    if found is None:
        return 0.0
    row, place = found
    near_top = max(0.0, 1 - (row.rank - 1) / max(1, place.of - 1))
    certain = 1 - (row.rank_high - row.rank_low) / place.of
    return 1.1 * near_top**2 + 0.4 * certain


def _all_ranks(ranked: list[Figures], context: Context) -> FindingDraft:
    found = []
    for item in ranked:
        own = item.own_rank(context.area.name)
        if own is not None:
            found.append((item, own[0]))
    heads = columns(
        ("measure", "Measure", "text"), ("count", "Count", "count"), ("rank", "Rank by count", "rank"),
        ("fits", "Places that fit", "rank"), ("chance", "By chance alone", "rank"), ("rate", "Rank by rate", "rank"),
    )  # fmt: skip
    by_rate = [measured.rate_place(item, context) for item, _ in found]
    rows: list[list[Cell]] = [
        [item.about.title, row.count, f"{n.ordinal(row.rank)} of {len(item.ranking)}", places(row.rank_low, row.rank_high),
         places(row.rank_low_chance, row.rank_high_chance) if context.by_month else None,
         n.ordinal(rate.rank) if rate else None]
        for (item, row), rate in zip(found, by_rate, strict=True)
    ]  # fmt: skip
    note = "1st is the highest. By rate: for 1,000 residents." if any(by_rate) else (
        "1st is the highest. By count, not by rate: a larger place has more of most things."
    )  # fmt: skip
    clear = sum(row.rank_low == row.rank_high for _, row in found)
    statement = (
        f"Of {n.in_words(len(found))} measures ranked, {context.area.name}'s place is clear in {n.in_words(clear)}; "
        "in the rest several places fit the data as well as the one it holds, so that a change of one place is not news."
    )
    charted = [(item.about.title, row.rank, row.rank_low, row.rank_high) for item, row in found if row.count >= 50]
    chart = pictures.ranks(charted, context, ranked[0]) if charted else None
    return FindingDraft(
        key="comparison:ranks",
        title="Every place, and the places that fit as well",
        statement=statement,
        how_sure="Each area is drawn again 10,000 times "
        f"{'with its own ordinary variation from month to month' if context.by_month else CHANCE_ONLY}.",
        method="comparison.rank",
        value=float(clear),
        n=float(len(found)),
        unit="measures with a clear place",
        table=without_empty(table("Every place", heads, rows, note)),
        chart=chart.spec if chart else None,
        chart_alt=chart.alt if chart else "",
    )


def _house_finding(context: Context) -> FindingDraft:
    return FindingDraft(
        key=HOUSE_TABLE,
        title="The table scrutiny committees know",
        statement="Each offence this year and last, against the comparators, with its rank and an honest interval.",
        method="presentation.house_table",
        table=house_table(context),
        tabled=True,
    )


def house_table(context: Context) -> Table:
    """Offence | this period | the earlier | difference | % area | interval | % comparators | rank and places that fit."""
    slugs = _comparator_slugs(context)
    area = context.area.level.capitalize() if context.area.level else "Area"
    heads = columns(
        ("offence", "Offence", "text"),
        ("after", context.period.short_title, "count"),
        ("before", context.against.short_title if context.against else "Before", "count"),
        ("difference", "Difference", "number"),
        ("percent", f"% {area}", "percent"),
        ("interval", interval_title(context), "interval"),
        *((slug, f"% {_short(slug)}", "percent") for slug in slugs),
        ("rank", "Rank", "rank"),
        ("fits", "Places that fit", "rank"),
    )
    rows = [_house_row(item, context, slugs) for item in context.figures if item.about.kind in ("all", "crime-type")]
    note = (
        "Rank 1st is the highest count: the worst, except where higher is better. "
        f"“{interval_title(context)}” is the 95% interval."
    )
    if context.against is None:
        note = ""
    return without_empty(table(f"{context.area.name}, {context.period.title}", heads, rows, note))


def _comparator_slugs(context: Context) -> list[str]:
    slugs: list[str] = []
    for item in context.figures:
        slugs += [comparator.slug for comparator in item.comparators if comparator.slug not in slugs]
    return slugs[:2]


def _short(slug: str) -> str:
    return "force total" if slug == "force-total" else " ".join(reversed(slug.rsplit("-", 1)))


def _house_row(item: Figures, context: Context, slugs: list[str]) -> list[Cell]:
    own = item.own_rank(context.area.name)
    rank, fits = (
        ("", "")
        if own is None
        else (_rank_cell(own[1].rank, len(item.ranking), own[1].ties), places(own[0].rank_low, own[0].rank_high))
    )
    others = [item.comparator(slug) for slug in slugs]
    elsewhere: list[Cell] = [one.percent if one and one.before >= n.SMALL_BASE else None for one in others]
    if item.change is None:
        return [item.about.title, item.after, None, None, None, None, *elsewhere, rank or None, fits or None]
    words = item.wording()
    percent = None if words.small else words.percent
    return [
        item.about.title, words.after, words.before, words.after - words.before, percent, interval_cell(item),
        *elsewhere, rank or None, fits or None,
    ]  # fmt: skip


def _rank_cell(rank: int, of: int, ties: int) -> str:
    return f"{n.ordinal(rank)}{' =' if ties else ''} of {of}"
