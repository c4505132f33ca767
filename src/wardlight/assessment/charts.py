"""Charts drawn once, when a finding is stored, and kept by content under the home: never drawn inside a request."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings


def digest_of(spec: Mapping[str, Any]) -> str:
    """The name of a chart: the SHA-256 of its specification."""
    text = json.dumps(spec, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def svg_path(digest: str) -> Path:
    """Where the drawing of a chart is kept."""
    return Path(settings.HOME) / "charts" / f"{digest}.svg"


def store(spec: Mapping[str, Any]) -> str:
    """Draw a Vega-Lite chart unless it is drawn already; the digest names the drawing."""
    digest = digest_of(spec)
    path = svg_path(digest)
    if not path.is_file():
        _write(path, _draw(spec))
    return digest


def _draw(spec: Mapping[str, Any]) -> str:
    import vl_convert

    _register_typeface()
    return str(vl_convert.vegalite_to_svg(dict(spec)))


@cache
def _register_typeface() -> None:
    """The documents' typeface, so that text is measured as it will be printed."""
    import font_source_sans_pro
    import vl_convert

    vl_convert.register_font_directory(str(Path(str(font_source_sans_pro.__file__)).parent / "files"))


def _write(path: Path, text: str) -> None:
    """Aside and renamed: a reader sees a whole drawing or none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}.part")
    aside.write_text(text, encoding="utf-8")
    aside.replace(path)
