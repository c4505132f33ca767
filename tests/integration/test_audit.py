"""The audit trail: only ever added to, sealed into a chain, and read by whoever may."""

from __future__ import annotations

import csv
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests import factories
from wardlight.partners import audit, queries, seals
from wardlight.partners.actors import COMMAND_LINE, Actor
from wardlight.partners.append_only import AppendOnlyError
from wardlight.partners.models import AuditEvent, AuditSeal
from wardlight.partners.policies import check_role

AT_ONCE = timedelta(0)


def note(partnership, verb: str = "add", by: Actor = COMMAND_LINE, **more) -> AuditEvent:
    return audit.record(by=by, verb=verb, obj=partnership, partnership=partnership, **more)


def raw(sql: str, *values: object) -> None:
    """What somebody with the database in their hands could do."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


@pytest.mark.django_db
def test_an_event_is_never_changed_or_deleted(partnership) -> None:
    event = note(partnership)
    event.verb = "other"
    for deed in (
        event.save,
        event.delete,
        lambda: AuditEvent.objects.update(verb="other"),
        AuditEvent.objects.all().delete,
        lambda: AuditEvent.objects.bulk_update([event], ["verb"]),
        lambda: AuditEvent._base_manager.all().delete(),
        lambda: partnership.audit_events.update(verb="other"),
        lambda: partnership.audit_events.all().delete(),
    ):
        with pytest.raises(AppendOnlyError):
            deed()
    assert AuditEvent.objects.get().verb == "add"


@pytest.mark.django_db
def test_events_are_sealed_behind_the_lag(partnership) -> None:
    for _ in range(3):
        note(partnership)
    assert seals.seal() == 0
    assert seals.verify().unsealed == 3
    assert seals.seal(lag=AT_ONCE) == 3
    assert seals.seal(lag=AT_ONCE) == 0
    found = seals.verify()
    assert (found.sealed, found.unsealed, found.late, found.broken) == (3, 0, 0, [])
    assert found.head == seals.head() == AuditSeal.objects.order_by("pk").last().digest


@pytest.mark.django_db
def test_an_event_that_arrives_late_is_sealed_after_and_reported(partnership) -> None:
    first, second = note(partnership), note(partnership)
    young = timezone.now() + timedelta(days=1)
    raw("UPDATE partners_auditevent SET at = %s WHERE id = %s", young, first.pk)
    assert seals.seal(lag=AT_ONCE) == 1
    raw("UPDATE partners_auditevent SET at = %s WHERE id = %s", second.at, first.pk)
    assert seals.seal(lag=AT_ONCE) == 1
    found = seals.verify()
    assert (found.late, found.broken) == (1, [])


@pytest.mark.django_db
def test_the_chain_cannot_fork(partnership) -> None:
    note(partnership)
    seals.seal(lag=AT_ONCE)
    event = note(partnership)
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditSeal.objects.create(event=event, previous_digest=seals.GENESIS, digest="f" * 64)


@pytest.mark.django_db
@pytest.mark.parametrize("column", ["verb", "actor_label", "object_type", "object_id", "reason"])
def test_a_changed_event_breaks_the_chain(partnership, column: str) -> None:
    events = [note(partnership) for _ in range(3)]
    seals.seal(lag=AT_ONCE)
    raw(f"UPDATE partners_auditevent SET {column} = 'tampered' WHERE id = %s", events[1].pk)
    assert seals.verify().broken == [f"Event {events[1].pk} is not what was sealed: it was changed."]


@pytest.mark.django_db
def test_a_removed_event_breaks_the_chain(partnership) -> None:
    events = [note(partnership) for _ in range(4)]
    seals.seal(lag=AT_ONCE)
    raw("DELETE FROM partners_auditseal WHERE event_id = %s", events[1].pk)
    raw("DELETE FROM partners_auditevent WHERE id = %s", events[1].pk)
    (problem,) = seals.verify().broken
    assert f"cut before event {events[2].pk}" in problem
    assert "2 sealed events hang loose" in problem


@pytest.mark.django_db
def test_the_newest_events_cut_off_show_by_a_digest_noted_elsewhere(partnership) -> None:
    events = [note(partnership) for _ in range(3)]
    seals.seal(lag=AT_ONCE)
    noted = seals.head()
    raw("DELETE FROM partners_auditseal WHERE event_id = %s", events[2].pk)
    raw("DELETE FROM partners_auditevent WHERE id = %s", events[2].pk)
    assert seals.verify().broken == []
    (problem,) = seals.verify(expect=noted).broken
    assert "no longer in the chain" in problem


class AnyTampering(TestCase):
    """Whatever is written, in any words, seals and verifies; whichever one is changed is named."""

    @given(
        words=st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30), min_size=1, max_size=6),
        data=st.data(),
    )
    @settings(max_examples=25, deadline=None)
    def test_it_shows(self, words: list[str], data: st.DataObject) -> None:
        partnership = factories.PartnershipFactory()
        events = [note(partnership, after={"words": text}, reason=text) for text in words]
        assert seals.seal(lag=AT_ONCE) == len(words)
        assert seals.verify().broken == []
        victim = data.draw(st.sampled_from(events))
        raw("UPDATE partners_auditevent SET reason = %s WHERE id = %s", victim.reason + "!", victim.pk)
        assert seals.verify().broken == [f"Event {victim.pk} is not what was sealed: it was changed."]


@pytest.fixture
def reader(partnership, client):
    agency = factories.AgencyFactory(partnership=partnership)
    user = factories.MembershipFactory(agency=agency, roles=["information_governance"]).user
    client.force_login(user)
    return user


@pytest.mark.django_db
def test_the_page_names_people_and_filters(client, partnership, reader) -> None:
    note(partnership, "import", by=Actor.of(reader), reason="monthly file")
    note(partnership, "publish")
    note(factories.PartnershipFactory(), "secret")
    page = client.get(reverse("audit")).content.decode()
    assert reader.name in page
    assert "monthly file" in page
    assert "Secret" not in page
    only = client.get(reverse("audit"), {"verb": "publish"}).content.decode()
    assert "monthly file" not in only
    wrong = client.get(reverse("audit"), {"first_0": "31", "first_1": "2", "first_2": "2026"})
    assert wrong.status_code == 400
    assert "31 2 2026 is not a date" in wrong.content.decode()


@pytest.mark.django_db
def test_dates_are_local_and_inclusive(partnership) -> None:
    event = note(partnership)
    today = timezone.localdate(event.at)
    assert list(queries.audit_events(partnership=partnership, first=today, last=today)) == [event]
    assert not queries.audit_events(partnership=partnership, first=today + timedelta(days=1))
    assert not queries.audit_events(partnership=partnership, last=today - timedelta(days=1))


@pytest.mark.django_db
def test_the_export_names_nobody_and_holds_no_formula(client, partnership, reader) -> None:
    note(partnership, "import", by=Actor.of(reader), reason="=HYPERLINK(1)")
    response = client.get(reverse("audit-export"))
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(text.splitlines()))
    assert reader.name not in text
    assert reader.email not in text
    assert rows[-1]["who"] == f"user {reader.pk}"
    assert rows[-1]["reason"] == "'=HYPERLINK(1)"
    assert AuditEvent.objects.filter(verb="export", actor=reader).count() == 1


@pytest.mark.django_db
def test_the_page_asks_the_same_number_of_questions_however_many_events(
    client, partnership, reader, django_assert_max_num_queries
) -> None:
    for _ in range(60):
        note(partnership, by=Actor.of(reader))
    with django_assert_max_num_queries(14):
        page = client.get(reverse("audit")).content.decode()
    assert 'href="?page=2" rel="next"' in page


@pytest.mark.django_db
def test_only_information_governance_takes_a_copy(client, partnership) -> None:
    analyst = factories.MembershipFactory(agency__partnership=partnership).user
    client.force_login(analyst)
    assert client.get(reverse("audit-export")).status_code == 403
    with pytest.raises(PermissionDenied):
        check_role(analyst, partnership, "information_governance")
