"""What the public may see of an assessment."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.reports_sample import sample
from wardlight.assessment.document import Column, Table
from wardlight.public_site.disclosure import FEWER, is_public, public_document

COLUMNS = [
    Column("ward", "Ward"),
    Column("before", "Before", "count"),
    Column("after", "After", "count"),
    Column("difference", "Difference", "count"),
    Column("change", "Change", "percent"),
]


SAMPLE = sample()


def published(rows: list[list]) -> list[list]:
    document = replace(SAMPLE, house_table=Table("Wards", COLUMNS, rows))
    table = public_document(document).house_table
    assert table is not None
    return table.rows


def test_counts_are_rounded_to_five_and_small_ones_left_out() -> None:
    assert published([["Mill", 123, 98, -25, -20.3]]) == [
        ["Mill", 125, 100, -20.3]
    ]  # no difference: it would not add up
    assert published([["Quay", 12, 9, -3, -25.0]]) == [["Quay", 10, FEWER, None]]


@pytest.mark.parametrize(("count", "shown"), [(0, 0), (1, FEWER), (9, FEWER), (10, 10), (12, 10), (13, 15)])
def test_the_boundaries_of_the_rule(count: int, shown: object) -> None:
    assert published([["Mill", count, 100, None, None]])[0][1] == shown


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=8))
def test_no_count_from_one_to_nine_is_ever_left(pairs: list[tuple[int, int]]) -> None:
    rows = [[f"Ward {place}", before, after, after - before, 1.5] for place, (before, after) in enumerate(pairs)]
    for given_row, row in zip(rows, published(rows), strict=True):
        if any(0 < count < 10 for count in given_row[1:3]):
            assert FEWER in row
            assert row[3:] == [None]
        else:
            assert all(number % 5 == 0 for number in row[1:3])


def finding(**changes):
    first = next(item for chapter in SAMPLE.chapters for item in chapter.findings)
    return replace(first, **{"table": None, "n": 100.0, "method": "change.compare_counts", **changes})


@pytest.mark.parametrize(
    ("changes", "public"),
    [
        ({}, True),
        ({"n": 9.0}, False),
        ({"n": 10.0}, True),
        ({"method": "hotspots.local_gi_star"}, False),
        ({"key": "place:ward"}, True),
        ({"key": "place:lsoa", "method": "rates.rate"}, False),
        ({"method": "repeats.repeat_victims"}, False),
        ({"table": Table("Premises", [Column("premises", "Premises")], [["The Lamp"]])}, False),
    ],
)
def test_findings_on_small_places_people_and_numbers_are_withheld(changes: dict, public: bool) -> None:
    assert is_public(finding(**changes)) is public


def test_nothing_of_a_withheld_finding_is_left() -> None:
    document = SAMPLE
    chapter = document.chapters[0]
    secret = finding(method="hotspots.local_gi_star", statement="A corner stands out.", key="secret")
    document = replace(document, chapters=[replace(chapter, findings=[secret])], summary=[secret])
    shown = public_document(document)
    assert shown.summary == []
    assert "A corner stands out." not in str(shown)
    assert shown.chapters[0].missing


def drawn(numbers: list[float], **changes):
    values = [{"month": "2022-07-01", "value": number} for number in numbers]
    chart = {"mark": {"type": "line", "strokeWidth": 2}, "layer": [{"data": {"values": values}}]}
    return finding(chart=chart, chart_digest="a" * 64, chart_alt="A line.", **changes)


@pytest.mark.parametrize(("numbers", "shown"), [([0, 10, 25], True), ([12, 9], False), ([7.0], False)])
def test_a_picture_without_a_table_shows_no_small_count_either(numbers: list[float], shown: bool) -> None:
    chapter = replace(SAMPLE.chapters[0], findings=[drawn(numbers)])
    public = public_document(replace(SAMPLE, chapters=[chapter])).chapters[0].findings[0]
    assert bool(public.chart_digest) is shown
    assert bool(public.chart_alt) is shown


def test_a_picture_of_which_nothing_is_known_is_not_shown() -> None:
    unknown = finding(chart=None, chart_digest="a" * 64, chart_alt="A line.")
    chapter = replace(SAMPLE.chapters[0], findings=[unknown])
    assert not public_document(replace(SAMPLE, chapters=[chapter])).chapters[0].findings[0].chart_digest
