"""The form that shows how a table of counts is read and lets a person read it otherwise."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms

from wardlight.incidents import taxonomy
from wardlight.places.levels import LEVELS, level_title

from .mapping_presenters import column_title, value_words
from .sources.count_table import Proposal
from .sources.count_table_mapping import CONSTANTS

ROLE_CHOICES = [
    ("", "Leave it out"),
    ("area", "Area"),
    ("area_code", "Area’s code"),
    ("parent", "Area that it lies in"),
    ("category", "What was counted"),
    ("group", "Group of what was counted"),
    ("period", "Month, quarter or year"),
    ("year", "Year, beside a month"),
    ("month_name", "Month, beside a year"),
    ("count", "Counts"),
    ("total", "A total, which is only checked"),
]
SEVERAL = ("", "count", "total")
CONSTANT_LABELS = {
    "area": "Which area are the counts for?",
    "category": "What was counted?",
    "period": "Which month, quarter or year are the counts for?",
}
CONSTANT_HINTS = {
    "area": "The sheet does not say so in every row. For example, Islington.",
    "category": "The sheet does not say so in every row. For example, personal robbery.",
    "period": "The sheet does not say so in every row. For example, April 2020, or 2020/21.",
}
NO_CATEGORY = "-"
MOST_CATEGORIES = 60
ROWS = re.compile(r"\s*(\d+)\s*(?:(?:-|–|to|and)\s*(\d+)\s*)?")


class ReadingForm(forms.Form):
    """Fields made from a proposal: sheet, rows of headings, each column, kind of area, what is constant, unknown categories."""

    def __init__(self, proposal: Proposal, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self.proposal = proposal
        self.words = list(proposal.unknown_categories)[:MOST_CATEGORIES]
        self.words += [one for one in proposal.mapping["categories"] if one not in self.words]
        self._add_sheet()
        self._add_columns()
        self._add_constants()
        self._add_categories()

    def _add_sheet(self) -> None:
        mapping = self.proposal.mapping
        if len(self.proposal.sheets) > 1:
            choices = [(name, name) for name in self.proposal.sheets]
            self.fields["sheet"] = forms.ChoiceField(label="Sheet", choices=choices, initial=mapping["sheet"])
        rows = [row + 1 for row in mapping["heading_rows"]]
        self.fields["heading_rows"] = forms.CharField(
            label="Row of the headings",
            help_text="Its number in the sheet, such as 3; or 3 to 4 where headings take two rows.",
            initial=str(rows[0]) if len(rows) == 1 else f"{rows[0]} to {rows[-1]}",
            error_messages={"required": "Enter the row of the headings"},
            widget=forms.TextInput(attrs={"data-width": 5}),
        )
        levels = [(slug, level_title(slug).capitalize()) for slug in LEVELS]
        known = mapping["level"] in LEVELS
        extra = [] if known else [(mapping["level"], level_title(mapping["level"]).capitalize())]
        self.fields["level"] = forms.ChoiceField(
            label="Kind of area", choices=[*levels, *extra], initial=mapping["level"]
        )

    def _add_columns(self) -> None:
        mapping = self.proposal.mapping
        dated = {int(column): one for column, one in mapping["values"].items() if _says_something(one)}
        roles = {column: role for role, column in mapping["columns"].items()}
        for column, samples in enumerate(self.proposal.samples):
            if column in dated or not (samples or self.proposal.headings[column]):
                continue
            value = mapping["values"].get(str(column))
            role = roles.get(column, "") if value is None else ("total" if value.get("total") else "count")
            self.fields[f"column-{column}"] = forms.ChoiceField(
                label=column_title(self.proposal, column),
                help_text=f"For example: {'; '.join(samples)}" if samples else "",
                choices=ROLE_CHOICES,
                initial=role,
                required=False,
            )
        if dated:
            self.fields["counts"] = forms.MultipleChoiceField(
                label="Columns of counts",
                choices=[
                    (str(column), f"{column_title(self.proposal, column)}: {value_words(one)}")
                    for column, one in dated.items()
                ],
                initial=[str(column) for column in dated],
                widget=forms.CheckboxSelectMultiple,
                required=False,
            )

    def _add_constants(self) -> None:
        said = self.proposal.mapping["constants"]
        for name in CONSTANTS:
            if name in said or name == self.proposal.missing:
                self.fields[name] = forms.CharField(
                    label=CONSTANT_LABELS[name],
                    help_text=CONSTANT_HINTS[name],
                    initial=said.get(name, ""),
                    required=False,
                )

    def _add_categories(self) -> None:
        tree = taxonomy.load()
        known = sorted((one.title, slug) for slug, one in tree.categories.items())
        choices = [
            ("", "Choose a category"),
            (NO_CATEGORY, "None of these: keep it out of every measure"),
            *((slug, title) for title, slug in known),
        ]
        for number, words in enumerate(self.words):
            chosen = self.proposal.mapping["categories"].get(words)
            rows = self.proposal.unknown_categories.get(words, 0)
            self.fields[f"category-{number}"] = forms.ChoiceField(
                label=f"What is “{words}”?",
                help_text=("1 count" if rows == 1 else f"{rows:,} counts") if rows else "",
                choices=choices,
                initial=NO_CATEGORY if chosen == "" else chosen or "",
                required=False,
            )

    def clean_heading_rows(self) -> list[int]:
        match = ROWS.fullmatch(self.cleaned_data["heading_rows"])
        first = int(match[1]) if match else 0
        last = int(match[2] or match[1]) if match else 0
        if not 1 <= first <= last <= first + 3:
            raise forms.ValidationError("Enter the row of the headings as a number, such as 3, or two, such as 3 to 4")
        return list(range(first - 1, last))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        seen: dict[str, str] = {}
        for name, role in list(cleaned.items()):
            if not name.startswith("column-") or role in SEVERAL:
                continue
            if role in seen:
                words = dict(ROLE_CHOICES)[role]
                self.add_error(
                    name, f"Choose “{words}” for one column only: {self.fields[seen[role]].label} has it too"
                )
            seen.setdefault(role, name)
        return cleaned

    @property
    def looks_elsewhere(self) -> bool:
        """Whether another sheet or another row of headings is asked for, so that the columns must be found anew."""
        now, cleaned = self.proposal.mapping, self.cleaned_data
        return cleaned.get("sheet", now["sheet"]) != now["sheet"] or cleaned["heading_rows"] != now["heading_rows"]

    def mapping(self) -> dict[str, Any]:
        """What was chosen, as `operations.change_proposal` and the import take it."""
        now, cleaned = self.proposal.mapping, self.cleaned_data
        categories = dict(now["categories"])
        for number, words in enumerate(self.words):
            slug = cleaned[f"category-{number}"]
            if slug:
                categories[words] = "" if slug == NO_CATEGORY else slug
        sheet = cleaned.get("sheet", now["sheet"])
        if sheet != now["sheet"]:
            return {"sheet": sheet, "categories": categories}
        if self.looks_elsewhere:
            lines = [row + 1 for row in cleaned["heading_rows"]]
            return {"sheet": sheet, "heading_lines": lines, "categories": categories}
        columns, values = self._columns()
        constants = {name: cleaned[name].strip() for name in CONSTANTS if cleaned.get(name, "").strip()}
        return {
            "headings": now["headings"],
            "sheet": sheet,
            "heading_rows": cleaned["heading_rows"],
            "columns": columns,
            "values": values,
            "level": cleaned["level"],
            "constants": constants,
            "categories": categories,
        }

    def _columns(self) -> tuple[dict[str, int], dict[str, Any]]:
        now, cleaned = self.proposal.mapping["values"], self.cleaned_data
        columns: dict[str, int] = {}
        values = {column: now[column] for column in cleaned.get("counts", [])}
        for name, role in cleaned.items():
            if not name.startswith("column-") or not role:
                continue
            column = name.removeprefix("column-")
            if role == "total":
                values[column] = {"total": True}
            elif role == "count":
                values[column] = now.get(column) or self.proposal.count_columns[int(column)]
            else:
                columns[role] = int(column)
        return columns, values


def _says_something(value: Mapping[str, Any]) -> bool:
    return any(value.get(part) for part in ("period", "category", "area"))
