"""Which findings stand in the one-page summary: at most seven, the weightiest first, with variety."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from .drafts import FindingDraft

MOST = 7
LEAST_WEIGHT = 0.5
OF_A_THEME = 1  # one headline a family of offences, or two of different methods
OF_A_METHOD = {"comparison.rank": 2}  # so that a list of changes or ranks does not push out place and people
OF_ANY_METHOD = 4


def choose(drafts: Iterable[FindingDraft]) -> list[str]:
    """The keys of the headlines, in the order of the summary."""
    themes: Counter[tuple[str, str]] = Counter()
    methods: Counter[str] = Counter()
    chosen: list[FindingDraft] = []
    for draft in sorted(drafts, key=lambda item: (-item.weight, item.key)):
        if len(chosen) == MOST:
            break
        theme = (draft.theme or draft.key, draft.method)
        if draft.tabled or draft.weight <= LEAST_WEIGHT:
            continue
        if themes[theme] >= OF_A_THEME or methods[draft.method] >= OF_A_METHOD.get(draft.method, OF_ANY_METHOD):
            continue
        themes[theme] += 1
        methods[draft.method] += 1
        chosen.append(draft)
    return [draft.key for draft in chosen]
