"""The words, tables and charts of the measure pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from safety_analysis.charts.series import monthly_series
from wardlight.govuk.components import Column, Figure, Link, Row, Table
from wardlight.govuk.numbers import month_name, thousands
from wardlight.incidents.sources import SOURCES
from wardlight.places.models import Area

from .models import Measure, Reading
from .summaries import Overview

READING_COLUMNS = [
    Column("month", "Month"),
    Column("count", "Count", "count"),
    Column("denominator", "Out of", "count"),
    Column("value", "Value", "number"),
    Column("interval", "95% interval", "interval"),
    Column("source", "Source"),
]


def source_title(slug: str) -> str:
    source = SOURCES.get(slug)
    return source.title if source else slug


def overview_table(rows: Sequence[Overview], area: Area) -> Table:
    """Every measure with its last two years side by side."""
    return Table(
        f"Measures for {area.name}",
        [
            Column("measure", "Measure"),
            Column("latest", "Last 12 months", "count"),
            Column("previous", "12 months before", "count"),
            Column("difference", "Difference", "count"),
            Column("until", "Until"),
            Column("direction", "Which way is good"),
        ],
        [
            [
                Link(row.measure.title, f"{reverse('measure', args=[row.measure.slug])}?area={area.pk}"),
                row.latest,
                row.previous,
                row.latest - row.previous if row.latest is not None and row.previous is not None else None,
                month_name(row.latest_month),
                row.measure.get_direction_display(),
            ]
            for row in rows
        ],
        note="A difference alone does not say whether anything changed: an assessment says how sure we are.",
    )


def definitions_table(measures: Sequence[Measure]) -> Table:
    """Every definition, whether or not it has readings."""
    return Table(
        "All definitions",
        [Column("measure", "Measure"), Column("unit", "Unit"), Column("scope", "What is counted")],
        [
            [Link(measure.title, reverse("measure", args=[measure.slug])), measure.unit, measure.scope.title]
            for measure in measures
        ],
    )


def definition_rows(measure: Measure) -> list[Row]:
    """The definition as a summary list."""
    scope = measure.scope
    rows = [
        Row("What is counted", scope.description or scope.title),
        Row("Whose definition", scope.owner),
        Row("Unit", measure.unit),
        Row("Which way is good", measure.get_direction_display()),
        Row("Version", f"{measure.version}; scope version {scope.version}"),
    ]
    if measure.denominator:
        rows.insert(2, Row("Divided by", measure.denominator.replace("-", " ")))
    if measure.caveat:
        rows.append(Row("What to know", measure.caveat))
    return rows


def answer(measure: Measure, area: Area, readings: Sequence[Reading]) -> str:
    """The first paragraph: the latest reading in words."""
    if not readings:
        return f"There are no readings of this measure for {area.name} yet."
    last = max(readings, key=lambda reading: reading.last_month)
    if last.value is None:
        return f"In {month_name(last.last_month)} there is no value for {area.name}: {last.note or 'the base is too small'}."
    value = thousands(round(last.value, 2), None if float(last.value).is_integer() else 1)
    return f"{month_name(last.last_month)}: {value} {measure.unit} in {area.name}."


def readings_table(measure: Measure, readings: Sequence[Reading]) -> Table:
    """The newest first."""
    return Table(
        f"{measure.title} by month",
        READING_COLUMNS,
        [
            [
                month_name(reading.first_month)
                if reading.first_month == reading.last_month
                else f"{month_name(reading.first_month)} to {month_name(reading.last_month)}",
                reading.numerator,
                reading.denominator,
                None if reading.value is None else round(reading.value, 2),
                _interval(reading),
                source_title(reading.source),
            ]
            for reading in sorted(readings, key=lambda reading: (-reading.last_month, reading.source))
        ],
    )


def _interval(reading: Reading) -> str | None:
    if reading.low is None or reading.high is None:
        return None
    return f"{thousands(reading.low, 1)} to {thousands(reading.high, 1)}"


def chart(measure: Measure, area: Area, readings: Sequence[Reading]) -> Figure | None:
    """The monthly series with its interval, one line a source."""
    rows: list[dict[str, Any]] = [
        {
            "month": reading.first_month,
            "name": source_title(reading.source) if _several(readings) else area.name,
            "value": reading.value,
            "low": reading.low,
            "high": reading.high,
        }
        for reading in readings
        if reading.value is not None and reading.first_month == reading.last_month
    ]
    if len(rows) < 2:
        return None
    drawn = monthly_series(
        rows, title=f"{measure.title}, {area.name}", subtitle=f"{measure.unit}, by month", unit=measure.unit
    )
    return Figure(
        key="readings",
        title=f"{measure.title}, {area.name}",
        subtitle=f"{measure.unit}, by month",
        alt=drawn.alt,
        spec=drawn.spec,
    )


def _several(readings: Sequence[Reading]) -> bool:
    return len({reading.source for reading in readings}) > 1
