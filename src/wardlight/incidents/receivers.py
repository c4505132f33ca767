"""What incidents do when something happens in a part below them."""

from __future__ import annotations

from typing import Any

from . import operations


def on_boundaries_loaded(**_: Any) -> None:
    """Place the rows that are stored in the new boundaries, whichever was loaded first."""
    operations.place_all_batches()
