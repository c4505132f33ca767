"""The one folder that holds all state: database, records, uploads, documents. Deleting it is a clean start."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def home() -> Path:
    """The folder named by WARDLIGHT_HOME, or ./var."""
    return Path(os.environ.get("WARDLIGHT_HOME") or "var").resolve()


def make_home() -> Path:
    """The home folder, made if need be; one that we make is open to its owner only, and so is all that lies in it."""
    path = home()
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def secret_key() -> str:
    """The installation's secret key, made on first use and readable by its owner only."""
    path = home() / "secret-key"
    try:
        if not path.exists():
            make_home()
            write_private(path, secrets.token_urlsafe(50))
        key = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        raise ImproperlyConfigured(
            f"The home folder {home()} cannot be used ({reason}): let WARDLIGHT_HOME name a folder that you may write in."
        ) from error
    if not key:
        raise ImproperlyConfigured(f"The secret key {path} is empty: delete it, and a new one is made.")
    return key


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read (mode 0600 where the system has modes)."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
