"""What a chapter yields: findings, tables and sentences as plain values, before anything is stored."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .document import Cell, CellKind, Column, Table


@dataclass(frozen=True, slots=True)
class FindingDraft:
    """One method's result. `key` is stable between runs and unique in an assessment.

    `value`, `low` and `high` are in `unit`; `result` holds what else the method returned, JSON-ready. `tabled` findings
    stand in their chapter's table and in the JSON, without a paragraph of their own. `weight` decides on the summary;
    `theme` keeps the summary varied: no two headlines share one, or one of the broad kinds in `overlaps`.
    """

    key: str
    title: str
    statement: str
    method: str
    measure: str = ""
    comparator: str = ""
    how_sure: str = ""
    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: float | None = None
    unit: str = ""
    result: dict[str, Any] = field(default_factory=dict)
    parameters: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    table: Table | None = None
    chart: dict[str, Any] | None = None
    chart_alt: str = ""
    weight: float = 0.0
    theme: str = ""
    overlaps: tuple[str, ...] = ()
    tabled: bool = False


@dataclass(frozen=True, slots=True)
class Missing:
    """Yielded by a chapter that the data do not allow: what is missing, why, and how to get it."""

    sentence: str


@dataclass(frozen=True, slots=True)
class PriorityDraft:
    """A row of the open matrix: each of volume, harm, trend, comparison, concern is {score 0-3 or None, says}."""

    measure: str
    title: str
    matrix: dict[str, dict[str, Any]]

    @property
    def strong(self) -> int:
        """How many of the questions score 2 or 3. The scores themselves are never added up."""
        return sum((cell["score"] or 0) >= 2 for cell in self.matrix.values())

    @property
    def standing(self) -> tuple[int, ...]:
        """What the suggestions are ordered by, best first."""
        return (-self.strong, *(-(self.matrix[axis]["score"] or 0) for axis in ("harm", "trend", "volume")))


@dataclass(frozen=True, slots=True)
class ChapterDraft:
    key: str
    title: str
    missing: str
    findings: tuple[FindingDraft, ...]


def columns(*triples: tuple[str, str, CellKind]) -> list[Column]:
    """Columns from (key, title, kind)."""
    return [Column(key, title, kind) for key, title, kind in triples]


def without_empty(made: Table) -> Table:
    """The table without the columns in which no row has anything (a comparison that could not be made, a rank nobody has)."""
    filled = [at for at in range(len(made.columns)) if at == 0 or any(row[at] is not None for row in made.rows)]
    return Table(
        made.caption, [made.columns[at] for at in filled], [[row[at] for at in filled] for row in made.rows], made.note
    )


def table(caption: str, heads: list[Column], rows: list[list[Cell]], note: str = "") -> Table:
    """A table whose rows all have a cell for every column."""
    assert all(len(row) == len(heads) for row in rows), caption
    return Table(caption, heads, rows, note)
