"""The forms of the places pages."""

from __future__ import annotations

from django import forms

from .levels import LEVELS

LEVEL_CHOICES = [("", "As the file says"), *((level.slug, level.title.capitalize()) for level in LEVELS.values())]
LARGEST_UPLOAD = 500 * 1024**2


def _file(label: str, hint: str) -> forms.FileField:
    return forms.FileField(
        label=label,
        help_text=hint,
        error_messages={"required": "Select a file", "empty": "The file is empty: select another one"},
    )


class _UploadForm(forms.Form):
    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LARGEST_UPLOAD:
            raise forms.ValidationError("The file must be smaller than 500 MB: use the command line for a larger one")
        return file


class BoundaryForm(_UploadForm):
    """A boundary file and, where it does not say so itself, what its areas are."""

    file = _file("Boundary file", "A GeoPackage, GeoJSON or zipped Shapefile. Any coordinate system is fine.")
    level = forms.ChoiceField(label="What are its areas?", choices=LEVEL_CHOICES, required=False)
    vintage = forms.RegexField(
        r"^\d{4}$",
        label="Year of the boundaries",
        required=False,
        widget=forms.TextInput(attrs={"data-width": "4", "inputmode": "numeric"}),
        help_text="Leave it empty if the headings say it, as LSOA21CD does.",
        error_messages={"invalid": "The year must be four digits, like 2021"},
    )


class PopulationForm(_UploadForm):
    """A population file and what it counts."""

    file = _file("Population file", "CSV or Excel: an area a row with age bands or ethnic groups, or a number a row.")
    counts = forms.ChoiceField(
        label="What does it count?",
        choices=[
            ("residents", "People who live there"),
            ("workday", "People there on a working day"),
            ("households", "Households"),
            ("premises", "Premises"),
        ],
    )
    level = forms.ChoiceField(label="For which areas?", choices=LEVEL_CHOICES, required=False)
    year = forms.IntegerField(
        label="Year",
        required=False,
        min_value=1801,
        max_value=2200,
        widget=forms.TextInput(attrs={"data-width": "4", "inputmode": "numeric"}),
        help_text="Leave it empty if the file says it.",
        error_messages={
            "invalid": "The year must be a number, like 2021",
            "min_value": "The year must be 1801 or later",
            "max_value": "The year must be 2200 or earlier",
        },
    )


class PremisesForm(_UploadForm):
    """A list of premises."""

    file = _file(
        "List of premises", "CSV with the columns key, name, kind and, if known, members_only and x, y (or lon, lat)."
    )
