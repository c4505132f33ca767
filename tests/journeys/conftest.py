"""What journeys are driven with: a live server, a real browser, and axe."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests import factories
from wardlight.partners.models import User

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
BUILT = ROOT / "src" / "wardlight" / "govuk" / "static" / "built"
PASSWORD = "lamp street window quiet"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip
AXE_OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}},
}
NARROW = {"width": 320, "height": 720}
WIDE = {"width": 1280, "height": 900}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="session", autouse=True)
def front_end() -> None:
    missing = [path for path in (AXE, BUILT / "app.css") if not path.exists()]
    assert not missing, f"{missing[0].name} is missing: run `uv run wardlight frontend` first"


@dataclass(frozen=True)
class Site:
    """A running server. `url("/people/")` is a whole address."""

    address: str

    def url(self, path: str) -> str:
        return f"{self.address}{path}"


@pytest.fixture
def site(live_server, settings) -> Site:
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
    return Site(live_server.url)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium. Playwright runs a loop in this thread, which Django must be told is on purpose."""
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=executable, headless=True, args=FLAGS)
        yield running
        running.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    """A page of a fresh browser. Any script error or breach of the content security policy fails the test."""
    yield from _page(browser, java_script_enabled=True)


@pytest.fixture
def page_without_scripts(browser: Browser, site: Site) -> Iterator[Page]:
    yield from _page(browser, java_script_enabled=False)


def _page(browser: Browser, *, java_script_enabled: bool) -> Iterator[Page]:
    context = browser.new_context(viewport=WIDE, java_script_enabled=java_script_enabled, locale="en-GB")
    context.set_default_timeout(15_000)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if _is_problem(message) else None)
    yield page
    context.close()
    assert not problems, problems


def _is_problem(message) -> bool:
    return message.type == "error" and "Failed to load resource" not in message.text


@pytest.fixture
def person(partnership) -> Callable[..., User]:
    """`person("analyst", "administrator")` makes somebody with those roles who can sign in with `PASSWORD`."""

    def make(*roles: str) -> User:
        agency = partnership.agencies.first() or factories.AgencyFactory(partnership=partnership)
        user = factories.UserFactory()
        user.set_password(PASSWORD)
        user.save()
        factories.MembershipFactory(user=user, agency=agency, roles=list(roles))
        return user

    return make


@pytest.fixture
def sign_in(site: Site, client) -> Callable[[Page, User], None]:
    """`sign_in(page, user)` gives the page that person's session; the sign-in form has journeys of its own."""

    def enter(page: Page, user: User) -> None:
        client.force_login(user)
        session = client.cookies["sessionid"]
        page.context.add_cookies([{"name": "sessionid", "value": session.value, "url": site.address}])

    return enter


@pytest.fixture
def check_accessible() -> Callable[[Page], None]:
    """`check_accessible(page)`: axe finds nothing and nothing is wider than the screen, at 320 and 1,280 pixels."""
    source = AXE.read_text(encoding="utf-8")

    def check(page: Page) -> None:
        for size in (NARROW, WIDE):
            page.set_viewport_size(size)
            page.evaluate(source)
            found = page.evaluate("options => axe.run(document, options)", AXE_OPTIONS)
            told = [
                f"{broken['id']}: {broken['help']} – {node['target']} {node['failureSummary']}"
                for broken in found["violations"]
                for node in broken["nodes"]
            ]
            assert not told, f"{page.url} at {size['width']}: " + "\n".join(told)
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= size["width"], f"{page.url} is {width} pixels wide at {size['width']}"

    return check
