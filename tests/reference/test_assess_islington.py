"""The strategy's local picture, from the Metropolitan Police's own published counts by borough.

Source: London Datastore, MPS recorded crime by borough (historical). The figures were worked out independently from the file.
"""

from __future__ import annotations

import json
from functools import partial

import pytest

from wardlight.assessment import operations, queries
from wardlight.assessment.figures import work_out
from wardlight.assessment.gathering.figures import about, load_cubes, series_of
from wardlight.assessment.periods import Period
from wardlight.incidents.operations import import_files
from wardlight.measures.operations import sync_definitions
from wardlight.measures.queries import definition
from wardlight.partners.actors import COMMAND_LINE
from wardlight.partners.models import Partnership
from wardlight.partners.refusal import Refusal
from wardlight.places.queries import find_area

pytestmark = [pytest.mark.real_data]
PERIOD, AGAINST = Period.parse("2020-04..2021-03"), Period.parse("2019-04..2020-03")


@pytest.fixture
def counts(partnership: Partnership, shared_data) -> Partnership:
    sync_definitions()
    path = shared_data / "mps" / "recorded-crime-borough-historical.parquet"
    import_files(partnership=partnership, paths=[path], source="mps-borough-counts", by=COMMAND_LINE)
    return partnership


def one(findings: list[dict], key: str) -> dict:
    found = [item for item in findings if item["key"] == key]
    assert len(found) == 1, key
    return found[0]


@pytest.mark.django_db(transaction=True)
def test_islington_2020_21(counts: Partnership) -> None:
    area = find_area("Islington")
    assess = partial(operations.assess, partnership=counts, area=area, by=COMMAND_LINE)
    with pytest.raises(Refusal, match=r"use 2019-04\.\.2020-03"):
        assess(period=PERIOD, against=Period.parse("2019-05..2020-03"))
    with pytest.raises(Refusal, match="nothing for"):
        assess(period=Period.parse("2030-04..2031-03"), against=None)
    assessment = assess(period=PERIOD, against=AGAINST)
    findings = queries.findings_json(assessment)
    json.dumps(findings, allow_nan=False)
    the_fall(findings)
    the_rank(findings)
    the_comparators(findings)
    the_document(assessment)
    the_ranks_of_earlier_years(counts)


def the_fall(findings: list[dict]) -> None:
    robbery = one(findings, "robbery-personal:change:previous-period")
    assert (robbery["count_before"], robbery["count_after"], robbery["n"]) == (1553, 922, 922)
    assert robbery["value"] == pytest.approx(-40.6, abs=0.05)
    assert (robbery["low_chance"], robbery["high_chance"]) == (
        pytest.approx(-45.3, abs=0.3),
        pytest.approx(-35.6, abs=0.3),
    )
    assert (robbery["low"], robbery["high"]) == (pytest.approx(-50, abs=0.5), pytest.approx(-30, abs=0.5))
    assert robbery["dispersion"] == pytest.approx(4.2, abs=0.05)
    assert robbery["verdict"] == "fell"
    assert any(note.startswith("Printed elsewhere:") for note in robbery["notes"])
    pace = one(findings, "robbery-personal:keeping-pace:others-31")
    assert round(pace["value"]) == 858
    assert pace["clear"] is False
    assert "no clear difference" in robbery["statement"]
    level = one(findings, "robbery-personal:level:")
    assert [year["count"] for year in level["years"]] == [929, 1823, 1288, 1553, 922]
    every = one(findings, "all-recorded-crime:change:previous-period")
    assert (every["count_before"], every["count_after"]) == (29469, 22870)
    assert sum(one(findings, "overview:mix")["counts"].values()) == 22870


def the_rank(findings: list[dict]) -> None:
    rank = one(findings, "robbery-personal:rank:boroughs-32")
    assert (rank["rank"], rank["of"], rank["n"], rank["next_count"]) == (6, 32, 922, 917)
    assert (rank["rank_low_chance"], rank["rank_high_chance"]) == (6, 8)
    assert rank["rank_low"] in (5, 6)
    assert rank["rank_high"] in (9, 10, 11)
    assert rank["separable_from_next"] is False
    assert rank["comparator"] == "boroughs-32"
    assert "cannot be told apart from 7th (917)" in rank["statement"]


def the_comparators(findings: list[dict]) -> None:
    expected = {"previous-period": -26.4, "force-total": -7.6, "boroughs-32": -5.1}
    for comparator, value in expected.items():
        found = one(findings, f"sexual-offences:change:{comparator}")
        assert found["comparator"] == comparator
        assert found["value"] == pytest.approx(value, abs=0.05)
    assert one(findings, "robbery-personal:change:force-total")["value"] == pytest.approx(-44.1, abs=0.05)
    assert one(findings, "robbery-personal:change:boroughs-32")["value"] == pytest.approx(-43.4, abs=0.05)
    differs = one(findings, "sexual-offences:change:previous-period")["notes"]
    assert any(note.startswith("Definition differs:") for note in differs)


def the_document(assessment) -> None:
    document = queries.document(assessment)
    assert 1 <= len(document.summary) <= 7
    assert document.house_table is not None
    robbery = next(row for row in document.house_table.rows if row[0] == "Personal robbery")
    assert robbery[1:4] == [922, 1553, -631]
    missing = {chapter.key: chapter.missing for chapter in document.chapters}
    for key in ("time", "place", "repeats", "people", "outcomes", "health"):
        assert missing[key], f"{key} must say what is missing"
    assert document.not_seen


def the_ranks_of_earlier_years(partnership: Partnership) -> None:
    cubes = load_cubes(partnership, "borough")
    measure = definition("robbery-personal")
    (series,) = series_of(measure, cubes, {}, about(measure, "Islington", PERIOD), "Islington")
    expected = {"2016-04..2017-03": 9, "2017-04..2018-03": 4, "2018-04..2019-03": 8, "2019-04..2020-03": 8}
    for key, rank in expected.items():
        own = work_out(series, area="Islington", period=Period.parse(key), against=None, seed=0).own_rank("Islington")
        assert own is not None
        assert own[0].rank == rank
