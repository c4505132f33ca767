"""Settings are read strictly, and the site sends the headers that keep people safe."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings
from django.urls import reverse

from tests import factories
from wardlight.config import environment
from wardlight.config.commands.database import the_partnership
from wardlight.config.home import secret_key
from wardlight.config.single_sign_on import single_sign_on
from wardlight.partners import roles
from wardlight.partners.models import AuditEvent
from wardlight.partners.refusal import Refusal

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(("text", "value"), [("TRUE", True), ("off", False), (" 1 ", True), ("", True)])
def test_a_switch_is_read(monkeypatch, text: str, value: bool) -> None:
    monkeypatch.setenv("WARDLIGHT_X", text)
    assert environment.read_bool("WARDLIGHT_X", default=True) is value


@pytest.mark.parametrize("text", ["maybe", "2", "yess"])
def test_a_switch_that_is_not_understood_stops_the_start(monkeypatch, text: str) -> None:
    monkeypatch.setenv("WARDLIGHT_X", text)
    with pytest.raises(ImproperlyConfigured, match=f"WARDLIGHT_X is “{text}”: use true or false"):
        environment.read_bool("WARDLIGHT_X", default=True)


@pytest.mark.parametrize("text", ["0", "70000", "eighty", "-1", "8000.5"])
def test_a_number_outside_its_range_stops_the_start(monkeypatch, text: str) -> None:
    monkeypatch.setenv("WARDLIGHT_X", text)
    with pytest.raises(ImproperlyConfigured, match="whole number from 1 to 65535"):
        environment.read_int("WARDLIGHT_X", 8000, low=1, high=65535)


def test_single_sign_on_is_all_or_nothing(monkeypatch) -> None:
    assert single_sign_on().origins == []
    monkeypatch.setenv("WARDLIGHT_OIDC_SERVER", "https://login.example.org/tenant/")
    with pytest.raises(ImproperlyConfigured, match="WARDLIGHT_OIDC_CLIENT is not set"):
        single_sign_on()
    monkeypatch.setenv("WARDLIGHT_OIDC_CLIENT", "wardlight")
    monkeypatch.setenv("WARDLIGHT_OIDC_SECRET", "secret")
    assert single_sign_on().origins == ["https://login.example.org"]
    monkeypatch.setenv("WARDLIGHT_OIDC_SERVER", "http://login.example.org")
    with pytest.raises(ImproperlyConfigured, match="begins with https://"):
        single_sign_on()


def test_the_deployment_check_is_clean_with_https(home) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "django", "check", "--deploy", "--fail-level", "WARNING"],
        env={
            **{name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"},
            "PYTHONPATH": str(ROOT / "src"),
            "WARDLIGHT_HTTPS": "true",
            "WARDLIGHT_HOSTS": "safer.example.org",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_secret_key_is_for_its_owner_only(home) -> None:
    from wardlight.config.home import secret_key

    key = secret_key()
    assert len(key) >= 50
    assert secret_key() == key
    if os.name == "posix":
        assert (home / "secret-key").stat().st_mode & 0o077 == 0


@pytest.mark.django_db
def test_every_page_has_the_headers(client, partnership) -> None:
    response = client.get("/account/login/")
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "blob:" not in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"


@pytest.mark.django_db
def test_what_a_signed_in_person_sees_is_stored_nowhere(client, partnership) -> None:
    person = factories.MembershipFactory(agency__partnership=partnership, roles=[*roles.ROLES]).user
    assert "no-store" not in client.get("/").headers.get("Cache-Control", "")
    client.force_login(person)
    for address in ("/home/", "/people/", "/audit/", reverse("audit-export"), "/nowhere/"):
        assert "no-store" in client.get(address).headers["Cache-Control"], address


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
def test_a_home_that_we_make_is_its_owners_alone(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("WARDLIGHT_HOME", str(tmp_path / "new" / "home"))
    assert secret_key() == secret_key()
    assert (tmp_path / "new" / "home").stat().st_mode & 0o777 == 0o700


def test_the_first_partnership_of_a_home_is_in_the_audit_trail(db) -> None:
    made = the_partnership()
    assert the_partnership() == made
    assert AuditEvent.objects.get(partnership=made, verb="create").actor_label == "command line"


def test_problems_are_told_in_plain_words(client, partnership, rf) -> None:
    from wardlight.config.problem_views import RefusalMiddleware, broken, expired

    assert "Page not found" in client.get("/nowhere/").content.decode()
    assert b"Something went wrong" in broken(rf.get("/")).content
    request = client.get("/account/login/").wsgi_request
    assert expired(request).status_code == 403
    told = RefusalMiddleware(lambda request: None).process_exception(request, Refusal("Line 3 is empty: fill it in."))
    assert told is not None
    assert told.status_code == 400
    assert "Line 3 is empty: fill it in." in told.content.decode()
    assert RefusalMiddleware(lambda request: None).process_exception(request, ValueError()) is None


@pytest.mark.django_db
def test_an_installation_without_mail_says_so(client, partnership) -> None:
    assert "sends no e-mail" in client.get("/account/password/reset/").content.decode()
    with override_settings(EMAIL_HOST="mail.example.org"):
        assert "We will send a link" in client.get("/account/password/reset/").content.decode()


@pytest.mark.django_db
def test_signing_in_is_limited_and_says_so(client, partnership, settings, tmp_path) -> None:
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": tmp_path}
    }
    asked = {"login": "nobody@example.org", "password": "wrong"}
    answers = [client.post("/account/login/", asked).content.decode() for _ in range(7)]
    assert "is not right" in answers[0]
    assert "too many tries" in answers[-1]


def test_every_setting_is_in_the_reference() -> None:
    import re

    sources = (ROOT / "src" / "wardlight" / "config").glob("*.py")
    named = {
        name for path in sources for name in re.findall(r'"(WARDLIGHT_[A-Z_]+)"', path.read_text(encoding="utf-8"))
    }
    reference = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    assert named
    assert {name for name in named if f"`{name}`" not in reference} == set()
