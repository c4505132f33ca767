"""Who may do what, and the operations on partnerships, agencies and people."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from tests import factories
from wardlight.partners import operations, policies, queries, roles
from wardlight.partners.actors import COMMAND_LINE, Actor
from wardlight.partners.models import AuditEvent, Membership
from wardlight.partners.refusal import Refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency(partnership):
    return operations.add_agency(partnership=partnership, name="Larkmoor Council", kind="council", by=COMMAND_LINE)


@pytest.fixture
def administrator(agency):
    return member(agency, roles.ADMINISTRATOR)


def member(agency, *held: str) -> Membership:
    return factories.MembershipFactory(agency=agency, roles=list(held))


def test_nothing_is_allowed_without_a_membership(partnership) -> None:
    stranger = factories.UserFactory(is_superuser=True)
    assert policies.roles_of(stranger, partnership) == frozenset()
    assert not queries.partnerships_of(stranger)
    with pytest.raises(PermissionDenied, match="one of these roles: analyst"):
        policies.check_role(stranger, partnership, roles.ANALYST)


def test_roles_of_one_partnership_open_nothing_in_another(agency) -> None:
    here = member(agency, *roles.ROLES)
    elsewhere = factories.PartnershipFactory()
    assert policies.may_role(here.user, agency.partnership, roles.ANALYST)
    assert not policies.may_read(here.user, elsewhere)


def test_an_ended_membership_and_a_closed_account_open_nothing(agency, administrator) -> None:
    leaving, closed = member(agency, roles.ANALYST), member(agency, roles.ANALYST)
    operations.end_membership(membership=leaving, by=COMMAND_LINE, reason="moved")
    closed.user.is_active = False
    assert not policies.may_read(leaving.user, agency.partnership)
    assert not policies.may_read(closed.user, agency.partnership)


def test_a_role_that_is_not_in_the_code_counts_for_nothing(agency) -> None:
    odd = member(agency, "emperor")
    assert policies.roles_of(odd.user, agency.partnership) == frozenset()


def test_every_role_says_what_it_may_do() -> None:
    assert all(role.title and role.describes.endswith(".") for role in roles.ROLES.values())


def test_only_an_administrator_adds_people(agency, administrator) -> None:
    analyst = member(agency, roles.ANALYST)
    asked = {"agency": agency, "email": "sam@example.org", "name": "Sam Reed", "roles": ["analyst"]}
    with pytest.raises(PermissionDenied):
        operations.add_member(by=Actor.of(analyst.user), **asked)
    added = operations.add_member(by=Actor.of(administrator.user), **asked)
    assert not added.user.has_usable_password()
    event = AuditEvent.objects.first()
    assert event is not None
    assert (event.verb, event.actor, event.object_id) == ("add", administrator.user, str(added.pk))
    assert "sam@example.org" not in str(event.after)


def test_no_signed_in_person_adds_a_partnership(administrator) -> None:
    with pytest.raises(PermissionDenied):
        operations.create_partnership(name="Other", slug="other", by=Actor.of(administrator.user))


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"roles": []}, "at least one role"),
        ({"roles": ["emperor"]}, "no role “emperor”"),
        ({"email": "nobody"}, "e-mail address is not complete"),
    ],
)
def test_what_cannot_be_added_is_refused_in_a_sentence(agency, asked: dict, words: str) -> None:
    given = {"agency": agency, "email": "sam@example.org", "name": "Sam", "roles": ["analyst"], "by": COMMAND_LINE}
    with pytest.raises(Refusal, match=words):
        operations.add_member(**{**given, **asked})
    assert not Membership.objects.exists()


def test_somebody_who_left_can_come_back(agency, administrator) -> None:
    asked = {"agency": agency, "email": "sam@example.org", "name": "Sam", "roles": ["analyst"], "by": COMMAND_LINE}
    first = operations.add_member(**asked)
    with pytest.raises(Refusal, match="already in"):
        operations.add_member(**asked)
    operations.end_membership(membership=first, by=COMMAND_LINE, reason="left")
    again = operations.add_member(**{**asked, "roles": ["board_member"]})
    assert again.pk == first.pk
    assert policies.roles_of(again.user, agency.partnership) == {"board_member"}


def test_the_last_administrator_stays(agency, administrator) -> None:
    with pytest.raises(Refusal, match="last administrator"):
        operations.change_roles(membership=administrator, roles=["analyst"], by=COMMAND_LINE)
    with pytest.raises(Refusal, match="last administrator"):
        operations.end_membership(membership=administrator, by=COMMAND_LINE, reason="left")
    member(agency, roles.ADMINISTRATOR)
    operations.end_membership(membership=administrator, by=COMMAND_LINE, reason="left")


def test_roles_that_do_not_change_leave_no_event(agency) -> None:
    analyst = member(agency, roles.ANALYST)
    before = AuditEvent.objects.count()
    operations.change_roles(membership=analyst, roles=["analyst"], by=COMMAND_LINE)
    assert AuditEvent.objects.count() == before
    operations.change_roles(membership=analyst, roles=["analyst", "board_member"], by=COMMAND_LINE, reason="new job")
    event = AuditEvent.objects.first()
    assert event is not None
    assert (event.before, event.after) == ({"roles": ["analyst"]}, {"roles": ["analyst", "board_member"]})


def test_an_agency_is_added_once(agency, partnership) -> None:
    with pytest.raises(Refusal, match="already an agency"):
        operations.add_agency(partnership=partnership, name="Larkmoor council", kind="council", by=COMMAND_LINE)


def test_a_failed_operation_leaves_no_event(agency, monkeypatch) -> None:
    def break_down(**kwargs: object) -> None:
        raise RuntimeError

    before = AuditEvent.objects.count()
    monkeypatch.setattr(operations, "record", break_down)
    with pytest.raises(RuntimeError):
        operations.add_agency(partnership=agency.partnership, name="Fire", kind="fire", by=COMMAND_LINE)
    assert agency.partnership.agencies.count() == 1
    assert AuditEvent.objects.count() == before


def test_a_password_link_is_not_given_to_somebody_of_two_partnerships(agency, administrator) -> None:
    other = factories.MembershipFactory()
    both = factories.MembershipFactory(agency=agency, user=other.user)
    with pytest.raises(Refusal, match="another partnership"):
        operations.record_password_link(membership=both, by=Actor.of(administrator.user))


@pytest.mark.parametrize("elsewhere", [True, False])
def test_adding_somebody_opens_no_account_of_another_partnership(client, agency, administrator, elsewhere) -> None:
    """They may sign in by the council's own accounts, and so have no password yet."""
    invited = factories.MembershipFactory() if elsewhere else factories.MembershipFactory(agency=agency)
    invited.user.set_unusable_password()
    invited.user.save()
    second = operations.add_agency(partnership=agency.partnership, name="Fire", kind="fire", by=COMMAND_LINE)
    client.force_login(administrator.user)
    asked = {"agency": second.pk, "email": invited.user.email, "name": "Somebody", "roles": [roles.ANALYST]}
    page = client.post(reverse("person-add"), asked).content.decode()
    assert ("/account/password/reset/key/" in page) is not elsewhere
    assert ("sign in as before" in page) is elsewhere


