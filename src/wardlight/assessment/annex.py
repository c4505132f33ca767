"""The annex of an assessment: sources, coverage, refusals, methods, and what we could not see."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import Any

from . import numerals as n
from .chapters.quality import imports_table
from .context import Context
from .document import Cell, Table
from .drafts import columns, table
from .engine import Draft
from .gathering.candidates import RULE
from .periods import missing_months, name_months

METHODS: dict[str, tuple[str, str, str]] = {
    "change.compare_counts": (
        "Change between two periods",
        "The ratio of two counts, with the exact conditional interval (chance alone) and a wider one that uses how much months "
        "ordinarily vary; the E-test checks the first. “Fell” and “rose” are written only when the wider one leaves "
            "out no change.",
        "Krishnamoorthy and Thomson 2004; McCullagh and Nelder 1989",
    ),
    "change.keeping_pace": (
        "Keeping pace",
        "The count the area would have had, had it kept the share it had of the other areas' counts in the 24 months before.",
        "Delta method on the log scale, with the dispersion of the area's own months",
    ),
    "comparison.rank": (
        "Rank, with the places that fit",
        "Every area's count is drawn again 10,000 times with its own ordinary variation; the middle 95% of its places "
            "are the places that fit.",
        "Goldstein and Spiegelhalter 1996; Marshall and Spiegelhalter 1998",
    ),
    "rates.rate": ("Rate", "A count over residents, with Byar's interval; none is printed from fewer than "
        "ten.", "Breslow and Day 1987"),
    "rates.proportion": ("Share", "A part of a whole with Wilson's interval; no percentage on a base under 20.", "Wilson 1927"),
    "rates.count": ("Count", "A count with the interval that chance alone gives it.", "Breslow and Day 1987"),
    "trends.level": ("Level over the years", "The same months of up to five years beside each other.", "A plain count"),
    "disproportionality.relative_rate_index": (
        "Times the rate", "A group's rate over the reference group's, with its interval on the log "
            "scale.", "Rothman, Greenland and Lash 2008",
    ),
    "concentration.concentration": (
        "Concentration",
        "The smallest share of places that holds half of the records, beside what chance alone would give.",
        "Bernasco and Steenbeek 2017",
    ),
    "hotspots.local_gi_star": (
        "Squares that stand out",
        "Each square with its eight neighbours against the whole area, by exact inference, allowing for how many "
            "squares were looked at.",
        "Getis and Ord 1995; Benjamini and Hochberg 1995",
    ),
    "harm.weighted": ("Harm", "Counts times a published weight; offences without a weight are named and left "
        "out.", "The table of weights named beside it"),
    "harm.cost": ("Cost", "Counts times a published unit cost, in the prices of its year.", "The table of costs named beside it"),
}  # fmt: skip


def method_name(method: str) -> str:
    """A method as people call it: “Change between two periods”, never the name of a function."""
    return METHODS[method][0] if method in METHODS else "Counted from the data"


def build(context: Context, draft: Draft) -> dict[str, Any]:
    """JSON-ready: tables as dicts or None."""
    coverage, refusals = coverage_table(context), refusals_table(context)
    return {
        "sources": asdict(imports_table(context)),
        "coverage": asdict(coverage) if coverage else None,
        "refusals": asdict(refusals) if refusals else None,
        "methods": methods(draft),
        "not_seen": list(draft.not_seen),
    }


def methods(draft: Draft) -> list[dict[str, str]]:
    """The methods that this assessment used, in the order above, and how sources were chosen."""
    used = {item.method for chapter in draft.chapters for item in chapter.findings}
    found = [
        {"name": name, "says": says, "source": source} for key, (name, says, source) in METHODS.items() if key in used
    ]
    return [*found, {"name": "Which source answers", "says": RULE, "source": "Wardlight"}]


def coverage_table(context: Context) -> Table | None:
    """Which source answers which measures, for how many months, and what it lacks of the two periods."""
    held: dict[str, list[str]] = {}
    months: dict[str, set[int]] = {}
    for item in context.figures:
        held.setdefault(item.series.source, []).append(item.about.title)
        months.setdefault(item.series.source, set()).update(item.series.months)
    if not held:
        return None
    heads = columns(
        ("source", "Source", "text"), ("measures", "Measures it answers", "count"), ("months", "Months held", "text"),
        ("lacks", "Months missing from the periods", "text"),
    )  # fmt: skip
    rows: list[list[Cell]] = []
    for source, names in sorted(held.items()):
        gaps = missing_months(context.period, months[source])
        gaps += missing_months(context.against, months[source]) if context.against else []
        lacks = name_months(gaps) if gaps else "none"
        rows.append([context.source_title(source), len(names), name_months(months[source]), lacks])
    return table("Coverage of the sources used", heads, rows)


def refusals_table(context: Context) -> Table | None:
    """Rows refused, by import."""
    refused: Counter[tuple[str, str]] = Counter()
    for item in context.batches:
        if item.rows_refused:
            refused[(item.title, ", ".join(item.files[:3]) + (" and others" if len(item.files) > 3 else ""))] += (
                item.rows_refused
            )
    if not refused:
        return None
    heads = columns(("source", "Source", "text"), ("files", "Files", "text"), ("rows", "Rows refused", "count"))
    rows: list[list[Cell]] = [[source, files, rows] for (source, files), rows in refused.items()]
    return table(
        "Rows refused at import",
        heads,
        rows,
        f"{n.count(sum(refused.values()))} in all; each is kept with its line and reason.",
    )
