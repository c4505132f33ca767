"""The findings as a flat list for other programs (docs/reference/findings-json.md)."""

from __future__ import annotations

from typing import Any

from ..chapters.standing import HOUSE_TABLE
from ..models import Assessment, Finding

PRESENTATION = (HOUSE_TABLE,)


def findings_json(assessment: Assessment) -> list[dict[str, Any]]:
    """One object a finding, in the order of the document, those that stand only in tables included.

    Hidden findings are left out. `statement` is the analyst's words where they gave some.
    """
    rows = assessment.findings.filter(hidden=False).exclude(key__in=PRESENTATION).select_related("chapter")
    period, against = assessment.period, assessment.against
    area = assessment.area.name
    return [
        one_finding(row, area=area, period=period.key, against=against.key if against else None)
        for row in rows.order_by("chapter__order", "order", "pk")
    ]


def one_finding(row: Finding, *, area: str, period: str, against: str | None) -> dict[str, Any]:
    """The object of one finding: the fields every finding has, then what its method returned, then its parameters."""
    held = {
        "key": row.key,
        "chapter": row.chapter.key,
        "measure": row.measure or None,
        "method": row.method,
        "area": area,
        "period": period,
        "against": against,
        "comparator": row.comparator or None,
        "value": row.value,
        "low": row.low,
        "high": row.high,
        "n": row.n,
        "unit": row.unit,
        "statement": row.analyst_words or row.statement,
        "how_sure": row.how_sure,
        "title": row.title,
        "headline": row.headline,
        "notes": list(row.notes),
        "parameters": row.parameters,
    }
    return {**held, **{name: value for name, value in row.result.items() if name not in held}}
