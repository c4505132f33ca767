"""Making documents: the same assessment as PDF, Word, Excel or a web page."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from wardlight.assessment.document import Document
from wardlight.partners.refusal import Refusal

FORMATS = ("pdf", "docx", "xlsx", "html")
_MODULES = {"pdf": "pdf", "docx": "word", "xlsx": "excel", "html": "web_page"}


def render(document: Document, fmt: str, *, accent: str = "") -> bytes:
    """The document in one of `FORMATS`. `accent` is the partnership's colour, "#rrggbb"; Refusal for another format."""
    if fmt not in _MODULES:
        raise Refusal(f"“.{fmt}” is not a document Wardlight makes; use .pdf, .docx, .xlsx or .html.")
    make: Callable[[Document, str], bytes] = import_module(f"wardlight.reports.{_MODULES[fmt]}").render
    return make(document, accent)


def write(document: Document, path: Path, *, accent: str = "") -> None:
    """Write the document in the format its ending names. A reader sees the old file or the whole new one."""
    content = render(document, path.suffix.removeprefix(".").lower(), accent=accent)
    if not path.parent.is_dir():
        raise Refusal(f"There is no folder “{path.parent}” to write “{path.name}” in; make it first or choose another.")
    aside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        aside.write_bytes(content)
        aside.replace(path)
    except OSError as error:
        raise Refusal(f"“{path}” could not be written ({error.strerror}); is it open in another program?") from error
    finally:
        aside.unlink(missing_ok=True)
