"""How a table is read, in a browser: errors are in the summary, nothing needs a script, axe finds nothing."""

from __future__ import annotations

from django.urls import reverse
from playwright.sync_api import expect

from wardlight.incidents.models import Batch

PASTED = (
    "Borough\tOffence\tApr-20\tMay-20\nLarkmoor\tMuggings\t4\t<5\nLarkmoor\tBurglary\t7\t8\nFernhall\tBurglary\t1\t2\n"
)


def test_a_pasted_table_is_looked_at_put_right_and_imported(site, page, person, sign_in, check_accessible):
    _to_the_reading(site, page, person, sign_in)
    expect(page.get_by_role("heading", level=1)).to_have_text("Is the table read rightly?")
    expect(page.get_by_text("5 counts can be imported; 1 cell is not a number")).to_be_visible()
    check_accessible(page)
    page.get_by_label("Row of the headings").fill("none")
    page.get_by_role("button", name="Import", exact=True).click()
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("Enter the row of the headings as a number")
    check_accessible(page)
    summary.get_by_role("link").click()
    expect(page.get_by_label("Row of the headings")).to_be_focused()


def test_it_works_without_scripts(site, page_without_scripts, person, sign_in):
    page = page_without_scripts
    _to_the_reading(site, page, person, sign_in)
    page.get_by_label("What is “Muggings”?").select_option(label="Personal robbery")
    page.get_by_role("button", name="Show it with these choices").click()
    expect(page.get_by_role("cell", name="Personal robbery").first).to_be_visible()
    page.get_by_role("button", name="Import", exact=True).click()
    batch = Batch.objects.get()
    assert page.url.endswith(reverse("import-batch", args=[batch.pk]))
    assert batch.mapping["categories"] == {"Muggings": "robbery-personal"}


def _to_the_reading(site, page, person, sign_in):
    sign_in(page, person("analyst"))
    page.goto(site.url(reverse("import-new")))
    page.get_by_label("A table of counts").check()
    page.get_by_label("Or paste a table").fill(PASTED)
    page.get_by_role("button", name="Import", exact=True).click()
