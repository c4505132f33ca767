"""The demo borough, made once for all tests of a process."""

from __future__ import annotations

from functools import cache

from wardlight.config.demo.borough import Borough, generate

SMALL = 0.04


@cache
def larkmoor() -> Borough:
    """The whole borough, as `wardlight demo` makes it."""
    return generate()


@cache
def small_larkmoor() -> Borough:
    """The same town with one incident in twenty-five, for tests that import it."""
    return generate(scale=SMALL)
