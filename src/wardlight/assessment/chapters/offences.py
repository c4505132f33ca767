"""Each kind of crime, each of the partnership's own scopes, and health services' counts: change, level and months."""

from __future__ import annotations

from collections.abc import Iterator

from ..context import Context
from ..drafts import FindingDraft
from ..figures import Figures
from ..numerals import listing
from . import measured
from .overview import supporting, trend, weigh

CHARTED_FROM = 300  # incidents in a period: fewer make no readable monthly line
GRAVE = 100.0  # harm days an offence from which a smaller number is drawn as well
GRAVE_FROM = 60


def paragraphs(items: list[Figures], context: Context) -> Iterator[FindingDraft]:
    """A paragraph each, the largest first, with the monthly chart where there is enough to draw."""
    for item in sorted(items, key=lambda one: -one.after):
        picture = trend(item, context) if worth_drawing(item, context) else {}
        yield measured.change_finding(
            item, context, weight=weigh(item, context), theme=item.about.family or item.about.slug,
            overlaps=item.about.overlaps, **picture,
        )  # fmt: skip
        yield from supporting(item)


def worth_drawing(item: Figures, context: Context) -> bool:
    """Enough to make a line of, and either a broad kind, a theme, a grave harm or a clear change: not every part of a part."""
    grave = context.harm_each.get(item.about.slug, 0.0) >= GRAVE
    if max(item.after, item.before or 0) < (GRAVE_FROM if grave else CHARTED_FROM):
        return False
    clear = item.change is not None and item.wording().verdict in ("rose", "fell")
    broad = item.about.kind != "crime-type" or item.about.slug == item.about.family
    return grave or clear or broad


def unanswered(context: Context, *kinds: str) -> str:
    """The measures of these kinds that no source answers, as a sentence; empty when all are answered."""
    names = [item.title for item in context.unanswered if item.kind in kinds]
    if not names:
        return ""
    return f"Not measured, because no source here can answer them: {listing(names)}."
