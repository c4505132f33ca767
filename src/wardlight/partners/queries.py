"""Every read of partnerships, people and the audit trail. Nothing is visible unless a membership makes it so."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from .models import Agency, AuditEvent, Membership, Partnership, User

SESSION_KEY = "partnership"
REMEMBERED = "_wardlight_partnership"


def partnerships_of(user: User | AnonymousUser) -> QuerySet[Partnership]:
    """The partnerships a person is a member of now."""
    if not isinstance(user, User) or not user.is_active:
        return Partnership.objects.none()
    return Partnership.objects.filter(
        pk__in=Membership.objects.filter(user=user, ended_at__isnull=True).values("agency__partnership")
    )


def current_partnership(request: HttpRequest) -> Partnership:
    """The partnership this person is working in: the one they chose, or their first. PermissionDenied without one."""
    remembered: Partnership | None = getattr(request, REMEMBERED, None)
    if remembered is not None:
        return remembered
    theirs = list(partnerships_of(request.user))
    if not theirs:
        raise PermissionDenied("You are not a member of a partnership: ask its administrator to add you.")
    chosen = request.session.get(SESSION_KEY)
    found = next((one for one in theirs if one.pk == chosen), theirs[0])
    setattr(request, REMEMBERED, found)
    return found


def only_partnership() -> Partnership | None:
    """The partnership of an installation that has just one; None when there are several or none."""
    several = list(Partnership.objects.all()[:2])
    return several[0] if len(several) == 1 else None


def agencies(*, partnership: Partnership) -> QuerySet[Agency]:
    """Agencies with their current memberships and people, in four queries however many there are."""
    current = Membership.objects.filter(ended_at__isnull=True).select_related("user").order_by("user__name", "pk")
    return partnership.agencies.prefetch_related(Prefetch("memberships", queryset=current))


def memberships(*, partnership: Partnership) -> QuerySet[Membership]:
    """Current memberships with person and agency, by name."""
    current = Membership.objects.filter(agency__partnership=partnership, ended_at__isnull=True)
    return current.select_related("user", "agency").order_by("user__name", "pk")


def own_memberships(user: User | AnonymousUser) -> QuerySet[Membership]:
    """A person's own current memberships, in every partnership."""
    if not isinstance(user, User):
        return Membership.objects.none()
    return Membership.objects.filter(user=user, ended_at__isnull=True).select_related("agency__partnership")


def audit_events(
    *,
    partnership: Partnership,
    verb: str = "",
    actor: int | None = None,
    first: date | None = None,
    last: date | None = None,
) -> QuerySet[AuditEvent]:
    """What was done in a partnership, newest first. `first` and `last` are local dates, both included."""
    events = AuditEvent.objects.filter(partnership=partnership).select_related("actor", "seal").order_by("-pk")
    if verb:
        events = events.filter(verb=verb)
    if actor is not None:
        events = events.filter(actor=actor)
    if first:
        events = events.filter(at__gte=_midnight(first))
    if last:
        events = events.filter(at__lt=_midnight(last + timedelta(days=1)))
    return events


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def audit_verbs(*, partnership: Partnership) -> list[str]:
    events = AuditEvent.objects.filter(partnership=partnership)
    return list(events.order_by("verb").values_list("verb", flat=True).distinct())


def audit_actors(*, partnership: Partnership) -> QuerySet[User]:
    """The people who have done something in a partnership."""
    acted = AuditEvent.objects.filter(partnership=partnership, actor__isnull=False).values("actor")
    return User.objects.filter(pk__in=acted).order_by("name", "pk")
