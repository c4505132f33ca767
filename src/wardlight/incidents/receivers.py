"""What incidents do when something happens in a part below them."""

from __future__ import annotations

from typing import Any


def on_boundaries_loaded(**_: Any) -> None:
    """Place the rows that are stored in the new boundaries, whichever was loaded first."""
    from . import operations  # here, so that starting Django does not load every reader

    operations.place_all_batches()
