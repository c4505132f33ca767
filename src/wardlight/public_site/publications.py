"""The document of a published version, made once, when somebody first asks for it, and kept: a version never changes."""

from __future__ import annotations

import uuid
from pathlib import Path

from django.conf import settings

from wardlight.assessment.document import document_from_json
from wardlight.assessment.models import PublishedVersion
from wardlight.reports.operations import render

from .disclosure import RULES, public_document


def pdf_path(version: PublishedVersion) -> Path:
    """Where the PDF of a version is kept: named by what was published, the rules of disclosure and the colour."""
    colour = version.partnership.accent_colour.removeprefix("#")
    return Path(settings.HOME) / "documents" / f"published-{version.digest}-rules-{RULES}-{colour or 'plain'}.pdf"


def pdf(version: PublishedVersion) -> Path:
    """The PDF that anyone may have, with small numbers left out. A reader sees the whole of it or waits."""
    path = pdf_path(version)
    if not path.is_file():
        document = public_document(document_from_json(version.snapshot))
        content = render(document, "pdf", accent=version.partnership.accent_colour)
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f".{uuid.uuid4().hex}.part")  # two readers may ask at once
        aside.write_bytes(content)
        aside.replace(path)
    return path
