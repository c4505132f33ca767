"""The open matrix of proposed priorities: five scores of 0 to 3, each with the words that explain it."""

from __future__ import annotations

from typing import Any

from . import numerals as n
from .context import ALL_CRIME, Context
from .drafts import PriorityDraft
from .figures import Figures

AXES = ("volume", "harm", "trend", "comparison", "concern")
SUGGESTED = 8  # the rows of the matrix: the rest had too little to say
LEAST = 5  # incidents over which a theme is scored

Score = dict[str, Any]


def priorities(context: Context) -> list[PriorityDraft]:
    """One row a measure, the best supported first: by how many scores are 2 or 3, then harm, trend and size.

    A missing score is None and says why. A theme that is nothing but other rows together is not suggested beside them.
    """
    items = [item for item in context.figures if item.about.slug != ALL_CRIME and item.after >= LEAST]
    whole = context.of(ALL_CRIME)
    rows = [_row(item, context, whole.after if whole else None) for item in items]
    sizes = {item.about.slug: item.after for item in items}
    ordered = sorted(rows, key=lambda row: (*row.standing, -sizes[row.measure], row.title))
    return _without_overlaps(ordered, {item.about.slug: item for item in items})[:SUGGESTED]


def _without_overlaps(rows: list[PriorityDraft], items: dict[str, Figures]) -> list[PriorityDraft]:
    """The first of each broad kind, so that robbery and personal robbery do not both stand in the matrix.

    Nor does a theme made of kinds that stand there (acquisitive crime), nor a second theme with the very same counts.
    """
    seen: set[object] = set()
    kept: set[str] = set()
    for row in sorted(rows, key=lambda row: bool(items[row.measure].about.overlaps)):
        item = items[row.measure]
        names: set[object] = {item.about.family or item.about.slug, *item.about.overlaps, (item.before, item.after)}
        if not names & seen:
            kept.add(row.measure)
        seen |= names
    return [row for row in rows if row.measure in kept]


def _row(item: Figures, context: Context, everything: int | None) -> PriorityDraft:
    matrix = {
        "volume": volume(item.after, everything),
        "harm": harm(context.harm_each.get(item.about.slug)),
        "trend": trend(item),
        "comparison": comparison(item, context),
        "concern": {
            "score": None,
            "says": "Not known: no survey is held.",
        },
    }
    return PriorityDraft(item.about.slug, item.about.title, matrix)


def volume(count: int, everything: int | None) -> Score:
    """By share of all recorded crime: 10% and more scores 3, 3% 2, 1% 1."""
    if not everything or everything < n.SMALL_BASE:
        return {"score": None, "says": f"{n.count(count)} incidents; there is no total to set them against."}
    share = 100 * count / everything
    score = 3 if share >= 10 else 2 if share >= 3 else 1 if share >= 1 else 0
    return {"score": score, "says": f"{n.count(count)} incidents, {n.percent(share, 1)} as many as all recorded crime."}


def harm(each: float | None) -> Score:
    """By harm weight an offence, in days: 1,000 and more scores 3, 100 2, 10 1."""
    if each is None:
        return {"score": None, "says": "Not known: the harm table has no weight for it."}
    score = 3 if each >= 1000 else 2 if each >= 100 else 1 if each >= 10 else 0
    return {"score": score, "says": f"{n.decimal(each)} harm days an offence on average."}


def trend(item: Figures) -> Score:
    """Rose scores 3 (2 where more reports may be good news), no clear change 1, fell 0."""
    if item.change is None:
        return {"score": None, "says": item.not_compared or "Not known: no earlier period."}
    words = item.wording()
    numbers = f"from {n.count(words.before)} to {n.count(words.after)}"
    good = item.about.direction
    if words.verdict in ("unclear", "same"):
        return {"score": 1, "says": f"No clear change, {numbers}."}
    if words.verdict == "rose":
        return {"score": 0 if good == "up" else 2 if good == "monitor" else 3, "says": f"Rose {numbers}."}
    return {"score": 3 if good == "up" else 0, "says": f"Fell {numbers}."}


def comparison(item: Figures, context: Context) -> Score:
    """By the best-supported place: surely in the highest quarter scores 3, holding a place in it 2, in the upper half 1."""
    found = item.own_rank(context.area.name)
    if found is None:
        return {"score": None, "says": "Not known: no counts of other areas."}
    row, place = found
    quarter, half = place.of / 4, place.of / 2
    score = 3 if row.rank_high <= quarter else 2 if row.rank <= quarter else 1 if row.rank <= half else 0
    if item.about.direction == "up":
        score = 3 - score
    return {
        "score": score,
        "says": f"{n.ordinal(row.rank)} highest of {place.of}; the data fit {n.ordinal(row.rank_low)} to "
        f"{n.ordinal(row.rank_high)}.",
    }
