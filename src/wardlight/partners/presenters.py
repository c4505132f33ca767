"""The words of the people and audit pages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.urls import reverse

from wardlight.govuk.components import Column, Link, Row, Table
from wardlight.govuk.numbers import long_date, long_time

from .models import Agency, AuditEvent, Membership
from .roles import titles

KIND_TITLES = {
    "council": "Council", "police": "Police", "fire": "Fire and rescue", "health": "Health",
    "probation": "Probation", "voluntary": "Voluntary sector",
}  # fmt: skip

CHECKSUM = re.compile(r"[0-9a-f]{64}")
DIGEST_SHOWN = 12  # the download has the whole of it


def people_table(memberships: Iterable[Membership]) -> Table:
    columns = [Column("name", "Name"), Column("agency", "Agency"), Column("roles", "Roles"), Column("since", "Since")]
    rows = [
        [
            Link(membership.user.name, reverse("person", args=[membership.pk])),
            membership.agency.name,
            ", ".join(titles(membership.roles)) or "None",
            long_date(membership.started_at),
        ]
        for membership in memberships
    ]
    return Table("People", columns, rows)


def agencies_table(agencies: Iterable[Agency]) -> Table:
    columns = [Column("name", "Agency"), Column("kind", "Kind"), Column("people", "People", "count")]
    rows = [
        [agency.name, KIND_TITLES.get(agency.kind, agency.kind.capitalize()), len(agency.memberships.all())]
        for agency in agencies
    ]
    return Table("Agencies", columns, rows)


def person_rows(membership: Membership) -> list[Row]:
    signed_in = membership.user.last_login
    return [
        Row("E-mail address", membership.user.email),
        Row("Agency", membership.agency.name),
        Row("Roles", ", ".join(titles(membership.roles)) or "None"),
        Row("Member since", long_date(membership.started_at)),
        Row("Last signed in", long_time(signed_in) if signed_in else "Never"),
    ]


def who(event: AuditEvent) -> str:
    """The person's name, for the page only; the trail itself holds their number."""
    return event.actor.name if event.actor is not None else event.actor_label.capitalize()


def audit_table(events: Iterable[AuditEvent]) -> Table:
    columns = [
        Column("at", "When"),
        Column("who", "Who"),
        Column("what", "What"),
        Column("change", "Change"),
        Column("reason", "Reason"),
    ]
    rows = [[long_time(event.at), who(event), deed(event), change(event), event.reason or None] for event in events]
    return Table("Events, newest first", columns, rows)


def deed(event: AuditEvent) -> str:
    """`Change roles: membership 12`."""
    thing = event.object_type.rpartition(".")[2]
    verb = event.verb.rpartition(".")[2].replace("_", " ")
    return f"{verb.capitalize()}: {thing} {event.object_id}"


def change(event: AuditEvent) -> str:
    """`roles: analyst → analyst, administrator`."""
    before, after = event.before or {}, event.after or {}
    changes = [_one_change(name, before.get(name), after.get(name)) for name in {**before, **after}]
    return "; ".join(changes) or "–"


def _one_change(name: str, before: Any, after: Any) -> str:
    words = name.replace("_", " ")
    if before is None:
        return f"{words}: {_value(after)}"
    return f"{words}: {_value(before)} → {_value(after)}"


def _value(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, list):
        return ", ".join(_value(item) for item in value) or "none"
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    return f"{text[:DIGEST_SHOWN]}…" if CHECKSUM.fullmatch(text) else text.replace("_", " ")


AUDIT_HEADINGS = ["number", "when", "who", "what", "object", "before", "after", "reason", "digest"]


def audit_rows(events: Iterable[AuditEvent]) -> Iterator[list[str]]:
    """The audit trail as rows of a download. People are numbers here, so that a copy that goes astray names nobody."""
    for event in events:
        sealed = event.seal.digest if hasattr(event, "seal") else ""
        yield [
            str(event.pk), event.at.isoformat(), event.actor_label, event.verb,
            f"{event.object_type} {event.object_id}", _json(event.before), _json(event.after), event.reason, sealed,
        ]  # fmt: skip


def _json(value: Any) -> str:
    return "" if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)
