"""PDF by Typst, to the accessibility standard PDF/UA-1, byte for byte the same from the same document."""

from __future__ import annotations

import json
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from wardlight.assessment.document import Document
from wardlight.partners.refusal import Refusal
from wardlight.reports import charts, fonts
from wardlight.reports.colour import readable_accent
from wardlight.reports.moment import made_at
from wardlight.reports.outline import (
    ASKED,
    DRAFT,
    DRAFT_SHORT,
    SYNTHETIC,
    SYNTHETIC_SHORT,
    Outline,
    as_data,
    contents_depth,
    left_out_words,
    outline,
)
from wardlight.reports.sizes import width_in_millimetres

TEMPLATES = Path(__file__).parent / "typst"


def render(document: Document, accent: str) -> bytes:
    """The document as PDF."""
    printed = outline(document)
    with tempfile.TemporaryDirectory(prefix="wardlight-pdf-") as name:
        folder = Path(name)
        for template in TEMPLATES.iterdir():
            shutil.copy(template, folder)
        widths = _draw(printed, folder / "charts")
        data = _data(printed, widths, accent, document.engine_version)
        (folder / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        return _compile(folder, document)


def _draw(printed: Outline, folder: Path) -> dict[str, float]:
    folder.mkdir()
    widths = {}
    for figure in printed.figures:
        drawing = charts.svg(figure.source)
        (folder / f"{figure.name}.svg").write_text(charts.transparent(fonts.showable(drawing)), encoding="utf-8")
        widths[figure.name] = width_in_millimetres(drawing)
    return widths


def _shown(value: Any) -> Any:
    """The data with its text limited to what the typeface shows."""
    if isinstance(value, str):
        return fonts.showable(value)
    if isinstance(value, list):
        return [_shown(item) for item in value]
    if isinstance(value, dict):
        return {key: _shown(item) for key, item in value.items()}
    return value


def _data(printed: Outline, widths: dict[str, float], accent: str, engine: str) -> dict[str, Any]:
    data: dict[str, Any] = _shown(as_data(printed))
    for section in data["sections"]:
        for finding in section["findings"]:
            if finding["figure"]:
                finding["figure"]["width"] = widths[finding["figure"]["name"]]
    return {
        **data,
        "accent": readable_accent(accent),
        "font": fonts.FAMILY,
        "engine": engine,
        "contents_depth": contents_depth(printed),
        "words": _shown(
            {
                "draft": DRAFT,
                "synthetic": SYNTHETIC,
                "draft_short": DRAFT_SHORT,
                "synthetic_short": SYNTHETIC_SHORT,
                "asked": ASKED,
                "left_out": left_out_words(printed),
            }
        ),
    }


@cache
def _typefaces() -> Any:
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[fonts.folder()])


def _compile(folder: Path, document: Document) -> bytes:
    import typst

    compiler = typst.Compiler(folder / "assessment.typ", root=folder, font_paths=_typefaces())
    try:
        made = compiler.compile(format="pdf", pdf_standards="ua-1", timestamp=made_at(document))
    except typst.TypstError as error:
        raise Refusal(f"The PDF of “{document.title}” could not be made: {error.message}.") from error
    assert isinstance(made, bytes)
    return made
