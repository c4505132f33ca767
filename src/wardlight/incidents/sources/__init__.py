"""The registry of sources. One module each; see `base.Source`."""

from __future__ import annotations

from . import count_table, mps_counts, police_uk, police_uk_stops, record_extract
from .base import Chunk, ReadContext, RefusedRow, Source, SourceFile, refused

_ALL: tuple[Source, ...] = (
    police_uk.STREET,
    police_uk.OUTCOMES,
    police_uk_stops.STOPS,
    mps_counts.BOROUGHS,
    mps_counts.WARDS,
    mps_counts.LSOAS,
    count_table.COUNT_TABLE,
    record_extract.RECORD_EXTRACT,
    *record_extract.SERVICE_EXTRACTS,
)
SOURCES: dict[str, Source] = {source.slug: source for source in _ALL}

__all__ = ["SOURCES", "Chunk", "ReadContext", "RefusedRow", "Source", "SourceFile", "refused"]
