"""Charts keep the house rules: drawn without complaint, readable, in our colours, with words beside them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import font_source_sans_pro
import numpy as np
import pytest
import vl_convert
from shapely.geometry import Point, box

from safety_analysis.charts import Chart, bars, curves, intervals, maps, series, theme, times
from safety_analysis.inputs import BadInput
from safety_analysis.methods.trends import month_range

TITLE = "Personal robbery fell by two fifths in the year of the lockdowns, as it did in the other boroughs of London"
SUBTITLE = "Personal robberies recorded, April 2016 to March 2021"
WORDS = {"title": TITLE, "subtitle": SUBTITLE}
MONTHS = month_range(201604, 202103)
SERIES = [
    {"month": month, "name": name, "value": 50 + 10 * place + month % 7, "low": 40, "high": 80}
    for name, place in (("Islington", 2), ("Average of the others", 0))
    for month in MONTHS
]
NAMED = [{"name": f"Borough number {n}", "value": 100 - n, "low": 90 - n, "high": 110 - n} for n in range(32)]
CHANGES = [
    {"name": "Robbery", "percent": -41, "low": -50, "high": -30, "low_chance": -45, "high_chance": -36},
    {"name": "Homicide", "percent": 100, "low": -90, "high": float("inf")},
    {"name": "Trafficking", "percent": None, "low": float("nan"), "high": float("nan")},
]
SQUARES = [
    {"name": f"Ward {n}", "geometry": box(531000 + 900 * n, 183000, 531900 + 900 * n, 184000), "class": name}
    for n, name in enumerate(["clearly high", "clearly low", "not clearly different"])
]
CELLS = [
    {"x": 531000 + 250 * n, "y": 183000, "size": 250, "class": "clearly high" if n < 2 else "none"} for n in range(4)
]
PLACES = [{"name": "Angel", "x": 531500, "y": 183200}, {"name": "Also Angel", "x": 531501, "y": 183201}]

CHARTS: dict[str, Callable[[], Chart]] = {
    "monthly": lambda: series.monthly_series(
        SERIES,
        highlight="Islington",
        context="Average of the others",
        annotations=[
            {"month": 202003, "until": 202007, "text": "First lockdown"},
            {"month": 201605, "text": "New list"},
        ],
        **WORDS,
    ),
    "ranked": lambda: bars.ranked_bars(NAMED, highlight="Borough number 5", **WORDS),
    "shares": lambda: bars.share_bars([{"name": "Theft", "value": 39.5}, {"name": "Violence", "value": 14}], **WORDS),
    "changes": lambda: intervals.change_intervals(CHANGES, **WORDS),
    "ranks": lambda: intervals.rank_intervals([{"name": "Islington", "rank": 6, "low": 6, "high": 10}], of=32, **WORDS),
    "hours": lambda: times.hour_grid(np.arange(168.0), **WORDS),
    "lorenz": lambda: curves.lorenz(
        [0, 0.1, 1], [0, 0.7, 1], baseline=([0, 0.5, 1], [0, 0.6, 1]), marks=[{"places": 0.1, "events": 0.7}], **WORDS
    ),
    "areas": lambda: maps.choropleth(SQUARES, classes=["clearly high", "clearly low"], places=PLACES, **WORDS),
    "cells": lambda: maps.grid_map(
        CELLS, [square["geometry"] for square in SQUARES], classes=["clearly high"], places=PLACES, **WORDS
    ),
}
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module", autouse=True)
def typeface() -> None:
    vl_convert.register_font_directory(str(Path(font_source_sans_pro.__file__).parent / "files"))


@pytest.fixture(scope="module")
def drawn() -> dict[str, str]:
    return {name: vl_convert.vegalite_to_svg(make().spec) for name, make in CHARTS.items()}


@pytest.mark.parametrize("name", CHARTS)
def test_it_draws_at_the_width_of_a_page(drawn: dict[str, str], name: str) -> None:
    root = ElementTree.fromstring(drawn[name])
    assert 560 <= float(root.attrib["width"]) <= 665


@pytest.mark.parametrize("name", CHARTS)
def test_words_are_large_enough_and_in_our_typeface(drawn: dict[str, str], name: str) -> None:
    texts = [text for text in ElementTree.fromstring(drawn[name]).iter(f"{SVG}text") if "".join(text.itertext())]
    sizes = [float(text.attrib["font-size"].removesuffix("px")) for text in texts]
    assert min(sizes) >= 11
    assert {text.attrib["font-family"] for text in texts} == {theme.FONT}
    shown = " ".join(" ".join(text.itertext()) for text in texts)
    assert SUBTITLE in shown
    assert "NaN" not in shown
    assert "undefined" not in shown


@pytest.mark.parametrize("name", CHARTS)
def test_no_red(drawn: dict[str, str], name: str) -> None:
    for red, green, blue in re.findall(r"#([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})\b", drawn[name]):
        assert not (int(red, 16) > 180 and int(green, 16) < 80 and int(blue, 16) < 80)


@pytest.mark.parametrize("name", CHARTS)
def test_the_alternative_text_tells_the_finding_and_the_figures(name: str) -> None:
    chart = CHARTS[name]()
    assert chart.alt.startswith(TITLE)
    assert chart.alt.endswith(".")
    assert chart.spec["description"] == chart.alt
    assert str(chart) == chart.alt


def test_the_series_says_its_extremes() -> None:
    assert "Islington: highest 76 in June 2016, lowest 70" in CHARTS["monthly"]().alt
    assert "First lockdown is marked at March 2020" in CHARTS["monthly"]().alt


def test_the_highlighted_bar_is_named_in_the_alternative_text() -> None:
    assert "Borough number 5 95" in CHARTS["ranked"]().alt


def test_changes_are_labelled_even_when_they_leave_the_chart(drawn: dict[str, str]) -> None:
    assert "+100% (−90% to no limit)" in drawn["changes"]
    assert "from none" in drawn["changes"]


def test_names_that_would_cover_each_other_are_left_out(drawn: dict[str, str]) -> None:
    assert ">Angel<" in drawn["areas"]
    assert "Also Angel" not in drawn["areas"]


def test_a_map_has_a_scale_bar_and_a_key(drawn: dict[str, str]) -> None:
    assert "500 m" in drawn["cells"]
    assert "Clearly high" in drawn["cells"]
    assert "Not clearly different" in drawn["areas"]


def test_a_long_name_goes_on_two_lines_and_is_never_cut() -> None:
    name = "Investigation complete; no suspect identified and no further line of enquiry"
    svg = vl_convert.vegalite_to_svg(bars.share_bars([{"name": name, "value": 60}], **WORDS).spec)
    lines = [" ".join(text.itertext()) for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]
    assert any("no suspect" in line for line in lines)
    assert any("line of enquiry" in line for line in lines)
    assert not any("…" in line for line in lines)


def test_a_rank_that_cannot_be_another_is_one_number() -> None:
    chart = intervals.rank_intervals([{"name": "Islington", "rank": 9, "low": 9, "high": 9}], of=32, **WORDS)
    assert "Islington 9." in chart.alt


def test_counts_of_none_are_drawn_at_the_foot() -> None:
    svg = vl_convert.vegalite_to_svg(series.monthly_series([{"month": 202004, "name": "a", "value": 0}], **WORDS).spec)
    ticks = {"".join(text.itertext()) for text in ElementTree.fromstring(svg).iter(f"{SVG}text")}
    assert {"0", "1", "2", "3", "4"} <= ticks


def test_bars_begin_at_zero() -> None:
    bar = CHARTS["ranked"]().spec["layer"][0]
    assert bar["encoding"]["x"]["scale"]["domainMin"] == 0


def test_a_unit_stands_apart_unless_it_is_a_percentage() -> None:
    assert [theme.with_unit("41", unit) for unit in ("%", "incidents", " incidents", "")] == [
        "41%",
        "41 incidents",
        "41 incidents",
        "41",
    ]


def test_figures_of_one_chart_have_the_same_decimals() -> None:
    assert theme.figures([39.5, 24]) == ["39.5", "24.0"]
    assert theme.figures([1553, 922]) == ["1,553", "922"]
    assert theme.figures([-0.123, 0.4]) == ["−0.12", "0.40"]


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: bars.ranked_bars([], **WORDS), "no rows"),
        (lambda: bars.ranked_bars([{"name": "a"}], **WORDS), "Row 0 of the chart has no “value”"),
        (lambda: series.monthly_series([{"month": 202013, "name": "a", "value": 1}], **WORDS), "202013 is no month"),
        (
            lambda: series.monthly_series([{"month": 202001, "name": str(n), "value": 1} for n in range(7)], **WORDS),
            "7 series are highlighted",
        ),
        (lambda: times.hour_grid([1.0] * 24, **WORDS), "values has 24 hours"),
        (lambda: maps.choropleth(SQUARES, classes=["a", "b", "c", "d"], **WORDS), "4 classes"),
        (
            lambda: maps.choropleth([{"name": "a", "geometry": Point(0, 0), "class": "a"}], classes=["a"], **WORDS),
            "was given a Point",
        ),
        (lambda: maps.grid_map([], [], classes=["a"], **WORDS), "neither cells nor outlines"),
    ],
)
def test_what_cannot_be_drawn_is_refused(call: Callable[[], Chart], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        call()
