"""Every write to partnerships, agencies and memberships. Each is atomic and audited; a signed-in actor must be an
administrator of the partnership."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from . import roles as known
from .actors import Actor
from .audit import record
from .models import Agency, Membership, Partnership, User
from .policies import belongs_elsewhere, may_administer
from .refusal import Refusal
from .signals import home_area_changed


def _check(by: Actor, partnership: Partnership) -> None:
    if by.user is not None and not may_administer(by.user, partnership):
        raise PermissionDenied("Only an administrator of the partnership may do this.")


def _known_roles(roles: Sequence[str]) -> list[str]:
    strange = sorted(set(roles) - set(known.ROLES))
    if strange:
        raise Refusal(f"There is no role “{strange[0]}”: use {', '.join(known.ROLES)}.")
    if not roles:
        raise Refusal("A person needs at least one role: choose what they may do.")
    return [slug for slug in known.ROLES if slug in roles]


@transaction.atomic
def create_partnership(
    *,
    name: str,
    slug: str,
    by: Actor,
    home_area_level: str = "",
    home_area_name: str = "",
    synthetic: bool = False,
    accent_colour: str = "",
) -> Partnership:
    """Add a partnership. Only the command line and Wardlight itself may."""
    if by.user is not None:
        raise PermissionDenied("Partnerships are added from the command line.")
    if Partnership.objects.filter(slug=slug).exists():
        raise Refusal(f"There is already a partnership with the short name “{slug}”: choose another.")
    partnership = Partnership.objects.create(
        name=name,
        slug=slug,
        home_area_level=home_area_level,
        home_area_name=home_area_name,
        synthetic=synthetic,
        accent_colour=accent_colour,
    )
    record(by=by, verb="create", obj=partnership, partnership=partnership, after={"name": name, "slug": slug})
    return partnership


@transaction.atomic
def set_home_area(*, partnership: Partnership, level: str, name: str, by: Actor) -> Partnership:
    """Say which area is the partnership's own: pages show it first and its whole history is kept as readings."""
    before = {"home_area_level": partnership.home_area_level, "home_area_name": partnership.home_area_name}
    after = {"home_area_level": level, "home_area_name": name}
    if before == after:
        return partnership
    partnership.home_area_level, partnership.home_area_name = level, name
    partnership.save(update_fields=list(after))
    record(by=by, verb="set home area", obj=partnership, partnership=partnership, before=before, after=after)
    transaction.on_commit(partial(home_area_changed.send, sender=Partnership, partnership=partnership))
    return partnership


@transaction.atomic
def add_agency(*, partnership: Partnership, name: str, kind: str, by: Actor) -> Agency:
    """Add a member organisation. Its short name is made from its name."""
    _check(by, partnership)
    slug = slugify(name)[:50].strip("-")
    if not slug:
        raise Refusal(f"“{name}” is not a name for an agency: use letters.")
    if partnership.agencies.filter(slug=slug).exists():
        raise Refusal(f"“{name}” is already an agency of {partnership.name}.")
    agency = Agency.objects.create(partnership=partnership, name=name, slug=slug, kind=kind)
    record(by=by, verb="add", obj=agency, partnership=partnership, after={"name": name, "kind": kind})
    return agency


@transaction.atomic
def add_member(
    *, agency: Agency, email: str, name: str, roles: Sequence[str], by: Actor, password: str | None = None
) -> Membership:
    """Add a person to an agency, making their account when they have none. Without a password they cannot sign in
    until they choose one by a link. Somebody who left is taken back."""
    _check(by, agency.partnership)
    held = _known_roles(roles)
    try:
        validate_email(email)
    except ValidationError as error:
        raise Refusal("The e-mail address is not complete: write it like name@example.org.") from error
    user = User.objects.filter(email=email.strip().lower()).first()
    user = user or User.objects.create_user(email.strip(), password, name=name.strip())
    membership, added = Membership.objects.get_or_create(user=user, agency=agency, defaults={"roles": held})
    if not added:
        if membership.ended_at is None:
            raise Refusal(f"{user.name} is already in {agency.name}: change their roles instead.")
        membership.roles, membership.ended_at, membership.started_at = held, None, timezone.now()
        membership.save()
    record(
        by=by, verb="add", obj=membership, partnership=agency.partnership,
        after={"user": user.pk, "agency": agency.slug, "roles": held},
    )  # fmt: skip
    return membership


@transaction.atomic
def change_roles(*, membership: Membership, roles: Sequence[str], by: Actor, reason: str = "") -> Membership:
    """Give a member exactly these roles. The last administrator keeps that role."""
    partnership = membership.agency.partnership
    _check(by, partnership)
    held = _known_roles(roles)
    if membership.ended_at is not None:
        raise Refusal("This person has left the agency: add them again to give them roles.")
    if known.ADMINISTRATOR not in held:
        _keep_an_administrator(membership)
    before = membership.roles
    if before == held:
        return membership
    membership.roles = held
    membership.save(update_fields=["roles"])
    record(
        by=by, verb="change roles", obj=membership, partnership=partnership,
        before={"roles": before}, after={"roles": held}, reason=reason,
    )  # fmt: skip
    return membership


@transaction.atomic
def end_membership(*, membership: Membership, by: Actor, reason: str) -> Membership:
    """Somebody leaves an agency. Their account and everything they did stay; adding them again undoes it."""
    partnership = membership.agency.partnership
    _check(by, partnership)
    if membership.ended_at is not None:
        raise Refusal("This person has already left the agency.")
    _keep_an_administrator(membership)
    membership.ended_at = timezone.now()
    membership.save(update_fields=["ended_at"])
    record(by=by, verb="end", obj=membership, partnership=partnership, reason=reason,
           before={"roles": membership.roles}, after={"ended_at": membership.ended_at.isoformat()})  # fmt: skip
    return membership


def _keep_an_administrator(leaving: Membership) -> None:
    if known.ADMINISTRATOR not in leaving.roles:
        return
    others = Membership.objects.select_for_update().filter(
        agency__partnership=leaving.agency.partnership_id, ended_at__isnull=True
    )
    if not any(known.ADMINISTRATOR in other.roles for other in others if other.pk != leaving.pk):
        raise Refusal("This is the last administrator: make somebody else administrator first.")


@transaction.atomic
def record_disclosure(*, partnership: Partnership, by: Actor, what: str, rows: int) -> None:
    """Note that somebody took a copy of data out of Wardlight."""
    record(by=by, verb="export", obj=partnership, partnership=partnership, after={"what": what, "rows": rows})


@transaction.atomic
def record_password_link(*, membership: Membership, by: Actor) -> None:
    """Check that `by` may give a member a link to choose a new password, and note that they did. A person who also
    belongs to another partnership gets theirs by e-mail only: an administrator here must not open doors there."""
    partnership = membership.agency.partnership
    _check(by, partnership)
    if belongs_elsewhere(membership):
        raise Refusal(
            f"{membership.user.name} also belongs to another partnership: they reset their password by e-mail."
        )
    record(
        by=by, verb="give password link", obj=membership, partnership=partnership, after={"user": membership.user.pk}
    )
