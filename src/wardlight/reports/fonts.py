"""The one typeface of printed documents, from the installed package, and what it can show."""

from __future__ import annotations

import shutil
import struct
import tempfile
import unicodedata
from functools import cache
from pathlib import Path

FAMILY = "Source Sans Pro"
_WEIGHTS = ("Regular", "It", "Semibold", "SemiboldIt", "Bold", "BoldIt", "Light")
_FORMAT_FOUR = 4
_PLAIN = {"Cf": "", "Cc": "", "Mn": "", "Pd": "-", "Zs": " "}


@cache
def _kept_folder() -> tempfile.TemporaryDirectory[str]:
    """Lives as long as the process: the package holds each face twice (TTF and OTF), and which of two equal faces a
    folder scan meets first differs between machines, so the TTFs stand apart."""
    import font_source_sans_pro

    folder = tempfile.TemporaryDirectory(prefix="wardlight-fonts-")
    package = Path(str(font_source_sans_pro.__file__)).parent / "files"
    for weight in _WEIGHTS:
        shutil.copy(package / f"SourceSansPro-{weight}.ttf", folder.name)
    return folder


def folder() -> Path:
    """A folder that holds the TTF files of the family and nothing else."""
    return Path(_kept_folder().name)


@cache
def covered() -> frozenset[int]:
    """The code points the regular face has a glyph for, read from its `cmap` table (OpenType 1.9, format 4)."""
    data = (folder() / "SourceSansPro-Regular.ttf").read_bytes()
    (tables,) = struct.unpack_from(">H", data, 4)
    records = [struct.unpack_from(">4sLLL", data, 12 + 16 * index) for index in range(tables)]
    start = next(offset for tag, _, offset, _ in records if tag == b"cmap")
    (count,) = struct.unpack_from(">H", data, start + 2)
    for index in range(count):
        (offset,) = struct.unpack_from(">L", data, start + 8 + 8 * index)
        (form,) = struct.unpack_from(">H", data, start + offset)
        if form == _FORMAT_FOUR:
            return frozenset(_format_four(data, start + offset))
    raise ValueError("the typeface has no character map of format 4")


def _format_four(data: bytes, start: int) -> set[int]:
    (twice,) = struct.unpack_from(">H", data, start + 6)
    half = twice // 2
    ends = struct.unpack_from(f">{half}H", data, start + 14)
    starts = struct.unpack_from(f">{half}H", data, start + 16 + twice)
    return {code for low, high in zip(starts, ends, strict=True) for code in range(low, high + 1) if code != 0xFFFF}


def _shown(character: str) -> str:
    if ord(character) in covered() or character == "\n":
        return character
    plain = unicodedata.normalize("NFKC", character)
    if all(ord(part) in covered() for part in plain):
        return plain
    kind = unicodedata.category(character)
    if kind in _PLAIN:
        return " " if character == "\t" else _PLAIN[kind]
    return f"[{unicodedata.name(character, f'U+{ord(character):04X}').lower()}]"


def showable(text: str) -> str:
    """The text with every character the typeface lacks replaced by its plain form or its name in brackets, because
    PDF/UA refuses a document with a missing glyph."""
    return "".join(map(_shown, text))
