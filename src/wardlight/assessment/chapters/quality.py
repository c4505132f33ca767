"""How good the data are: rows read, kept, duplicate and refused; blanks; not placed; repeated ids; months missing."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.text import slugify

from .. import numerals as n
from ..context import BatchFacts, Context
from ..document import Cell, Table
from ..drafts import FindingDraft, Missing, columns, table
from ..periods import Period, missing_months, month_title, name_months, shift
from ..wording import lower_first

ENOUGH_ROWS = 50  # of each of two labels before one is said to have become the other
KEY = "quality"
TITLE = "How good the data are"


def findings(context: Context) -> Iterator[FindingDraft | Missing]:
    """Totals that add up, then what is blank, then the months each source lacks."""
    if not context.batches:
        yield Missing("Nothing has been imported yet.")
        return
    yield _totals(context)
    blanks = _blanks(context)
    if blanks is not None:
        yield blanks
    yield from _gaps(context)
    yield from _months_that_never_came(context)
    yield from _labels_that_changed(context)


def _totals(context: Context) -> FindingDraft:
    batches = context.batches
    read, kept = sum(item.rows_read for item in batches), sum(item.rows_kept for item in batches)
    duplicate, refused = sum(item.rows_duplicate for item in batches), sum(item.rows_refused for item in batches)
    return FindingDraft(
        key="quality:rows",
        title=f"{n.count(kept)} of {n.count(read)} rows were kept",
        statement=f"Of {n.count(read)} rows read, {n.count(kept)} were kept, {n.count(duplicate)} were duplicates and "
        f"{n.count(refused)} were refused with a reason.",
        how_sure="Read = kept + duplicate + refused, for every import.",
        method="coverage.rows",
        value=float(kept),
        n=float(read),
        unit="rows",
        result={"read": read, "kept": kept, "duplicate": duplicate, "refused": refused},
        table=imports_table(context),
    )


def imports_table(context: Context) -> Table:
    """One row an import."""
    heads = columns(
        ("source", "Source", "text"), ("months", "Months", "text"), ("read", "Read", "count"), ("kept", "Kept", "count"),
        ("duplicate", "Duplicate", "count"), ("refused", "Refused", "count"), ("landed", "Imported", "text"),
    )  # fmt: skip
    rows: list[list[Cell]] = [
        [item.title, _months(item), item.rows_read, item.rows_kept, item.rows_duplicate, item.rows_refused, item.landed]
        for item in context.batches
    ]
    return table("Imports used", heads, rows, "Read = kept + duplicate + refused.")


def _months(item: BatchFacts) -> str:
    if item.first_month is None or item.last_month is None:
        return ""
    return f"{item.first_month // 100}-{item.first_month % 100:02d} to {item.last_month // 100}-{item.last_month % 100:02d}"


def _blanks(context: Context) -> FindingDraft | None:
    rows: list[list[Cell]] = []
    result: dict[str, int] = {}
    for item in context.batches:
        for what, number in sorted(item.quality.items()):
            if isinstance(number, int) and not isinstance(number, bool) and number:
                rows.append([item.title, _plain(what), number])
                result[what] = result.get(what, 0) + number
    if not rows:
        return None
    heads = columns(("source", "Source", "text"), ("what", "What", "text"), ("rows", "Rows", "count"))
    largest = max(result, key=lambda what: result[what])
    return FindingDraft(
        key="quality:blanks",
        title="What is blank, unplaced or repeated in the rows kept",
        statement=f"The commonest gap in the rows kept is “{lower_first(_plain(largest))}”, in {n.count(result[largest])} "
        "of them; rows with a gap stay in every total.",
        method="coverage.blanks",
        value=float(result[largest]),
        n=float(sum(item.rows_kept for item in context.batches)),
        unit="rows",
        result={"gaps": result},
        table=table("Gaps in the rows kept", heads, rows),
    )


GAPS = {
    "blank_area": "No area given",
    "not_placed": "No usable point on the map",
    "no_category": "A kind of offence that Wardlight does not know",
    "repeated_ids": "A reference number used more than once",
}


def _plain(what: str) -> str:
    """The gap in plain words."""
    if what in GAPS:
        return GAPS[what]
    return what.replace("_", " ").capitalize()


def _gaps(context: Context) -> Iterator[FindingDraft]:
    """Measures whose source lacks months of either period."""
    lacking: dict[str, tuple[str, list[str]]] = {}
    for item in context.figures:
        gaps = missing_months(context.period, item.series.months)
        if context.against is not None:
            gaps += missing_months(context.against, item.series.months)
        if gaps:
            names = lacking.setdefault(item.series.source, (name_months(gaps), []))[1]
            names.append(item.about.title)
    for source, (months, names) in sorted(lacking.items()):
        yield FindingDraft(
            key=f"quality:gaps:{source}",
            title=f"{context.source_title(source)}: months missing",
            statement=f"{n.listing(names[:6])}{' and others' if len(names) > 6 else ''}: "
            f"{lower_first(context.source_title(source))} has nothing for {months}, so no change is worked out that would "
            "need those months.",
            method="coverage.months",
            n=float(len(names)),
            unit="measures",
            result={"months": months, "measures": names},
        )


def _months_that_never_came(context: Context) -> Iterator[FindingDraft]:
    """Months between the first and the last of a source of which it has no row at all."""
    held: dict[tuple[str, str], set[int]] = {}
    for item in context.batches:
        by_month = item.quality.get("by_month", {})
        months = {int(month) for month, what in by_month.items() if what.get("rows") or what.get("within")}
        held.setdefault((item.source, item.title), set()).update(months)
    for (source, title), months in sorted(held.items()):
        gaps = missing_months(Period(min(months), max(months)), months) if months else []
        if gaps:
            yield FindingDraft(
                key=f"quality:months:{source}",
                title=f"{title}: nothing for {name_months(gaps)}",
                statement=f"{title}: there is no record at all for {name_months(gaps)}, though there are for the months before "
                "and after. Nothing sent is not nothing happened: no change is worked out that would need those months.",
                method="coverage.months",
                n=float(len(gaps)),
                unit="months",
                result={"months": gaps},
            )


def _labels_that_changed(context: Context) -> Iterator[FindingDraft]:
    """Words of a source that end in one month while others begin in the next."""
    for item in context.batches:
        spans = {words: span for words, span in item.quality.get("labels", {}).items() if span[2] >= ENOUGH_ROWS}
        changes = [
            (old, new, begins)
            for old, (_, ends, _) in spans.items()
            for new, (begins, _, _) in spans.items()
            if item.kind == "records" and shift(ends, 1) == begins
        ]
        for old, new, month in changes:
            yield FindingDraft(
                key=f"quality:labels:{item.number}:{slugify(new)}",
                title=f"{item.title}: a label changed in {month_title(month)}",
                statement=f"{item.title}: “{old}” is last used in {month_title(shift(month, -1))} and “{new}” first in "
                f"{month_title(month)}: read a change between the two as a change of words until somebody says otherwise.",
                method="coverage.labels",
                n=float(spans[new][2]),
                unit="rows",
                result={"before": old, "after": new, "month": month},
            )
