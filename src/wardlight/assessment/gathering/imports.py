"""Where the data came from: the landed imports, for the annex and the quality chapter."""

from __future__ import annotations

from django.utils import timezone

from wardlight.incidents.models import Batch
from wardlight.incidents.sources import SOURCES
from wardlight.partners.models import Partnership

from ..context import BatchFacts
from ..periods import MONTH_NAMES


def batches(partnership: Partnership) -> tuple[BatchFacts, ...]:
    """Every landed import, oldest first."""
    landed = Batch.objects.filter(partnership=partnership, status=Batch.Status.LANDED).order_by("id")
    return tuple(_facts(batch) for batch in landed)


def _facts(batch: Batch) -> BatchFacts:
    source = SOURCES.get(batch.source)
    return BatchFacts(
        number=batch.pk,
        source=batch.source,
        title=source.title if source else batch.source,
        kind=batch.kind,
        files=tuple(str(file.get("name", "")) for file in batch.files),
        first_month=batch.first_month,
        last_month=batch.last_month,
        rows_read=batch.rows_read,
        rows_kept=batch.rows_kept,
        rows_duplicate=batch.rows_duplicate,
        rows_refused=batch.rows_refused,
        quality=dict(batch.quality),
        landed=_day(batch),
    )


def _day(batch: Batch) -> str:
    if batch.landed_at is None:
        return ""
    day = timezone.localtime(batch.landed_at).date()
    return f"{day.day} {MONTH_NAMES[day.month - 1]} {day.year}"
