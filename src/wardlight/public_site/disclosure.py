"""What of an assessment the public may see: small numbers left out, the rest rounded, no small places, no premises.

The rule for tables is `safety_analysis.disclosure`: counts below ten are not shown and the others are rounded to the
nearest five, cells and totals alike, so that one cannot be worked out from another. Words keep the total of the
whole area, which forces publish themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from safety_analysis.disclosure import round_and_suppress
from wardlight.assessment.document import Cell, ChapterView, Column, Document, FindingView, Table

RULES = 2  # raise it when what follows changes: documents made by the earlier rules are not shown again
SUPPRESS_BELOW = 10
ROUND_TO = 5
FEWER = f"fewer than {SUPPRESS_BELOW}"
NOTE = "Counts are rounded to the nearest 5, and counts below 10 are not shown."
MEMBERS_ONLY_METHODS = ("hotspots.", "repeats.", "concentration.")
MEMBERS_ONLY_LEVELS = ("oa", "lsoa", "beat", "estate")  # smaller than a ward: few enough people live there to guess at
MEMBERS_ONLY_FINDINGS = tuple(f"place:{level}" for level in MEMBERS_ONLY_LEVELS)
CHART_DATA = {"values", "datasets"}
DIFFERENCE_COLUMNS = {"difference"}
MEMBERS_ONLY_COLUMNS = {"premises", "premises_key", "victim", "cell", "x", "y"}
LEFT_OUT = "Findings about small places, premises and people are for members of the partnership and are not published."


def public_document(document: Document) -> Document:
    """The document as the public may read it. Nothing is left of a withheld finding, its chart included."""
    return replace(
        document,
        summary=[_finding(finding) for finding in document.summary if is_public(finding)],
        house_table=_table(document.house_table),
        chapters=[_chapter(chapter) for chapter in document.chapters],
        refusals=None,
    )


def is_public(finding: FindingView) -> bool:
    """Whether a finding may be published: not about small places or people, and not on fewer than ten events."""
    if finding.method.startswith(MEMBERS_ONLY_METHODS) or finding.key.startswith(MEMBERS_ONLY_FINDINGS):
        return False
    if finding.n is not None and finding.n < SUPPRESS_BELOW:
        return False
    columns = {column.key for column in finding.table.columns} if finding.table else set()
    return not columns & MEMBERS_ONLY_COLUMNS


def _chapter(chapter: ChapterView) -> ChapterView:
    shown = [_finding(finding) for finding in chapter.findings if is_public(finding)]
    withheld = len(shown) < len(chapter.findings)
    missing = chapter.missing or (LEFT_OUT if withheld and not shown else "")
    return replace(chapter, findings=shown, missing=missing)


def _finding(finding: FindingView) -> FindingView:
    table = _table(finding.table)
    if not _draws_small_count(finding):
        return replace(finding, table=table, chart=None)
    return replace(finding, table=table, chart=None, chart_digest="", chart_alt="")


def _draws_small_count(finding: FindingView) -> bool:
    """Whether its picture may show a count from 1 to 9: by its table, or by the drawing's own numbers where it has none."""
    if finding.table is not None:
        return has_small_count(finding.table)
    return bool(finding.chart_digest) and (not finding.chart or _holds_small_number(finding.chart))


def _holds_small_number(part: object, *, data: bool = False) -> bool:
    """Whether the data inside a chart hold any number from 1 to 9, whatever it means: rather one picture too few."""
    if isinstance(part, Mapping):
        return any(_holds_small_number(inner, data=data or key in CHART_DATA) for key, inner in part.items())
    if isinstance(part, list | tuple):
        return any(_holds_small_number(inner, data=data) for inner in part)
    return data and not isinstance(part, bool) and isinstance(part, int | float) and 0 < part < SUPPRESS_BELOW


def has_small_count(table: Table) -> bool:
    """Whether a table holds a count from 1 to 9."""
    places = _count_columns(table)
    return any(_is_small(row[place]) for row in table.rows for place in places)


def _table(table: Table | None) -> Table | None:
    if table is None or not _count_columns(table):
        return table
    plain = _without_differences(table)
    return replace(plain, rows=[_row(row, plain) for row in plain.rows], note=f"{table.note} {NOTE}".strip())


def _without_differences(table: Table) -> Table:
    """A difference beside rounded counts would not add up, and could give a small count away; the percentage says it."""
    kept = [place for place, column in enumerate(table.columns) if column.key not in DIFFERENCE_COLUMNS]
    columns = [table.columns[place] for place in kept]
    return replace(table, columns=columns, rows=[[row[place] for place in kept] for row in table.rows])


def _count_columns(table: Table) -> list[int]:
    """Where the counts are; a difference of counts is not one, it may well be small."""
    return [
        place
        for place, column in enumerate(table.columns)
        if column.kind == "count" and column.key not in DIFFERENCE_COLUMNS
    ]


def _is_small(cell: Cell) -> bool:
    return isinstance(cell, int | float) and 0 < cell < SUPPRESS_BELOW


def _row(row: list[Cell], table: Table) -> list[Cell]:
    """Counts rounded; where one is too small, every other number of the row goes too, since it could give it away."""
    small = any(_is_small(row[place]) for place in _count_columns(table))
    return [_cell(cell, column, small=small) for cell, column in zip(row, table.columns, strict=True)]


def _cell(cell: Cell, column: Column, *, small: bool) -> Cell:
    if column.kind == "count":
        return _public_count(cell)
    return None if small and column.kind != "text" else cell


def _public_count(cell: Cell) -> Cell:
    if not isinstance(cell, int | float):
        return cell
    shown = round_and_suppress(np.array([cell]), suppress_below=SUPPRESS_BELOW, base=ROUND_TO).table[0]
    return FEWER if np.isnan(shown) else int(shown)
