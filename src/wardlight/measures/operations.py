"""Every write of measures: definitions from their files, readings from landed batches."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TypeVar

import polars as pl
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from wardlight.incidents.filters import RecordFilter
from wardlight.partners import audit
from wardlight.partners.actors import SYSTEM, Actor
from wardlight.partners.models import Partnership
from wardlight.places import operations as places
from wardlight.places import queries as place_queries
from wardlight.places.models import Area

from . import computing, definition_files
from .count_series import load_cube
from .disproportion import relative_rates
from .models import Measure, Reading, Scope
from .record_series import RecordCube
from .series import load, sources_with_data

Defined = TypeVar("Defined", Scope, Measure)
KEPT_MONTHS_ELSEWHERE = 36
SMALLEST_SHARE = 0.05


@transaction.atomic
def sync_definitions(by: Actor = SYSTEM, folder: Path = definition_files.FOLDER) -> bool:
    """Bring scopes and measures in the database in line with their files; whether anything changed.

    A file entry with a higher version makes a new row, so that older readings keep their own definition.
    Raises Refusal, naming file and line, when a file does not fit together.
    """
    wanted = definition_files.load(folder)
    scopes, changed = _sync_scopes(wanted.scopes.values())
    changed |= _sync_measures(wanted.measures.values(), scopes)
    if changed:
        after = {"scopes": len(wanted.scopes), "measures": len(wanted.measures)}
        audit.record(by=by, verb="defined measures", obj=next(iter(scopes.values())), partnership=None, after=after)
    return changed


def _sync_scopes(wanted: Iterable[definition_files.ScopeDefinition]) -> tuple[dict[str, Scope], bool]:
    known = {(one.slug, one.version): one for one in Scope.objects.all()}
    found, changed = {}, False
    for one in wanted:
        fields = {name: getattr(one, name) for name in ("title", "description", "definition", "owner", "valid_from")}
        scope = known.get((one.slug, one.version)) or Scope(slug=one.slug, version=one.version)
        changed |= _update(scope, fields)
        found[one.slug] = scope
    return found, changed


def _sync_measures(wanted: Iterable[definition_files.MeasureDefinition], scopes: Mapping[str, Scope]) -> bool:
    known = {(one.slug, one.version): one for one in Measure.objects.all()}
    names = ("title", "description", "statistic", "denominator", "multiplier", "unit", "direction", "frequency")
    changed = False
    for one in wanted:
        fields = {name: getattr(one, name) for name in (*names, "paired_with", "caveat", "order")}
        fields["scope_id"] = scopes[one.scope].pk
        changed |= _update(known.get((one.slug, one.version)) or Measure(slug=one.slug, version=one.version), fields)
    return changed


def _update(row: Scope | Measure, fields: Mapping[str, object]) -> bool:
    if row.pk and all(getattr(row, name) == value for name, value in fields.items()):
        return False
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    return True


def recompute(*, partnership: Partnership, sources: Collection[str] | None = None, by: Actor = SYSTEM) -> int:
    """Compute and store the readings of every measure from the sources named, or all; how many were stored.

    Stored are monthly readings of boroughs and of the wards of the partnership's home area: every month for the home area,
    the newest three years for the rest; a borough with under a twentieth of the records of a source's largest borough is
    a neighbour that strays in, and gets none. (`series.monthly_counts` gives every month of every area, of any level.)
    """
    with_data = dict(sources_with_data(partnership, kinds=("counts", "records", "stops")))
    named = set(with_data) if sources is None else set(sources)
    rows: list[Reading] = []
    for source in sorted(named & set(with_data)):
        rows += _source_readings(partnership, source, with_data[source], by)
    with transaction.atomic():
        Reading.objects.filter(partnership=partnership, source__in=named).delete()
        _insert(rows)
        after = {"sources": sorted(named), "readings": len(rows)}
        audit.record(by=by, verb="computed readings", obj=partnership, partnership=partnership, after=after)
    return len(rows)


def _insert(rows: list[Reading]) -> None:
    """Insert many readings. Django's bulk_create prepares each value in Python and takes six times as long."""
    columns = [field for field in Reading._meta.concrete_fields if not field.primary_key]
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(field.column)) for field in columns)
    attributes = [field.attname for field in columns]
    marks = ", ".join(["%s"] * len(columns))
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    values = [[now if name == "computed_at" else getattr(row, name) for name in attributes] for row in rows]
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {quote(Reading._meta.db_table)} ({names}) VALUES ({marks})", values)  # noqa: S608 - names from the model


