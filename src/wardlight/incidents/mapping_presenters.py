"""The words of the page that shows how a table of counts is read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from wardlight.govuk.components import Column, Table
from wardlight.govuk.numbers import month_name, thousands
from wardlight.incidents import taxonomy

from .models import Batch
from .sources.count_table import Proposal

PREVIEW_COLUMNS = 8
LONGEST_CELL = 40


def column_title(proposal: Proposal, column: int) -> str:
    """“Column 3, “Borough””."""
    heading = proposal.headings[column]
    return f"Column {column + 1}, “{heading}”" if heading else f"Column {column + 1}, without a heading"


def period_words(month: int, months: int) -> str:
    """“April 2020”, or “April 2020 to March 2021”."""
    if months == 1:
        return month_name(month)
    last = month // 100 * 12 + month % 100 - 1 + months - 1
    return f"{month_name(month)} to {month_name(last // 12 * 100 + last % 12 + 1)}"


def value_words(value: Mapping[str, Any]) -> str:
    """What a column counts, by its heading: “Burglary, April 2020”."""
    parts = [str(value[part]) for part in ("area", "category") if value.get(part)]
    if value.get("period"):
        parts.append(period_words(*value["period"]))
    return ", ".join(parts)


def first_counts(proposal: Proposal) -> Table:
    """The first counts, as they will be imported."""
    tree = taxonomy.load()
    return Table(
        "The first counts, as they are read",
        [
            Column("area", "Area"),
            Column("words", "In the sheet"),
            Column("category", "In Wardlight"),
            Column("period", "Period"),
            Column("count", "Count", "count"),
        ],
        [
            [area, words, tree.title(slug) if slug else "Not known", period_words(month, months), count]
            for area, words, slug, month, months, count in proposal.first
        ],
    )


def sheet_preview(proposal: Proposal) -> Table:
    """The sheet's own first rows, with their numbers."""
    width = min(max((len(row) for row in proposal.preview), default=0), PREVIEW_COLUMNS)
    rows = [
        [str(number), *((row[column] if column < len(row) else "")[:LONGEST_CELL] for column in range(width))]
        for number, row in enumerate(proposal.preview, start=1)
    ]
    columns = [Column("row", "Row"), *(Column(f"column{at}", f"Column {at + 1}") for at in range(width))]
    return Table("The first rows of the sheet", columns, rows)


def outcome(proposal: Proposal) -> str:
    """What importing it would give, in a sentence."""
    if proposal.problem:
        return proposal.problem
    kept = "1 count" if proposal.kept == 1 else f"{thousands(proposal.kept)} counts"
    if not proposal.refused:
        return f"{kept} can be imported."
    cells = "1 cell is not a number" if proposal.refused == 1 else f"{thousands(proposal.refused)} cells are no counts"
    return f"{kept} can be imported; {cells} and will be listed as refused."


def first_lines(proposal: Proposal) -> list[str]:
    """The first counts as lines of text, for a terminal."""
    table = first_counts(proposal)
    return [" | ".join(str(cell) for cell in row) for row in table.rows]


def mapping_file(proposal: Proposal) -> str:
    """How the table is read as a mapping file, to change and to give back with --mapping."""
    mapping = proposal.mapping
    lines = [f"sheet = {_quoted(mapping['sheet'])}"] if len(proposal.sheets) > 1 else []
    lines += [
        f"heading_lines = {[row + 1 for row in mapping['heading_rows']]}",
        f"level = {_quoted(mapping['level'])}",
        *(f"{name} = {_quoted(words)}" for name, words in mapping["constants"].items()),
        "",
        "[columns]",
        *(f"{role} = {_column(proposal, at)}" for role, at in mapping["columns"].items()),
        "",
        "[categories]",
        *(f"{_quoted(words)} = {_quoted(slug)}" for words, slug in mapping["categories"].items()),
        *(f'{_quoted(words)} = ""  # which category is it?' for words in proposal.unknown_categories),
    ]
    return "\n".join(lines)


def _column(proposal: Proposal, column: int) -> str:
    """Its heading; its number, from 1, where it has none of its own."""
    heading = proposal.headings[column]
    alone = heading and proposal.headings.count(heading) == 1
    return _quoted(heading) if alone else str(column + 1)


def _quoted(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)


def other_files(batch: Batch) -> str:
    """What happens to the files that came along with the one shown."""
    more = len(batch.files) - 1
    if more < 1:
        return ""
    files = "1 more file comes" if more == 1 else f"{more} more files come"
    return (
        f"{files} with it. Those with the same headings are read in the same way, the others by their own headings; what you "
        "say about categories holds for all."
    )
