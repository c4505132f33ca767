"""What a spreadsheet would take for a formula is escaped in every download."""

from __future__ import annotations

import pytest

from wardlight.govuk.downloads import escape_formula


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_formula_becomes_text(start: str) -> None:
    assert escape_formula(f"{start}1") == f"'{start}1"


def test_words_and_numbers_stay() -> None:
    assert escape_formula("plain = words") == "plain = words"
    assert escape_formula(-4) == -4
