"""What a person finds on their first page, by role: a card for each thing they can do, with what is waiting there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from wardlight.assessment import queries as assessment
from wardlight.govuk.numbers import long_date, long_time, month_name
from wardlight.incidents import queries as incidents
from wardlight.measures import queries as measures
from wardlight.partners import queries as partners
from wardlight.partners.models import Partnership
from wardlight.partners.roles import (
    ADMINISTRATOR,
    ANALYST,
    BOARD_MEMBER,
    INFORMATION_GOVERNANCE,
    STRATEGY_LEAD,
)
from wardlight.places import queries as places


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
    now = assessment.standing(partnership=partnership)
    if now.running:
        status = f"{now.running} being worked out now"
    elif now.published:
        status = f"Latest published: {now.published.assessment.title}, {long_date(now.published.published_at)}"
    else:
        status = f"Draft: {now.draft.title}" if now.draft else "None yet"
    text = "What has changed, how much, compared with what, and how sure we are."
    return Card("Assessments", reverse("assessments"), text, status, bool(now.running))


def _measures(partnership: Partnership) -> Card:
    count = measures.definitions().count()
    text = "Every number’s definition, chart and table."
    return Card("Measures", reverse("measures"), text, f"{count} measures" if count else "None yet")


def _map(partnership: Partnership) -> Card:
    count = places.area_count()
    return Card(
        "Map", reverse("map"), "Where it happens, month by month.", f"{count:,} areas" if count else "No areas yet"
    )


def _imports(partnership: Partnership) -> Card:
    now = incidents.standing(partnership=partnership)
    if now.busy:
        status = f"{now.busy} being read now"
    elif now.failed:
        status = f"{now.failed} could not be imported"
    else:
        status = f"Latest: {long_time(now.landed_at)}" if now.landed_at else "Nothing imported yet: start here"
    urgent = bool(now.busy or now.failed or now.landed_at is None)
    return Card("Imports", reverse("imports"), "Bring in files; see what was kept and refused; undo.", status, urgent)


def _quality(partnership: Partnership) -> Card:
    now = incidents.standing(partnership=partnership)
    status = f"Data to {month_name(now.last_month)}" if now.last_month else "Nothing imported yet"
    if now.rows_refused:
        status += f"; {now.rows_refused:,} rows refused"
    return Card("Data quality", reverse("data-quality"), "What the data cover, and what they cannot show.", status)


def _audit(partnership: Partnership) -> Card:
    newest = partners.audit_events(partnership=partnership).first()
    status = f"Latest event: {long_time(newest.at)}" if newest else "Nothing yet"
    return Card("Audit trail", reverse("audit"), "Who did what, and when.", status)


def _people(partnership: Partnership) -> Card:
    count = partners.memberships(partnership=partnership).order_by().values("user").distinct().count()
    words = f"{count} {'person' if count == 1 else 'people'}"
    return Card("People and agencies", reverse("people"), "Who is in the partnership and what they may do.", words)
