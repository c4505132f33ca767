"""Load boundary files: several years of the same level stand beside each other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.db import transaction
from django.db.models import Count

from wardlight.partners import audit
from wardlight.partners.actors import Actor
from wardlight.partners.refusal import Refusal

from ..boundary_files import BoundaryFile, BoundaryRow, Columns, describe, read_boundaries
from ..known import Known, Met
from ..levels import NAME_ONLY, level_slug, level_title
from ..models import Area, Boundary, LoadedFile
from ..signals import boundaries_loaded
from .areas import ensure_areas
from .reports import LoadReport, Progress, silent
from .telling import denominators_change

BATCH = 500
VINTAGE = re.compile(r"(19|20)\d\d")


def load_boundaries(
    *,
    path: Path,
    level: str | None = None,
    vintage: str | None = None,
    by: Actor,
    code_field: str | None = None,
    name_field: str | None = None,
    parent_level: str | None = None,
    parent_field: str | None = None,
    progress: Progress | None = None,
) -> LoadReport:
    """Load the areas of a GeoPackage, GeoJSON or Shapefile (also zipped). Loading the same file again changes nothing.

    `level` and `vintage` are taken from the file's own headings when not given. Shapes are stored in British National
    Grid. Raises Refusal, with nothing written, when the file as a whole cannot be used; features that cannot be used
    are left out one by one, each with its reason in the report.
    """
    say = progress or silent
    say("Reading the shapes", 0.0)
    if vintage and not VINTAGE.fullmatch(vintage):
        raise Refusal(f"“{vintage}” is no year of boundaries: write the year they are of, such as 2022.")
    wanted = Columns(
        level=level or "",
        vintage=vintage or "",
        code=code_field or "",
        name=name_field or "",
        parent_level=level_slug(parent_level or ""),
        parent_code=parent_field or "",
    )
    file = read_boundaries(Path(path), wanted=wanted)
    if vintage is None and not file.columns.vintage:
        _refuse_if_dated_set_is_here(file)
    say("Writing the areas", 0.5)
    _write(file, by)
    say("Done", 1.0)
    return _report(file)


def _refuse_if_dated_set_is_here(file: BoundaryFile) -> None:
    codes = {row.code for row in file.rows}
    sets = Area.objects.filter(level=file.columns.level, boundary__isnull=False).exclude(vintage="")
    for dated in sets.values("vintage").annotate(areas=Count("id")).filter(areas__gte=len(codes)):
        here = set(sets.filter(vintage=dated["vintage"]).values_list("code", flat=True))
        if codes <= here:
            title = level_title(file.columns.level, plural=True)
            raise Refusal(
                f"{file.source} does not say the year of its boundaries, and all of its {len(codes)} {title} are here "
                f"already with {dated['vintage']} boundaries: add --vintage and a year to load it beside them."
            )


@transaction.atomic
def _write(file: BoundaryFile, by: Actor) -> None:
    columns = file.columns
    known = Known(columns.level)
    parents = _parents(file, by)
    areas = _areas(file, known, parents)
    Boundary.objects.bulk_create(
        [_boundary(areas[row.code], row, file.source) for row in file.rows],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["area"],
        update_fields=["wkb", "min_x", "min_y", "max_x", "max_y", "square_metres", "repair", "source"],
    )
    loaded = LoadedFile.objects.create(
        kind=LoadedFile.Kind.BOUNDARIES,
        level=columns.level,
        vintage=columns.vintage,
        name=file.source[:200],
        sha256=file.sha256,
        rows_read=file.read,
        rows_loaded=len(file.rows),
        repaired=file.repaired,
        refused=file.refused,
        loaded_by_label=by.label,
    )
    after = {"level": columns.level, "vintage": columns.vintage, "areas": len(file.rows), "file": file.source}
    audit.record(by=by, verb="loaded boundaries", obj=loaded, partnership=None, after=after)
    transaction.on_commit(
        partial(boundaries_loaded.send, sender=LoadedFile, level=columns.level, vintage=columns.vintage)
    )
    denominators_change()


def _areas(file: BoundaryFile, known: Known, parents: Sequence[Area | None]) -> dict[str, Area]:
    """The area of every row by its code: those that exist (upgraded, renamed) and those made now."""
    vintage = file.columns.vintage
    areas: dict[str, Area] = {}
    new: list[Area] = []
    changed: list[Area] = []
    taken: set[int] = set()
    for row, parent in zip(file.rows, parents, strict=True):
        area = _existing(known, row, vintage, taken)
        if area is None:
            area = Area(level=file.columns.level, code=row.code, vintage=vintage, name=row.name, parent=parent)
            new.append(area)
        elif _brought_up_to_date(area, row, vintage, parent):
            changed.append(area)
        areas[row.code] = area
        if area.pk:
            taken.add(area.pk)
    Area.objects.bulk_create(new, batch_size=BATCH)
    Area.objects.bulk_update(changed, ["code", "vintage", "name", "parent"], batch_size=BATCH)
    return areas


def _existing(known: Known, row: BoundaryRow, vintage: str, taken: set[int]) -> Area | None:
    exact = known.find(Met(name=row.name, code=row.code), vintage=vintage) if not _by_name(row) else None
    if exact is None and _by_name(row):
        exact = known.find(Met(name=row.name, parent=row.parent_name), vintage=vintage)
    if exact is not None:
        return exact
    undated = [area for area in known.by_code.get(row.code, []) if area.vintage == "" and area.pk not in known.bounded]
    waiting = undated or list(filter(None, [known.name_only(Met(name=row.name, parent=row.parent_name))]))
    return next((area for area in waiting if area.pk not in taken and area.pk not in known.bounded), None)


def _by_name(row: BoundaryRow) -> bool:
    return row.code.startswith(NAME_ONLY)


def _brought_up_to_date(area: Area, row: BoundaryRow, vintage: str, parent: Area | None) -> bool:
    before = (area.code, area.vintage, area.name, area.parent_id)
    area.code, area.vintage, area.name = row.code, vintage, row.name
    area.parent = parent or area.parent
    return before != (area.code, area.vintage, area.name, area.parent_id)


def _boundary(area: Area, row: BoundaryRow, source: str) -> Boundary:
    min_x, min_y, max_x, max_y = (float(edge) for edge in shapely.bounds(row.shape))
    return Boundary(
        area=area,
        wkb=shapely.to_wkb(row.shape),
        min_x=min_x,
        min_y=min_y,
        max_x=max_x,
        max_y=max_y,
        square_metres=float(shapely.area(row.shape)),
        repair=row.repair[:200],
        source=source[:200],
    )


def _parents(file: BoundaryFile, by: Actor) -> list[Area | None]:
    """The area each row lies in: by the file's parent columns, else by where the shape is."""
    columns = file.columns
    if not columns.parent_level:
        return [None] * len(file.rows)
    if columns.parent_code or columns.parent_name:
        met = [Met(name=row.parent_name, code=row.parent_code) for row in file.rows]
        found = ensure_areas(level=columns.parent_level, met=[one for one in met if one.name or one.code], by=by)
        return [found.get(one) for one in met]
    return _parents_by_place(file)


