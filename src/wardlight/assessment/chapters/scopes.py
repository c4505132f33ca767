"""The partnership's own themes: serious violence, neighbourhood crime, knife crime, young victims and the rest."""

from __future__ import annotations

from collections.abc import Iterator

from ..context import Context
from ..drafts import FindingDraft, Missing
from .offences import paragraphs, unanswered

KEY = "scopes"
TITLE = "The partnership's themes"


def findings(context: Context) -> Iterator[FindingDraft | Missing]:
    """A paragraph for each theme that a source can answer, and the names of those that none can."""
    items = [item for item in context.of_kind("scope") if item.after or item.before]
    if not items:
        why = unanswered(context, "scope")
        yield Missing(
            f"None of the partnership's themes can be counted from these data. {why} They need records with flags (such as "
            "knife or domestic abuse) and victims' ages, or a table that counts the themes themselves."
        )
        return
    yield from paragraphs(items, context)
    why = unanswered(context, "scope")
    if why:
        yield Missing(why)
