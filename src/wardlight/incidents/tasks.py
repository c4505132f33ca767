"""What the worker does for imports. Arguments are ids only."""

from __future__ import annotations

from django_tasks import task

from . import operations


@task
def import_batch(batch_id: int) -> None:
    """Import the uploaded files of a waiting batch."""
    operations.run_batch(batch_id)


@task
def place_all_batches() -> None:
    """Place every stored row in the boundary sets that are loaded."""
    operations.place_all_batches()
