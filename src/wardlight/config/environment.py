"""Read settings from the environment, strictly: a value that is not understood stops the start with a sentence."""

from __future__ import annotations

import os

from django.core.exceptions import ImproperlyConfigured

TRUE_WORDS = {"1", "true", "yes", "on"}
FALSE_WORDS = {"0", "false", "no", "off"}


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
