"""When a batch lands or is undone, the readings of its source are computed anew."""

from __future__ import annotations

from typing import Any

from wardlight.incidents.models import Batch


def recompute_source(sender: Any, batch: Batch, **_: Any) -> None:
    """Compute the readings of the batch's source again."""
    from . import operations, queries

    if batch.kind not in ("counts", "records", "stops"):
        return
    if not queries.definitions().exists():
        operations.sync_definitions()
    operations.recompute(partnership=batch.partnership, sources=[batch.source])
