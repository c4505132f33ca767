"""Getting in: with the right password, the wrong one, a second step, the keyboard, and without scripts."""

from __future__ import annotations

from allauth.mfa.totp.internal.auth import hotp_value, yield_hotp_counters_from_time
from playwright.sync_api import expect

from .conftest import PASSWORD


def fill_in(page, user, password=PASSWORD) -> None:
    page.get_by_label("E-mail address").fill(user.email)
    page.get_by_label("Password", exact=True).fill(password)


def test_the_right_password_leads_home(site, page, person) -> None:
    user = person("analyst")
    page.goto(site.url("/home/"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    fill_in(page, user)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What is waiting?")
    assert user.email not in page.url


def test_a_wrong_password_is_told_in_a_summary_that_takes_focus(site, page, person, check_accessible) -> None:
    user = person("analyst")
    page.goto(site.url("/account/login/"))
    fill_in(page, user, "not the right one")
    page.get_by_role("button", name="Sign in", exact=True).click()
    summary = page.locator(".govuk-error-summary")
    expect(summary).to_contain_text("The e-mail address or the password is not right.")
    expect(summary).to_be_focused()
    assert page.title().startswith("Error: ")
    assert user.email not in page.url
    check_accessible(page)


def test_an_empty_form_links_each_problem_to_its_field(site, page) -> None:
    page.goto(site.url("/account/login/"))
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("link", name="Enter your e-mail address.").click()
    expect(page.get_by_label("E-mail address")).to_be_focused()


def test_with_the_keyboard_alone(site, page, person) -> None:
    user = person("board_member")
    page.goto(site.url("/account/login/"))
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    for words in (user.email, PASSWORD):
        page.keyboard.press("Tab")
        page.keyboard.type(words)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("What is waiting?")


def test_without_scripts(site, page_without_scripts, person) -> None:
    page, user = page_without_scripts, person("administrator")
    page.goto(site.url("/account/login/"))
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    fill_in(page, user)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("navigation", name="Menu").get_by_role("link", name="People").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Who is in the partnership?")
    page.get_by_role("link", name="Sign out").click()
    page.get_by_role("button", name="Sign out").click()
    page.goto(site.url("/people/"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_a_second_step_is_added_and_then_asked_for(site, page, person, check_accessible) -> None:
    user = person("analyst")
    page.goto(site.url("/account/2fa/totp/activate/"))
    fill_in(page, user)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirm that it is you")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up an authenticator app")
    check_accessible(page)
    secret = page.locator(".app-secret").inner_text()
    counter = next(iter(yield_hotp_counters_from_time()))
    page.get_by_label("Code").fill(f"{hotp_value(secret, counter):06}")
    page.get_by_role("button", name="Use this app").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("recovery codes")
    check_accessible(page)
    page.context.clear_cookies()
    page.goto(site.url("/account/login/"))
    fill_in(page, user)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Enter your code")
    check_accessible(page)


FOR_ANYBODY = [
    "/account/login/", "/account/password/reset/", "/account/password/reset/done/", "/account/signup/", "/no-such-page/",
]  # fmt: skip
ONES_OWN = [
    "/account/", "/account/password/change/", "/account/2fa/", "/account/2fa/webauthn/", "/account/reauthenticate/",
    "/account/logout/",
]  # fmt: skip


def test_pages_for_anybody_are_accessible(site, page, partnership, check_accessible) -> None:
    for path in FOR_ANYBODY:
        page.goto(site.url(path))
        check_accessible(page)


def test_pages_of_ones_own_account_are_accessible(site, page, person, sign_in, check_accessible) -> None:
    sign_in(page, person("analyst"))
    for path in ONES_OWN:
        page.goto(site.url(path))
        check_accessible(page)
