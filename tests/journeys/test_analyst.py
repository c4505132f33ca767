"""An analyst's work in a browser: from a sheet of counts to a page that any resident can read."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests import small_borough
from wardlight.assessment import operations as assessing
from wardlight.assessment.models import Assessment, Finding
from wardlight.incidents import operations as importing
from wardlight.incidents.models import Batch
from wardlight.partners.actors import SYSTEM

WORDS = "Robbery halved after the lights were mended."
KEPT = len(small_borough.sheet().splitlines()) - 1
BAD_ROWS = "Larkmoor,ARSON,2024-12,many\nAshdale,ARSON,2024-12,?\n"


@pytest.fixture
def sheet(tmp_path) -> str:
    """The small borough's sheet with two cells that are no numbers."""
    path = tmp_path / "counts.csv"
    path.write_text(small_borough.sheet() + BAD_ROWS, encoding="utf-8")
    return str(path)


def heading(page: Page):
    return page.get_by_role("heading", level=1)


def choose(page: Page, path: str) -> None:
    page.get_by_label("A table of counts").check()
    page.get_by_label("Files").set_input_files(path)
    page.get_by_role("button", name="Import", exact=True).click()


def land(page: Page) -> Batch:
    """Accept the table as it was read, and let the worker import it."""
    page.get_by_role("button", name="Import", exact=True).click()
    page.wait_for_url(re.compile(r"/imports/\d+/$"))
    batch = Batch.objects.latest("pk")
    importing.run_batch(batch.pk)
    return batch


def test_a_sheet_is_imported_undone_and_imported_again(site, page, person, sign_in, sheet, check_accessible) -> None:
    sign_in(page, person("analyst"))
    page.goto(site.url(reverse("imports")))
    expect(page.get_by_text("Nothing has been imported yet")).to_be_visible()
    check_accessible(page)
    page.get_by_role("button", name="Import data").click()
    check_accessible(page)

    choose(page, sheet)
    check_accessible(page)
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.locator("progress")).to_be_visible()
    check_accessible(page)
    first = Batch.objects.get()
    importing.run_batch(first.pk)
    expect(page.get_by_role("heading", name="Do the numbers add up?")).to_be_visible()  # the page renews itself
    expect(page.locator("main")).to_contain_text(f"{KEPT + 2:,} read = {KEPT:,} kept + 0 duplicate + 2 refused.")
    expect(page.get_by_role("cell", name="many")).to_be_visible()
    check_accessible(page)
    page.goto(site.url(reverse("data-quality")))
    check_accessible(page)

    page.goto(site.url(reverse("import-batch", args=[first.pk])))
    page.get_by_role("button", name="Undo this import").click()
    page.get_by_role("button", name="Undo this import").click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    check_accessible(page)
    page.get_by_label("Why are you undoing it?").fill("Two cells are wrong")
    page.get_by_role("button", name="Undo this import").click()
    expect(page.get_by_role("alert")).to_contain_text("has been undone")
    expect(page.locator("main")).to_contain_text("Two cells are wrong")
    check_accessible(page)

    page.goto(site.url(reverse("import-new")))
    choose(page, sheet)
    assert land(page).pk != first.pk
    page.goto(site.url(reverse("imports")))
    expect(page.locator("tbody tr")).to_have_count(2)
    expect(page.get_by_role("cell", name="Undone")).to_be_visible()
    check_accessible(page)


def assess(page: Page, site) -> Assessment:
    """Fill in the form, see the progress, and let the worker work it out."""
    page.goto(site.url(reverse("assessment-new")))
    page.get_by_label("Which area?").select_option(label="Larkmoor")
    page.get_by_label("Which months?", exact=True).fill("2024-01..2024-12")
    page.get_by_label("Compared with which months?").fill("2023-01..2023-12")
    page.get_by_label("Events to mark on charts").fill("2024-01 Lights mended")
    page.get_by_role("button", name="Work it out").click()
    expect(page.locator("progress")).to_be_visible()
    assessment = Assessment.objects.get()
    assessing.work_out(assessment=assessment, by=SYSTEM)
    return assessment


