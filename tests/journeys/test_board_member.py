"""A board member reads: from the first page to a measure, its chart, its numbers and its download."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests import small_borough
from wardlight.incidents import operations as importing
from wardlight.partners import operations as partners
from wardlight.partners.actors import SYSTEM

MONTHS = 12 * small_borough.YEARS


@pytest.fixture
def counted(transactional_db, partnership, tmp_path):
    """The small borough's counts, imported."""
    partners.set_home_area(partnership=partnership, level="borough", name="Larkmoor", by=SYSTEM)
    path = tmp_path / "counts.csv"
    path.write_text(small_borough.sheet(), encoding="utf-8")
    importing.import_files(partnership=partnership, paths=[path], source="count-table", by=SYSTEM)


def test_from_home_to_a_measure_its_chart_and_its_numbers(
    counted, site, page, person, sign_in, check_accessible
) -> None:
    sign_in(page, person("board_member"))
    page.goto(site.url(reverse("home")))
    page.get_by_role("main").get_by_role("link", name="Measures").click()
    check_accessible(page)
    page.get_by_role("link", name="Personal robbery", exact=True).first.click()
    page.wait_for_selector("figure[data-chart-ready] svg")  # drawn under the strict policy: `page` fails on any breach
    expect(page.get_by_role("columnheader", name="95% interval")).to_be_visible()
    check_accessible(page)
    rows = page.locator("main tbody tr")
    expect(rows.first).to_contain_text("December 2024")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download these readings (CSV)").click()
    lines = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == MONTHS + 1
    assert lines[1].startswith("robbery-personal,Larkmoor,202001,202001,")


def test_the_numbers_are_there_without_scripts(counted, site, page_without_scripts, person, sign_in) -> None:
    page = page_without_scripts
    sign_in(page, person("board_member"))
    page.goto(site.url(reverse("measure", args=["robbery-personal"])))
    page.get_by_label("Area").select_option(label="Ashdale (borough)")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("main")).to_contain_text("in Ashdale.")
    expect(page.locator("main tbody tr").first).to_contain_text("December 2024")
