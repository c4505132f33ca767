"""Storing, editing, publishing and re-running an assessment."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.utils import timezone

from tests import assess_sample as sample
from tests import factories
from wardlight.assessment import charts, operations, policies, queries
from wardlight.assessment.document import Document
from wardlight.assessment.engine import run
from wardlight.assessment.models import Assessment, ProposedPriority
from wardlight.assessment.operations import assessing
from wardlight.assessment.operations.publishing import digest_of
from wardlight.partners.actors import COMMAND_LINE, SYSTEM
from wardlight.partners.models import AuditEvent
from wardlight.partners.refusal import Refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def gathered(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> dict[str, object]:
    """What the next assessment is made from: a made-up context, whose parts a test may change."""
    changes: dict[str, object] = {}

    def gather(**_: object):
        return replace(whole(), **changes) if changes else whole()

    def work(context, progress):
        return run(context, progress) if changes else drafted()

    monkeypatch.setattr(assessing, "gather", gather)
    monkeypatch.setattr(assessing, "run", work)
    if "drawn" not in request.node.name:
        monkeypatch.setattr(charts, "_draw", lambda spec: "<svg/>")
    return changes


@cache
def whole():
    return sample.context()


@cache
def drafted():
    """The draft of the unchanged context: working it out once is enough for every test."""
    return run(whole())


@pytest.fixture
def area():
    return factories.AreaFactory(name="Sample", code="B1")


@pytest.fixture
def assessment(partnership, area, gathered) -> Assessment:
    return work_out(partnership, area)


def work_out(partnership, area) -> Assessment:
    return operations.assess(
        partnership=partnership, area=area, period=sample.PERIOD, against=sample.AGAINST, by=COMMAND_LINE
    )


def theft(assessment: Assessment):
    return assessment.findings.get(key="theft:change:previous-period")


def test_it_is_stored_with_its_charts_drawn_once(assessment: Assessment) -> None:
    assert assessment.status == Assessment.Status.READY
    assert assessment.progress == 1.0
    assert assessment.inputs[0]["batch"] == 1
    drawn = [row for row in assessment.findings.all() if row.chart]
    assert drawn
    for row in drawn:
        assert charts.svg_path(row.chart_digest).read_text(encoding="utf-8").startswith("<svg")
    before = charts.svg_path(drawn[0].chart_digest).stat().st_mtime_ns
    assert charts.store(drawn[0].chart) == drawn[0].chart_digest
    assert charts.svg_path(drawn[0].chart_digest).stat().st_mtime_ns == before


def test_the_document_has_everything_a_reader_needs(assessment: Assessment) -> None:
    document = queries.document(assessment)
    assert isinstance(document, Document)
    assert document.period == "1 April 2024 to 31 March 2025"
    assert document.data_cut == "1 May 2025"
    assert document.status == "draft"
    assert 1 <= len(document.summary) <= 7
    assert document.house_table is not None
    assert document.methods
    assert document.coverage is not None
    assert document.refusals is not None
    printed = {finding.key for chapter in document.chapters for finding in chapter.findings}
    assert "theft:change:force-total" not in printed
    assert "house-table" not in printed


def test_words_hiding_and_order(assessment: Assessment) -> None:
    finding = theft(assessment)
    operations.edit_finding(finding=finding, words=" Theft fell. ", by=COMMAND_LINE)
    summary = {item.key: item.statement for item in queries.document(assessment).summary}
    assert summary[finding.key] == "Theft fell."
    operations.edit_finding(finding=finding, hidden=True, by=COMMAND_LINE)
    document = queries.document(assessment)
    assert finding.key not in {item.key for item in document.summary}
    assert finding.key not in {item["key"] for item in queries.findings_json(assessment)}
    chapter = assessment.chapters.get(key="crime-types")
    keys = list(chapter.findings.order_by("order").values_list("key", flat=True))
    operations.order_findings(chapter=chapter, keys=[keys[3], keys[0]], by=COMMAND_LINE)
    assert list(chapter.findings.order_by("order").values_list("key", flat=True))[:3] == [keys[3], keys[0], keys[1]]
    with pytest.raises(Refusal, match="no finding “nothing”"):
        operations.order_findings(chapter=chapter, keys=["nothing"], by=COMMAND_LINE)


def test_every_edit_is_audited_with_before_and_after_and_none_without_a_change(assessment: Assessment) -> None:
    finding = theft(assessment)
    operations.edit_finding(finding=finding, words="Ours", by=COMMAND_LINE)
    operations.edit_finding(finding=finding, words="Ours", by=COMMAND_LINE)
    (event,) = AuditEvent.objects.filter(verb="finding.edited")
    assert (event.before, event.after) == ({"analyst_words": ""}, {"analyst_words": "Ours"})
    chapter = assessment.chapters.get(key="overview")
    operations.edit_chapter(chapter=chapter, words="Read this first.", by=COMMAND_LINE)
    assert AuditEvent.objects.get(verb="chapter.edited").after == {"words": "Read this first."}
    assert (
        next(item for item in queries.document(assessment).chapters if item.key == "overview").words
        == "Read this first."
    )


def test_the_summary_never_holds_more_than_seven(assessment: Assessment) -> None:
    keys = list(assessment.findings.filter(tabled=False).exclude(key="house-table").values_list("key", flat=True))
    operations.set_headlines(assessment=assessment, keys=keys[:7], by=COMMAND_LINE)
    assert [item.key for item in queries.document(assessment).summary] == keys[:7]
    with pytest.raises(Refusal, match="at most 7"):
        operations.set_headlines(assessment=assessment, keys=keys[:8], by=COMMAND_LINE)
    with pytest.raises(Refusal, match="take one out first"):
        operations.edit_finding(finding=assessment.findings.get(key=keys[7]), headline=True, by=COMMAND_LINE)
    operations.edit_finding(finding=assessment.findings.get(key=keys[0]), headline=False, by=COMMAND_LINE)
    operations.edit_finding(finding=assessment.findings.get(key=keys[7]), headline=True, by=COMMAND_LINE)
    assert [item.key for item in queries.document(assessment).summary] == [*keys[1:7], keys[7]]


def test_priorities_need_a_reason_to_be_left_out(assessment: Assessment) -> None:
    priority = assessment.priorities.first()
    with pytest.raises(Refusal, match="Say why"):
        operations.set_priority(priority=priority, status="dropped", by=COMMAND_LINE)
    with pytest.raises(Refusal, match="rests on"):
        operations.set_priority(priority=priority, status="proposed", concern=3, by=COMMAND_LINE)
    with pytest.raises(Refusal, match="not a status"):
        operations.set_priority(priority=priority, status="maybe", by=COMMAND_LINE)
    operations.set_priority(
        priority=priority, status="proposed", concern=3, concern_says="Survey, May 2025", by=COMMAND_LINE
    )
    priority.refresh_from_db()
    assert priority.status == ProposedPriority.Status.PROPOSED
    assert priority.matrix["concern"] == {"score": 3, "says": "Survey, May 2025"}


def test_a_published_version_never_changes(assessment: Assessment) -> None:
    first = operations.publish(assessment=assessment, public=True, by=COMMAND_LINE)
    snapshot = json.dumps(first.snapshot, sort_keys=True)
    operations.edit_finding(finding=theft(assessment), words="Changed afterwards", by=COMMAND_LINE)
    first.refresh_from_db()
    assert json.dumps(first.snapshot, sort_keys=True) == snapshot
    assert digest_of(first.snapshot) == first.digest
    document = queries.published_document(first)
    assert (document.status, document.version) == ("published", "1")
    assert "Changed afterwards" not in snapshot
    second = operations.publish(assessment=assessment, public=False, by=COMMAND_LINE)
    assert second.number == 2
    assert "Changed afterwards" in json.dumps(second.snapshot)
    assert queries.latest_public(partnership=assessment.partnership) == first
    assert AuditEvent.objects.filter(verb="assessment.published").count() == 2


def test_what_is_not_worked_out_is_not_published(assessment: Assessment) -> None:
    Assessment.objects.filter(pk=assessment.pk).update(status=Assessment.Status.FAILED)
    with pytest.raises(Refusal, match="not worked out"):
        operations.publish(assessment=assessment, public=True, by=COMMAND_LINE)


def test_a_rerun_keeps_words_and_decisions_and_says_what_changed(assessment: Assessment, area, gathered) -> None:
    operations.edit_finding(finding=theft(assessment), words="Our own words", by=COMMAND_LINE)
    operations.edit_chapter(chapter=assessment.chapters.get(key="overview"), words="Read this.", by=COMMAND_LINE)
    dropped = assessment.priorities.first()
    operations.set_priority(priority=dropped, status="dropped", reason="Led by another board", by=COMMAND_LINE)
    gathered["outlines"] = {}
    gathered["batches"] = (sample.batch(2_000),)
    newer = work_out(assessment.partnership, area)
    assert newer.replaces == assessment
    assert theft(newer).analyst_words == "Our own words"
    assert newer.chapters.get(key="overview").words == "Read this."
    kept = newer.priorities.get(measure=dropped.measure)
    assert (kept.status, kept.reason) == ("dropped", "Led by another board")
    changes = {change.key: change for change in queries.compare(newer, assessment)}
    assert changes["place:hotspots"].kind == "went"
    assert changes["quality:rows"].kind == "changed"
    assert "2,000" in changes["quality:rows"].says
    assert queries.compare(newer, newer) == []
    assert {change.kind for change in queries.compare(assessment, newer)} == {"changed", "appeared"}


def test_a_refusal_is_kept_on_the_assessment(partnership, area, monkeypatch) -> None:
    def gather(**_: object):
        raise Refusal("There are no counts for Sample: import some.")

    monkeypatch.setattr(assessing, "gather", gather)
    with pytest.raises(Refusal):
        work_out(partnership, area)
    failed = Assessment.objects.get()
    assert (failed.status, failed.message) == ("failed", "There are no counts for Sample: import some.")
    assert not failed.findings.exists()


def test_a_fault_says_so_without_a_traceback_and_still_fails(partnership, area, monkeypatch, caplog) -> None:
    def gather(**_: object):
        raise ZeroDivisionError("inside")

    monkeypatch.setattr(assessing, "gather", gather)
    with pytest.raises(ZeroDivisionError):
        work_out(partnership, area)
    message = Assessment.objects.get().message
    assert "inside Wardlight" in message
    assert "Zero" not in message


def test_an_assessment_whose_worker_died_is_marked(assessment: Assessment) -> None:
    old = timezone.now() - timedelta(hours=1)
    Assessment.objects.update(status=Assessment.Status.RUNNING, heartbeat_at=old)
    assert operations.sweep_stale(by=SYSTEM) == 1
    assessment.refresh_from_db()
    assert assessment.status == Assessment.Status.FAILED
    assert "Run it again" in assessment.message
    assert operations.sweep_stale(by=SYSTEM) == 0


def test_it_can_be_left_to_the_worker(
    partnership, area, gathered, django_capture_on_commit_callbacks, settings
) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend", "QUEUES": ["default"]}}
    with django_capture_on_commit_callbacks(execute=True):
        waiting = operations.request(
            partnership=partnership, area=area, period=sample.PERIOD, against=sample.AGAINST, by=COMMAND_LINE
        )
        assert waiting.status == Assessment.Status.QUEUED
    waiting.refresh_from_db()
    assert waiting.status == Assessment.Status.READY


def test_one_key_one_finding(assessment: Assessment) -> None:
    finding = theft(assessment)
    finding.pk = None
    with pytest.raises(IntegrityError):
        finding.save()


def test_the_document_takes_as_many_queries_for_many_findings(assessment, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(6):
        queries.document(assessment)
    with django_assert_max_num_queries(3):
        queries.findings_json(assessment)


@pytest.mark.parametrize(
    ("role", "assess", "edit"),
    [
        ("analyst", True, True),
        ("strategy_lead", False, True),
        ("board_member", False, False),
        ("administrator", False, False),
    ],
)
def test_who_may_do_what(assessment: Assessment, role: str, assess: bool, edit: bool) -> None:
    agency = factories.AgencyFactory(partnership=assessment.partnership)
    user = factories.MembershipFactory(agency=agency, roles=[role]).user
    assert policies.may_assess(user, assessment.partnership) is assess
    assert policies.may_edit(user, assessment) is edit
    assert policies.may_publish(user, assessment) is edit
    assert policies.may_read(user, assessment)
    if not edit:
        with pytest.raises(PermissionDenied):
            policies.check_publish(user, assessment)


def test_a_member_of_another_partnership_sees_nothing(assessment: Assessment) -> None:
    stranger = factories.MembershipFactory().user
    assert not policies.may_read(stranger, assessment)
    other = factories.PartnershipFactory()
    assert queries.assessment_of(partnership=other, pk=assessment.pk) is None
    assert not queries.assessments(partnership=other).exists()


def test_the_engine_is_what_was_stored(assessment: Assessment) -> None:
    drafts = [item for chapter in drafted().chapters for item in chapter.findings]
    assert assessment.findings.count() == len(drafts)
