"""The instant a document says it was made: from its data, so that the same data give the same bytes."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from wardlight.assessment.document import Document

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_DATE = re.compile(rf"(\d{{1,2}}) ({'|'.join(_MONTHS)}) (\d{{4}})")


def made_at(document: Document) -> datetime:
    """Midnight UTC of the data cut; when that is not a date, of the last day the period names; else the year 2000."""
    for words in (document.data_cut, document.period):
        dates = _DATE.findall(words)
        if dates:
            day, month, year = dates[-1]
            return datetime(int(year), _MONTHS.index(month) + 1, int(day), tzinfo=UTC)
    return datetime(2000, 1, 1, tzinfo=UTC)
