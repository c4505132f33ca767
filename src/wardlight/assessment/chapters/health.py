"""What health services saw: ambulance call-outs and assaults in the emergency department, a check on recorded crime."""

from __future__ import annotations

from collections.abc import Iterator

from .. import numerals as n
from ..context import Context
from ..drafts import FindingDraft, Missing
from .offences import paragraphs

PART_COVERED = "no source covers the whole period"  # as `gathering.figures` words it
KEY = "health"
TITLE = "What health services saw"


def findings(context: Context) -> Iterator[FindingDraft | Missing]:
    """A paragraph for each health measure."""
    items = [item for item in context.of_kind("health") if item.after or item.before]
    lacking = _lacking(context)
    if not items and lacking:
        yield Missing(lacking)
        return
    if not items:
        yield Missing(
            "No ambulance or emergency department data are held: much violence that hospitals see is never reported "
            "to the police. "
            "Ask the ambulance service and the hospital for the monthly assault extract, and import it."
        )
        return
    yield from paragraphs(items, context)
    if lacking:
        yield Missing(lacking)


def _lacking(context: Context) -> str:
    """The health measures whose source is here but lacks months, as a sentence; empty when there are none."""
    names = [item.title for item in context.unanswered if item.kind == "health" and item.why == PART_COVERED]
    if not names:
        return ""
    return f"No change is worked out for {n.listing(names)}, because months are missing (see “How good the data are”)."
