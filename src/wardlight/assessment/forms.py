"""The forms of the assessment pages."""

from __future__ import annotations

from typing import Any

from django import forms

from wardlight.partners.refusal import Refusal
from wardlight.places.models import Area

from .context import Annotation
from .models import ProposedPriority
from .periods import Period

EVENT_LENGTH = 60
MOST_EVENTS = 12


class AssessmentForm(forms.Form):
    """Which area and period to assess, and what to compare it with."""

    area = forms.ModelChoiceField(
        label="Which area?",
        queryset=Area.objects.none(),
        empty_label="Select an area",
        error_messages={"required": "Select an area"},
    )
    period = forms.CharField(
        label="Which months?",
        help_text="The first and the last month, such as 2025-04..2026-03.",
        error_messages={"required": "Enter the first and the last month"},
        max_length=16,
        widget=forms.TextInput(attrs={"data-width": "10"}),
    )
    against = forms.CharField(
        label="Compared with which months?",
        help_text="The same number of months, such as 2024-04..2025-03. Leave empty to compare with nothing.",
        required=False,
        max_length=16,
        widget=forms.TextInput(attrs={"data-width": "10"}),
    )

    events = forms.CharField(
        label="Events to mark on charts",
        help_text="One a line: the month, then a few words, such as 2020-03 First lockdown. Name no person.",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, areas: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["area"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = areas

    def clean_period(self) -> Period:
        return _period(self.cleaned_data["period"])

    def clean_against(self) -> Period | None:
        text = self.cleaned_data["against"]
        return _period(text) if text else None

    def clean_events(self) -> tuple[Annotation, ...]:
        lines = [(number, line.strip()) for number, line in enumerate(self.cleaned_data["events"].splitlines(), 1)]
        events = tuple(_event(number, line) for number, line in lines if line)
        if len(events) > MOST_EVENTS:
            raise forms.ValidationError(f"Enter at most {MOST_EVENTS} events; there are {len(events)}")
        return events


def _event(number: int, line: str) -> Annotation:
    """“2020-03 First lockdown” as an annotation."""
    month, _, title = line.partition(" ")
    title = title.strip(" –-:=")
    try:
        period = Period.parse(month)
    except Refusal as refusal:
        raise forms.ValidationError(
            f"Line {number}: “{month}” is not a month. Write the year and month first, such as 2020-03 First lockdown"
        ) from refusal
    if period.first_month != period.last_month:
        raise forms.ValidationError(f"Line {number}: “{month}” is more than one month. Enter the month it happened")
    if not title:
        raise forms.ValidationError(f"Line {number}: enter what happened after {month}, such as First lockdown")
    if len(title) > EVENT_LENGTH:
        raise forms.ValidationError(f"Line {number}: use at most {EVENT_LENGTH} characters; there are {len(title)}")
    return Annotation(period.first_month, title)


def _period(text: str) -> Period:
    try:
        return Period.parse(text)
    except Refusal as refusal:
        raise forms.ValidationError(str(refusal)) from refusal


class FindingForm(forms.Form):
    """The analyst's hand on one finding. A plain form: the operation compares with what is stored."""

    words = forms.CharField(
        label="Your words instead of this sentence",
        help_text="Leave empty to print the sentence as it is. The numbers stay beside it either way.",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    place = forms.IntegerField(
        label="Place in the chapter",
        help_text="1 is the first.",
        min_value=1,
        widget=forms.NumberInput(attrs={"data-width": "3"}),
        error_messages={"required": "Enter a place, such as 1"},
    )
    headline = forms.BooleanField(label="Put it in the one-page summary", required=False)
    hidden = forms.BooleanField(label="Leave it out of the assessment", required=False)


class ChapterForm(forms.Form):
    """The analyst's words at the head of a chapter."""

    words = forms.CharField(
        label="Your words at the head of this chapter", required=False, widget=forms.Textarea(attrs={"rows": 5})
    )


class PriorityForm(forms.Form):
    """Propose a theme as a priority, or say why it is left out; and score what residents say."""

    status = forms.ChoiceField(
        label="What do you propose?", choices=ProposedPriority.Status.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label="Why?", required=False, help_text="Printed beside the proposal.", widget=forms.Textarea(attrs={"rows": 2})
    )
    concern = forms.TypedChoiceField(
        label="How much does it concern residents?",
        choices=[("", "Not known"), ("0", "0"), ("1", "1"), ("2", "2"), ("3", "3, the most")],
        coerce=int,
        empty_value=None,
        required=False,
    )
    concern_says = forms.CharField(
        label="What does that rest on?", required=False, help_text="Such as a survey and its date.", max_length=300
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("status") == ProposedPriority.Status.DROPPED and not cleaned.get("reason"):
            self.add_error("reason", "Enter why this theme is left out")
        if cleaned.get("concern") is not None and not cleaned.get("concern_says"):
            self.add_error("concern_says", "Enter what the score rests on, such as a survey and its date")
        return cleaned


class PublishForm(forms.Form):
    """Publish a version that never changes."""

    public = forms.ChoiceField(
        label="Who may read it?",
        choices=[
            ("no", "Members of the partnership"),
            ("yes", "Everyone – It is put on the public site, with small numbers left out"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Select who may read it"},
    )
