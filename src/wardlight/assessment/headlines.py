"""Which findings stand in the one-page summary: at most seven, varied, in the order in which a board asks.

First how much and which way, then how the area compares, harm, places, people, and what came of it. The weightiest of
each group comes in before a second of any, and no two say nearly the same thing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from .drafts import FindingDraft

MOST = 7
LEAST_WEIGHT = 0.5
GROUPS = {
    "level": 2,
    "trend": 3,
    "comparison": 1,
    "harm": 1,
    "place": 2,
    "people": 2,
    "outcomes": 1,
}  # the most of each
LATE = ("outcomes",)  # only where there is room
LEVEL_THEMES = ("all", "kinds", "mix")
CHAPTER_GROUPS = {
    "place": "place",
    "time": "place",
    "people": "people",
    "repeats": "people",
    "harm": "harm",
    "outcomes": "outcomes",
}


def choose(drafts: Iterable[FindingDraft]) -> list[str]:
    """The keys of the headlines, in the order of the summary."""
    worth = [item for item in drafts if not item.tabled and item.weight > LEAST_WEIGHT]
    waiting = sorted(worth, key=lambda item: (-item.weight, item.key))
    chosen: list[FindingDraft] = []
    for most_of_a_group in (1, MOST):
        for draft in waiting:
            late = most_of_a_group == 1 and group(draft) in LATE
            if len(chosen) < MOST and not late and _fits(draft, chosen, most_of_a_group):
                chosen.append(draft)
    order = list(GROUPS)
    return [item.key for item in sorted(chosen, key=lambda item: (order.index(group(item)), -item.weight, item.key))]


def group(draft: FindingDraft) -> str:
    """Which of the board's questions a finding answers."""
    if draft.theme in LEVEL_THEMES:
        return "level"
    if draft.method == "comparison.rank":
        return "comparison"
    return CHAPTER_GROUPS.get(draft.key.split(":", 1)[0], "trend")


def themes(draft: FindingDraft) -> set[str]:
    """What it is about: its broad kind, or each of those that it is made of."""
    return set(draft.overlaps) | {draft.theme or draft.key}


def _fits(draft: FindingDraft, chosen: list[FindingDraft], most_of_a_group: int) -> bool:
    if draft in chosen or any(themes(draft) & themes(other) for other in chosen):
        return False
    held = Counter(group(item) for item in chosen)
    return held[group(draft)] < min(most_of_a_group, GROUPS[group(draft)])
