"""Brings the typeface inside the Word file, so that it looks the same where the typeface is not installed."""

from __future__ import annotations

import uuid
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from lxml import etree

from wardlight.reports import fonts

_FACES = {"embedRegular": "Regular", "embedBold": "Bold"}
_CONTENT = "application/vnd.openxmlformats-officedocument.obfuscatedFont"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/font"
_HIDDEN = 32


def hidden(face: bytes, key: uuid.UUID) -> bytes:
    """A font as Word keeps it: its first 32 bytes XORed with the reversed key (ECMA-376 part 4, 2.8.1)."""
    mask = key.bytes[::-1] * 2
    return bytes(one ^ other for one, other in zip(face[:_HIDDEN], mask, strict=True)) + face[_HIDDEN:]


def embed(word: Any) -> None:
    """Embed the regular and bold faces in a python-docx document."""
    table = word.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    element = parse_xml(f'<w:font {nsdecls("w")} w:name="{fonts.FAMILY}"><w:family w:val="swiss"/></w:font>')
    for number, (slot, weight) in enumerate(_FACES.items(), start=1):
        key = uuid.uuid5(uuid.NAMESPACE_OID, weight)
        face = (fonts.folder() / f"SourceSansPro-{weight}.ttf").read_bytes()
        part = Part(PackURI(f"/word/fonts/font{number}.odttf"), _CONTENT, hidden(face, key), word.part.package)
        relation = table.relate_to(part, _RELATION)
        element.append(
            parse_xml(f'<w:{slot} {nsdecls("w", "r")} r:id="{relation}" w:fontKey="{{{str(key).upper()}}}"/>')
        )
    known = parse_xml(table.blob)
    known.append(element)
    table._blob = etree.tostring(known, xml_declaration=True, encoding="UTF-8", standalone=True)
    _keep_when_saved(word.settings.element)


def _keep_when_saved(settings: Any) -> None:
    flag = parse_xml(f"<w:embedTrueTypeFonts {nsdecls('w')}/>")
    before = [child for child in settings if child.tag.rsplit("}", 1)[-1] in {"writeProtection", "view", "zoom"}]
    settings.insert(len(before), flag)
