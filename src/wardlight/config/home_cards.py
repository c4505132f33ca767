"""What a person finds on their first page, by role: a card for each thing they can do, with what is waiting there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from wardlight.assessment.models import Assessment, PublishedVersion
from wardlight.govuk.numbers import long_date, long_time, month_name
from wardlight.incidents.models import Batch
from wardlight.measures.models import Measure
from wardlight.partners.models import AuditEvent, Membership, Partnership
from wardlight.partners.roles import (
    ADMINISTRATOR,
    ANALYST,
    BOARD_MEMBER,
    INFORMATION_GOVERNANCE,
    STRATEGY_LEAD,
)
from wardlight.places.models import Area


@dataclass(frozen=True, slots=True)
class Card:
    """`status` is what is waiting or how fresh it is; `urgent` marks what needs somebody."""

    title: str
    href: str
    text: str
    status: str = ""
    urgent: bool = False


def greeting(held: frozenset[str]) -> str:
    """One sentence that says what this person is here for."""
    if ANALYST in held:
        return "Bring data in, work out the assessment, put it into words and publish it."
    if STRATEGY_LEAD in held:
        return "See where things stand, choose the words and the priorities, and publish."
    if BOARD_MEMBER in held:
        return "See where things stand, and how sure we are."
    if INFORMATION_GOVERNANCE in held:
        return "See what data are held, where they came from, and who did what with them."
    return "Add the agencies of the partnership and the people who work in them."


def cards(partnership: Partnership, held: frozenset[str]) -> list[Card]:
    """Cards for the roles held, each page once."""
    wanted: dict[str, Callable[[Partnership], Card]] = {}
    if held & {ANALYST, STRATEGY_LEAD, BOARD_MEMBER}:
        wanted |= {"assessments": _assessments, "measures": _measures, "map": _map}
    if held & {ANALYST, INFORMATION_GOVERNANCE}:
        wanted |= {"imports": _imports, "data-quality": _quality}
    if INFORMATION_GOVERNANCE in held:
        wanted["audit"] = _audit
    if ADMINISTRATOR in held:
        wanted["people"] = _people
    made = [make(partnership) for make in wanted.values()]
    return sorted(made, key=lambda card: not card.urgent)


def _assessments(partnership: Partnership) -> Card:
    running = Assessment.objects.filter(
        partnership=partnership, status__in=[Assessment.Status.QUEUED, Assessment.Status.RUNNING]
    ).count()
    published = PublishedVersion.objects.filter(partnership=partnership).select_related("assessment").first()
    latest = Assessment.objects.filter(partnership=partnership, status=Assessment.Status.READY).first()
    if running:
        status = f"{running} being worked out now"
    elif published:
        status = f"Latest published: {published.assessment.title}, {long_date(published.published_at)}"
    else:
        status = f"Draft: {latest.title}" if latest else "None yet"
    text = "What has changed, how much, compared with what, and how sure we are."
    return Card("Assessments", reverse("assessments"), text, status, bool(running))


def _measures(partnership: Partnership) -> Card:
    count = Measure.objects.count()
    text = "Every number’s definition, chart and table."
    return Card("Measures", reverse("measures"), text, f"{count} measures" if count else "None yet")


def _map(partnership: Partnership) -> Card:
    count = Area.objects.count()
    return Card(
        "Map", reverse("map"), "Where it happens, month by month.", f"{count:,} areas" if count else "No areas yet"
    )


def _imports(partnership: Partnership) -> Card:
    counts = _batches(partnership).aggregate(
        busy=Count("pk", filter=Q(status__in=[Batch.Status.QUEUED, Batch.Status.RUNNING])),
        failed=Count("pk", filter=Q(status=Batch.Status.FAILED)),
    )
    newest = _landed(partnership).order_by("-landed_at").first()
    if counts["busy"]:
        status = f"{counts['busy']} being read now"
    elif counts["failed"]:
        status = f"{counts['failed']} could not be imported"
    else:
        status = f"Latest: {long_time(newest.landed_at)}" if newest else "Nothing imported yet: start here"
    urgent = bool(counts["busy"] or counts["failed"] or newest is None)
    return Card("Imports", reverse("imports"), "Bring in files; see what was kept and refused; undo.", status, urgent)


def _quality(partnership: Partnership) -> Card:
    refused = sum(_landed(partnership).values_list("rows_refused", flat=True))
    last = max((month for month in _landed(partnership).values_list("last_month", flat=True) if month), default=None)
    status = f"Data to {month_name(last)}" if last else "Nothing imported yet"
    if refused:
        status += f"; {refused:,} rows refused"
    return Card("Data quality", reverse("data-quality"), "What the data cover, and what they cannot show.", status)


def _batches(partnership: Partnership) -> QuerySet[Batch]:
    return Batch.objects.filter(partnership=partnership)


def _landed(partnership: Partnership) -> QuerySet[Batch]:
    return _batches(partnership).filter(status=Batch.Status.LANDED)


def _audit(partnership: Partnership) -> Card:
    newest = AuditEvent.objects.filter(partnership=partnership).first()
    status = f"Latest event: {long_time(newest.at)}" if newest else "Nothing yet"
    return Card("Audit trail", reverse("audit"), "Who did what, and when.", status)


def _people(partnership: Partnership) -> Card:
    people = Membership.objects.filter(agency__partnership=partnership, ended_at__isnull=True).values("user").distinct()
    count = people.count()
    words = f"{count} {'person' if count == 1 else 'people'}"
    return Card("People and agencies", reverse("people"), "Who is in the partnership and what they may do.", words)
