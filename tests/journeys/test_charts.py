"""A chart answers to the pointer with scripts, and keeps its picture and numbers without – under the site's own policy."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path
from playwright.sync_api import expect

from wardlight.govuk.components import Column, Figure, Table

SPEC = {
    "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
    "data": {"values": [{"month": "April", "n": 41}, {"month": "May", "n": 35}]},
    "mark": "bar",
    "encoding": {
        "x": {"field": "month", "type": "nominal"},
        "y": {"field": "n", "type": "quantitative"},
        "tooltip": [{"field": "month"}, {"field": "n"}],
    },
}
FIGURE = Figure(
    key="robbery",
    title="Personal robbery fell",
    alt="Bars: 41 in April and 35 in May.",
    svg='<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100"><rect width="80" height="41"/></svg>',
    spec=SPEC,
    table=Table(
        "Personal robbery", [Column("m", "Month"), Column("n", "Recorded", "count")], [["April", 41], ["May", 35]]
    ),
)


def chart(request: HttpRequest) -> HttpResponse:
    return render(request, "tests/chart.html", {"figure": FIGURE})


urlpatterns = [path("chart/", chart), path("", include("wardlight.config.urls"))]
TEMPLATE = """{% extends "govuk/page.html" %}{% load govuk %}{% block title %}Chart{% endblock %}
{% block content %}<h1 class="govuk-heading-l">Has it changed?</h1>{% govuk_figure figure %}{% endblock %}"""


def use_this_page(settings, tmp_path) -> None:
    (tmp_path / "templates" / "tests").mkdir(parents=True)
    (tmp_path / "templates" / "tests" / "chart.html").write_text(TEMPLATE, encoding="utf-8")
    engine = {**settings.TEMPLATES[0], "DIRS": [*settings.TEMPLATES[0]["DIRS"], tmp_path / "templates"]}
    settings.TEMPLATES = [engine]
    settings.ROOT_URLCONF = "tests.journeys.test_charts"


def test_with_scripts_the_chart_is_drawn_again_and_tells_its_values(
    settings, tmp_path, site, page, check_accessible
) -> None:
    use_this_page(settings, tmp_path)
    page.goto(site.url("/chart/"))
    page.wait_for_selector("figure[data-chart-ready] svg")
    expect(page.get_by_role("img", name="Bars: 41 in April and 35 in May.")).to_be_visible()
    page.locator("figure svg path[aria-roledescription='bar']").first.hover()
    expect(page.locator("figure svg title.app-tip")).to_have_text("month: April\nn: 41")
    check_accessible(page)


def test_without_scripts_the_picture_and_the_numbers_stay(settings, tmp_path, site, page_without_scripts) -> None:
    page = page_without_scripts
    use_this_page(settings, tmp_path)
    page.goto(site.url("/chart/"))
    expect(page.get_by_alt_text("Bars: 41 in April and 35 in May.")).to_be_visible()
    page.get_by_text("Show the numbers").click()
    expect(page.get_by_role("cell", name="35")).to_be_visible()
