"""Making documents: the same assessment as PDF, Word, Excel or a web page."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

from wardlight.assessment.document import Document
from wardlight.partners.refusal import Refusal

FORMATS = ("pdf", "docx", "xlsx", "html")
_MODULES = {"pdf": "pdf", "docx": "word", "xlsx": "excel", "html": "web_page"}


def render(document: Document, fmt: str, *, accent: str = "") -> bytes:
    """The document in one of `FORMATS`. `accent` is the partnership's colour, "#rrggbb"; Refusal for another format."""
    if fmt not in _MODULES:
        raise Refusal(f"“.{fmt}” is not a document Wardlight makes; use .pdf, .docx, .xlsx or .html.")
    make: Callable[[Document, str], bytes] = import_module(f"wardlight.reports.{_MODULES[fmt]}").render
    printable: Document = _printable(document)
    return make(printable, accent)


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_NOT_PRINTED = frozenset({"chart", "result", "parameters"})


def _printable(value: Any) -> Any:
    """The document without characters that no file format may hold (they arrive in file names and pasted words)."""
    if isinstance(value, str):
        return _CONTROL.sub("", value)
    if isinstance(value, list | tuple):
        return [_printable(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _printable(item) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        kept = [part.name for part in fields(value) if part.name not in _NOT_PRINTED]
        return replace(value, **{name: _printable(getattr(value, name)) for name in kept})
    return value


def write(document: Document, path: Path, *, accent: str = "") -> None:
    """Write the document in the format its ending names. A reader sees the old file or the whole new one."""
    write_file(render(document, path.suffix.removeprefix(".").lower(), accent=accent), path)


def write_file(content: bytes, path: Path) -> None:
    """Write a file that a reader sees whole, old or new. Raises Refusal when it cannot be written."""
    if not path.parent.is_dir():
        raise Refusal(f"There is no folder “{path.parent}” to write “{path.name}” in; make it first or choose another.")
    aside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        aside.write_bytes(content)
        aside.replace(path)
    except OSError as error:
        raise Refusal(
            f"“{path}” could not be written ({error.strerror}): check that no other program has it open and that you may "
            "write there, or choose another name."
        ) from error
    finally:
        with contextlib.suppress(OSError):  # a folder that cannot be written holds nothing to take away
            aside.unlink(missing_ok=True)
