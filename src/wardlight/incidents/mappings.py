"""How the columns of a table were read last time, found again by its headings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from django.utils import timezone

from wardlight.partners.models import Partnership

from .models import RememberedMapping

HEADINGS = "headings"


def headings_digest(headings: Sequence[str]) -> str:
    """The same for the same headings in the same order, however they are capitalised and spaced."""
    return sha256("\n".join(" ".join(heading.split()).casefold() for heading in headings).encode()).hexdigest()


def recall(partnership: Partnership, source: str, headings: Sequence[str]) -> dict[str, Any] | None:
    """The mapping used last time for a table with these headings, or None."""
    found = RememberedMapping.objects.filter(
        partnership=partnership, source=source, headings_digest=headings_digest(headings)
    ).first()
    return dict(found.mapping) if found else None


def remember(partnership: Partnership, source: str, mapping: Mapping[str, Any]) -> None:
    """Keep a mapping that says which `headings` it is for. Call it in the landing's own transaction."""
    if not mapping.get(HEADINGS):
        return
    RememberedMapping.objects.update_or_create(
        partnership=partnership,
        source=source,
        headings_digest=headings_digest(mapping[HEADINGS]),
        defaults={"mapping": dict(mapping), "used_at": timezone.now()},
    )
