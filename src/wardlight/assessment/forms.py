"""The forms of the assessment pages."""

from __future__ import annotations

from typing import Any

from django import forms

from wardlight.partners.refusal import Refusal
from wardlight.places.models import Area

from .models import Chapter, Finding, ProposedPriority
from .periods import Period


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


def _period(text: str) -> Period:
    try:
        return Period.parse(text)
    except Refusal as refusal:
        raise forms.ValidationError(str(refusal)) from refusal


class FindingForm(forms.ModelForm[Finding]):
    """The analyst's hand on one finding."""

    class Meta:
        model = Finding
        fields = ("analyst_words", "headline", "hidden", "order")
        labels = {
            "analyst_words": "Your words instead of this sentence",
            "headline": "Put it in the one-page summary",
            "hidden": "Leave it out of the assessment",
            "order": "Place in the chapter",
        }
        help_texts = {
            "headline": "",
            "analyst_words": "Leave empty to print the sentence as it is. The numbers stay beside it either way.",
        }
        widgets = {
            "analyst_words": forms.Textarea(attrs={"rows": 3}),
            "order": forms.NumberInput(attrs={"data-width": "3"}),
        }


class ChapterForm(forms.ModelForm[Chapter]):
    """The analyst's words at the head of a chapter."""

    class Meta:
        model = Chapter
        fields = ("words",)
        labels = {"words": "Your words at the head of this chapter"}
        help_texts = {"words": ""}
        widgets = {"words": forms.Textarea(attrs={"rows": 4})}


class PriorityForm(forms.ModelForm[ProposedPriority]):
    """Propose a theme as a priority, or say why it is left out."""

    class Meta:
        model = ProposedPriority
        fields = ("status", "reason")
        labels = {"status": "What do you propose?", "reason": "Why?"}
        help_texts = {"reason": "Printed beside the proposal."}
        widgets = {"status": forms.RadioSelect, "reason": forms.Textarea(attrs={"rows": 2})}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("status") == ProposedPriority.Status.DROPPED and not cleaned.get("reason"):
            self.add_error("reason", "Enter why this theme is left out")
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
