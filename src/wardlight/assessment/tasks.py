"""Work left to the worker. Arguments are ids only; progress and heartbeat live on the assessment."""

from __future__ import annotations

from django_tasks import task

from wardlight.partners.actors import SYSTEM, Actor


@task()
def work_out_assessment(assessment_id: int) -> None:
    """Work out a waiting assessment."""
    from .models import Assessment
    from .operations import work_out

    assessment = Assessment.objects.select_related("partnership", "area", "created_by", "replaces").get(
        pk=assessment_id
    )
    by = Actor.of(assessment.created_by) if assessment.created_by else SYSTEM
    work_out(assessment=assessment, by=by)
