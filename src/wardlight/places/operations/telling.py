"""Tell the rest of the house that denominators changed: once, however many files a person loads together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import transaction

from ..models import LoadedFile
from ..signals import denominators_changed

_waiting: ContextVar[list[bool] | None] = ContextVar("denominators waiting to be told", default=None)


@contextmanager
def told_once() -> Iterator[None]:
    """Whatever is loaded inside is told at the end, once; also when a later file was refused."""
    waiting: list[bool] = []
    token = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(token)
        if waiting:
            denominators_changed.send(sender=LoadedFile)


def denominators_change() -> None:
    """Call it in the transaction that writes: it is told when that has been committed."""
    transaction.on_commit(_tell)


def _tell() -> None:
    waiting = _waiting.get()
    if waiting is None:
        denominators_changed.send(sender=LoadedFile)
    else:
        waiting.append(True)
