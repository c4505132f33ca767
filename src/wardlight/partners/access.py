"""Guards for views: signed in, a member, and holding one of the roles named. Everything else is a page in plain words."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase

from .policies import check_role
from .queries import current_partnership
from .roles import ROLES

View = Callable[..., HttpResponseBase]


def role_required(*roles: str) -> Callable[[View], View]:
    """Let in people who hold one of `roles` in their current partnership. Without roles, any member is let in."""
    wanted = roles or tuple(ROLES)

    def decorate(view: View) -> View:
        @login_required
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            check_role(request.user, current_partnership(request), *wanted)
            return view(request, *args, **kwargs)

        return guarded

    return decorate
