"""Each kind of crime: how much, compared with what, how sure, over five years."""

from __future__ import annotations

from collections.abc import Iterator

from ..context import Context
from ..drafts import FindingDraft, Missing
from .offences import paragraphs

KEY = "crime-types"
TITLE = "Each kind of crime"


def findings(context: Context) -> Iterator[FindingDraft | Missing]:
    """A paragraph for each kind of recorded crime that a source can answer."""
    items = [item for item in context.of_kind("crime-type") if item.after or item.before]
    if not items:
        yield Missing("No kind of recorded crime can be told apart in the data: import records or counts by offence.")
        return
    yield from paragraphs(items, context)
