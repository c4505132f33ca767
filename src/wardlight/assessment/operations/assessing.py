"""Working an assessment out: at once (command line) or in the worker (web), always from stored data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from wardlight.partners import audit, faults
from wardlight.partners.actors import SYSTEM, Actor
from wardlight.partners.models import Partnership
from wardlight.partners.operations import set_home_area
from wardlight.partners.refusal import Refusal
from wardlight.places.models import Area

from ..context import Annotation
from ..engine import ENGINE_VERSION, run
from ..gathering import gather
from ..models import Assessment
from ..periods import Period, check_comparable
from . import storing

STALE = timedelta(minutes=10)
GATHERED = 0.4
RUN = 0.6
Progress = Callable[[float, str], None]
INSIDE = "Something went wrong inside Wardlight, and where was noted. Nothing was stored: try again."
LARGEST_SEED = 2**31 - 1


def assess(
    *,
    partnership: Partnership,
    area: Area,
    period: Period,
    against: Period | None,
    by: Actor,
    seed: int = 0,
    annotations: Sequence[Annotation] = (),
    progress: Progress | None = None,
    title: str = "",
) -> Assessment:
    """Work an assessment out now. Raises Refusal for unequal, overlapping or uncovered periods; nothing is left half-done.

    An earlier assessment of the same area and periods is replaced, and the analyst's words carried over from it.
    """
    assessment = _create(partnership, area, period, against, by, seed, annotations, title)
    return work_out(assessment=assessment, by=by, progress=progress)


def request(
    *,
    partnership: Partnership,
    area: Area,
    period: Period,
    against: Period | None,
    by: Actor,
    seed: int = 0,
    annotations: Sequence[Annotation] = (),
    title: str = "",
) -> Assessment:
    """The same, left to the worker: the assessment waits, shows its progress and says when it failed."""
    from ..tasks import work_out_assessment

    with transaction.atomic():
        assessment = _create(partnership, area, period, against, by, seed, annotations, title)
        transaction.on_commit(partial(work_out_assessment.enqueue, assessment.pk))
    return assessment


def rerun(*, assessment: Assessment, by: Actor) -> Assessment:
    """Queue a new assessment of the same area and periods from the data as they are now, which replaces this one."""
    return request(
        partnership=assessment.partnership,
        area=assessment.area,
        period=assessment.period,
        against=assessment.against,
        by=by,
        seed=assessment.seed,
        annotations=annotations_of(assessment),
        title=assessment.title,
    )


def _create(
    partnership: Partnership,
    area: Area,
    period: Period,
    against: Period | None,
    by: Actor,
    seed: int,
    annotations: Sequence[Annotation],
    title: str,
) -> Assessment:
    if against is not None:
        check_comparable(period, against)
    if not 0 <= seed <= LARGEST_SEED:
        raise Refusal(f"The seed {seed} cannot be used: choose a whole number from 0 to {LARGEST_SEED:,}.")
    with transaction.atomic():
        if not partnership.home_area_name:
            set_home_area(partnership=partnership, level=area.level, name=area.name, by=by)
        assessment = Assessment.objects.create(
            partnership=partnership,
            area=area,
            title=title or f"Strategic assessment of {area.name}",
            first_month=period.first_month,
            last_month=period.last_month,
            against_first_month=against.first_month if against else None,
            against_last_month=against.last_month if against else None,
            seed=seed,
            annotations=[asdict(item) for item in annotations],
            created_by=by.user,
            replaces=latest(partnership, area, period, against),
        )
        after = {"area": area.name, "period": period.key, "against": against.key if against else ""}
        audit.record(by=by, verb="assessment.started", obj=assessment, partnership=partnership, after=after)
    return assessment


def annotations_of(assessment: Assessment) -> list[Annotation]:
    """The known events as they were given."""
    return [Annotation(item["month"], item["title"], item.get("until")) for item in assessment.annotations]


def latest(partnership: Partnership, area: Area, period: Period, against: Period | None) -> Assessment | None:
    """The newest finished assessment of the same area and periods."""
    return Assessment.objects.filter(
        partnership=partnership,
        area=area,
        first_month=period.first_month,
        last_month=period.last_month,
        against_first_month=against.first_month if against else None,
        against_last_month=against.last_month if against else None,
        status=Assessment.Status.READY,
    ).first()


def work_out(*, assessment: Assessment, by: Actor, progress: Progress | None = None) -> Assessment:
    """Work out a waiting assessment and store what was found. On a refusal or fault it says so on the assessment, and raises."""
    report = _reporter(assessment, progress)
    _set(assessment, status=Assessment.Status.RUNNING, message="")
    try:
        return _work_out(assessment, by, report)
    except Refusal as refusal:
        _fail(assessment, by, str(refusal))
        raise
    except Exception as error:
        faults.own_fault(error, settings.HOME / "faults")
        _fail(assessment, by, faults.explain(error) or INSIDE)
        raise


def _work_out(assessment: Assessment, by: Actor, report: Progress) -> Assessment:
    context = gather(
        partnership=assessment.partnership,
        area=assessment.area,
        period=assessment.period,
        against=assessment.against,
        seed=assessment.seed,
        annotations=annotations_of(assessment),
        progress=lambda part, doing: report(GATHERED * part, doing),
    )
    _check_against(assessment, context.not_compared)
    draft = run(context, lambda part, doing: report(GATHERED + (RUN - GATHERED) * part, doing))
    digests = storing.draw(draft, lambda part, doing: report(RUN + (1 - RUN) * part, doing))
    with transaction.atomic():
        storing.store(assessment, context, draft, digests)
        _set(assessment, status=Assessment.Status.READY, progress=1.0, doing="", engine_version=ENGINE_VERSION)
        after = {"findings": assessment.findings.count(), "engine": ENGINE_VERSION}
        audit.record(
            by=by, verb="assessment.worked_out", obj=assessment, partnership=assessment.partnership, after=after
        )
    return assessment


def _check_against(assessment: Assessment, not_compared: str) -> None:
    """An earlier period that was asked for by name and is not held is refused, not passed over."""
    if assessment.against is not None and not_compared:
        raise Refusal(
            f"{not_compared} Choose an earlier period that is held, import what is missing, "
            f"or leave the comparison out; the period asked for was {assessment.against.key}."
        )


def _reporter(assessment: Assessment, progress: Progress | None) -> Progress:
    """Writes progress and a heartbeat to the row, at most once for each per cent, and passes it on."""
    shown = -1

    def report(part: float, doing: str) -> None:
        nonlocal shown
        if progress is not None:
            progress(part, doing)
        if int(100 * part) > shown:
            shown = int(100 * part)
            _set(assessment, progress=part, doing=doing[:200])

    return report


def _set(assessment: Assessment, **fields: object) -> None:
    for name, value in fields.items():
        setattr(assessment, name, value)
    assessment.heartbeat_at = timezone.now()
    assessment.save(update_fields=[*fields, "heartbeat_at"])


def _fail(assessment: Assessment, by: Actor, message: str) -> None:
    with transaction.atomic():
        _set(assessment, status=Assessment.Status.FAILED, message=message, doing="")
        audit.record(
            by=by,
            verb="assessment.failed",
            obj=assessment,
            partnership=assessment.partnership,
            after={"message": message},
        )


def sweep_stale(*, by: Actor = SYSTEM) -> int:
    """Mark assessments whose worker died: running, without a heartbeat for ten minutes. They can be run again."""
    stale = Assessment.objects.filter(
        status=Assessment.Status.RUNNING, heartbeat_at__lt=timezone.now() - STALE
    ).select_related("partnership")
    found = list(stale)
    for assessment in found:
        _fail(
            assessment,
            by,
            "It stopped before it was finished, probably because the worker was restarted. Run it again.",
        )
    return len(found)
