"""The assessment as one web page that needs nothing else: its own styles, its charts inside."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string

from wardlight.assessment.document import Document
from wardlight.reports import charts
from wardlight.reports.colour import readable_accent
from wardlight.reports.outline import (
    ASKED,
    DRAFT,
    SYNTHETIC,
    Outline,
    as_data,
    left_out_words,
    outline,
)


def render(document: Document, accent: str) -> bytes:
    """The document as .html, UTF-8."""
    printed = outline(document)
    data = as_data(printed)
    _with_drawings(data, printed)
    for section in data["sections"]:
        section["anchor"] = anchor(section["number"])
        section["table"] = _table(section["table"])
        for finding in section["findings"]:
            finding["anchor"] = anchor(finding["number"])
            finding["table"] = _table(finding["table"])
    for line in data["summary"]:
        line["anchor"] = anchor(line["where"]) if line["where"] else ""
    words = {"asked": ASKED, "left_out": left_out_words(printed)}
    labels = [said for said, wanted in ((SYNTHETIC, document.synthetic), (DRAFT, printed.draft)) if wanted]
    context = {
        "document": data,
        "accent": readable_accent(accent),
        "engine": document.engine_version,
        "words": words,
        "labels": labels,
    }
    return render_to_string("reports/assessment.html", context).encode()


def anchor(number: str) -> str:
    """The id of a part: "part-3-1", "part-annex-a"."""
    return "part-" + number.lower().replace(".", "-").replace(" ", "-")


def _with_drawings(data: dict[str, Any], printed: Outline) -> None:
    drawings = {figure.name: charts.for_page(charts.svg(figure.source), figure.name) for figure in printed.figures}
    for section in data["sections"]:
        for finding in section["findings"]:
            if finding["figure"]:
                finding["figure"]["drawing"] = drawings[finding["figure"]["name"]]


def _table(table: dict[str, Any] | None) -> dict[str, Any] | None:
    """The table with each cell's class and whether it heads its row beside its text."""
    if table is None:
        return None
    aligns = [column["align"] for column in table["columns"]]
    first_is_words = bool(table["columns"]) and table["columns"][0]["kind"] == "text"
    rows = [
        {
            "own": own,
            "cells": [
                {"text": text, "align": align, "heads": index == 0 and first_is_words}
                for index, (text, align) in enumerate(zip(row, aligns, strict=True))
            ],
        }
        for row, own in zip(table["rows"], table["own"], strict=True)
    ]
    return {**table, "rows": rows}
