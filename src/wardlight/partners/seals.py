"""Seal the audit trail: each event's digest covers its own content and the digest before it, so that tampering shows.

Events are sealed in the order of their numbers, behind a safety lag, because a transaction that began earlier may
commit later. One that arrives even later is sealed after the others and reported as late.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from itertools import pairwise

from django.db import transaction
from django.utils import timezone

from .models import AuditEvent, AuditSeal

GENESIS = "0" * 64
LAG = timedelta(seconds=60)
AT_ONCE = 2000


def canonical(event: AuditEvent) -> str:
    """The event as JSON that is the same on every machine and database."""
    content = {
        "id": event.pk,
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "partnership": event.partnership_id,
        "actor": event.actor_id,
        "actor_label": event.actor_label,
        "verb": event.verb,
        "object_type": event.object_type,
        "object_id": event.object_id,
        "before": event.before,
        "after": event.after,
        "reason": event.reason,
    }
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def digest(event: AuditEvent, previous: str) -> str:
    """SHA-256 of the digest before it, a line feed and the event's canonical JSON."""
    return hashlib.sha256(f"{previous}\n{canonical(event)}".encode()).hexdigest()


def head() -> str:
    """The newest digest: the one that no other seal follows."""
    followed = AuditSeal.objects.values("previous_digest")
    newest = (
        AuditSeal.objects.exclude(digest__in=followed).order_by("-event_id").values_list("digest", flat=True).first()
    )
    return newest or GENESIS


def seal(*, lag: timedelta = LAG) -> int:
    """Seal every event older than `lag`. Gives the number sealed. Safe to run twice at once: the chain cannot fork."""
    sealed = 0
    while batch := _seal_some(timezone.now() - lag):
        sealed += batch
    return sealed


@transaction.atomic
def _seal_some(until) -> int:
    waiting = AuditEvent.objects.filter(seal__isnull=True, at__lte=until).order_by("pk")[:AT_ONCE]
    previous = head()
    seals = []
    for event in waiting:
        current = digest(event, previous)
        seals.append(AuditSeal(event=event, previous_digest=previous, digest=current))
        previous = current
    AuditSeal.objects.bulk_create(seals)
    return len(seals)


@dataclass(frozen=True, slots=True)
class Verification:
    """`broken` holds a sentence for each problem. `late` are events sealed after younger ones. `head` can be noted
    elsewhere and asked for later, which shows whether the newest events were cut off."""

    sealed: int
    unsealed: int
    late: int
    head: str
    broken: list[str] = field(default_factory=list)


def verify(*, expect: str = "") -> Verification:
    """Walk the chain from its start. `expect`: a head noted earlier that must still be in the chain."""
    by_previous = {seal.previous_digest: seal for seal in AuditSeal.objects.select_related("event").iterator(AT_ONCE)}
    walked = list(_walk(by_previous))
    broken = [f"Event {seal.event_id} is not what was sealed: it was changed." for seal in walked if _changed(seal)]
    broken += _detached(by_previous, walked)
    newest = walked[-1].digest if walked else GENESIS
    if expect and expect != GENESIS and expect not in {seal.digest for seal in walked}:
        broken.append(f"The digest {expect[:12]}… noted earlier is no longer in the chain: newer events were removed.")
    late = sum(1 for before, after in pairwise(walked) if after.event_id < before.event_id)
    return Verification(len(by_previous), AuditEvent.objects.filter(seal__isnull=True).count(), late, newest, broken)


def _walk(by_previous: dict[str, AuditSeal]) -> Iterator[AuditSeal]:
    seen: set[str] = set()
    following = by_previous.get(GENESIS)
    while following is not None and following.digest not in seen:
        seen.add(following.digest)
        yield following
        following = by_previous.get(following.digest)


def _changed(seal: AuditSeal) -> bool:
    return digest(seal.event, seal.previous_digest) != seal.digest


def _detached(by_previous: dict[str, AuditSeal], walked: list[AuditSeal]) -> list[str]:
    reached = {seal.pk for seal in walked}
    lost = sorted(seal.pk for seal in by_previous.values() if seal.pk not in reached)
    if not lost:
        return []
    return [
        f"The chain is cut before event {lost[0]}: an event between it and the one before was removed, or a seal "
        f"was changed; {len(lost)} sealed {'event hangs' if len(lost) == 1 else 'events hang'} loose."
    ]
