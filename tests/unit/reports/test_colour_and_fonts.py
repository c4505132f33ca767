"""The accent can be read, the typeface shows every character or says what it was, the date comes from the data."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.reports_sample import sample
from wardlight.reports import fonts
from wardlight.reports.colour import LEAST_CONTRAST, WARDLIGHT, contrast_with_white, readable_accent
from wardlight.reports.moment import made_at


def test_contrast_is_the_published_one() -> None:
    """WCAG 2.2: black on white is 21 to 1; #767676 is the lightest grey that passes 4.5."""
    assert contrast_with_white("#000000") == pytest.approx(21)
    assert contrast_with_white("#767676") == pytest.approx(4.54, abs=0.005)


@given(st.integers(0, 0xFFFFFF))
def test_any_colour_becomes_readable(number: int) -> None:
    assert contrast_with_white(readable_accent(f"#{number:06x}")) >= LEAST_CONTRAST


@pytest.mark.parametrize("colour", ["", "teal", "#12", "#12345g", "red; }"])
def test_what_is_no_colour_gives_wardlights_own(colour: str) -> None:
    assert readable_accent(colour) == WARDLIGHT


def test_the_typeface_has_the_characters_of_a_report() -> None:
    text = "–—−×·•£½≥≤→☐■éŁ²χ“”’ 41%"
    assert fonts.showable(text) == text


def test_what_the_typeface_lacks_is_named_not_lost() -> None:
    assert fonts.showable("a ↔ b") == "a [left right arrow] b"
    assert fonts.showable("fi\u200bt") == "fit"
    assert fonts.showable("a\u2011b\tc") == "a-b c"


@given(st.text(max_size=40))
def test_only_characters_of_the_typeface_remain(text: str) -> None:
    assert {ord(character) for character in fonts.showable(text)} <= fonts.covered() | {10}


def test_the_instant_is_the_data_cut() -> None:
    assert made_at(sample(many=2)) == datetime(2026, 11, 22, tzinfo=UTC)
    assert made_at(sample(many=2, data_cut="not known")) == datetime(2021, 3, 31, tzinfo=UTC)
    assert made_at(sample(many=2, data_cut="", period="a year")) == datetime(2000, 1, 1, tzinfo=UTC)
