"""Form fields that GOV.UK asks for in parts: a date as day, month and year; a month as month and year."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from .numbers import MONTHS

MONTH_CHOICES = [("", ""), *[(str(number), name) for number, name in enumerate(MONTHS, start=1)]]


def _number(width: int, label: str) -> forms.TextInput:
    return forms.TextInput(attrs={"inputmode": "numeric", "data-width": width, "data-label": label})


class _PartsWidget(forms.MultiWidget):
    template_name = "govuk/forms/parts.html"
    use_fieldset = True


class DateParts(_PartsWidget):
    """Day, month and year boxes."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__([_number(2, "Day"), _number(2, "Month"), _number(4, "Year")], attrs)

    def decompress(self, value: date | None) -> list[int | None]:
        return [value.day, value.month, value.year] if value else [None, None, None]


class MonthParts(_PartsWidget):
    """A list of months and a box for the year."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        month = forms.Select(attrs={"data-label": "Month"}, choices=MONTH_CHOICES)
        super().__init__([month, _number(4, "Year")], attrs)

    def decompress(self, value: int | None) -> list[int | None]:
        return [value % 100, value // 100] if value else [None, None]


class DatePartsField(forms.MultiValueField):
    """A date typed as three numbers; gives a `datetime.date` or None."""

    widget = DateParts

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(fields=[forms.IntegerField(), forms.IntegerField(), forms.IntegerField()], **kwargs)

    def compress(self, data_list: list[int]) -> date | None:
        if not data_list:
            return None
        day, month, year = data_list
        try:
            return date(year, month, day)
        except ValueError as error:
            raise forms.ValidationError(
                f"{day} {month} {year} is not a date: check the day, month and year."
            ) from error


class MonthField(forms.MultiValueField):
    """A calendar month; gives an int such as 202004, or None."""

    widget = MonthParts

    def __init__(self, **kwargs: Any) -> None:
        year = forms.IntegerField(
            min_value=1900,
            max_value=2200,
            error_messages={"invalid": "The year must be four digits, such as 2024."},
        )
        super().__init__(fields=[forms.IntegerField(min_value=1, max_value=12), year], **kwargs)

    def compress(self, data_list: list[int]) -> int | None:
        return data_list[1] * 100 + data_list[0] if data_list else None