def _parents_by_place(file: BoundaryFile) -> list[Area | None]:
    above = list(
        Boundary.objects.filter(area__level=file.columns.parent_level).select_related("area").order_by("-area__vintage")
    )
    newest = [boundary for boundary in above if boundary.area.vintage == above[0].area.vintage]
    if not newest:
        return [None] * len(file.rows)
    tree = shapely.STRtree(shapely.from_wkb([bytes(boundary.wkb) for boundary in newest]))
    inside = shapely.point_on_surface(np.array([row.shape for row in file.rows], dtype=object))
    rows, hits = tree.query(inside, predicate="intersects")
    found: dict[int, Any] = dict(zip(rows.tolist(), hits.tolist(), strict=True))
    return [newest[found[row]].area if row in found else None for row in range(len(file.rows))]


def _report(file: BoundaryFile) -> LoadReport:
    messages = [f"Loaded as {describe(file.columns)}."]
    if not file.columns.vintage:
        messages.append("The file does not say the year of its boundaries: add --vintage and the year if you know it.")
    return LoadReport(
        level=file.columns.level,
        vintage=file.columns.vintage,
        read=file.read,
        loaded=len(file.rows),
        repaired=file.repaired,
        refused=file.refused,
        source=file.source,
        messages=messages,
    )
