"""Who may work out, edit, publish and read assessments."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from wardlight.partners import policies, roles
from wardlight.partners.models import Partnership, User

from .models import Assessment

EDITORS = (roles.ANALYST, roles.STRATEGY_LEAD)


def may_read(user: User | AnonymousUser, assessment: Assessment) -> bool:
    """Any member of the partnership with a role."""
    return policies.may_read(user, assessment.partnership)


def may_assess(user: User | AnonymousUser, partnership: Partnership) -> bool:
    """Analysts work out assessments."""
    return policies.may_role(user, partnership, roles.ANALYST)


def check_assess(user: User | AnonymousUser, partnership: Partnership) -> None:
    """Raise PermissionDenied unless the person may work out assessments."""
    policies.check_role(user, partnership, roles.ANALYST)


def may_edit(user: User | AnonymousUser, assessment: Assessment) -> bool:
    """Analysts and strategy leads edit words, hide, order and propose priorities."""
    return policies.may_role(user, assessment.partnership, *EDITORS)


def check_edit(user: User | AnonymousUser, assessment: Assessment) -> None:
    """Raise PermissionDenied unless the person may edit."""
    policies.check_role(user, assessment.partnership, *EDITORS)


def may_publish(user: User | AnonymousUser, assessment: Assessment) -> bool:
    """Those who may edit may publish."""
    return may_edit(user, assessment)


def check_publish(user: User | AnonymousUser, assessment: Assessment) -> None:
    """Raise PermissionDenied unless the person may publish."""
    check_edit(user, assessment)
