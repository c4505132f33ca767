"""The one exception whose words are shown to people."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class Refusal(Exception):
    """Something a person asked for cannot be done. Its text is one sentence (or one a problem): what is wrong,
    where (file, line, column, value) and what to do. The command line prints it and exits with 1; the web shows it
    with a 4xx status."""


@contextmanager
def about(name: str) -> Iterator[None]:
    """Whatever is refused inside names the file it is about."""
    try:
        yield
    except Refusal as refusal:
        if name in str(refusal):
            raise
        raise Refusal(f"{name}: {refusal}") from refusal
