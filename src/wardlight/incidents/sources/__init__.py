"""The registry of sources. One module each; see `base.Source`."""

from __future__ import annotations

from .base import Chunk, ReadContext, RefusedRow, Source, SourceFile, refused

SOURCES: dict[str, Source] = {}

__all__ = ["SOURCES", "Chunk", "ReadContext", "RefusedRow", "Source", "SourceFile", "refused"]
