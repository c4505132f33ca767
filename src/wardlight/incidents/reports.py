"""What an import says of itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .models import Batch
from .sources.base import RefusedRow

FIRST_REFUSALS = 100


@dataclass(frozen=True, slots=True)
class ImportReport:
    """One import of one kind of data. rows_read = rows_kept + rows_duplicate + rows_refused, always.

    `batch` is None for a dry run and when everything had been imported before. `refusals` are the first hundred.
    `others` are the reports of other kinds found in the same files (outcomes beside street-level crime).
    """

    source: str
    batch: Batch | None
    rows_read: int
    rows_kept: int
    rows_duplicate: int
    rows_refused: int
    refusals: list[RefusedRow]
    files: list[dict[str, Any]]
    quality: dict[str, Any]
    messages: list[str]
    dry_run: bool = False
    others: list[ImportReport] = field(default_factory=list)
