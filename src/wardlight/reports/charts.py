"""The drawn chart of a finding. A chart is drawn once, when it is stored; every format reuses that drawing."""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path

from wardlight.assessment import charts
from wardlight.assessment.document import FindingView
from wardlight.reports import fonts
from wardlight.reports.sizes import LARGEST_SCALE

PIXELS_PER_INCH = 200


def _drawn(finding: FindingView) -> Path:
    digest = finding.chart_digest
    if not digest or not charts.svg_path(digest).is_file():
        assert finding.chart is not None
        digest = charts.store(finding.chart)
    return charts.svg_path(digest)


def svg(finding: FindingView) -> str:
    """The finding's chart as SVG, its text in the document's typeface."""
    text = _drawn(finding).read_text(encoding="utf-8")
    return re.sub(r'font-family="[^"]*"', f'font-family="{fonts.FAMILY}"', text)


@cache
def _fonts_known() -> None:
    import vl_convert

    vl_convert.register_font_directory(str(fonts.folder()))


def png(finding: FindingView) -> bytes:
    """The finding's chart as PNG with 200 dots an inch at the largest size it is printed, kept beside its SVG."""
    drawing = svg(finding)
    kept = _drawn(finding).with_suffix(".png")
    if not kept.is_file():
        aside = kept.with_suffix(f".{os.getpid()}.part")
        aside.write_bytes(_dots(drawing))
        aside.replace(kept)
    return kept.read_bytes()


def dots_a_pixel() -> float:
    """Dots of the PNG for each CSS pixel of the SVG."""
    return LARGEST_SCALE * PIXELS_PER_INCH / 96


def _dots(drawing: str) -> bytes:
    import vl_convert

    _fonts_known()
    image: bytes = vl_convert.svg_to_png(drawing, scale=dots_a_pixel(), ppi=72)
    return image


def transparent(drawing: str) -> str:
    """The SVG without its white ground, so that a watermark is not cut by it."""
    return re.sub(r'(<rect\b[^>]*?\bfill=")(?:white|#fff|#ffffff)(")', r"\1none\2", drawing, count=1)


def for_page(drawing: str, name: str) -> str:
    """The SVG for the inside of an HTML page: one accessible name from the page, ids that do not clash, any width."""
    drawing = re.sub(r"<\?xml[^>]*\?>|<!DOCTYPE[^>]*>", "", drawing)
    drawing = re.sub(r'\s(?:aria-[a-z]+|role|aria-roledescription)="[^"]*"', "", drawing)
    drawing = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', drawing)
    drawing = re.sub(r'url\((?:&quot;|\'|")?#([^)"\']+?)(?:&quot;|\'|")?\)', rf"url(#{name}-\1)", drawing)
    drawing = re.sub(r'xlink:href="#([^"]+)"', rf'xlink:href="#{name}-\1"', drawing)
    return drawing.replace(
        f'font-family="{fonts.FAMILY}"', f'font-family="{fonts.FAMILY}, system-ui, sans-serif"'
    ).strip()
