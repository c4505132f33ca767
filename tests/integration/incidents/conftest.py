from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from wardlight.incidents import operations
from wardlight.incidents.reports import ImportReport
from wardlight.incidents.signals import batch_landed, batch_undone
from wardlight.partners.actors import COMMAND_LINE


@pytest.fixture(autouse=True)
def _no_measures() -> Iterator[None]:
    """What other parts do when a batch lands is tested with them."""
    kept = batch_landed.receivers, batch_undone.receivers
    batch_landed.receivers, batch_undone.receivers = [], []
    batch_landed.sender_receivers_cache.clear()
    batch_undone.sender_receivers_cache.clear()
    yield
    batch_landed.receivers, batch_undone.receivers = kept
    batch_landed.sender_receivers_cache.clear()
    batch_undone.sender_receivers_cache.clear()


@pytest.fixture
def bring_in(partnership) -> Callable[..., ImportReport]:
    """Import files into the partnership."""

    def importing(*paths: Path, source: str = "police-uk", **more: Any) -> ImportReport:
        return operations.import_files(
            partnership=partnership, paths=list(paths), source=source, by=COMMAND_LINE, **more
        )

    return importing
