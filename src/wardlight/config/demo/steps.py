"""Make the demo borough in this home, step by step. A finished step is not done again; an interrupted one is taken up."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from wardlight.config.home import home
from wardlight.partners.actors import COMMAND_LINE

from . import accounts
from .truths import record_months, truths

if TYPE_CHECKING:
    from wardlight.assessment.context import Annotation
    from wardlight.assessment.models import Assessment
    from wardlight.assessment.periods import Period

    from .files import Folder
    from .loading import Task

EVENTS = ("lockdown", "lighting", "barrier", "hate")
Say = Callable[[str, float], None]  # what is being done, and the share of the step that is done


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `key` is remembered in the home once `run` has returned."""

    key: str
    title: str
    run: Callable[[Say], str]


def folder() -> Path:
    """Where the demo keeps its files and its memory."""
    return home() / "demo"


def steps() -> list[Step]:
    """Everything that has to be done once, in order. `run` returns a few words on what was done."""
    from . import loading

    return [
        Step("partnership", "The partnership, its agencies and sign-ins", _partnership),
        Step("files", "Three years of made-up files", _files),
        Step("places", "Boundaries, populations and premises", lambda say: loading.places(_written(), say)),
        *[Step(f"import {task.slug}", task.title, partial(_import, task)) for task in loading.TASKS],
        Step("assessment last year", "Last year’s strategic assessment, published", _last_year),
        Step("assessment this year", "This year’s strategic assessment, in draft", _this_year),
    ]


def waiting() -> list[Step]:
    """The steps that are not done yet."""
    done = _remembered()
    return [step for step in steps() if step.key not in done]


def finished(step: Step) -> None:
    """Remember that a step is done."""
    folder().mkdir(parents=True, exist_ok=True)
    path = _memory()
    aside = path.with_suffix(".new")
    aside.write_text(json.dumps([*_remembered(), step.key], indent=1), encoding="utf-8")
    aside.replace(path)


def _memory() -> Path:
    return folder() / "done.json"


def _remembered() -> list[str]:
    return json.loads(_memory().read_text(encoding="utf-8")) if _memory().exists() else []


def _partnership(_say: Say) -> str:
    accounts.make_partnership()
    return f"{len(accounts.AGENCIES)} agencies, {len(accounts.PEOPLE)} people"


def _files(say: Say) -> str:
    say("Making up three years of incidents", 0.1)
    _written()
    return f"in {folder() / 'files'}"


def _written() -> Folder:
    return _written_to(folder() / "files")


@cache
def _written_to(where: Path) -> Folder:
    """The files, written anew the first time a step of this run asks for them."""
    from .borough import generate
    from .files import write

    return write(generate(), where)


def _import(task: Task, say: Say) -> str:
    from .loading import bring_in

    return bring_in(task, _written(), say)


def _last_year(say: Say) -> str:
    from wardlight.assessment.operations import publish

    assessment = _assess(_year(1), _year(2), say)
    if not assessment.versions.exists():
        publish(assessment=assessment, public=True, by=COMMAND_LINE)
    return "published, and on the public site"


def _this_year(say: Say) -> str:
    _assess(_year(0), _year(1), say)
    return "a draft to edit"


def _year(back: int) -> Period:
    from wardlight.assessment.periods import Period

    months = record_months()
    last = len(months) - 12 * back
    return Period(months[last - 12], months[last - 1])


def _assess(period: Period, against: Period, say: Say) -> Assessment:
    from wardlight.assessment.models import Assessment
    from wardlight.assessment.operations import assess
    from wardlight.places.queries import find_area

    partnership = accounts.the_demo_partnership()
    made = Assessment.objects.filter(
        partnership=partnership, first_month=period.first_month, status=Assessment.Status.READY
    ).first()
    return made or assess(
        partnership=partnership,
        area=find_area(partnership.home_area_name, level="borough"),
        period=period,
        against=against,
        by=COMMAND_LINE,
        annotations=known_events(period, against),
        progress=lambda share, doing: say(doing, share),
    )


def known_events(*periods: Period) -> list[Annotation]:
    """The planted events that belong on the time axis of these periods and of the two years before them."""
    from wardlight.assessment.context import Annotation

    planted = [truths()[key] for key in EVENTS]
    events = [Annotation(one["first_month"], one["title"], one.get("last_month")) for one in planted]
    last, before = (
        periods[0].last_month,
        periods[-1].shifted(-24).first_month,
    )  # the history that charts and intervals use
    return [event for event in events if before <= event.month <= last]
