"""Load licensed premises, schools, stations: the places whose key incident records may carry."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import polars as pl
from django.db import transaction
from django.utils.text import slugify

from wardlight.partners import audit
from wardlight.partners.actors import Actor
from wardlight.partners.models import Partnership
from wardlight.partners.refusal import Refusal

from ..geometry import GRID_EXTENT, to_grid
from ..models import Premises
from .reports import LoadReport

YES, NO = ("yes", "true", "1", "y"), ("no", "false", "0", "n", "")
COORDINATES = (("x", "y"), ("easting", "northing"), ("lon", "lat"), ("longitude", "latitude"))


def load_premises(*, partnership: Partnership, path: Path, by: Actor) -> LoadReport:
    """Load a CSV with the columns key, name, kind and, if known, members_only and x, y (or lon, lat).

    Premises with a key that is here already are brought up to date. Raises Refusal, with nothing written, when a
    column is missing; rows that cannot be used are left out with their line and reason.
    """
    path = Path(path)
    table = _table(path)
    refused: list[str] = []
    premises: dict[str, Premises] = {}
    for line, row in enumerate(table.iter_rows(named=True), start=2):
        made = _premises(row, partnership, f"{path.name}, line {line}", refused)
        if made is not None and made.key in premises:
            refused.append(f"{path.name}, line {line}, column key, “{made.key}”: this key is used on an earlier line.")
        elif made is not None:
            premises[made.key] = made
    if not premises:
        reason = f" The first reason was: {refused[0]}" if refused else " It has headings and no rows."
        raise Refusal(f"{path.name} has no premises that can be loaded.{reason}")
    _write(list(premises.values()), partnership, path.name, by)
    return LoadReport("premises", "", table.height, len(premises), refused=refused, source=path.name)


@transaction.atomic
def _write(premises: list[Premises], partnership: Partnership, source: str, by: Actor) -> None:
    Premises.objects.bulk_create(
        premises,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["partnership", "key"],
        update_fields=["name", "kind", "members_only", "x", "y"],
    )
    after = {"premises": len(premises), "file": source}
    audit.record(by=by, verb="loaded premises", obj=partnership, partnership=partnership, after=after)


def _table(path: Path) -> pl.DataFrame:
    if not path.is_file():
        raise Refusal(f"There is no file {path.name}: check its name and folder.")
    try:
        table = pl.read_csv(path, infer_schema=False)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise Refusal(f"{path.name} cannot be read as a table: save it again as CSV (UTF-8).") from error
    table = table.rename({column: re.sub(r"\W+", "_", column.strip().casefold()) for column in table.columns})
    for column in ("key", "name", "kind"):
        if column not in table.columns:
            raise Refusal(f"{path.name} has no column “{column}”: its columns are {', '.join(table.columns)}.")
    return table.with_columns(pl.all().fill_null("").str.strip_chars())


def _premises(row: dict[str, str], partnership: Partnership, where: str, refused: list[str]) -> Premises | None:
    for column in ("key", "name", "kind"):
        if not row[column]:
            refused.append(f"{where}, column {column}: it is empty, fill it in.")
            return None
    members = row.get("members_only", "").casefold()
    if members not in YES + NO:
        refused.append(f"{where}, column members_only, “{members[:40]}”: use yes or no.")
        return None
    place = _coordinates(row, where, refused)
    if place is None:
        return None
    return Premises(
        partnership=partnership,
        key=row["key"][:60],
        name=row["name"][:200],
        kind=slugify(row["kind"])[:40],
        members_only=members in YES,
        x=place[0],
        y=place[1],
    )


def _coordinates(row: dict[str, str], where: str, refused: list[str]) -> tuple[float | None, float | None] | None:
    """Easting and northing (both None when the row gives none), or None when they make no sense."""
    pair = next(
        (pair for pair in COORDINATES if pair[0] in row and pair[1] in row and row[pair[0]] + row[pair[1]]), None
    )
    if pair is None:
        return None, None
    try:
        first, second = float(row[pair[0]]), float(row[pair[1]])
    except ValueError:
        refused.append(f"{where}, columns {pair[0]} and {pair[1]}: “{row[pair[0]]}”, “{row[pair[1]]}” are not numbers.")
        return None
    if pair[0].startswith("lon"):
        east, north = to_grid([first], [second])
        first, second = float(east[0]), float(north[0])
    left, bottom, right, top = GRID_EXTENT
    if not (np.isfinite([first, second]).all() and left <= first <= right and bottom <= second <= top):
        refused.append(f"{where}, columns {pair[0]} and {pair[1]}: the place lies outside the British Isles.")
        return None
    return first, second
