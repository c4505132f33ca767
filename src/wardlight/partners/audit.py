"""Write an audit event. Call it inside the operation's own transaction."""

from __future__ import annotations

from typing import Any

from django.db import models

from .actors import Actor
from .models import AuditEvent, Partnership


def record(
    *,
    by: Actor,
    verb: str,
    obj: models.Model,
    partnership: Partnership | None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> AuditEvent:
    """Write who did what to which object. `before` and `after` hold only the changed fields, JSON-ready."""
    return AuditEvent.objects.create(
        partnership=partnership,
        actor=by.user,
        actor_label=by.label,
        verb=verb,
        object_type=obj._meta.label_lower,
        object_id=str(obj.pk),
        before=before,
        after=after,
        reason=reason,
    )
