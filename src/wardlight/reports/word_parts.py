"""Pieces of a Word file that python-docx has no name for: fields, bookmarks, repeated heads, the watermark."""

from __future__ import annotations

from typing import Any

from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

_WATERMARK = """
<w:r {ns} xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office">
 <w:rPr><w:noProof/></w:rPr>
 <w:pict>
  <v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800"
   path="m@7,l@8,m@5,21600l@6,21600e">
   <v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/>
    <v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/>
    <v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/></v:formulas>
   <v:path textpathok="t" o:connecttype="rect"/><v:textpath on="t" fitshape="t"/></v:shapetype>
  <v:shape id="DraftWatermark{number}" type="#_x0000_t136" alt="" fillcolor="#ededed" stroked="f"
   style="position:absolute;width:440pt;height:150pt;rotation:315;z-index:-251658752;mso-position-horizontal:center;
mso-position-horizontal-relative:margin;mso-position-vertical:center;mso-position-vertical-relative:margin">
   <v:textpath style="font-family:&quot;Source Sans Pro&quot;;font-weight:bold" string="DRAFT"/>
  </v:shape>
 </w:pict>
</w:r>
"""


def field(paragraph: Any, code: str, cached: str = "1", *, dirty: bool = False) -> None:
    """Add a field: `PAGE`, `NUMPAGES`, `SEQ Figure`… with the text it shows until it is next worked out."""
    start, middle, end = (_field_character(kind) for kind in ("begin", "separate", "end"))
    if dirty:
        start.set(qn("w:dirty"), "true")
    instruction = OxmlElement("w:instrText")
    instruction.set(qn("xml:space"), "preserve")
    instruction.text = f" {code} "
    for part in (start, instruction, middle):
        paragraph.add_run()._r.append(part)
    paragraph.add_run(cached)
    paragraph.add_run()._r.append(end)


def _field_character(kind: str) -> Any:
    element = OxmlElement("w:fldChar")
    element.set(qn("w:fldCharType"), kind)
    return element


def open_field(paragraph: Any, code: str) -> None:
    """Begin a field that spans paragraphs (the contents); `close_field` ends it."""
    start = _field_character("begin")
    start.set(qn("w:dirty"), "true")
    instruction = OxmlElement("w:instrText")
    instruction.set(qn("xml:space"), "preserve")
    instruction.text = f" {code} "
    for part in (start, instruction, _field_character("separate")):
        paragraph.add_run()._r.append(part)


def close_field(paragraph: Any) -> None:
    paragraph.add_run()._r.append(_field_character("end"))


def bookmark(paragraph: Any, number: int, name: str) -> None:
    """Put a bookmark around a paragraph's words."""
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for element in (start, end):
        element.set(qn("w:id"), str(number))
    start.set(qn("w:name"), name)
    paragraph._p.insert(1 if paragraph._p.pPr is not None else 0, start)
    paragraph._p.append(end)


def repeat_head(row: Any) -> None:
    """Repeat a table's first row at the top of each page."""
    row._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))


def keep_whole(row: Any) -> None:
    """Never break a row between pages."""
    row._tr.get_or_add_trPr().append(parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))


def describe_table(table: Any, words: str) -> None:
    """The table's alternative text."""
    table._tbl.tblPr.append(parse_xml(f"<w:tblCaption {nsdecls('w')}/>"))
    table._tbl.tblPr[-1].set(qn("w:val"), words)


def describe_picture(shape: Any, words: str, number: int) -> None:
    """The picture's alternative text."""
    shape._inline.docPr.set("descr", words)
    shape._inline.docPr.set("name", f"Figure {number}")


def watermark(header: Any, number: int) -> None:
    header.paragraphs[0]._p.append(parse_xml(_WATERMARK.format(ns=nsdecls("w"), number=number)))
