"""The words, tables and charts of the measure pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from safety_analysis.charts.series import monthly_series
from wardlight.govuk.components import Cell, Column, Figure, Link, Row, Table
from wardlight.govuk.numbers import month_name, thousands
from wardlight.incidents.sources import SOURCES
from wardlight.places.models import Area

from .models import Measure, Reading
from .summaries import Overview

READING_COLUMNS = [
    Column("month", "Period"),
    Column("count", "Count", "count"),
    Column("denominator", "Out of", "count"),
    Column("value", "Value", "number"),
    Column("interval", "95% interval", "interval"),
    Column("source", "Source"),
]


STEP_WORDS = {1: "month", 3: "quarter", 12: "year"}


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
        return f"In {period_words(last)} there is no value for {area.name}: {last.note or 'the base is too small'}."
    value = thousands(round(last.value, 2), None if float(last.value).is_integer() else 1)
    return f"{period_words(last)}: {value} {measure.unit} in {area.name}."


def period_words(reading: Reading) -> str:
    """“April 2020”, or “April 2020 to March 2021”."""
    first, last = month_name(reading.first_month), month_name(reading.last_month)
    return first if reading.first_month == reading.last_month else f"{first} to {last}"


def readings_table(measure: Measure, readings: Sequence[Reading]) -> Table:
    """The newest first. Plain counts have no base to show, and one source is named once, below."""
    rows = [_reading_cells(reading) for reading in sorted(readings, key=lambda one: (-one.last_month, one.source))]
    left_out = set() if any(reading.denominator is not None for reading in readings) else {"denominator", "value"}
    sources = {reading.source for reading in readings}
    if len(sources) == 1:
        left_out.add("source")
    columns = [column for column in READING_COLUMNS if column.key not in left_out]
    return Table(
        f"{measure.title} by {_steps(readings)}",
        columns,
        [[cells[column.key] for column in columns] for cells in rows],
        note=f"Source: {source_title(sources.pop())}." if len(sources) == 1 else "",
    )


def _reading_cells(reading: Reading) -> dict[str, Cell]:
    return {
        "month": period_words(reading),
        "count": reading.numerator,
        "denominator": reading.denominator,
        "value": None if reading.value is None else round(reading.value, 2),
        "interval": _interval(reading),
        "source": source_title(reading.source),
    }


def _interval(reading: Reading) -> str | None:
    if reading.low is None or reading.high is None:
        return None
    return f"{thousands(reading.low, 1)} to {thousands(reading.high, 1)}"


def chart(measure: Measure, area: Area, readings: Sequence[Reading]) -> Figure | None:
    """The monthly series with its interval, one line a source; of quarters or years where there are no months."""
    step = min((_months_in(reading) for reading in readings), default=1)
    by = STEP_WORDS.get(step, f"{step} months")
    rows: list[dict[str, Any]] = [
        {
            "month": reading.first_month,
            "name": source_title(reading.source) if _several(readings) else area.name,
            "value": reading.value,
            "low": reading.low,
            "high": reading.high,
        }
        for reading in readings
        if reading.value is not None and _months_in(reading) == step
    ]
    if len(rows) < 2:
        return None
    drawn = monthly_series(
        rows, title=f"{measure.title}, {area.name}", subtitle=f"{measure.unit}, by {by}", unit=measure.unit
    )
    return Figure(
        key="readings",
        title=f"{measure.title}, {area.name}",
        subtitle=f"{measure.unit}, by {by}",
        alt=drawn.alt,
        spec=drawn.spec,
    )


def _months_in(reading: Reading) -> int:
    first, last = reading.first_month, reading.last_month
    return (last // 100 - first // 100) * 12 + last % 100 - first % 100 + 1


def _steps(readings: Sequence[Reading]) -> str:
    """“month”, “quarter” or “year”; “period” where there are several."""
    lengths = {_months_in(reading) for reading in readings}
    return STEP_WORDS.get(lengths.pop(), "period") if len(lengths) == 1 else "period" if lengths else "month"


def _several(readings: Sequence[Reading]) -> bool:
    return len({reading.source for reading in readings}) > 1
