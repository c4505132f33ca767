"""Words, tables and pictures of the places pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from wardlight.govuk.components import Column, Figure, Link, Row, Table

from .drawing import DrawnArea, draw_map
from .levels import NAME_ONLY, ORDER, level_title
from .models import NO_UPPER_AGE, Area, LoadedFile, Population
from .operations import LoadReport
from .queries import Denominator, Layer

KINDS = {"residents": "People who live there", "workday": "People there on a working day"}


def set_title(level: str, vintage: str) -> str:
    """`Wards, 2022 boundaries`."""
    title = level_title(level, plural=True)
    words = title[0].upper() + title[1:]
    return f"{words}, {vintage} boundaries" if vintage else words


def layers_table(layers: Sequence[Layer]) -> Table:
    columns = [
        Column("areas", "Areas"),
        Column("number", "How many", "count"),
        Column("boundary", "With a boundary", "count"),
        Column("population", "With a population", "count"),
    ]
    rows = [[set_title(one.level, one.vintage), one.areas, one.with_boundary, one.with_population] for one in layers]
    return Table("Areas that are known", columns, rows)


def missing(layers: Sequence[Layer]) -> list[str]:
    """What is not here yet and what that stops, a sentence each."""
    found = []
    for layer in layers:
        title = set_title(layer.level, layer.vintage)
        without = layer.areas - layer.with_boundary
        if without:
            found.append(
                f"{title}: {without:,} without a boundary, so they cannot be drawn and no record is placed in them."
            )
        if layer.areas > layer.with_population:
            bare = layer.areas - layer.with_population
            found.append(
                f"{title}: {bare:,} without a population of their own, so rates need one from the areas inside them."
            )
    return found


def files_table(files: Sequence[LoadedFile]) -> Table:
    columns = [
        Column("file", "File"),
        Column("holds", "Holds"),
        Column("loaded", "Loaded", "count"),
        Column("repaired", "Shapes repaired", "count"),
        Column("refused", "Left out", "count"),
        Column("when", "When"),
    ]
    rows = [
        [
            one.name,
            set_title(one.level, one.vintage) if one.kind == LoadedFile.Kind.BOUNDARIES else "Populations",
            one.rows_loaded,
            len(one.repaired),
            len(one.refused),
            f"{one.loaded_at.day} {one.loaded_at:%B %Y}",
        ]
        for one in files
    ]
    return Table("Files that were loaded", columns, rows)


def areas_table(areas: Sequence[Area], caption: str) -> Table:
    columns = [Column("name", "Area"), Column("level", "What it is"), Column("code", "Code"), Column("parent", "In")]
    rows = [
        [Link(one.name, reverse("place", args=[one.pk])), _kind(one), _code(one), one.parent.name if one.parent else ""]
        for one in areas
    ]
    return Table(caption, columns, rows)


def _kind(area: Area) -> str:
    title = level_title(area.level)
    words = title[0].upper() + title[1:]
    return f"{words}, {area.vintage}" if area.vintage else words


def _code(area: Area) -> str:
    return "Known by name only" if area.code.startswith(NAME_ONLY) else area.code


def summary(area: Area) -> list[Row]:
    """The facts of an area."""
    rows = [Row("What it is", _kind(area)), Row("Code", _code(area))]
    if area.parent:
        rows.append(Row("Lies in", Link(area.parent.name, reverse("place", args=[area.parent.pk]))))
    boundary = getattr(area, "boundary", None)
    if boundary is None:
        rows.append(Row("Boundary", "None: it cannot be drawn, and records are not placed in it"))
        return rows
    rows.append(Row("Size", f"{boundary.square_metres / 1e6:,.2f} km²"))
    rows.append(Row("Boundary from", boundary.source + (f" (repaired: {boundary.repair})" if boundary.repair else "")))
    return rows


def populations_table(populations: Sequence[Population]) -> Table:
    """Totals by year: everybody, by kind."""
    columns = [
        Column("year", "Year"),
        Column("who", "Who"),
        Column("number", "Number", "count"),
        Column("from", "From"),
    ]
    rows = [[str(one.year), _who(one), one.value, one.source] for one in populations]
    return Table("Populations", columns, rows)


def _who(one: Population) -> str:
    words = KINDS.get(one.kind, one.kind.capitalize())
    ages = "" if (one.age_from, one.age_to) == (0, NO_UPPER_AGE) else _ages(one)
    return ", ".join(filter(None, (words, one.ethnicity, one.sex, ages)))


def _ages(one: Population) -> str:
    return f"{one.age_from} and over" if one.age_to == NO_UPPER_AGE else f"{one.age_from} to {one.age_to}"


def outline_figure(area: Area, shapes: dict[int, Any], inside: Sequence[Area]) -> Figure | None:
    """The area with what lies in it, when its boundary is known."""
    own = shapes.get(area.pk)
    if own is None:
        return None
    drawn = [DrawnArea(one.name, shapes[one.pk]) for one in inside if one.pk in shapes] or [DrawnArea("", own)]
    parts = f" with its {len(drawn)} {level_title(inside[0].level, plural=True)}" if len(drawn) > 1 else ""
    return Figure(
        key="outline",
        title=f"{area.name}{parts}",
        alt=f"Outline map of {area.name}{parts}. The same areas are listed below.",
        svg=draw_map(drawn, outline=own),
    )


def address(name: str, query: str = "") -> str:
    """The address of a page in a layer above, or nothing where it is not installed."""
    try:
        return reverse(name) + query
    except NoReverseMatch:
        return ""


def loaded_words(report: LoadReport) -> str:
    """What a load did, for the banner."""
    words = f"{report.source}: {report.loaded:,} loaded. {' '.join(report.messages)}"
    if report.repaired:
        words += f" {len(report.repaired):,} shapes were repaired."
    return words


def this_year() -> int:
    """The year on the calendar here."""
    return timezone.localdate().year


def sets_of(inside: Sequence[Area]) -> list[tuple[str, str]]:
    """The sets (level, vintage) that the areas inside a place belong to: the largest areas first, the newest first."""
    found = sorted({(one.level, one.vintage) for one in inside}, key=lambda one: one[1], reverse=True)
    return sorted(found, key=lambda one: (ORDER.get(one[0], len(ORDER)), one[0]))


def set_links(inside: Sequence[Area], chosen: tuple[str, str]) -> list[Link]:
    """Links to the other sets of areas inside a place."""
    return [
        Link(set_title(level, vintage), "?" + urlencode({"level": level, "vintage": vintage}))
        for level, vintage in sets_of(inside)
        if (level, vintage) != chosen
    ]


def answer(area: Area, drawn: Sequence[Area], people: Denominator | None) -> str:
    """The first paragraph: how many people, and what the place is made of."""
    of_parts = f" It has {len(drawn):,} {level_title(drawn[0].level, plural=len(drawn) > 1)}." if drawn else ""
    if people is None:
        return f"How many people live in {area.name} is not known: load a population file to have rates.{of_parts}"
    source = people.source.partition(";")[0]
    return f"{people.value:,} people lived in {area.name} in {people.year} ({source}).{of_parts}"
