"""The reference pages of measures and of the taxonomy, written from the very data that the product uses."""

from __future__ import annotations

from collections.abc import Iterable

from wardlight.incidents import taxonomy
from wardlight.incidents.taxonomy.flags import FLAGS

from . import definition_files
from .definition_files import MeasureDefinition, ScopeDefinition

DIRECTIONS = {
    "up": "higher is better",
    "down": "lower is better",
    "parity": "equal is better",
    "band": "within a band is better",
    "monitor": "watched; neither way is better",
}
NOTE = "<!-- Written by `wardlight measures reference`. Change the data, not this page. -->"


def measures_page() -> str:
    """docs/reference/measures.md."""
    found = definition_files.load()
    lines = ["# Measures and scopes", "", NOTE, "", _intro(), "", "## Measures", ""]
    lines += _table(
        ("Measure", "Short name", "Statistic", "Unit", "Direction", "Read beside", "Caveat"),
        (_measure_row(one) for one in found.measures.values()),
    )
    lines += ["", "## Scopes", ""]
    lines += _table(
        ("Scope", "Short name", "Whose", "What it holds", "Filter"), (_scope_row(one) for one in found.scopes.values())
    )
    return "\n".join(lines) + "\n"


def _intro() -> str:
    return (
        "A measure is a scope (a named, versioned filter), a statistic, what it is divided by and which direction is good. "
        "The data are in `src/wardlight/measures/definitions`. A file that does not fit together is refused by file and "
        "line.\n\nReadings are stored for boroughs and for the wards of the partnership's home area: every month for the "
        "home area, the newest three years for the rest. A source gives a reading only for months in which it can tell "
        "the whole scope apart: a scope half published, a flag never recorded or a number withheld gives none, not nought."
    )


def _measure_row(one: MeasureDefinition) -> tuple[str, ...]:
    divided = f" by {one.denominator}" if one.denominator else ""
    pair = f"`{one.paired_with}`" if one.paired_with else ""
    direction = DIRECTIONS[one.direction]
    return (one.title, f"`{one.slug}`", one.statistic + divided, one.unit, direction, pair, one.caveat)


def _scope_row(one: ScopeDefinition) -> tuple[str, ...]:
    parts = []
    for key, value in one.definition.items():
        words = (
            f"{len(value)} outcomes" if key == "outcomes" else ", ".join(value) if isinstance(value, list) else value
        )
        parts.append(f"{key}: {words}")
    return (one.title, f"`{one.slug}`", one.owner, one.description, "; ".join(parts))


def taxonomy_page() -> str:
    """docs/reference/taxonomy.md."""
    tree = taxonomy.load()
    lines = ["# What incidents are called", "", NOTE, "", _taxonomy_intro(), "", "## Categories", ""]
    rows = []
    for one in tree.categories.values():
        kind = "counted again inside others" if one.overlaps else "crime" if one.is_crime else "not a crime"
        covers = ", ".join(f"`{slug}`" for slug in one.covers)
        rows.append(
            (one.title, f"`{one.slug}`", f"`{one.parent}`" if one.parent else "", kind, one.harm, covers, one.law)
        )
    lines += _table(("Category", "Short name", "Under", "Kind", "Harm", "May hold", "Law"), rows)
    lines += ["", "## Flags", "", *_table(("Flag", "Means"), ((f"`{flag}`", words) for flag, words in FLAGS.items()))]
    lines += ["", "## Words of sources that changed meaning", "", *_dated_labels(tree)]
    lines += ["", "## Where series break", "", *_breaks(tree), "", "## Harm weights and costs", "", *_weights(tree)]
    return "\n".join(lines) + "\n"


def _taxonomy_intro() -> str:
    return (
        "The data are in `src/wardlight/incidents/taxonomy`: categories, each source's words for them with the months in "
        "which they hold, and weights. Words that are not known are kept without a category, counted and reported."
    )


def _dated_labels(tree: taxonomy.Taxonomy) -> list[str]:
    rows = []
    for mapping in {id(one): one for one in tree.mappings.values()}.values():
        for label in mapping.labels:
            if label.valid_from > 0 or label.valid_to < 999912:
                first = str(label.valid_from or "")
                last = str(label.valid_to) if label.valid_to < 999912 else ""
                stray = "stray rows" if label.minor else ""
                rows.append((", ".join(mapping.sources), label.words, f"`{label.category}`", first, last, stray))
    return _table(("Sources", "Words", "Category", "From", "To", "Note"), sorted(rows))


def _breaks(tree: taxonomy.Taxonomy) -> list[str]:
    rows = {
        (", ".join(mapping.sources), str(one.month), ", ".join(f"`{slug}`" for slug in one.categories), one.sentence)
        for mapping in tree.mappings.values()
        for one in mapping.breaks
    }
    return _table(("Sources", "Month", "Categories", "Why"), sorted(rows))


def _weights(tree: taxonomy.Taxonomy) -> list[str]:
    lines: list[str] = []
    for table in taxonomy.load_weights().values():
        checked = "checked against the source" if table.checked else "not yet checked against the source"
        lines += [f"### {table.title}", "", f"{table.source}; {table.unit}; {checked}.", ""]
        rows = ((tree.title(slug), f"{weight:,}") for slug, weight in table.weights.items())
        lines += [*_table(("Category", "Weight"), rows), ""]
    return lines[:-1]


def _table(headings: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    bare = (f"| {' | '.join(str(cell).replace('|', '/') for cell in row)} |" for row in rows)
    return [f"| {' | '.join(headings)} |", f"|{'---|' * len(headings)}", *bare]
