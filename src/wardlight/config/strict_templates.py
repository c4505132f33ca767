"""Make a template variable that does not exist an error, in tests and while developing."""

from __future__ import annotations

from typing import Any


class UndefinedVariable(Exception):
    """A template named a variable that nobody gave it."""


class Undefined(str):
    """Django's `string_if_invalid`: it is filled in with the variable's name, and refuses instead."""

    def __new__(cls) -> Undefined:
        return super().__new__(cls, "%s")

    def __mod__(self, variable: Any) -> str:
        raise UndefinedVariable(f"the template uses “{variable}”, which is not defined")
