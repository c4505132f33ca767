"""The neutral shape of an assessment that pages, PDF, Word, Excel and HTML are all made from.

It is plain data: `dataclasses.asdict(document)` is JSON and is what a published version keeps as its snapshot;
`document_from_json` reads it back. Presentation (colours, fonts, tags) is not here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from wardlight.govuk.components import CellKind as CellKind
from wardlight.govuk.components import Column as Column

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows are lists of cells in the order of the columns; None prints as an en dash."""

    caption: str
    columns: list[Column]
    rows: list[list[Cell]]
    note: str = ""


@dataclass(frozen=True, slots=True)
class FindingView:
    """One finding, ready to print. `statement` is the analyst's words where they gave some."""

    key: str
    title: str
    statement: str
    how_sure: str
    measure: str
    method: str
    comparator: str
    value: float | None
    low: float | None
    high: float | None
    n: float | None
    unit: str
    headline: bool
    result: dict[str, Any]
    parameters: dict[str, Any]
    notes: list[str]
    table: Table | None
    chart: dict[str, Any] | None  # Vega-Lite
    chart_digest: str  # the drawn SVG: `assessment.charts.svg_path(digest)`
    chart_alt: str


@dataclass(frozen=True, slots=True)
class ChapterView:
    """A chapter. `missing` says what is missing from it, or from part of it, why, and what to do."""

    key: str
    title: str
    words: str
    missing: str
    findings: list[FindingView]


@dataclass(frozen=True, slots=True)
class PriorityView:
    """A proposed (or dropped) priority and its row of the open matrix."""

    measure: str
    title: str
    status: str
    reason: str
    matrix: dict[str, dict[str, Any]]  # volume, harm, trend, comparison, concern: {"score": 0-3 or None, "says": "…"}


@dataclass(frozen=True, slots=True)
class Document:
    """An assessment as one reads it."""

    title: str
    partnership: str
    synthetic: bool
    area: str
    period: str  # "1 April 2020 to 31 March 2021"
    against: str  # the same, or "" when there is nothing to compare with
    period_key: str  # "2020-04..2021-03"
    against_key: str
    status: Literal["draft", "published"]
    version: str  # "draft" or "1", "2"…
    data_cut: str  # "22 November 2026": when the newest batch used had landed
    engine_version: str
    summary: list[FindingView]  # at most seven
    house_table: Table | None
    chapters: list[ChapterView]
    priorities: list[PriorityView]
    sources: Table
    coverage: Table | None
    refusals: Table | None
    methods: list[Mapping[str, str]] = field(default_factory=list)  # {"name", "says", "source"}
    not_seen: list[str] = field(default_factory=list)  # what we could not see, a sentence each


def table_from_json(data: Mapping[str, Any] | None) -> Table | None:
    if data is None:
        return None
    return Table(
        caption=data["caption"],
        columns=[Column(**column) for column in data["columns"]],
        rows=[list(row) for row in data["rows"]],
        note=data.get("note", ""),
    )


def _finding(data: Mapping[str, Any]) -> FindingView:
    return FindingView(**{**data, "table": table_from_json(data["table"])})


def document_from_json(data: Mapping[str, Any]) -> Document:
    """Read back what `dataclasses.asdict` wrote."""
    sources = table_from_json(data["sources"])
    assert sources is not None
    return Document(
        **{
            **data,
            "summary": [_finding(item) for item in data["summary"]],
            "house_table": table_from_json(data["house_table"]),
            "chapters": [
                ChapterView(**{**item, "findings": [_finding(finding) for finding in item["findings"]]})
                for item in data["chapters"]
            ],
            "priorities": [PriorityView(**item) for item in data["priorities"]],
            "sources": sources,
            "coverage": table_from_json(data["coverage"]),
            "refusals": table_from_json(data["refusals"]),
        }
    )
