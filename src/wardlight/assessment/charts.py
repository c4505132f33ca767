"""Charts are drawn once, when their finding is stored, and kept by content under the home."""

from __future__ import annotations

import hashlib
import json
import os
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings


def svg_path(digest: str) -> Path:
    """Where the drawing with this digest is, or would be."""
    return Path(settings.HOME) / "charts" / f"{digest}.svg"


def store(spec: dict[str, Any]) -> str:
    """Draw a Vega-Lite specification unless that was done before; the digest of the specification."""
    text = json.dumps(spec, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(text.encode()).hexdigest()
    path = svg_path(digest)
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_suffix(f".{os.getpid()}.part")
        aside.write_text(_drawn(text), encoding="utf-8")
        aside.replace(path)
    return digest


@cache
def _fonts_known() -> None:
    import font_source_sans_pro
    import vl_convert

    vl_convert.register_font_directory(str(Path(str(font_source_sans_pro.__file__)).parent / "files"))


def _drawn(spec: str) -> str:
    import vl_convert

    _fonts_known()
    drawing: str = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    return drawing
