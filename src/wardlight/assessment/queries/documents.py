"""An assessment as the document that pages, PDF, Word, Excel and HTML are made from."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from ..chapters.standing import HOUSE_TABLE
from ..document import ChapterView, Document, FindingView, PriorityView, Table, document_from_json, table_from_json
from ..models import Assessment, Chapter, Finding, PublishedVersion
from ..periods import MONTH_NAMES

NO_SOURCES = Table("Imports used", [], [])


def document(assessment: Assessment) -> Document:
    """The assessment as one reads it now: hidden findings left out, the analyst's words in place of the engine's."""
    findings = list(assessment.findings.select_related("chapter").order_by("chapter__order", "order", "pk"))
    shown = [row for row in findings if not row.hidden and row.key != HOUSE_TABLE]
    annex: dict[str, Any] = assessment.annex or {}
    period, against = assessment.period, assessment.against
    house = next((row for row in findings if row.key == HOUSE_TABLE and not row.hidden), None)
    headlines = sorted((row for row in shown if row.headline), key=lambda row: (row.headline_order, row.pk))
    return Document(
        title=assessment.title,
        partnership=assessment.partnership.name,
        synthetic=assessment.partnership.synthetic,
        area=assessment.area.name,
        period=period.title,
        against=against.title if against else "",
        period_key=period.key,
        against_key=against.key if against else "",
        status="draft",
        version="draft",
        data_cut=data_cut(assessment),
        engine_version=assessment.engine_version,
        summary=[finding_view(row) for row in headlines],
        house_table=table_from_json(house.table) if house else None,
        chapters=[_chapter(chapter, shown) for chapter in assessment.chapters.order_by("order")],
        priorities=[
            PriorityView(row.measure, row.title, row.status, row.reason, row.matrix)
            for row in assessment.priorities.order_by("order")
        ],
        sources=table_from_json(annex.get("sources")) or NO_SOURCES,
        coverage=table_from_json(annex.get("coverage")),
        refusals=table_from_json(annex.get("refusals")),
        methods=list(annex.get("methods", [])),
        not_seen=list(annex.get("not_seen", [])),
    )


def published_document(version: PublishedVersion) -> Document:
    """A version as it was published, read from its snapshot alone."""
    return document_from_json(version.snapshot)


def _chapter(chapter: Chapter, shown: list[Finding]) -> ChapterView:
    own = [finding_view(row) for row in shown if row.chapter_id == chapter.pk and not row.tabled]
    return ChapterView(chapter.key, chapter.title, chapter.words, chapter.missing, own)


def finding_view(row: Finding) -> FindingView:
    """One finding, ready to print."""
    return FindingView(
        key=row.key,
        title=row.title,
        statement=row.analyst_words or row.statement,
        how_sure=row.how_sure,
        measure=row.measure,
        method=row.method,
        comparator=row.comparator,
        value=row.value,
        low=row.low,
        high=row.high,
        n=row.n,
        unit=row.unit,
        headline=row.headline,
        result=row.result,
        parameters=row.parameters,
        notes=list(row.notes),
        table=table_from_json(row.table),
        chart=row.chart,
        chart_digest=row.chart_digest,
        chart_alt=row.chart_alt,
    )


def data_cut(assessment: Assessment) -> str:
    """“22 November 2026”: when the newest import used had landed; the day it was worked out where nothing was imported."""
    landed = [item["landed_at"] for item in assessment.inputs if item.get("landed_at")]
    if landed:
        return str(landed[-1])
    when = assessment.worked_out_at or assessment.created_at
    day = timezone.localtime(when).date()
    return f"{day.day} {MONTH_NAMES[day.month - 1]} {day.year}"
