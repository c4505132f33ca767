"""Forms for people, agencies and the audit trail."""

from __future__ import annotations

from typing import Any

from django import forms

from wardlight.govuk.fields import DatePartsField

from .models import Agency, Partnership, User
from .queries import audit_actors, audit_verbs
from .roles import ROLES

ROLE_CHOICES = [(role.slug, f"{role.title} – {role.describes}") for role in ROLES.values()]
KINDS = [
    ("council", "Council"), ("police", "Police"), ("fire", "Fire and rescue"), ("health", "Health"),
    ("probation", "Probation"), ("voluntary", "Voluntary sector"), ("other", "Other"),
]  # fmt: skip


def roles_field(**kwargs: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label="What may they do?",
        choices=ROLE_CHOICES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one role."},
        **kwargs,
    )


class AgencyForm(forms.Form):
    name = forms.CharField(label="Name of the agency", max_length=200, error_messages={"required": "Enter its name."})
    kind = forms.ChoiceField(
        label="What kind of agency is it?",
        choices=KINDS,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what kind of agency it is."},
    )


class MemberForm(forms.Form):
    name = forms.CharField(
        label="Full name",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Enter the person’s full name."},
    )
    email = forms.EmailField(
        label="E-mail address",
        help_text="Their work address. They sign in with it.",
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": "Enter their e-mail address.",
            "invalid": "Enter an e-mail address like name@example.org.",
        },
    )
    agency = forms.ModelChoiceField(
        label="Agency",
        queryset=Agency.objects.none(),
        empty_label="Choose an agency",
        error_messages={"required": "Choose their agency."},
    )
    roles = roles_field()

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = partnership.agencies.all()  # type: ignore[attr-defined]


class RolesForm(forms.Form):
    roles = roles_field()
    reason = forms.CharField(label="Why?", required=False, help_text="Kept in the audit trail.", max_length=500)


class EndForm(forms.Form):
    reason = forms.CharField(
        label="Why do they leave?",
        help_text="Kept in the audit trail. For example: “moved to another job”.",
        max_length=500,
        error_messages={"required": "Enter a reason."},
    )


class AuditFilterForm(forms.Form):
    verb = forms.ChoiceField(label="What was done", required=False)
    person = forms.ModelChoiceField(
        label="Who did it", queryset=User.objects.none(), required=False, empty_label="Anybody"
    )
    first = DatePartsField(label="From", required=False)
    last = DatePartsField(label="To", required=False)

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        verbs = [(verb, verb.capitalize()) for verb in audit_verbs(partnership=partnership)]
        self.fields["verb"].choices = [("", "Anything"), *verbs]  # type: ignore[attr-defined]
        self.fields["person"].queryset = audit_actors(partnership=partnership)  # type: ignore[attr-defined]

    def wanted(self) -> dict[str, Any]:
        """What `queries.audit_events` is asked for; nothing where the form is wrong."""
        if not self.is_valid():
            return {}
        asked = self.cleaned_data
        person = asked["person"]
        return {
            "verb": asked["verb"], "actor": person.pk if person else None,
            "first": asked["first"], "last": asked["last"],
        }  # fmt: skip


class PartnershipForm(forms.Form):
    partnership = forms.ModelChoiceField(
        label="Partnership",
        queryset=Partnership.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": "Choose a partnership."},
    )
