"""When a batch lands or is undone, the readings of its source are computed anew; all of them when areas or populations change."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from wardlight.incidents.models import Batch
from wardlight.partners.models import Partnership


def recompute_source(sender: Any, batch: Batch, **_: Any) -> None:
    """Compute the readings of the batch's source again."""
    from . import operations, queries

    if batch.kind not in ("counts", "records", "stops"):
        return
    if not queries.definitions().exists():
        operations.sync_definitions()
    operations.recompute(partnership=batch.partnership, sources=[batch.source])


def recompute_partnership(sender: Any, partnership: Partnership, **_: Any) -> None:
    """The home area changed, and with it whose whole history and whose wards are kept."""
    _recompute_all(Batch.objects.filter(partnership=partnership))


def recompute_everybody(sender: Any, **_: Any) -> None:
    """Boundaries or populations were loaded: rates may be worked out now, or differently."""
    _recompute_all(Batch.objects.all())


def _recompute_all(batches: QuerySet[Batch]) -> None:
    from . import operations

    landed = batches.filter(status=Batch.Status.LANDED)
    for partnership in Partnership.objects.filter(pk__in=landed.values("partnership")):
        operations.recompute(partnership=partnership)