def _source_readings(partnership: Partnership, source: str, kind: str, by: Actor) -> list[Reading]:
    if kind == "stops":
        measures = [one for one in _newest(Measure.objects.all()) if one.statistic == "relative-rate"]
        return [
            reading
            for one in measures
            for reading in relative_rates(partnership=partnership, source=source, measure=one, by=by)
        ]
    rows: list[Reading] = []
    borough = load(partnership, source, kind, "borough")
    if borough is not None:
        rows += _cube_readings(partnership, borough, by)
    ward = _wards(partnership, source, kind)
    if ward is not None:
        rows += _cube_readings(partnership, ward, by)
    return rows


def _wards(partnership: Partnership, source: str, kind: str) -> computing.Cube | None:
    """The wards of the home area only."""
    home = partnership.home_area_name
    if not home:
        return None
    if kind == "counts":
        return load_cube(partnership=partnership, source=source, level="ward", parent=home)
    return load(partnership, source, kind, "ward")


def _cube_readings(partnership: Partnership, cube: computing.Cube, by: Actor) -> list[Reading]:
    areas = _areas(partnership, cube, by)
    if areas.is_empty():
        return []
    filters = {one.slug: RecordFilter.from_definition(one.definition) for one in _newest(Scope.objects.all())}
    people = _populations(areas["area"].to_list())
    rows: list[Reading] = []
    for measure in _newest(Measure.objects.select_related("scope")):
        if measure.statistic != "relative-rate":
            rows += computing.readings(cube, measure, filters, areas, people)
    for reading in rows:
        reading.partnership = partnership
    return rows


def _newest(rows: Iterable[Defined]) -> list[Defined]:
    best: dict[str, Defined] = {}
    for one in rows:
        if one.slug not in best or one.version > best[one.slug].version:
            best[one.slug] = one
    return list(best.values())


def _areas(partnership: Partnership, cube: computing.Cube, by: Actor) -> pl.DataFrame:
    """The areas to keep readings of, made by name where no boundary file has named them yet."""
    rows = computing.area_rows(cube)
    if isinstance(cube, RecordCube) and cube.level == "borough":
        rows = rows.filter(pl.col("area_code").is_in(cube.covered(SMALLEST_SHARE)))
    home = partnership.home_area_name
    if cube.level == "ward":
        rows = rows.filter(pl.col("parent_name") == home)
    if rows.is_empty():
        return rows
    met = {key: places.Met(key[1], key[0], key[2]) for key in (_key(row) for row in rows.iter_rows())}
    found = places.ensure_areas(level=cube.level, met=met.values(), by=by)
    newest = computing.last_month(cube)
    if newest is None:
        return rows.clear()
    recent = _months_back(newest, KEPT_MONTHS_ELSEWHERE - 1)
    everything = (pl.col("area_name") == home) & (cube.level == "borough")
    from_month = pl.when(everything).then(0).otherwise(recent) if home else pl.lit(recent)
    return computing.with_areas(rows, {key: found[one] for key, one in met.items()}, from_month)


def _key(row: tuple[str | None, ...]) -> tuple[str, str, str]:
    code, name, parent = row
    return code or "", name or "", parent or ""


def _months_back(month: int, months: int) -> int:
    index = month // 100 * 12 + month % 100 - 1 - months
    return index // 12 * 100 + index % 12 + 1


def _populations(ids: list[int]) -> computing.Populations:
    areas = list(Area.objects.filter(Q(pk__in=ids)).select_related("parent"))

    @cache
    def people(kind: str, year: int) -> dict[int, float]:
        found = place_queries.denominators(areas=areas, kind=kind, year=year)
        return {pk: float(one.value) for pk, one in found.items()}

    return people
