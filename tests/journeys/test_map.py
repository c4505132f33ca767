"""The map explorer in a real browser: drawn first, interactive on request, the list always in step."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import shapely

from tests import factories
from wardlight.assessment import map_queries
from wardlight.measures.models import Measure
from wardlight.measures.operations import sync_definitions
from wardlight.measures.series import MonthlySeries
from wardlight.partners.actors import SYSTEM
from wardlight.places.models import Area, Boundary

MONTHS = [202301, 202302, 202303]
COUNTS = {"Abbey": [5, 0, 1], "Bridge": [2, 9, 0], "Castle": [0, 0, 3], "No boundary": [1, 1, 1]}


@pytest.fixture
def mapped(transactional_db, partnership, monkeypatch):
    """Three wards with a boundary and one without, and what was recorded in them."""
    import polars as pl

    sync_definitions(by=SYSTEM)
    borough = factories.AreaFactory(name="Larkmoor", code="E09000077")
    for column, name in enumerate(COUNTS):
        ward = Area.objects.create(level="ward", code=f"E0500007{column}", vintage="2022", name=name, parent=borough)
        if name != "No boundary":  # a ward that a count names and no boundary file has
            box = shapely.box(530_000 + column * 900, 180_000, 530_900 + column * 900, 181_000)
            edges = dict(zip(("min_x", "min_y", "max_x", "max_y"), box.bounds, strict=True))
            Boundary.objects.create(area=ward, wkb=shapely.to_wkb(box), square_metres=box.area, source="test", **edges)
    quiet = Area.objects.create(level="ward", code="E05000079", vintage="2022", name="Quiet", parent=borough)
    box = shapely.box(530_000, 179_000, 530_900, 180_000)
    edges = dict(zip(("min_x", "min_y", "max_x", "max_y"), box.bounds, strict=True))
    Boundary.objects.create(area=quiet, wkb=shapely.to_wkb(box), square_metres=box.area, source="test", **edges)
    rows = [
        (f"E0500007{column}", name, "Larkmoor", month, count)
        for column, (name, counts) in enumerate(COUNTS.items())
        for month, count in zip(MONTHS, counts, strict=True)
    ]
    frame = pl.DataFrame(rows, schema=["area_code", "area_name", "parent_name", "month", "count"], orient="row")

    def monthly_counts(*, partnership, scope, level, source=None) -> list[MonthlySeries]:
        return [MonthlySeries("count-table", "ward", MONTHS, frame)] if level == "ward" else []

    monkeypatch.setattr(map_queries, "monthly_counts", monthly_counts)
    partnership.home_area_name, partnership.home_area_level = "Larkmoor", "borough"
    partnership.save()
    assert Measure.objects.filter(slug="all-recorded-crime").exists()
    return datetime.now(tz=UTC)


def listed(page) -> list[tuple[str, str]]:
    rows = page.locator("#map-list table:visible tbody tr")
    return [
        (row.locator("th, td").first.inner_text().strip(), row.locator("td").last.inner_text().strip())
        for row in rows.all()
    ]


def test_a_reader_without_scripts_gets_the_map_and_its_list(
    mapped, page_without_scripts, site, person, sign_in
) -> None:
    page = page_without_scripts
    sign_in(page, person("analyst"))
    page.goto(site.url("/map/"))
    assert "23 were recorded in Larkmoor from January 2023 to March 2023; most in Bridge (11)." in page.content()
    assert page.locator("#map-picture img").get_attribute("src").startswith("data:image/svg+xml")
    assert "Bridge (11)" in page.locator("#map-picture img").get_attribute("alt")
    assert [name for name, _ in listed(page)] == ["Bridge", "Abbey", "Castle", "No boundary", "Quiet"]
    assert not page.locator("#map-open").is_visible()


def test_the_interactive_map_follows_the_slider(
    mapped, page, site, person, sign_in, check_accessible, tmp_path: Path
) -> None:
    sign_in(page, person("board_member"))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site.url("/map/"))
    check_accessible(page)
    page.get_by_role("button", name="Open the interactive map").click()
    page.wait_for_selector("[data-ready='true']")
    assert [url for url in asked if not url.startswith((site.address, "data:"))] == []
    assert page.get_by_role("status").inner_text() == "January 2023 to March 2023: 23 recorded."

    slider = page.get_by_role("slider")
    slider.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext") == "January 2023"
    assert listed(page)[0] == ("Abbey", "5")
    slider.press("ArrowRight")
    assert listed(page)[0] == ("Bridge", "9")
    page.get_by_role("button", name="Bridge").press("Enter")
    assert page.get_by_role("status").inner_text() == "Bridge, February 2023: 9 recorded."
    page.get_by_role("button", name="Later").press("Enter")
    assert page.get_by_role("status").inner_text() == "Bridge, March 2023: 0 recorded."
    assert page.get_by_role("button", name="Bridge").get_attribute("aria-pressed") == "true"
    check_accessible(page)


def test_the_list_can_be_downloaded(mapped, client, person) -> None:
    client.force_login(person("analyst"))
    response = client.get("/map/download/?level=ward&first=202302&last=202303")
    lines = response.getvalue().decode("utf-8-sig").splitlines()
    assert lines[0] == "place,code,recorded,residents,rate_per_1000_a_year,202302,202303"
    assert lines[1] == "Bridge,E05000071,9,,,9,0"
    assert client.get("/map/?level=lsoa").status_code == 200
    assert "There is nothing to show" in client.get("/map/?level=lsoa").content.decode()
    assert client.get("/map/?first=abc&last=99&level=no&measure=%00").status_code == 200


def test_outlines_belong_to_the_partnership(mapped, client, person, django_user_model) -> None:
    client.force_login(person("analyst"))
    page = client.get("/map/").content.decode()
    address = page.split('"outlines": "')[1].split('"')[0]
    assert client.get(address).headers["Content-Type"] == "application/geo+json"
    stranger = factories.MembershipFactory(roles=["analyst"]).user
    client.force_login(stranger)
    assert client.get(address).status_code == 404
    client.logout()
    assert client.get(address).status_code == 302
