"""Read settings from the environment, strictly: a value that is not understood stops the start with a sentence."""

from __future__ import annotations

import os
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

TRUE_WORDS = {"1", "true", "yes", "on"}
FALSE_WORDS = {"0", "false", "no", "off"}
DATABASES = {"sqlite3", "postgresql"}
WRONG_DATABASE = (
    "DATABASE_URL is not the address of a database that Wardlight can use: write it as "
    "postgres://user:password@host:5432/name or sqlite:///folder/file.sqlite3, or leave it out."
)


def read_bool(name: str, default: bool) -> bool:
    text = os.environ.get(name, "").strip().lower()
    if not text:
        return default
    if text in TRUE_WORDS:
        return True
    if text in FALSE_WORDS:
        return False
    raise ImproperlyConfigured(f"{name} is “{text}”: use true or false.")


def read_int(name: str, default: int, *, low: int, high: int) -> int:
    text = os.environ.get(name, "").strip()
    if not text:
        return default
    if not text.isdecimal() or not low <= int(text) <= high:
        raise ImproperlyConfigured(f"{name} is “{text}”: use a whole number from {low} to {high}.")
    return int(text)


def read_list(name: str, default: list[str]) -> list[str]:
    text = os.environ.get(name, "").strip()
    return [part.strip() for part in text.split(",") if part.strip()] if text else default


def read_text(name: str, default: str) -> str:
    return os.environ.get(name, "").strip() or default


def read_database(default: str) -> dict[str, Any]:
    """Django's settings of the database that DATABASE_URL names, or of `default`. The address may hold a password."""
    text = read_text("DATABASE_URL", default)
    try:
        found = dict(dj_database_url.parse(text, conn_max_age=60))
    except ValueError as error:
        raise ImproperlyConfigured(WRONG_DATABASE) from error
    if not found.get("NAME") or str(found["ENGINE"]).rpartition(".")[2] not in DATABASES:
        raise ImproperlyConfigured(WRONG_DATABASE)
    return found
