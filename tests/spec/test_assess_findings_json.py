"""docs/reference/findings-json.md is true: every field of the output is described, and every field described exists."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests import assess_sample as sample
from tests import factories
from wardlight.assessment import charts, operations, queries
from wardlight.assessment.figures import work_out
from wardlight.assessment.operations import assessing
from wardlight.partners.actors import COMMAND_LINE

DOC = Path(__file__).resolve().parents[2] / "docs" / "reference" / "findings-json.md"
ROW = re.compile(r"^\| `(\w+)` \|", re.MULTILINE)
ISSUE = {"measure", "method", "area", "period", "against", "value", "low", "high", "n", "statement", "comparator"}
RANKS = {"rank", "of", "rank_low", "rank_high", "rank_low_chance", "rank_high_chance"}


def contexts():
    """Everything there is, and the cases in which chapters find other things."""
    whole = sample.context()
    yield whole
    yield replace(whole, residents_of_others=dict.fromkeys((*sample.OTHERS, "Sample"), 200_000.0))
    yield replace(whole, records=replace(whole.records, is_force=True, not_placed=3, elsewhere=2))
    series = whole.figures[1].series
    short = replace(
        series,
        months=series.months[:-14],
        own=series.own[:-14],
        others=series.others[:, :-14],
        not_placed=series.not_placed[:-14],
    )
    lacking = work_out(short, area="Sample", period=sample.PERIOD, against=sample.AGAINST, seed=0)
    yield replace(whole, figures=(whole.figures[0], lacking))


@pytest.fixture
def findings(partnership, monkeypatch) -> list[dict]:
    area = factories.AreaFactory(name="Sample", code="B1")
    found = []
    monkeypatch.setattr(charts, "_draw", lambda spec: "<svg/>")
    for context in contexts():
        monkeypatch.setattr(assessing, "gather", lambda context=context, **_: context)
        made = operations.assess(
            partnership=partnership, area=area, period=sample.PERIOD, against=sample.AGAINST, by=COMMAND_LINE
        )
        found += queries.findings_json(made)
    return found


def documented(heading: str, text: str) -> set[str]:
    return set(ROW.findall(text.partition(heading)[2].partition("\n## ")[0]))


@pytest.mark.django_db
def test_the_page_lists_the_fields_that_there_are(findings: list[dict]) -> None:
    text = DOC.read_text(encoding="utf-8")
    every = documented("## Fields of every finding", text)
    further = documented("## Further fields, by method", text)
    common = set.intersection(*(set(item) for item in findings))
    assert common == every
    assert every >= ISSUE
    assert set.union(*(set(item) for item in findings)) - every == further
    ranks_and_comparators(findings)


def ranks_and_comparators(findings: list[dict]) -> None:
    ranks = [item for item in findings if item["method"] == "comparison.rank" and item["key"] != "comparison:ranks"]
    assert ranks
    for item in ranks:
        assert set(item) >= RANKS
        assert item["comparator"] == "boroughs-8"
        assert item["rank_low"] <= item["rank"] <= item["rank_high"]
    comparators = {item["comparator"] for item in findings if item["method"] == "change.compare_counts"}
    assert comparators == {"previous-period", "force-total", "boroughs-8"}