def edit(page: Page, site, finding: Finding) -> None:
    page.goto(site.url(reverse("assessment-finding", args=[finding.assessment_id, finding.pk])))


def save(page: Page) -> None:
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("changed")


def test_an_assessment_is_put_into_words_published_and_read_by_a_resident(
    site, page, page_without_scripts, person, sign_in, tmp_path, check_accessible
) -> None:
    path = tmp_path / "counts.csv"
    path.write_text(small_borough.sheet(), encoding="utf-8")
    sign_in(page, person("analyst", "strategy_lead"))
    page.goto(site.url(reverse("import-new")))
    choose(page, str(path))
    land(page)

    page.goto(site.url(reverse("assessment-new")))
    page.get_by_label("Events to mark on charts").fill("2024-13 Thirteenth month")
    page.get_by_role("button", name="Work it out").click()
    expect(page.locator(".govuk-error-summary")).to_contain_text("Line 1: “2024-13” is not a month.")
    check_accessible(page)
    assessment = assess(page, site)
    page.goto(site.url(reverse("assessment", args=[assessment.pk])))
    expect(page.get_by_text("Personal robbery fell by").first).to_be_visible()
    expect(page.locator("figure[data-chart-ready] svg").first).to_be_visible()
    expect(page.get_by_text("Lights mended").first).to_be_visible()
    check_accessible(page)

    chosen = assessment.findings.get(key__startswith="robbery-personal", method="change.compare_counts", tabled=False)
    edit(page, site, chosen)
    check_accessible(page)
    page.get_by_label("Your words instead of this sentence").fill(WORDS)
    page.get_by_label("Put it in the one-page summary").check()
    save(page)
    check_accessible(page)
    siblings = list(chosen.chapter.findings.filter(tabled=False).exclude(pk=chosen.pk).order_by("order", "pk"))
    left_out, moved = siblings[0], siblings[-1]
    edit(page, site, left_out)
    page.get_by_label("Put it in the one-page summary").uncheck()
    page.get_by_label("Leave it out of the assessment").check()
    save(page)
    edit(page, site, moved)
    page.get_by_label("Place in the chapter").fill("1")
    save(page)
    assert chosen.chapter.findings.order_by("order", "pk").first() == moved

    theme = assessment.priorities.first()
    page.goto(site.url(reverse("assessment-priority", args=[assessment.pk, theme.pk])))
    page.get_by_label("Considered and left out").check()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Enter why this theme is left out").click()
    expect(page.get_by_label("Why?")).to_be_focused()
    check_accessible(page)
    page.get_by_label("Proposed", exact=True).check()
    page.get_by_label("Why?").fill("The most harm")
    save(page)

    page.goto(site.url(reverse("assessment-publish", args=[assessment.pk])))
    check_accessible(page)
    page.get_by_label(re.compile("Everyone")).check()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("alert")).to_contain_text("Version 1 has been published.")
    _a_resident_reads(page_without_scripts, site, assessment, left_out)
    page.context.clear_cookies()
    page.goto(site.url("/"))
    check_accessible(page)
    page.get_by_role("link", name=assessment.title).click()
    check_accessible(page)


def _a_resident_reads(page: Page, site, assessment: Assessment, left_out: Finding) -> None:
    """No session and no scripts: the analyst's words, the pictures, a PDF, and nothing that was left out."""
    page.goto(site.url("/"))
    page.get_by_role("link", name=assessment.title).click()
    expect(heading(page)).to_have_text(assessment.title)
    expect(page.get_by_text(WORDS).first).to_be_visible()
    expect(page.get_by_text("The most harm")).to_be_visible()
    assert page.get_by_role("heading", name=left_out.title, exact=True).count() == 0
    expect(page.locator("figure img").first).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download this assessment (PDF)").click()
    assert download.value.suggested_filename == "strategic-assessment-of-larkmoor-version-1.pdf"
    assert download.value.path().read_bytes().startswith(b"%PDF")
