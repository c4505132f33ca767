"""What we could not see, and who could get it: a sentence each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .context import Context
from .drafts import ChapterDraft

NEVER_HERE = (
    "Crime that nobody reports is not here: for some harms most of it. Surveys and health data see part of it.",
)


def sentences(context: Context, chapters: Iterable[ChapterDraft]) -> Iterator[str]:
    """What each chapter missed, then what no record of crime can show."""
    if context.not_compared:
        yield context.not_compared
    for chapter in chapters:
        if chapter.missing:
            yield f"{chapter.title}: {chapter.missing}"
    if context.area.residents is None:
        yield (
            f"Rates are not shown, because the population of {context.area.name} is not loaded: "
            "run “wardlight places load” with a population file."
        )
    yield "What residents worry about is not here: no survey or consultation is held."
    yield from NEVER_HERE
