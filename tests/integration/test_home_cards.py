"""The first page after signing in says what waits, for each role, and asks no more questions as data grow."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests import factories
from wardlight.config.home_cards import Card, cards
from wardlight.incidents.models import Batch
from wardlight.measures import queries as measures
from wardlight.measures.models import Measure
from wardlight.measures.operations import sync_definitions
from wardlight.partners import roles
from wardlight.partners.actors import SYSTEM
from wardlight.partners.models import Partnership

pytestmark = pytest.mark.django_db
EVERYBODY = frozenset(roles.ROLES)


def card(partnership: Partnership, title: str) -> Card:
    return next(one for one in cards(partnership, EVERYBODY) if one.title == title)


def landed(partnership: Partnership, **more: object) -> Batch:
    when = datetime(2026, 7, 1, 9, 30, tzinfo=UTC)
    return factories.BatchFactory(partnership=partnership, status=Batch.Status.LANDED, landed_at=when, **more)


def test_before_any_import_the_first_card_says_where_to_start(partnership) -> None:
    first = cards(partnership, EVERYBODY)[0]
    assert (first.title, first.status, first.urgent) == ("Imports", "Nothing imported yet: start here", True)


def test_imports_say_what_they_reach_to_and_what_was_refused(partnership) -> None:
    landed(partnership, last_month=202603, rows_refused=3)
    landed(partnership, last_month=202512, rows_refused=1200)
    landed(factories.PartnershipFactory(), last_month=202612, rows_refused=7)
    factories.BatchFactory(partnership=partnership, status=Batch.Status.UNDONE, last_month=202701, rows_refused=9)
    assert card(partnership, "Data quality").status == "Data to March 2026; 1,203 rows refused"
    assert card(partnership, "Imports").status.startswith("Latest: 1 July 2026")
    factories.BatchFactory(partnership=partnership, status=Batch.Status.RUNNING)
    assert card(partnership, "Imports").status == "1 being read now"


def test_a_new_version_of_a_measure_is_not_another_measure(partnership) -> None:
    sync_definitions(SYSTEM)
    count = measures.definitions().count()
    newer = measures.definition("robbery-personal")
    newer.pk, newer.version = None, newer.version + 1
    newer.save()
    assert Measure.objects.count() == count + 1
    assert card(partnership, "Measures").status == f"{count} measures"


def test_the_questions_do_not_grow_with_the_data(partnership, django_assert_max_num_queries) -> None:
    for month in range(202601, 202610):
        landed(partnership, last_month=month)
    with django_assert_max_num_queries(9):
        cards(partnership, EVERYBODY)
