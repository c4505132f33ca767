"""Bring the demo borough's files in, through the very operations that a partnership's own files go through."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from wardlight.partners.actors import COMMAND_LINE

from .accounts import the_demo_partnership
from .files import Folder

Say = Callable[[str, float], None]
PARENTS = {"ward": "borough", "lsoa": "ward"}


@dataclass(frozen=True, slots=True)
class Task:
    """One import. `slug` names the files in `Folder.records` and the mapping beside this module, where there is one."""

    slug: str
    title: str
    source: str
    mapped: bool = False

    def paths(self, folder: Folder) -> list[Path]:
        return {"stop-and-search": folder.stops, "neighbours": [folder.neighbours]}.get(self.slug) or folder.records[
            self.slug
        ]

    def mapping(self) -> dict[str, Any] | None:
        """How the columns are read, as a person would write it in a file."""
        if not self.mapped:
            return None
        text = (files(__package__) / "mappings" / f"{self.slug}.toml").read_text(encoding="utf-8")
        return tomllib.loads(text)


TASKS = (
    Task("neighbours", "The neighbours’ monthly counts", "count-table"),
    Task("recorded-crime", "Recorded crime", "record-extract", mapped=True),
    Task("antisocial-behaviour", "Antisocial behaviour reports", "asb-extract", mapped=True),
    Task("ambulance", "Ambulance call-outs", "ambulance-extract", mapped=True),
    Task("emergency-department", "Emergency department assaults", "emergency-department-extract", mapped=True),
    Task("stop-and-search", "Stop and search", "police-uk-stops"),
)


def places(folder: Folder, say: Say) -> str:
    """Load boundaries, populations and premises. Loading them again changes nothing."""
    from wardlight.places.operations import load_premises, told_once

    with told_once():
        _areas(folder, say)
    report = load_premises(partnership=the_demo_partnership(), path=folder.premises, by=COMMAND_LINE)
    return f"{report.loaded} premises"


def _areas(folder: Folder, say: Say) -> None:
    from wardlight.places.operations import load_boundaries, load_populations

    parts = len(folder.boundaries) + len(folder.populations)
    for number, ((level, vintage), path) in enumerate(folder.boundaries.items()):
        say(f"Boundaries: {level} {vintage}", number / parts)
        parent = PARENTS.get(level)
        load_boundaries(
            path=path, level=level, vintage=vintage, by=COMMAND_LINE, code_field="code", name_field="name",
            parent_level=parent, parent_field="parent_code" if parent else None,
        )  # fmt: skip
    for number, ((level, vintage), path) in enumerate(folder.populations.items(), start=len(folder.boundaries)):
        say(f"Populations: {level} {vintage}", number / parts)
        load_populations(path=path, level=level, by=COMMAND_LINE)


def bring_in(task: Task, folder: Folder, say: Say) -> str:
    """Import one source's files, unless a landed batch already holds them."""
    from wardlight.incidents.models import Batch
    from wardlight.incidents.operations import import_files
    from wardlight.incidents.signals import batch_landed

    here = Batch.objects.filter(
        partnership=the_demo_partnership(), source=task.source, status=Batch.Status.LANDED
    ).first()
    if here is not None:
        # The run that landed it may have ended before the measures heard of it: tell them again, which does no harm.
        batch_landed.send(sender=Batch, batch=here)
        return "already here"
    report = import_files(
        partnership=the_demo_partnership(),
        paths=task.paths(folder),
        source=task.source,
        by=COMMAND_LINE,
        mapping=task.mapping(),
        progress=lambda share, doing: say(doing, share),
    )
    return (
        f"{report.rows_kept:,} kept, {report.rows_duplicate:,} repeated rows left out, "
        f"{report.rows_refused:,} refused of {report.rows_read:,}"
    )
