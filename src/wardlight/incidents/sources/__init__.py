"""The registry of sources. One module each; see `base.Source`."""

from __future__ import annotations

from . import mps_counts
from .base import Chunk, ReadContext, RefusedRow, Source, SourceFile, refused

SOURCES: dict[str, Source] = {
    source.slug: source
    for source in (
        mps_counts.BOROUGHS,
        mps_counts.WARDS,
        mps_counts.LSOAS,
    )
}

__all__ = ["SOURCES", "Chunk", "ReadContext", "RefusedRow", "Source", "SourceFile", "refused"]
