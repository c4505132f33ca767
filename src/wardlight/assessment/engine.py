"""Runs the chapters over a context. Pure: the same context gives the same drafts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from . import headlines, matrix, unseen
from .chapters import (
    crime_types,
    harm,
    health,
    outcomes,
    overview,
    people,
    place,
    quality,
    repeats,
    scopes,
    standing,
    timing,
)
from .context import Context
from .drafts import ChapterDraft, FindingDraft, Missing, PriorityDraft

ENGINE_VERSION = "1"


class ChapterModule(Protocol):
    KEY: str
    TITLE: str

    def findings(self, context: Context) -> Iterator[FindingDraft | Missing]: ...


CHAPTERS: tuple[ChapterModule, ...] = (
    overview, standing, crime_types, scopes, place, timing, repeats, people, harm, outcomes, health, quality,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Draft:
    """A whole assessment before it is stored."""

    chapters: tuple[ChapterDraft, ...]
    headlines: tuple[str, ...]
    priorities: tuple[PriorityDraft, ...]
    not_seen: tuple[str, ...]


def run(context: Context, progress: Callable[[float, str], None] | None = None) -> Draft:
    """Every chapter in order, then what they say together."""
    chapters = []
    for at, module in enumerate(CHAPTERS):
        if progress is not None:
            progress(at / len(CHAPTERS), module.TITLE)
        chapters.append(write_chapter(module, context))
    return Draft(
        chapters=tuple(chapters),
        headlines=tuple(headlines.choose(finding for chapter in chapters for finding in chapter.findings)),
        priorities=tuple(matrix.priorities(context)),
        not_seen=tuple(unseen.sentences(context, chapters)),
    )


def captioned(draft: FindingDraft) -> FindingDraft:
    """The draft with its chart's title and subtitle moved into a caption, since the finding's heading says the first.

    The caption is what the chart measures (`usermeta.caption`); it stands under the drawing on pages and in documents.
    """
    title = (draft.chart or {}).get("title")
    if draft.chart is None or not isinstance(title, dict):
        return draft
    lines = title.get("subtitle") or []
    caption = lines if isinstance(lines, str) else " ".join(lines)
    bare = {key: value for key, value in draft.chart.items() if key != "title"}
    return replace(draft, chart={**bare, "usermeta": {"caption": caption or draft.title}})


def write_chapter(module: ChapterModule, context: Context) -> ChapterDraft:
    """One chapter's findings, and its sentences on what is missing joined into one paragraph."""
    yielded = list(module.findings(context))
    findings = tuple(captioned(item) for item in yielded if isinstance(item, FindingDraft))
    missing = " ".join(item.sentence for item in yielded if isinstance(item, Missing))
    return ChapterDraft(module.KEY, module.TITLE, missing, findings)
