"""What health services saw: ambulance call-outs and assaults in the emergency department, a check on recorded crime."""

from __future__ import annotations

from collections.abc import Iterator

from ..context import Context
from ..drafts import FindingDraft, Missing
from .offences import paragraphs

KEY = "health"
TITLE = "What health services saw"


def findings(context: Context) -> Iterator[FindingDraft | Missing]:
    """A paragraph for each health measure."""
    items = [item for item in context.of_kind("health") if item.after or item.before]
    if not items:
        yield Missing(
            "No ambulance or emergency department data are held: much violence that hospitals see is never reported to the police. "
            "Ask the ambulance service and the hospital for the monthly assault extract, and import it."
        )
        return
    yield from paragraphs(items, context)
