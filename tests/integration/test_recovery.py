"""Work that died with a worker is marked or queued again when the next worker starts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from tests import factories
from wardlight.assessment.models import Assessment
from wardlight.config.recovery import recover
from wardlight.incidents.models import Batch
from wardlight.incidents.tasks import import_batch

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(minutes=11)


def test_an_interrupted_import_is_marked_and_says_so():
    batch = factories.BatchFactory(status=Batch.Status.RUNNING, heartbeat_at=timezone.now() - LONG_AGO)
    alive = factories.BatchFactory(status=Batch.Status.RUNNING, heartbeat_at=timezone.now())
    recover()
    batch.refresh_from_db()
    alive.refresh_from_db()
    assert batch.status == Batch.Status.FAILED
    assert "interrupted" in batch.message
    assert alive.status == Batch.Status.RUNNING


def test_a_waiting_import_whose_task_is_gone_is_queued_once():
    batch = factories.BatchFactory(status=Batch.Status.QUEUED)
    assert recover() == 1
    assert [result["args"] for result in DBTaskResult.objects.values_list("args_kwargs", flat=True)] == [[batch.pk]]
    assert recover() == 0


def test_a_waiting_import_with_a_task_is_left_alone():
    batch = factories.BatchFactory(status=Batch.Status.QUEUED)
    import_batch.enqueue(batch.pk)
    assert recover() == 0


def test_a_task_that_died_is_ended_and_its_import_queued_again():
    batch = factories.BatchFactory(status=Batch.Status.QUEUED)
    import_batch.enqueue(batch.pk)
    DBTaskResult.objects.update(status=TaskResultStatus.RUNNING, started_at=timezone.now() - LONG_AGO)
    assert recover() == 1
    assert DBTaskResult.objects.failed().count() == 1


def test_a_stale_assessment_is_marked_and_a_waiting_one_queued(partnership):
    def made(status, heartbeat):
        return Assessment.objects.create(
            partnership=partnership, area=factories.AreaFactory(), title="One", first_month=202401, last_month=202412,
            status=status, heartbeat_at=heartbeat,
        )  # fmt: skip

    stale = made(Assessment.Status.RUNNING, timezone.now() - LONG_AGO)
    made(Assessment.Status.QUEUED, None)
    assert recover() == 1
    stale.refresh_from_db()
    assert stale.status == Assessment.Status.FAILED
