"""Turning drafts into rows, with the analyst's words carried over from the assessment they replace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.utils import timezone

from .. import annex, charts
from ..context import Context
from ..drafts import FindingDraft
from ..engine import Draft
from ..models import Assessment, Chapter, Finding, ProposedPriority


def draw(draft: Draft, progress: Callable[[float, str], None]) -> dict[str, str]:
    """Draw every chart once; the digest of each by finding key."""
    drawn = [item for chapter in draft.chapters for item in chapter.findings if item.chart is not None]
    digests = {}
    for at, item in enumerate(drawn):
        progress(at / len(drawn), f"Drawing {item.title}")
        assert item.chart is not None
        digests[item.key] = charts.store(item.chart)
    return digests


def store(assessment: Assessment, context: Context, draft: Draft, digests: dict[str, str]) -> None:
    """Write chapters, findings, priorities and annex. To be called inside a transaction."""
    assessment.inputs = [
        {"batch": one.number, "source": one.source, "files": list(one.files), "landed_at": one.landed}
        for one in context.batches
    ]
    assessment.annex = annex.build(context, draft)
    assessment.worked_out_at = timezone.now()
    assessment.save(update_fields=["inputs", "annex", "worked_out_at"])
    kept = Kept(assessment.replaces)
    rows = [
        Chapter(
            assessment=assessment, key=one.key, title=one.title, order=at, missing=one.missing,
            words=kept.chapter_words.get(one.key, ""),
        )
        for at, one in enumerate(draft.chapters)
    ]  # fmt: skip
    chapters = {row.key: row for row in Chapter.objects.bulk_create(rows)}
    Finding.objects.bulk_create(
        _finding(assessment, chapters[chapter.key], at, item, digests.get(item.key, ""), draft, kept)
        for chapter in draft.chapters
        for at, item in enumerate(chapter.findings)
    )
    ProposedPriority.objects.bulk_create(_priorities(assessment, draft, kept))


class Kept:
    """What a person wrote or decided in the assessment that is replaced."""

    def __init__(self, old: Assessment | None) -> None:
        self.chapter_words: dict[str, str] = {}
        self.findings: dict[str, Finding] = {}
        self.priorities: dict[str, ProposedPriority] = {}
        if old is not None:
            self.chapter_words = dict(old.chapters.values_list("key", "words"))
            self.findings = {row.key: row for row in old.findings.all()}
            self.priorities = {row.measure: row for row in old.priorities.all()}


def _finding(
    assessment: Assessment, chapter: Chapter, at: int, item: FindingDraft, digest: str, draft: Draft, kept: Kept
) -> Finding:
    old = kept.findings.get(item.key)
    chosen = item.key in draft.headlines
    return Finding(
        assessment=assessment,
        chapter=chapter,
        key=item.key,
        order=at,
        measure=item.measure,
        method=item.method,
        comparator=item.comparator,
        title=item.title[:300],
        statement=item.statement,
        how_sure=item.how_sure,
        value=item.value,
        low=item.low,
        high=item.high,
        n=item.n,
        unit=item.unit,
        result=item.result,
        parameters=item.parameters,
        notes=list(item.notes),
        table=asdict(item.table) if item.table else None,
        chart=item.chart,
        chart_digest=digest,
        chart_alt=item.chart_alt,
        weight=item.weight,
        headline=chosen,
        headline_order=draft.headlines.index(item.key) if chosen else 0,
        tabled=item.tabled,
        hidden=old.hidden if old else False,
        analyst_words=old.analyst_words if old else "",
    )


def _priorities(assessment: Assessment, draft: Draft, kept: Kept) -> list[ProposedPriority]:
    rows = []
    for at, item in enumerate(draft.priorities):
        old = kept.priorities.get(item.measure)
        decided: dict[str, Any] = {"status": old.status, "reason": old.reason} if old else {}
        matrix = dict(item.matrix)
        if old is not None and (old.matrix.get("concern") or {}).get("score") is not None:
            matrix["concern"] = old.matrix["concern"]
        rows.append(
            ProposedPriority(
                assessment=assessment, measure=item.measure, title=item.title, matrix=matrix, order=at, **decided
            )
        )
    return rows
