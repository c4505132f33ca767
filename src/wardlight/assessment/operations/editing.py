"""The analyst's part: words, what is shown and in which order, headlines, and the proposed priorities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from wardlight.partners import audit
from wardlight.partners.actors import Actor
from wardlight.partners.refusal import Refusal

from ..headlines import MOST
from ..models import Assessment, Chapter, Finding, ProposedPriority

CONCERN = (0, 1, 2, 3)


@transaction.atomic
def edit_finding(
    *,
    finding: Finding,
    by: Actor,
    words: str | None = None,
    hidden: bool | None = None,
    headline: bool | None = None,
    place: int | None = None,
) -> Finding:
    """Give a finding the analyst's words (empty: the engine's own again), hide or show it, put it in or out of the summary,
    move it to a place in its chapter (1 is the first)."""
    wanted: dict[str, Any] = {
        "analyst_words": words.strip() if words is not None else None,
        "hidden": hidden,
        "headline": headline,
    }
    if headline and not finding.headline:
        _check_room(finding.assessment)
        wanted["headline_order"] = 1 + max(
            finding.assessment.findings.filter(headline=True).values_list("headline_order", flat=True), default=0
        )
    _change(
        finding,
        by,
        "finding.edited",
        finding.assessment,
        {key: value for key, value in wanted.items() if value is not None},
    )
    if place is not None:
        _move(finding, place, by)
    return finding


def _move(finding: Finding, place: int, by: Actor) -> None:
    keys = list(finding.chapter.findings.order_by("order", "pk").values_list("key", flat=True))
    if keys.index(finding.key) != place - 1:
        keys.remove(finding.key)
        keys.insert(place - 1, finding.key)
        order_findings(chapter=finding.chapter, keys=keys, by=by)


def _check_room(assessment: Assessment) -> None:
    if assessment.findings.filter(headline=True, hidden=False).count() >= MOST:
        raise Refusal(f"The summary already has {MOST} findings, which is the most it holds: take one out first.")


@transaction.atomic
def edit_chapter(*, chapter: Chapter, words: str, by: Actor) -> Chapter:
    """The analyst's own words at the head of a chapter."""
    _change(chapter, by, "chapter.edited", chapter.assessment, {"words": words.strip()})
    return chapter


@transaction.atomic
def order_findings(*, chapter: Chapter, keys: Sequence[str], by: Actor) -> None:
    """Put a chapter's findings in the order of `keys`; those not named keep their order after them."""
    findings = list(chapter.findings.order_by("order"))
    before = [finding.key for finding in findings]
    unknown = [key for key in keys if key not in before]
    if unknown:
        raise Refusal(
            f"There is no finding “{unknown[0]}” in the chapter “{chapter.title}”: reload the page and try again."
        )
    place = {key: at for at, key in enumerate(dict.fromkeys(keys))}
    findings.sort(key=lambda finding: (place.get(finding.key, len(place)), finding.order))
    for at, finding in enumerate(findings):
        finding.order = at
    Finding.objects.bulk_update(findings, ["order"])
    after = [finding.key for finding in findings]
    audit.record(
        by=by, verb="findings.ordered", obj=chapter, partnership=chapter.assessment.partnership,
        before={"order": before}, after={"order": after},
    )  # fmt: skip


@transaction.atomic
def set_headlines(*, assessment: Assessment, keys: Sequence[str], by: Actor) -> None:
    """Make these findings, in this order, the summary. At most seven."""
    wanted = list(dict.fromkeys(keys))
    if len(wanted) > MOST:
        raise Refusal(f"The summary holds at most {MOST} findings, and {len(wanted)} were chosen: leave some out.")
    findings = list(assessment.findings.all())
    held = {finding.key for finding in findings}
    unknown = [key for key in wanted if key not in held]
    if unknown:
        raise Refusal(f"There is no finding “{unknown[0]}” in this assessment: reload the page and try again.")
    before = [finding.key for finding in sorted(findings, key=lambda one: one.headline_order) if finding.headline]
    for finding in findings:
        finding.headline = finding.key in wanted
        finding.headline_order = wanted.index(finding.key) if finding.headline else 0
    Finding.objects.bulk_update(findings, ["headline", "headline_order"])
    audit.record(
        by=by, verb="headlines.set", obj=assessment, partnership=assessment.partnership,
        before={"headlines": before}, after={"headlines": wanted},
    )  # fmt: skip


@transaction.atomic
def set_priority(
    *,
    priority: ProposedPriority,
    status: str,
    by: Actor,
    reason: str = "",
    concern: int | None = None,
    concern_says: str = "",
) -> ProposedPriority:
    """Propose a theme, leave it out with a reason, or put it back; score residents' concern, with the words that explain it."""
    if status not in ProposedPriority.Status.values:
        raise Refusal(f"“{status}” is not a status of a priority: choose {', '.join(ProposedPriority.Status.values)}.")
    if status == ProposedPriority.Status.DROPPED and not reason.strip():
        raise Refusal(f"Say why “{priority.title}” is left out: the reason is printed beside it.")
    wanted: dict[str, Any] = {"status": status, "reason": reason.strip()}
    if concern is not None:
        wanted["matrix"] = {**priority.matrix, "concern": _concern(priority, concern, concern_says)}
    _change(priority, by, "priority.set", priority.assessment, wanted)
    return priority


def _concern(priority: ProposedPriority, score: int, says: str) -> dict[str, Any]:
    if score not in CONCERN:
        raise Refusal(f"Concern about “{priority.title}” is scored 0, 1, 2 or 3, not {score}.")
    if not says.strip():
        raise Refusal(
            f"Say what the score for concern about “{priority.title}” rests on, such as a survey and its date."
        )
    return {"score": score, "says": says.strip()}


def _change(
    obj: Finding | Chapter | ProposedPriority, by: Actor, verb: str, assessment: Assessment, wanted: dict[str, Any]
) -> None:
    """Save what differs and audit it; nothing is written when nothing changes."""
    before = {name: getattr(obj, name) for name, value in wanted.items() if getattr(obj, name) != value}
    if not before:
        return
    after = {name: wanted[name] for name in before}
    for name, value in after.items():
        setattr(obj, name, value)
    obj.save(update_fields=list(after))
    audit.record(by=by, verb=verb, obj=obj, partnership=assessment.partnership, before=before, after=after)
