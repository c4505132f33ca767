"""Load populations and other denominators. The same file twice changes nothing; a newer one replaces its numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from django.db import transaction

from wardlight.partners import audit
from wardlight.partners.actors import Actor
from wardlight.partners.refusal import Refusal

from ..boundary_files import sha256
from ..known import Known, Met
from ..levels import LEVELS, level_title, name_code
from ..models import Area, LoadedFile, Population
from ..population_files import PopulationFile, PopulationRow, read_populations
from .areas import ensure_areas
from .reports import LoadReport, Progress, silent
from .telling import denominators_change

BATCH = 2000
_Place = tuple[str, str, str]  # code, name, parent


def load_populations(
    *,
    path: Path,
    by: Actor,
    kind: str = "residents",
    year: int | None = None,
    level: str | None = None,
    progress: Progress | None = None,
) -> LoadReport:
    """Load how many people (or premises, households…) there are in areas, in any of the layouts that are known.

    `kind`, `year` and `level` are for files that do not say them. Areas that are not here yet are made, without a
    boundary. Raises Refusal, with nothing written, when the layout is not known; rows that cannot be used are left
    out with their line and reason.
    """
    say = progress or silent
    say("Reading the numbers", 0.0)
    file = _once(read_populations(Path(path), year=year, level=level))
    if not file.rows:
        reason = f" The first reason was: {file.refused[0]}" if file.refused else ""
        raise Refusal(f"{file.source} has no number that can be loaded.{reason}")
    say("Writing the numbers", 0.3)
    vintage = _write(file, kind, sha256(Path(path)), by)
    say("Done", 1.0)
    return _report(file, vintage)


def _once(file: PopulationFile) -> PopulationFile:
    """The file without rows that give another number for what an earlier row gave: which is right cannot be told."""
    first: dict[PopulationRow, PopulationRow] = {}
    kept, refused = [], list(file.refused)
    for row in file.rows:
        earlier = first.setdefault(replace(row, value=0, line=0), row)
        if earlier.value == row.value:
            kept.append(row)
            continue
        refused.append(
            f"{file.source}, line {row.line}, “{row.value}”: line {earlier.line} says {earlier.value} for the same people: "
            "leave out the wrong one."
        )
    return replace(file, rows=kept, refused=refused)


@transaction.atomic
def _write(file: PopulationFile, kind: str, digest: str, by: Actor) -> str:
    places = list(dict.fromkeys((row.code, row.name, row.parent) for row in file.rows))
    known = Known(file.level)
    vintage = _vintage(file, known, places)
    areas = _areas(file.level, vintage, known, places, by)
    numbers = {_key(areas[row.code, row.name, row.parent], row, kind): row for row in file.rows}
    rows = [_population(area, row, kind, file.source) for (area, *_), row in numbers.items()]
    Population.objects.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["area", "kind", "year", "age_from", "age_to", "sex", "ethnicity"],
        update_fields=["value", "source"],
    )
    loaded = LoadedFile.objects.create(
        kind=LoadedFile.Kind.POPULATIONS,
        level=file.level,
        vintage=vintage,
        name=file.source[:200],
        sha256=digest,
        rows_read=file.read,
        rows_loaded=len(rows),
        refused=file.refused[:1000],
        loaded_by_label=by.label,
    )
    after = {"level": file.level, "areas": len(areas), "numbers": len(rows), "file": file.source}
    audit.record(by=by, verb="loaded populations", obj=loaded, partnership=None, after=after)
    denominators_change()
    return vintage


def _key(area: Area, row: PopulationRow, kind: str) -> tuple[Area, str, int, int, int, str, str]:
    return area, row.kind or kind, row.year, row.age_from, row.age_to, row.sex, row.ethnicity


def _population(area: Area, row: PopulationRow, kind: str, source: str) -> Population:
    return Population(
        area=area,
        kind=row.kind or kind,
        year=row.year,
        age_from=row.age_from,
        age_to=row.age_to,
        sex=row.sex,
        ethnicity=row.ethnicity,
        value=row.value,
        source=source[:200],
    )


def _vintage(file: PopulationFile, known: Known, places: Iterable[_Place]) -> str:
    """The boundary set a file's codes belong to: the one it names, else the one that has most of them."""
    if file.vintage is not None:
        return file.vintage
    found: Counter[str] = Counter()
    for code, name, parent in places:
        candidates = known.by_code.get(code, []) if code else known.named(Met(name=name, parent=parent))
        found.update({area.vintage for area in candidates})
    return max(found, key=lambda vintage: (found[vintage], vintage)) if found else ""


def _areas(level: str, vintage: str, known: Known, places: list[_Place], by: Actor) -> dict[_Place, Area]:
    met = {place: Met(code=place[0], name=place[1], parent=place[2]) for place in places}
    areas = {place: known.find(one, vintage=vintage) for place, one in met.items()}
    missing = [place for place, area in areas.items() if area is None]
    made = _make(level, vintage, [met[place] for place in missing], by) if missing else {}
    return {place: made[met[place]] if area is None else area for place, area in areas.items()}


def _make(level: str, vintage: str, missing: list[Met], by: Actor) -> dict[Met, Area]:
    above = LEVELS[level].parent if level in LEVELS else ""
    names = {Met(name=one.parent) for one in missing if one.parent} if above else set()
    parents = ensure_areas(level=above, met=names, by=by) if names else {}
    areas = {
        one: Area(
            level=level,
            code=one.code or name_code(one.name, one.parent),
            vintage=vintage,
            name=one.name or one.code,
            parent=parents.get(Met(name=one.parent)),
        )
        for one in missing
    }
    unique = {area.code: area for area in areas.values()}
    Area.objects.bulk_create(unique.values(), batch_size=BATCH)
    return {one: unique[area.code] for one, area in areas.items()}


def _report(file: PopulationFile, vintage: str) -> LoadReport:
    years = sorted({row.year for row in file.rows})
    span = str(years[0]) if len(years) == 1 else f"{years[0]} to {years[-1]}"
    areas = len({(row.code, row.name, row.parent) for row in file.rows})
    title = f"{vintage} {level_title(file.level, plural=areas != 1)}".strip()
    return replace(
        LoadReport(file.level, vintage, file.read, len(file.rows), refused=file.refused, source=file.source),
        messages=[f"{len(file.rows):,} numbers for {areas:,} {title}, {span}.", *file.messages],
    )
