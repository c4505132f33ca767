"""May these two periods be compared, and may this count be divided by that population? The coverage ledger's rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from safety_analysis.inputs import BadInput, one, one_count
from safety_analysis.methods.trends import MONTHS

Decision = Literal["comparable", "annotate", "refuse"]
SEVERITY: dict[Decision, int] = {"comparable": 0, "annotate": 1, "refuse": 2}


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """What one source holds of one area in one month (YYYYMM).

    `blanks` are rows without a place or a type, `duplicates` copies left out, `unplaced_share` (0 to 1) the rows that
    could not be given an area. `vintage` is that of the area codes; `snapshot` the date of the extract, None when the
    source keeps no snapshots; `label_changes` are words of the source that began, ended or changed meaning in the
    month.
    """

    source: str
    month: int
    area: str
    rows: int
    blanks: int = 0
    duplicates: int = 0
    vintage: str = ""
    snapshot: date | None = None
    label_changes: tuple[str, ...] = ()
    unplaced_share: float = 0.0


@dataclass(frozen=True, slots=True)
class Limits:
    """When coverage differs so much that a comparison is annotated or refused; shares are 0 to 1, days are days.

    A side whose share of blanks (or of rows not placed) is more than `annotate_share` above the other's is annotated,
    above `refuse_share` refused. Extracts taken more than `snapshot_days` apart, counted from the end of the period
    they cover, are annotated.
    """

    annotate_share: float = 0.02
    refuse_share: float = 0.10
    snapshot_days: int = 92


@dataclass(frozen=True, slots=True)
class Verdict:
    """`decision`, and the sentences that go beside the figure: the reasons for a refusal, or what to know."""

    decision: Decision
    sentences: tuple[str, ...]

    @property
    def allowed(self) -> bool:
        """Whether the comparison may be shown."""
        return self.decision != "refuse"

    def __str__(self) -> str:
        return " ".join(self.sentences) or "Both sides are covered alike."


_ALIKE = Verdict("comparable", ())


def compare(
    before: Iterable[LedgerRow],
    after: Iterable[LedgerRow],
    *,
    months_before: Sequence[int],
    months_after: Sequence[int],
    limits: Limits | None = None,
) -> Verdict:
    """May two periods of one area be compared?

    `before` and `after` are the ledger's rows of the two periods (all sources that the figure uses); `months_before`
    and `months_after` are the months (YYYYMM) each should hold. Refused: a month that no source covers on one side;
    different sources; area codes of different vintages; far more blanks or unplaced rows on one side. Annotated:
    smaller differences, extracts of different ages, labels that changed, copies left out, no vintage written down. A
    row of 0 events is covered; a month without a row is not.

    Not for: whether a difference is more than chance (that is `change.compare_counts`).
    Formula: the rules above, with the shares of `Limits`; the worst of them decides.
    Source: Wardlight's own rules, after the Code of Practice for Statistics (UK Statistics Authority 2022), Q2.

    >>> year = [LedgerRow("police-uk", month, "E09000019", 120, vintage="2021") for month in (202301, 202302)]
    >>> later = [LedgerRow("police-uk", 202401, "E09000019", 90, vintage="2021")]
    >>> verdict = compare(year, later, months_before=[202301, 202302], months_after=[202401, 202402])
    >>> verdict.decision, str(verdict)
    ('refuse', 'The later period has no data for February 2024, so the two cannot be compared.')
    """
    sides = {"earlier": _checked(before), "later": _checked(after)}
    wanted = {"earlier": months_before, "later": months_after}
    bounds = limits or Limits()
    found = [_months_held(name, sides[name], wanted[name]) for name in sides]
    if all(sides.values()):
        found += [
            _sources(sides),
            _vintages(sides),
            _shares(sides, bounds, "blank", "have no place or type"),
            _shares(sides, bounds, "unplaced", "could not be placed in an area"),
            _snapshots(sides, wanted, bounds),
            *(_labels(name, rows) for name, rows in sides.items()),
        ]
    return _worst(found)


def rate_vintages(numerator: str, denominator: str, *, restated: bool = False) -> Verdict:
    """May a count by areas of one vintage be divided by a population by areas of another?

    Vintages as they are written down ("2011", "2021"); empty is not known. `restated` says that the count has been
    moved to the denominator's areas by best fit, which is then said.

    Not for: checking that a boundary really moved: most did not, and the rule does not know which.
    Formula: equal: comparable; restated: annotate; not known: annotate; otherwise refuse.
    Source: Office for National Statistics, best-fit lookups of 2011 to 2021 LSOAs.

    >>> rate_vintages("2011", "2021").decision
    'refuse'
    >>> str(rate_vintages("2011", "2021", restated=True))
    'Counts by areas of 2011 have been restated to areas of 2021 by best fit.'
    """
    if not numerator or not denominator:
        return Verdict("annotate", ("It is not written down which year's areas the count or the population uses.",))
    if numerator == denominator:
        return _ALIKE
    if restated:
        said = f"Counts by areas of {numerator} have been restated to areas of {denominator} by best fit."
        return Verdict("annotate", (said,))
    said = f"The count uses areas of {numerator} and the population areas of {denominator}"
    return Verdict("refuse", (f"{said}; restate one of them before dividing.",))


def merge(rows: Iterable[LedgerRow]) -> LedgerRow:
    """One row for several of one source, area and vintage, shares weighed by rows; refuses none, or a mixture."""
    held = _checked(rows)
    if not held or len({(row.source, row.area, row.vintage) for row in held}) > 1:
        raise BadInput("rows must be one or more of one source, area and vintage.")
    total = sum(row.rows for row in held)
    unplaced = sum(row.unplaced_share * row.rows for row in held) / total if total else 0.0
    return replace(
        held[-1],
        rows=total,
        blanks=sum(row.blanks for row in held),
        duplicates=sum(row.duplicates for row in held),
        label_changes=tuple(dict.fromkeys(label for row in held for label in row.label_changes)),
        unplaced_share=unplaced,
    )


def _checked(rows: Iterable[LedgerRow]) -> list[LedgerRow]:
    held = list(rows)
    for place, row in enumerate(held):
        for name in ("rows", "blanks", "duplicates"):
            one_count(f"row {place}: {name}", getattr(row, name))
        one(f"row {place}: unplaced_share", row.unplaced_share, least=0, most=1)
        if row.blanks > row.rows:
            raise BadInput(f"row {place} has {row.blanks:,} blanks of {row.rows:,} rows.")
        month_name(row.month)
    return held


def _worst(found: Sequence[Verdict]) -> Verdict:
    decision = max((verdict.decision for verdict in found), key=SEVERITY.__getitem__)
    order = sorted((verdict for verdict in found if verdict.sentences), key=lambda each: -SEVERITY[each.decision])
    kept = [verdict for verdict in order if decision != "refuse" or verdict.decision == "refuse"]
    return Verdict(decision, tuple(sentence for verdict in kept for sentence in verdict.sentences))


def _months_held(name: str, rows: Sequence[LedgerRow], wanted: Sequence[int]) -> Verdict:
    missing = sorted(set(wanted) - {row.month for row in rows})
    if not wanted:
        raise BadInput(f"The {name} period has no months; say which it should hold.")
    if not missing:
        return _ALIKE
    shown = ", ".join(month_name(month) for month in missing[:3])
    more = f" and {len(missing) - 3} more months" if len(missing) > 3 else ""
    return Verdict("refuse", (f"The {name} period has no data for {shown}{more}, so the two cannot be compared.",))


def _sources(sides: dict[str, list[LedgerRow]]) -> Verdict:
    names = [", ".join(sorted({row.source for row in rows})) for rows in sides.values()]
    if names[0] == names[1]:
        return _ALIKE
    said = f"The earlier period comes from {names[0]} and the later from {names[1]}, which count differently."
    return Verdict("refuse", (said,))


def _vintages(sides: dict[str, list[LedgerRow]]) -> Verdict:
    before, after = ({row.vintage for row in rows} for rows in sides.values())
    if "" in before | after:
        return Verdict("annotate", ("It is not written down which year's areas some of the counts use.",))
    if before == after and len(before) == 1:
        return _ALIKE
    said = f"The counts use areas of {' and '.join(sorted(before | after))}; restate them to one year's areas first."
    return Verdict("refuse", (said,))


def _shares(sides: dict[str, list[LedgerRow]], limits: Limits, kind: str, says: str) -> Verdict:
    before, after = (_share(rows, kind) for rows in sides.values())
    gap = abs(after - before)
    if gap <= limits.annotate_share:
        return _ALIKE
    said = f"{before:.0%} of the earlier rows and {after:.0%} of the later {says}."
    return Verdict("refuse" if gap > limits.refuse_share else "annotate", (said,))


def _share(rows: Sequence[LedgerRow], kind: str) -> float:
    total = sum(row.rows for row in rows)
    if total == 0:
        return 0.0
    return sum(row.blanks if kind == "blank" else row.unplaced_share * row.rows for row in rows) / total


def _snapshots(sides: dict[str, list[LedgerRow]], wanted: dict[str, Sequence[int]], limits: Limits) -> Verdict:
    ages = []
    for name, rows in sides.items():
        taken = [row.snapshot for row in rows if row.snapshot is not None]
        if not taken:
            return _ALIKE
        ages.append((min(taken) - _after(max(wanted[name]))).days)
    if abs(ages[0] - ages[1]) <= limits.snapshot_days:
        return _ALIKE
    said = (
        f"The earlier figures were taken {ages[0]:,} days after their period and the later {ages[1]:,} days after theirs; "
        "figures taken soon are often revised upwards."
    )
    return Verdict("annotate", (said,))


def _labels(name: str, rows: Sequence[LedgerRow]) -> Verdict:
    labels = list(dict.fromkeys(label for row in rows for label in row.label_changes))
    if not labels:
        return _ALIKE
    shown = ", ".join(f"“{label}”" for label in labels[:3])
    return Verdict("annotate", (f"The source changed its words in the {name} period: {shown}.",))


def _after(month: int) -> date:
    """The first day after a month."""
    year, number = divmod(month, 100)
    return date(year + number // 12, number % 12 + 1, 1)


def month_name(month: int) -> str:
    """YYYYMM as it is printed: "April 2020"."""
    if not (isinstance(month, int) and 1 <= month % 100 <= 12 and 1900 <= month // 100 <= 2200):
        raise BadInput(f"{month} is no month; write it as YYYYMM, such as 202004.")
    return f"{MONTHS[month % 100 - 1]} {month // 100}"
