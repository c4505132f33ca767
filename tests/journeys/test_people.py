"""Administrators look after people; information governance reads what was done; each role finds its own first page."""

from __future__ import annotations

from playwright.sync_api import expect

from wardlight.partners.models import AuditEvent, Membership
from wardlight.partners.roles import ROLES


def test_each_role_has_a_first_page_of_its_own(site, page, person, sign_in, check_accessible) -> None:
    for role in ROLES:
        sign_in(page, person(role))
        page.goto(site.url("/home/"))
        expect(page.get_by_role("heading", level=1)).to_have_text("What is waiting?")
        expect(page.get_by_role("link", name="People", exact=True)).to_have_count(int(role == "administrator"))
        check_accessible(page)


def test_an_administrator_adds_somebody_who_then_chooses_a_password(
    site, page, person, sign_in, check_accessible
) -> None:
    sign_in(page, person("administrator"))
    page.goto(site.url("/people/add/"))
    check_accessible(page)
    page.get_by_label("Full name").fill("Sam Reed")
    page.get_by_label("E-mail address").fill("sam.reed@example.org")
    page.get_by_label("Agency").select_option(index=1)
    page.get_by_label("Analyst").check()
    page.get_by_role("button", name="Add person").click()
    link = page.locator(".app-secret").inner_text()
    assert "example.org" not in link
    check_accessible(page)
    page.context.clear_cookies()
    page.goto(link)
    page.get_by_label("New password", exact=True).fill("four words for sam")
    page.get_by_label("New password again").fill("four words for sam")
    page.get_by_role("button", name="Save password").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your password is saved")
    assert Membership.objects.get(user__name="Sam Reed").roles == ["analyst"]
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("This link no longer works")


def test_a_mistake_is_told_in_the_words_of_the_field(site, page, person, sign_in, check_accessible) -> None:
    sign_in(page, person("administrator"))
    page.goto(site.url("/people/add/"))
    page.get_by_role("button", name="Add person").click()
    page.get_by_role("link", name="Choose at least one role.").click()
    expect(page.get_by_label("Analyst")).to_be_focused()
    check_accessible(page)


def test_somebody_leaves_and_the_audit_trail_says_so(site, page, person, sign_in, check_accessible) -> None:
    leaving = person("analyst")
    sign_in(page, person("administrator", "information_governance"))
    page.goto(site.url("/people/"))
    check_accessible(page)
    page.get_by_role("link", name=leaving.name, exact=True).click()
    check_accessible(page)
    page.get_by_role("link", name=f"{leaving.name} leaves").click()
    check_accessible(page)
    page.get_by_label("Why do they leave?").fill("moved to another job")
    page.get_by_role("button", name="End membership").click()
    expect(page.get_by_role("alert")).to_contain_text("has left")
    page.get_by_role("navigation", name="Menu").get_by_role("link", name="Audit").click()
    expect(page.get_by_role("cell", name="moved to another job")).to_be_visible()
    check_accessible(page)
    page.get_by_label("What was done").select_option("end")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    assert AuditEvent.objects.get(verb="end").reason == "moved to another job"


def test_a_page_for_another_role_says_so_in_plain_words(site, page, person, sign_in, check_accessible) -> None:
    sign_in(page, person("board_member"))
    response = page.goto(site.url("/people/"))
    assert response.status == 403
    expect(page.locator("main")).to_contain_text("This needs one of these roles: administrator.")
    check_accessible(page)
