"""What a worker does before it begins: mark work that died with an earlier worker, and queue again what still waits."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django_tasks.base import Task, TaskResultStatus
from django_tasks_db.models import DBTaskResult

from wardlight.assessment.models import Assessment
from wardlight.assessment.operations import sweep_stale
from wardlight.assessment.tasks import work_out_assessment
from wardlight.incidents.models import Batch
from wardlight.incidents.operations import mark_interrupted_batches
from wardlight.incidents.tasks import import_batch

SILENT_FOR = timedelta(minutes=10)


def recover() -> int:
    """Mark what was interrupted and queue again what nobody has begun. Safe beside other workers. Gives how many were queued."""
    mark_interrupted_batches()
    sweep_stale()
    dead = DBTaskResult.objects.running().filter(started_at__lt=timezone.now() - SILENT_FOR)
    dead.update(status=TaskResultStatus.FAILED, finished_at=timezone.now())
    batches = Batch.objects.filter(status=Batch.Status.QUEUED).values_list("pk", flat=True)
    assessments = Assessment.objects.filter(status=Assessment.Status.QUEUED).values_list("pk", flat=True)
    return _queue_again(import_batch, batches) + _queue_again(work_out_assessment, assessments)


def _queue_again(task: Task[Any, Any], waiting: Iterable[int]) -> int:
    """Enqueue the task for each id that no ready or running task has as its argument."""
    alive = DBTaskResult.objects.filter(
        task_path=task.module_path, status__in=[TaskResultStatus.READY, TaskResultStatus.RUNNING]
    )
    held = {result["args"][0] for result in alive.values_list("args_kwargs", flat=True)}
    forgotten = [pk for pk in waiting if pk not in held]
    for pk in forgotten:
        task.enqueue(pk)
    return len(forgotten)
