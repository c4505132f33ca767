"""Signing in with the council's own accounts (OpenID Connect), when the environment names a provider."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from .environment import read_text

NAMES = ("WARDLIGHT_OIDC_SERVER", "WARDLIGHT_OIDC_CLIENT", "WARDLIGHT_OIDC_SECRET")


@dataclass(frozen=True, slots=True)
class SingleSignOn:
    """`providers` is allauth's SOCIALACCOUNT_PROVIDERS; `origins` are where a sign-in form may lead."""

    providers: dict[str, Any] = field(default_factory=dict)
    origins: list[str] = field(default_factory=list)


def single_sign_on() -> SingleSignOn:
    """All three settings, or none: half a configuration stops the start with a sentence."""
    server, client, secret = (read_text(name, "") for name in NAMES)
    if not any((server, client, secret)):
        return SingleSignOn()
    missing = [name for name, value in zip(NAMES, (server, client, secret), strict=True) if not value]
    if missing:
        raise ImproperlyConfigured(f"{missing[0]} is not set: single sign-on needs {', '.join(NAMES)}.")
    parts = urlsplit(server)
    if parts.scheme != "https" or not parts.netloc:
        raise ImproperlyConfigured(f"WARDLIGHT_OIDC_SERVER is “{server}”: use an address that begins with https://.")
    app = {
        "provider_id": "council",
        "name": read_text("WARDLIGHT_OIDC_NAME", "your organisation"),
        "client_id": client,
        "secret": secret,
        "settings": {"server_url": server},
    }
    # The council's own server says whose address it is, so that people already added are recognised by it.
    settings = {"APPS": [app], "EMAIL_AUTHENTICATION": True, "VERIFIED_EMAIL": True}
    return SingleSignOn({"openid_connect": settings}, [f"https://{parts.netloc}"])