PAGES = [("people", "administrator"), ("agency-add", "administrator"), ("person-add", "administrator"),
         ("audit", "information_governance"), ("audit-export", "information_governance")]  # fmt: skip


@pytest.mark.parametrize(("name", "right"), PAGES)
def test_pages_open_for_their_role_alone(client, agency, name: str, right: str) -> None:
    assert client.get(reverse(name)).status_code == 302
    for role in roles.ROLES:
        client.force_login(member(agency, role).user)
        assert client.get(reverse(name)).status_code == (200 if role == right else 403), role


def test_somebody_elses_member_is_not_found(client, administrator) -> None:
    stranger = factories.MembershipFactory()
    client.force_login(administrator.user)
    assert client.get(reverse("person", args=[stranger.pk])).status_code == 404
    assert client.post(reverse("person-end", args=[stranger.pk]), {"reason": "x"}).status_code == 404


def test_somebody_with_two_partnerships_chooses(client, agency) -> None:
    first, second = agency.partnership, factories.PartnershipFactory(name="Zeta")
    user = member(agency, roles.ANALYST).user
    factories.MembershipFactory(user=user, agency__partnership=second, roles=["analyst"])
    client.force_login(user)
    assert first.name in client.get(reverse("home")).content.decode()
    client.post(reverse("choose-partnership"), {"partnership": second.pk})
    assert "<title>Home – Zeta" in client.get(reverse("home")).content.decode()
    stranger = factories.PartnershipFactory()
    assert client.post(reverse("choose-partnership"), {"partnership": stranger.pk}).status_code == 400


def test_the_people_page_asks_the_same_number_of_questions_however_many_there_are(
    client, agency, administrator, django_assert_max_num_queries
) -> None:
    for _ in range(30):
        member(agency, roles.ANALYST)
    client.force_login(administrator.user)
    with django_assert_max_num_queries(14):
        client.get(reverse("people"))


@pytest.mark.parametrize("role", list(roles.ROLES))
def test_the_first_page_is_quick_for_every_role(client, agency, role: str, django_assert_max_num_queries) -> None:
    client.force_login(member(agency, role).user)
    with django_assert_max_num_queries(24):
        assert client.get(reverse("home")).status_code == 200
