"""How accounts work here: people are invited by an administrator; nobody signs themselves up."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class InvitationOnlyAdapter(DefaultAccountAdapter):
    """Closes self sign-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
