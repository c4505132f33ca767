"""Which findings stand in the one-page summary: at most seven, the weightiest first, no theme twice over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from .drafts import FindingDraft

MOST = 7
OF_A_THEME = 2  # such as a change and a rank of the same offence
OF_A_METHOD = 4  # so that a list of changes does not push out place and people


def choose(drafts: Iterable[FindingDraft]) -> list[str]:
    """The keys of the headlines, in the order of the summary."""
    themes: Counter[str] = Counter()
    methods: Counter[str] = Counter()
    chosen: list[FindingDraft] = []
    for draft in sorted(drafts, key=lambda item: (-item.weight, item.key)):
        if len(chosen) == MOST:
            break
        if draft.tabled or draft.weight <= 0.5:
            continue
        if themes[draft.theme or draft.key] >= OF_A_THEME or methods[draft.method] >= OF_A_METHOD:
            continue
        themes[draft.theme or draft.key] += 1
        methods[draft.method] += 1
        chosen.append(draft)
    return [draft.key for draft in chosen]
