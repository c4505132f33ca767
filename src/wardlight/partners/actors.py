"""Who is doing something: a signed-in person, the command line, or Wardlight itself."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from .models import User


@dataclass(frozen=True, slots=True)
class Actor:
    """The `by` of every operation. `label` is what the audit trail prints; it never holds a name or address."""

    user: User | None
    label: str

    @classmethod
    def of(cls, user: User | AnonymousUser) -> Actor:
        """The actor for a request's user. Somebody who is not signed in does nothing: PermissionDenied."""
        if not isinstance(user, User):
            raise PermissionDenied("Sign in first.")
        return cls(user=user, label=f"user {user.pk}")


COMMAND_LINE = Actor(user=None, label="command line")
SYSTEM = Actor(user=None, label="system")
