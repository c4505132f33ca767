"""What a re-run changed: findings that appeared, went, or say something else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .. import numerals as n
from ..chapters.standing import HOUSE_TABLE
from ..models import Assessment, Finding

NEAR = 1e-9


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two assessments. `says` is a sentence."""

    kind: Literal["appeared", "went", "changed"]
    key: str
    title: str
    says: str
    before: str
    after: str


def compare(newer: Assessment, older: Assessment) -> list[Change]:
    """What differs, in the order of the newer document; findings that went come last. Re-drawn charts alone are no change."""
    now, then = _findings(newer), _findings(older)
    found = [_appeared(row) if key not in then else _changed(row, then[key]) for key, row in now.items()]
    went = [
        Change("went", key, row.title, f"Gone: {row.statement}", row.statement, "")
        for key, row in then.items()
        if key not in now
    ]
    return [item for item in found if item is not None] + went


def _findings(assessment: Assessment) -> dict[str, Finding]:
    rows = (
        assessment.findings.exclude(key=HOUSE_TABLE).defer("chart", "table").order_by("chapter__order", "order", "pk")
    )
    return {row.key: row for row in rows}


def _appeared(row: Finding) -> Change:
    return Change("appeared", row.key, row.title, f"New: {row.statement}", "", row.statement)


def _changed(new: Finding, old: Finding) -> Change | None:
    if (
        new.statement == old.statement
        and _same(new.value, old.value)
        and _same(new.low, old.low)
        and _same(new.high, old.high)
    ):
        return None
    says = f"Was: {old.statement} Now: {new.statement}"
    if new.statement == old.statement:
        says = f"{new.title}: {_number(old.value)} became {_number(new.value)} ({new.unit})."
    return Change("changed", new.key, new.title, says, old.statement, new.statement)


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= NEAR * max(1.0, abs(one), abs(other))


def _number(value: float | None) -> str:
    return "nothing" if value is None else n.decimal(value, 2).removesuffix(".00")
