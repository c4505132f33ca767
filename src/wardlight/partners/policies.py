"""May this person do this now? `check_…` raises PermissionDenied with a sentence, `may_…` asks. Denied by default."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from . import roles as known
from .models import Membership, Partnership, User


def roles_of(user: User | AnonymousUser, partnership: Partnership) -> frozenset[str]:
    """The roles a person holds now in any agency of a partnership."""
    if not isinstance(user, User) or not user.is_active:
        return frozenset()
    held = Membership.objects.filter(user=user, agency__partnership=partnership, ended_at__isnull=True)
    return frozenset(role for roles in held.values_list("roles", flat=True) for role in roles) & frozenset(known.ROLES)


def may_role(user: User | AnonymousUser, partnership: Partnership, *roles: str) -> bool:
    """Does this person hold at least one of `roles` here?"""
    return bool(roles_of(user, partnership) & set(roles))


def check_role(user: User | AnonymousUser, partnership: Partnership, *roles: str) -> None:
    """Raise PermissionDenied unless the person holds one of `roles` here."""
    if not may_role(user, partnership, *roles):
        raise PermissionDenied(f"This needs one of these roles: {', '.join(known.titles(roles)).lower()}.")


def may_read(user: User | AnonymousUser, partnership: Partnership) -> bool:
    """Any member with any role may read what the partnership shares among itself."""
    return may_role(user, partnership, *known.ROLES)


def may_administer(user: User | AnonymousUser, partnership: Partnership) -> bool:
    return may_role(user, partnership, known.ADMINISTRATOR)


def may_read_audit(user: User | AnonymousUser, partnership: Partnership) -> bool:
    return may_role(user, partnership, known.INFORMATION_GOVERNANCE)


def belongs_elsewhere(membership: Membership) -> bool:
    """Is this person now in another partnership too? Then no administrator of this one may open their account."""
    theirs = Membership.objects.filter(user=membership.user_id, ended_at__isnull=True)
    return theirs.exclude(agency__partnership=membership.agency.partnership_id).exists()


def may_be_invited(membership: Membership) -> bool:
    """May the administrator who added this person be given the link to choose their first password?"""
    return not membership.user.has_usable_password() and not belongs_elsewhere(membership)
