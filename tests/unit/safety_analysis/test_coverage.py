"""The ledger's rules: what is comparable, what is said beside a figure, what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safety_analysis import coverage
from safety_analysis.coverage import LedgerRow
from safety_analysis.inputs import BadInput

MONTHS = [202301, 202302, 202303]
NEXT = [202401, 202402, 202403]


def rows(months: list[int], **changes) -> list[LedgerRow]:
    plain = [LedgerRow("police-uk", month, "E09000019", 100, blanks=1, vintage="2021") for month in months]
    return [replace(row, **changes) for row in plain]


def verdict(before: list[LedgerRow], after: list[LedgerRow], **more) -> coverage.Verdict:
    return coverage.compare(before, after, months_before=MONTHS, months_after=NEXT, **more)


def test_alike_is_comparable_without_a_word() -> None:
    found = verdict(rows(MONTHS), rows(NEXT))
    assert (found.decision, found.sentences, found.allowed) == ("comparable", (), True)
    assert str(found) == "Both sides are covered alike."


def test_a_month_of_no_events_is_covered_and_a_missing_one_is_not() -> None:
    assert verdict(rows(MONTHS), rows(NEXT, rows=0, blanks=0)).allowed
    found = verdict(rows(MONTHS), rows(NEXT[:1]))
    assert found.decision == "refuse"
    assert "February 2024, March 2024" in str(found)
    assert verdict([], rows(NEXT)).decision == "refuse"


@pytest.mark.parametrize(
    ("changes", "decision", "says"),
    [
        ({"source": "mps"}, "refuse", "comes from police-uk and the later from mps"),
        ({"vintage": "2011"}, "refuse", "areas of 2011 and 2021"),
        ({"vintage": ""}, "annotate", "not written down"),
        ({"blanks": 5}, "annotate", "1% of the earlier rows and 5% of the later have no place or type"),
        ({"blanks": 40}, "refuse", "40% of the later"),
        ({"unplaced_share": 0.08}, "annotate", "8% of the later could not be placed"),
        ({"unplaced_share": 0.5}, "refuse", "50% of the later"),
        ({"label_changes": ("Robbery",)}, "annotate", "changed its words in the later period: “Robbery”"),
    ],
)
def test_differences_are_said_or_refused(changes: dict, decision: str, says: str) -> None:
    found = verdict(rows(MONTHS), rows(NEXT, **changes))
    assert found.decision == decision
    assert says in str(found)


def test_a_refusal_gives_only_the_reasons_for_it() -> None:
    found = verdict(rows(MONTHS), rows(NEXT, source="mps", label_changes=("Robbery",)))
    assert len(found.sentences) == 1


def test_extracts_of_different_ages_are_annotated() -> None:
    early, late = rows(MONTHS, snapshot=date(2024, 4, 2)), rows(NEXT, snapshot=date(2024, 4, 2))
    found = verdict(early, late)
    assert found.decision == "annotate"
    assert "367 days after their period and the later 1 days" in str(found)
    assert verdict(rows(MONTHS, snapshot=date(2023, 4, 3)), late).decision == "comparable"
    assert verdict(rows(MONTHS), late).decision == "comparable"


def test_the_limits_are_the_readers() -> None:
    strict = coverage.Limits(annotate_share=0.0, refuse_share=0.01)
    assert verdict(rows(MONTHS), rows(NEXT, blanks=5), limits=strict).decision == "refuse"


@given(st.sampled_from(["2011", "2021", ""]), st.sampled_from(["2011", "2021", ""]), st.booleans())
def test_vintages_of_a_rate(numerator: str, denominator: str, restated: bool) -> None:
    found = coverage.rate_vintages(numerator, denominator, restated=restated)
    known = bool(numerator and denominator)
    assert (found.decision == "comparable") == (known and numerator == denominator)
    assert (found.decision == "refuse") == (known and numerator != denominator and not restated)


def test_rows_are_merged_by_their_weight() -> None:
    few = replace(rows(MONTHS)[0], rows=100, unplaced_share=0.5, label_changes=("A",))
    many = replace(few, rows=300, unplaced_share=0.1, label_changes=("A", "B"))
    whole = coverage.merge([few, many])
    assert (whole.rows, whole.unplaced_share, whole.label_changes) == (400, pytest.approx(0.2), ("A", "B"))
    with pytest.raises(BadInput, match="one source, area and vintage"):
        coverage.merge([few, replace(many, source="mps")])


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"rows": -1}, "row 0: rows is −1"),
        ({"blanks": 200}, "200 blanks of 100 rows"),
        ({"month": 202313}, "202313 is no month"),
        ({"unplaced_share": 1.5}, "must be 0 to 1"),
    ],
)
def test_bad_rows_are_named(changes: dict, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        verdict(rows(MONTHS, **changes), rows(NEXT))
    with pytest.raises(BadInput, match="no months"):
        coverage.compare([], [], months_before=[], months_after=NEXT)
