"""The forms of the import pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from .sources import SOURCES

LARGEST_UPLOAD = 2 * 1024**3


class SeveralFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """A file field that takes more than one file and gives a list."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = data if isinstance(data, list | tuple) else [data]
        cleaned = [self._one(item, initial) for item in files if item or len(files) == 1]
        return [item for item in cleaned if item]

    def _one(self, item: Any, initial: Any) -> UploadedFile | None:
        if item and item.size == 0:
            raise forms.ValidationError(f"{item.name} is empty: save it again where it came from, and select it anew")
        return super().clean(item, initial)


class ImportForm(forms.Form):
    """What to import: a source, and its files or a pasted block."""

    source = forms.ChoiceField(
        label="What is it?",
        widget=forms.RadioSelect,
        error_messages={"required": "Select what the file holds"},
    )
    uploads = SeveralFilesField(
        label="Files",
        required=False,
        help_text="One or more files: CSV, Excel, Parquet, or the zip as you downloaded it.",
    )
    pasted = forms.CharField(
        label="Or paste a table",
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="For a table of counts only: copy it in your spreadsheet, with its headings, and paste it here.",
    )
    mapping = forms.FileField(
        label="Mapping file",
        required=False,
        help_text="For a record extract only: the TOML file that says which column is what.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["source"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(slug, source.title) for slug, source in SOURCES.items()]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        source = cleaned.get("source")
        if "uploads" not in self.errors and not cleaned.get("uploads") and not cleaned.get("pasted"):
            self.add_error("uploads", "Select a file, or paste a table of counts")
        if cleaned.get("pasted") and source and source != "count-table":
            self.add_error("pasted", "Only a table of counts can be pasted: select a file for this source")
        if source and source.endswith("-extract") and not cleaned.get("mapping"):
            self.add_error("mapping", "Select the mapping file that says which column is what")
        names = [file.name for file in cleaned.get("uploads") or []]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            self.add_error("uploads", f"Two of the files are called {twice}: rename one of them")
        total = sum(file.size or 0 for file in cleaned.get("uploads") or [])
        if total > LARGEST_UPLOAD:
            self.add_error(
                "uploads", "The files must be smaller than 2 GB together: use the command line for larger ones"
            )
        return cleaned


class UndoForm(forms.Form):
    """Why an import is undone."""

    reason = forms.CharField(
        label="Why are you undoing it?",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Enter why you are undoing this import"},
        help_text="Your reason is kept in the audit trail. Do not name anybody.",
    )
