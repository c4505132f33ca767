"""What goes wrong is told in plain words, in the words of the field; and everything is done with the keyboard alone."""

from __future__ import annotations

from pathlib import Path

from django.urls import reverse
from playwright.sync_api import Page, expect

from tests import factories
from wardlight.assessment.models import Assessment
from wardlight.incidents.models import Batch


def summary(page: Page):
    return page.locator(".govuk-error-summary")


def send(page: Page, *, source: str, path: Path | None) -> None:
    if source:
        page.get_by_label(source, exact=True).check()
    if path:
        page.get_by_label("Files").set_input_files(str(path))
    page.get_by_role("button", name="Import", exact=True).click()


def test_a_form_that_cannot_be_taken_says_which_field_and_why(
    site, page, person, sign_in, tmp_path, check_accessible
) -> None:
    sign_in(page, person("analyst"))
    page.goto(site.url(reverse("import-new")))
    send(page, source="", path=None)
    expect(summary(page)).to_be_focused()
    assert page.title().startswith("Error: ")
    check_accessible(page)
    summary(page).get_by_role("link", name="Select a file, or paste a table of counts").click()
    expect(page.get_by_label("Files")).to_be_focused()
    summary(page).get_by_role("link", name="Select what the file holds").click()
    expect(page.get_by_role("radio").first).to_be_focused()

    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")
    letter = tmp_path / "letter.csv"
    letter.write_text("Dear colleagues,\nthis is no table.\n", encoding="utf-8")
    for wrong in (empty, letter):
        page.goto(site.url(reverse("import-new")))
        send(page, source="A table of counts", path=wrong)
        expect(page.locator("main")).to_contain_text(wrong.name)
        check_accessible(page)
    assert not Batch.objects.filter(status=Batch.Status.LANDED).exists()


def test_a_wrong_file_of_another_kind_is_refused_after_a_check(
    site, page, person, sign_in, tmp_path, check_accessible
) -> None:
    wrong = tmp_path / "letter.pdf"
    wrong.write_bytes(b"%PDF-1.7 not a table")
    sign_in(page, person("analyst"))
    page.goto(site.url(reverse("import-new")))
    page.get_by_label("police.uk street-level crime").check()
    page.get_by_label("Files").set_input_files(str(wrong))
    page.get_by_role("button", name="Check the files first").click()
    expect(summary(page)).to_contain_text("letter.pdf")
    expect(summary(page)).to_be_focused()
    check_accessible(page)
    assert not Batch.objects.exists()


def test_two_runs_of_one_assessment_are_told_apart(site, page, person, partnership, sign_in, check_accessible) -> None:
    area = factories.AreaFactory()
    runs = [
        Assessment.objects.create(
            partnership=partnership, area=area, title="Larkmoor", first_month=202401, last_month=202412,
            status=status, message=message,
        )
        for status, message in [
            (Assessment.Status.FAILED, "It stopped before it was finished. Run it again."),
            (Assessment.Status.QUEUED, ""),
        ]
    ]  # fmt: skip
    sign_in(page, person("analyst"))
    page.goto(site.url(reverse("assessments")))
    expect(page.locator("tbody tr")).to_have_count(2)
    expect(page.get_by_role("cell", name="Not worked out")).to_be_visible()
    check_accessible(page)
    page.goto(site.url(reverse("assessment", args=[runs[0].pk])))
    expect(page.locator("main")).to_contain_text("Run it again.")
    check_accessible(page)
    page.goto(site.url(reverse("assessment", args=[runs[1].pk])))
    expect(page.locator("progress")).to_be_visible()
    check_accessible(page)


def test_pages_that_are_not_there_or_for_others_say_so(site, page, person, sign_in, check_accessible) -> None:
    sign_in(page, person("board_member"))
    for path, status, words in [
        (reverse("import-new"), 403, "This needs one of these roles"),
        (reverse("assessment", args=[987]), 404, "check that it is right"),
        ("/no-such-page/", 404, "check that it is right"),
        (f"{reverse('map')}?level=no&first=abc", 200, ""),
    ]:
        response = page.goto(site.url(path))
        assert response.status == status, path
        expect(page.locator("main")).to_contain_text(words)
        check_accessible(page)


def tab_to(page: Page, name: str, *, most: int = 60) -> None:
    """Press Tab until something of that name has the focus, as somebody without a mouse does."""
    for _ in range(most):
        page.keyboard.press("Tab")
        words = page.evaluate(
            "() => { const on = document.activeElement; const label = on.labels?.[0];"
            " return (label?.innerText || on.getAttribute('aria-label') || on.innerText || '').trim(); }"
        )
        if words.startswith(name):
            return
    raise AssertionError(f"“{name}” was not reached in {most} presses of Tab")


def test_the_keyboard_alone_is_enough(site, page, person, sign_in) -> None:
    sign_in(page, person("analyst"))
    page.goto(site.url(reverse("home")))
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()

    page.set_viewport_size({"width": 320, "height": 720})
    page.goto(site.url(reverse("home")))
    tab_to(page, "Menu")
    page.keyboard.press("Enter")
    tab_to(page, "Imports")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{reverse('imports')}")
    tab_to(page, "Import data")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{reverse('import-new')}")

    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(site.url(reverse("import-new")))
    tab_to(page, "What each source is")
    page.keyboard.press("Enter")
    expect(page.locator("details").last).to_have_attribute("open", "")
    page.goto(site.url(reverse("import-new")))
    page.get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    tab_to(page, "Import")
    page.keyboard.press("Enter")
    expect(summary(page)).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Files")).to_be_focused()
