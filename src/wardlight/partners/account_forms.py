"""allauth's forms in our words."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn

WORDS = {
    "login": ("E-mail address", "Enter your e-mail address."),
    "email": ("E-mail address", "Enter your e-mail address."),
    "password": ("Password", "Enter your password."),
    "oldpassword": ("Your password now", "Enter the password you have now."),
    "password1": ("New password", "Enter a new password."),
    "password2": ("New password again", "Enter the new password again."),
    "code": ("Code", "Enter the code."),
    "name": ("What do you call it?", "Enter a name."),
    "passwordless": ("Sign in with it alone, without a password", ""),
}
HINTS = {"password1": "At least 12 characters.", "passwordless": "It will ask for your fingerprint, face or PIN."}


class PlainWords:
    """Gives fields our labels, hints and messages, and takes away placeholders."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():  # type: ignore[attr-defined]
            field.widget.attrs.pop("placeholder", None)
            field.help_text = HINTS.get(name, "")
            if name in WORDS:
                field.label, field.error_messages["required"] = WORDS[name]


class LoginForm(PlainWords, account.LoginForm):
    pass


class ReauthenticateForm(PlainWords, account.ReauthenticateForm):
    pass


class ChangePasswordForm(PlainWords, account.ChangePasswordForm):
    pass


class SetPasswordForm(PlainWords, account.SetPasswordForm):
    pass


class ResetPasswordForm(PlainWords, account.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(PlainWords, account.ResetPasswordKeyForm):
    pass


class AuthenticateForm(PlainWords, mfa.AuthenticateForm):
    pass


class ReauthenticateByCodeForm(PlainWords, mfa.ReauthenticateForm):
    pass


class ActivateAppForm(PlainWords, totp.ActivateTOTPForm):
    pass


class AddPasskeyForm(PlainWords, webauthn.AddWebAuthnForm):
    pass
