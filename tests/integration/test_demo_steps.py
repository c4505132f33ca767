"""The demo is made step by step, remembers what is done, and never twice."""

from __future__ import annotations

import os
import stat

import pytest

from tests.demo_borough import small_larkmoor
from wardlight.config.demo import accounts, borough, steps
from wardlight.partners.models import Agency, AuditEvent, Membership, Partnership, User
from wardlight.partners.roles import ROLES
from wardlight.places.models import Area, Boundary, Population, Premises

pytestmark = pytest.mark.django_db


def quietly(_doing: str, _share: float) -> None:
    """Progress for nobody."""


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch, settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # the slow ones are Django's to test
    monkeypatch.setattr(borough, "generate", small_larkmoor)


def run(*keys: str) -> None:
    for step in steps.steps():
        if step.key in keys:
            step.run(quietly)
            steps.finished(step)


def test_there_is_a_sign_in_for_every_role_and_its_password_works() -> None:
    run("partnership")
    assert {one.role for one in accounts.sign_ins()} == {role.title for role in ROLES.values()}
    for one in accounts.sign_ins():
        assert User.objects.get(email=one.email).check_password(one.password)
        assert len(one.password) >= 12
    assert len({one.password for one in accounts.sign_ins()}) == len(ROLES)


@pytest.mark.skipif(os.name == "nt", reason="Windows files have no mode")
def test_only_the_owner_can_read_the_passwords() -> None:
    run("partnership")
    assert stat.S_IMODE(accounts.sign_ins_path().stat().st_mode) == 0o600


def test_no_password_reaches_the_audit_trail() -> None:
    run("partnership")
    trail = str(list(AuditEvent.objects.values_list("after", "before", "reason")))
    assert not any(one.password in trail or one.email in trail for one in accounts.sign_ins())


def test_the_partnership_is_synthetic_and_made_once() -> None:
    run("partnership")
    before = accounts.sign_ins()
    User.objects.get(email=before[-1].email).memberships.all().delete()
    User.objects.get(email=before[-1].email).delete()
    run("partnership")  # as after an interruption
    assert accounts.sign_ins() == before
    assert Partnership.objects.get().synthetic
    assert Agency.objects.count() == len(accounts.AGENCIES)
    assert Membership.objects.count() == len(accounts.PEOPLE)


def test_finished_steps_are_not_done_again() -> None:
    first, *rest = steps.waiting()
    steps.finished(first)
    assert [step.key for step in steps.waiting()] == [step.key for step in rest]
    assert not [path for path in steps.folder().iterdir() if path.suffix == ".new"]


def test_places_are_loaded_and_loading_them_again_changes_nothing() -> None:
    run("partnership", "places")
    numbers = [model.objects.count() for model in (Area, Boundary, Population, Premises)]
    run("places")
    assert [model.objects.count() for model in (Area, Boundary, Population, Premises)] == numbers
    town = small_larkmoor().town
    sizes = {(layer.level, layer.vintage): len(layer.codes) for layer in (town.wards, town.small_areas, town.boroughs)}
    for (level, vintage), size in sizes.items():
        assert Boundary.objects.filter(area__level=level, area__vintage=vintage).count() == size
    ward = Area.objects.get(level="ward", name="Dovecote")
    assert ward.parent is not None
    assert ward.parent.name == "Larkmoor"
    assert ward.children.filter(vintage="2021").exists()
    assert Premises.objects.filter(members_only=True).count() == 65


def test_annotations_are_those_of_the_periods_and_of_the_history_behind_them() -> None:
    this_year = {event.title: event for event in steps.known_events(steps._year(0), steps._year(1))}
    last_year = {event.title: event for event in steps.known_events(steps._year(1), steps._year(2))}
    lockdown = next(event for title, event in last_year.items() if "lockdown" in title.lower())
    assert lockdown.title in this_year  # it lies in the months from which ordinary variation is learned
    assert lockdown.until > lockdown.month
    assert "Drive to report hate crime" in this_year
    assert "Drive to report hate crime" not in last_year  # it had not begun
