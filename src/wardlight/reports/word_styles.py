"""The styles of the Word document: what a person who edits it finds in the styles pane."""

from __future__ import annotations

from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from wardlight.reports import fonts

FACE = fonts.FAMILY
TEXT_WIDTH = Mm(166)
TABLE_STYLE = "Wardlight table"
CELL_STYLE = "Table text"
SMALL_CELL_STYLE = "Table text small"

_TABLE_XML = """
<w:style {ns} w:type="table" w:customStyle="1" w:styleId="WardlightTable">
  <w:name w:val="{name}"/><w:basedOn w:val="TableNormal"/><w:uiPriority w:val="99"/><w:qFormat/>
  <w:tblPr><w:tblBorders>
    <w:top w:val="single" w:sz="8" w:color="000000"/><w:bottom w:val="single" w:sz="6" w:color="000000"/>
    <w:insideH w:val="single" w:sz="4" w:color="CCCCCC"/>
  </w:tblBorders><w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar></w:tblPr>
  <w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr>
    <w:tcPr><w:tcBorders><w:bottom w:val="single" w:sz="6" w:color="000000"/></w:tcBorders><w:vAlign w:val="bottom"/></w:tcPr>
  </w:tblStylePr>
</w:style>
"""


def _face(style: Any, size: float, *, bold: bool = False, colour: RGBColor | None = None) -> None:
    style.font.name, style.font.size, style.font.bold, style.font.italic = FACE, Pt(size), bold, False
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for slot in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{slot}"), None)
    for slot in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{slot}"), FACE)
    style.font.color.rgb = colour or RGBColor(0, 0, 0)


def _space(style: Any, before: float, after: float, *, with_next: bool = False) -> None:
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    style.paragraph_format.keep_with_next = with_next


def _edge(style: Any, side: str, colour: str, size: int = 12) -> None:
    style.element.get_or_add_pPr().append(
        parse_xml(
            f'<w:pBdr {nsdecls("w")}><w:{side} w:val="single" w:sz="{size}" w:space="8" w:color="{colour}"/></w:pBdr>'
        )
    )


def _without_edges(style: Any) -> None:
    for edge in style.element.findall(f".//{qn('w:pBdr')}"):
        edge.getparent().remove(edge)


def prepare(word: Any, accent: str) -> None:
    """Give a new python-docx document Wardlight's styles. `accent` is "#rrggbb"."""
    styles = word.styles
    colour = RGBColor.from_string(accent.removeprefix("#").upper())
    _face(styles["Normal"], 10.5)
    _space(styles["Normal"], 0, 7)
    styles["Normal"].paragraph_format.line_spacing = 1.12
    _headings(styles, colour)
    _small_styles(styles, colour, accent.removeprefix("#").upper())
    styles.element.append(parse_xml(_TABLE_XML.format(ns=nsdecls("w"), name=TABLE_STYLE)))


def _headings(styles: Any, colour: RGBColor) -> None:
    _without_edges(styles["Title"])
    for name, size, tint, before, after in (
        ("Title", 36, colour, 150, 10), ("Subtitle", 15, None, 0, 4), ("Heading 1", 21, colour, 22, 10),
        ("Heading 2", 13, None, 16, 5), ("Heading 3", 11, None, 10, 3),
    ):  # fmt: skip
        _face(styles[name], size, bold=name not in {"Subtitle", "Title"}, colour=tint)
        _space(styles[name], before, after, with_next=True)


def _new(styles: Any, name: str, size: float, base: str = "Normal", **face: Any) -> Any:
    style = styles[name] if name in styles else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = styles[base]
    _face(style, size, **face)
    return style


def _small_styles(styles: Any, colour: RGBColor, hexadecimal: str) -> None:
    grey = RGBColor(0x50, 0x50, 0x50)
    _space(_new(styles, "Caption", 9, colour=grey), 8, 4, with_next=True)
    partnership = _new(styles, "Cover partnership", 15, bold=True, colour=colour)
    _edge(partnership, "top", hexadecimal, 48)
    _space(partnership, 30, 0)
    cells = _new(styles, CELL_STYLE, 9)
    cells.paragraph_format.line_spacing = 1.0
    _space(cells, 2, 2)
    small = _new(styles, SMALL_CELL_STYLE, 7.5, CELL_STYLE)
    _space(small, 2, 2)
    facts = _new(styles, "Cover fact", 10.5)
    facts.paragraph_format.tab_stops.add_tab_stop(Mm(34))
    _space(facts, 0, 5)
    for name, edge in (("How sure", hexadecimal), ("Not in this assessment", "808080")):
        style = _new(styles, name, 9.5)
        style.paragraph_format.left_indent = Mm(4)
        _edge(style, "left", edge, 18)
        _space(style, 2, 8)
    definition = _new(styles, "Definition differs", 9.5)
    _edge(definition, "left", "000000", 18)
    definition.paragraph_format.left_indent = Mm(4)
    _space(definition, 4, 6)
    _space(_new(styles, "Note", 9, colour=grey), 2, 5)
    for level, indent in ((1, 0), (2, 8)):
        entry = _new(styles, f"TOC {level}", 10.5 if level == 1 else 9.5, bold=level == 1)
        entry.paragraph_format.left_indent = Mm(indent)
        entry.paragraph_format.tab_stops.add_tab_stop(TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT)
        _space(entry, 5 if level == 1 else 0, 2)
