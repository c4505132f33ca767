"""Events to mark on charts, as an analyst writes them in the form."""

from __future__ import annotations

import pytest

from wardlight.assessment.context import Annotation
from wardlight.assessment.forms import MOST_EVENTS, AssessmentForm
from wardlight.places.models import Area


def read(text: str) -> tuple[object, list[str]]:
    form = AssessmentForm({"events": text}, areas=Area.objects.none())
    errors = list(form.errors.get("events", []))
    return form.cleaned_data.get("events"), errors


def test_each_line_is_a_month_and_what_happened() -> None:
    found, errors = read("2020-03 First lockdown\n\n  2020-11 – Second lockdown \n")
    assert errors == []
    assert found == (Annotation(202003, "First lockdown"), Annotation(202011, "Second lockdown"))


def test_nothing_is_no_event() -> None:
    assert read(" \n") == ((), [])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("March 2020 First lockdown", "Line 1: “March” is not a month."),
        ("2020-03 First lockdown\n2020-13 Never", "Line 2: “2020-13” is not a month."),
        ("2020-03", "Line 1: enter what happened after 2020-03"),
        ("2020-03..2020-05 Lockdown", "Line 1: “2020-03..2020-05” is more than one month."),
        (f"2020-03 {'x' * 61}", "Line 1: use at most 60 characters; there are 61"),
        ("2020-03 a\n" * (MOST_EVENTS + 1), "Enter at most 12 events; there are 13"),
    ],
)
def test_what_cannot_be_read_is_told_by_its_line(text: str, says: str) -> None:
    _, errors = read(text)
    assert len(errors) == 1
    assert errors[0].startswith(says)
