"""How accounts work here: people are invited by an administrator; nobody signs themselves up."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

SILENT = {"account/messages/logged_in.txt", "account/messages/logged_out.txt"}


class InvitationOnlyAdapter(DefaultAccountAdapter):
    """Closes self sign-up, and says what went wrong in our words without telling whether an address is known."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "This account is closed. Ask your administrator to open it again.",
        "email_password_mismatch": "The e-mail address or the password is not right. Check both.",
        "enter_current_password": "This is not the password you have now.",
        "incorrect_password": "This is not your password.",
        "incorrect_code": "This is not the code the app shows now. Wait for the next one and type it.",
        "too_many_login_attempts": "There were too many tries. Wait five minutes and try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args, **kwargs
    ) -> None:
        """Being signed in or out is seen from the page itself."""
        if message_template not in SILENT:
            super().add_message(request, level, message_template, *args, **kwargs)
