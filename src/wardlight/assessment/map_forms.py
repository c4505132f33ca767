"""The choices above the map."""

from __future__ import annotations

from typing import Any

from django import forms

from wardlight.measures import queries as measures
from wardlight.measures.models import Measure

from .map_presenters import COUNT, RATE, level_words
from .map_queries import LEVELS
from .periods import month_title

DEFAULT_MEASURE = "all-recorded-crime"


class MapForm(forms.Form):
    """What to show: a measure, by which areas, over which months. Every choice has a default."""

    measure = forms.ChoiceField(label="What", required=False)
    level = forms.ChoiceField(label="By", required=False)
    first = forms.TypedChoiceField(label="From", required=False, coerce=int, empty_value=None)
    last = forms.TypedChoiceField(label="To", required=False, coerce=int, empty_value=None)
    within = forms.ChoiceField(label="Where", required=False)
    show = forms.ChoiceField(
        label="Colour by",
        required=False,
        choices=[(COUNT, "How many were recorded"), (RATE, "Rate for 1,000 residents")],
    )

    def __init__(self, *args: Any, months: list[int], home: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = {one.slug: one for one in measures.definitions()}
        choices: dict[str, list[tuple[Any, str]]] = {
            "measure": [(slug, one.title) for slug, one in named.items()],
            "level": [(level, level_words(level).capitalize()) for level in LEVELS],
            "first": [(month, month_title(month)) for month in months],
            "last": [(month, month_title(month)) for month in months],
            "within": [("home", home), ("all", "Everywhere")] if home else [("all", "Everywhere")],
        }
        for name, offered in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = offered


def chosen_measure(slug: str) -> Measure | None:
    """The measure asked for, else all recorded crime, else the first there is."""
    named = {one.slug: one for one in measures.definitions()}
    return named.get(slug) or named.get(DEFAULT_MEASURE) or next(iter(named.values()), None)
