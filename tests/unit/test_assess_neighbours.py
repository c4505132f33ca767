"""The map of the areas that are ranked."""

from __future__ import annotations

import pytest
import shapely

from tests.assess_sample import OTHERS, context
from wardlight.assessment.chapters import neighbours

NAMES = ("Sample", *OTHERS)
SHAPES = {name: shapely.box(at, 0, at + 1, 1) for at, name in enumerate(NAMES)}
PEOPLE = {name: 100_000.0 * (1 + at) for at, name in enumerate(NAMES)}


def found(**changes):
    held = {"outlines_of_others": SHAPES, "residents_of_others": PEOPLE, **changes}
    made = context(**held)
    return made, list(neighbours.findings([item for item in made.figures if item.ranking], made))


def test_the_areas_are_drawn_by_rate_with_their_table() -> None:
    made, (finding,) = found()
    item = next(figures for figures in made.figures if figures.about.slug == "all-recorded-crime")
    assert finding.value == pytest.approx(1000 * item.after / PEOPLE["Sample"])
    assert finding.low < finding.value < finding.high
    assert finding.comparator == "boroughs-8"
    assert finding.result["rank_by_rate"] == 1  # the fewest residents of much the same counts
    assert "highest of 8 boroughs" in finding.statement
    assert finding.table.rows[0][0] == "Sample"
    assert len(finding.table.rows) == 8
    assert all(name in str(finding.chart) for name in NAMES)
    assert finding.chart_alt


def test_each_third_holds_about_as_many_areas() -> None:
    made, _ = found()
    item = next(figures for figures in made.figures if figures.about.slug == "all-recorded-crime")
    classes = [feature["class"] for feature in neighbours._features(item, made)]
    assert {name: classes.count(name) for name in neighbours.THIRDS} == {
        "Highest third": 3,
        "Middle third": 2,
        "Lowest third": 3,
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"outlines_of_others": {}},
        {"outlines_of_others": {name: SHAPES[name] for name in OTHERS}},  # not the area itself
        {"outlines_of_others": {name: SHAPES[name] for name in NAMES[:5]}},  # fewer than two thirds
        {"residents_of_others": {name: PEOPLE[name] for name in NAMES[:7]}},  # one without residents
    ],
)
def test_nothing_is_drawn_from_half_the_places(changes: dict) -> None:
    assert found(**changes)[1] == []
