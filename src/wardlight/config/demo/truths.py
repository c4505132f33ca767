"""The planted truths of the demo borough and its made-up names, read from the data files beside this module."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def truths() -> dict[str, Any]:
    """Everything planted, as `truths.toml` has it. Treat it as read-only."""
    return _read("truths.toml")


@cache
def names() -> dict[str, Any]:
    """Wards, streets, neighbours and groups of people that do not exist."""
    return _read("names.toml")


@cache
def components() -> dict[str, Any]:
    """The flows of incidents that make up the borough's records: how many, where, when."""
    return _read("components.toml")


def months(first: int, number: int) -> list[int]:
    """`number` months as YYYYMM, starting with `first`."""
    start = first // 100 * 12 + first % 100 - 1
    return [index // 12 * 100 + index % 12 + 1 for index in range(start, start + number)]


def record_months() -> list[int]:
    """The months for which there are records."""
    return months(truths()["first_month"], truths()["months"])


def history_months() -> list[int]:
    """The months of the neighbours' table: the record months and the years before them."""
    first, last = truths()["history_first_month"], record_months()[-1]
    return months(first, (last // 100 - first // 100) * 12 + last % 100 - first % 100 + 1)


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((files(__package__) / name).read_text(encoding="utf-8"))
