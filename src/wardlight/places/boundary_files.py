"""Read a boundary file (GeoPackage, GeoJSON, Shapefile, also zipped) into codes, names, parents and valid shapes.

No database here: what comes out is checked, in the National Grid, and each feature left out has its reason.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from wardlight.partners.refusal import Refusal

from . import geometry
from .levels import LEVELS, Heading, level_of_code, level_slug, level_title, name_code, read_heading, year_in

ENDINGS = (".gpkg", ".geojson", ".json", ".shp", ".zip")
LARGEST_UNZIPPED = 4 * 1024**3
CODE_COLUMNS = ("code", "gss_code", "gsscode", "gss_cd", "area_code", "geography_code", "ward_code", "id", "ref")
NAME_COLUMNS = ("name", "area_name", "ward_name", "geography", "title", "label")
PARENT_CODE_COLUMNS = ("lb_gss_cd", "parent_code", "borough_code", "lad_code", "district_code", "parent")
PARENT_NAME_COLUMNS = ("borough", "parent_name", "borough_name", "lad_name", "district", "local_authority")


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns of a file say what. Empty strings where a file does not say."""

    level: str
    vintage: str
    code: str = ""
    name: str = ""
    parent_level: str = ""
    parent_vintage: str = ""
    parent_code: str = ""
    parent_name: str = ""


@dataclass(frozen=True, slots=True)
class BoundaryRow:
    """One area with its shape (valid polygon, National Grid metres)."""

    code: str
    name: str
    shape: Any
    parent_code: str = ""
    parent_name: str = ""
    repair: str = ""


@dataclass(frozen=True, slots=True)
class BoundaryFile:
    """Everything a boundary file held, and what was left out of it and why."""

    columns: Columns
    source: str
    sha256: str
    read: int
    rows: list[BoundaryRow]
    repaired: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Raw:
    table: dict[str, list[str]]
    shapes: npt.NDArray[Any]
    crs: str


def read_boundaries(path: Path, *, wanted: Columns) -> BoundaryFile:
    """Read `path`. Whatever `wanted` leaves empty is taken from the file's own headings, codes and name.

    Raises Refusal when the file cannot be read, has no coordinate system, or does not say what its areas are.
    """
    raw = _read(path)
    columns = choose_columns(raw.table, wanted, path.name)
    rows, repaired, refused = _rows(raw, columns)
    if not rows:
        reason = f" The first reason was: {refused[0]}" if refused else ""
        raise Refusal(f"{path.name} has no area that can be loaded.{reason}")
    return BoundaryFile(columns, path.name, sha256(path), len(raw.shapes), rows, repaired, refused)


def sha256(path: Path) -> str:
    """The checksum of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read(path: Path) -> _Raw:
    if not path.is_file():
        raise Refusal(f"There is no file {path.name}: check its name and folder.")
    if path.suffix.lower() not in ENDINGS:
        raise Refusal(f"{path.name} is not a boundary file: use one that ends in {', '.join(ENDINGS)}.")
    source = _inside_zip(path) if path.suffix.lower() == ".zip" else str(path)
    try:
        layers = pyogrio.list_layers(source)
        spatial = [str(name) for name, kind in layers if kind is not None]
        if len(spatial) != 1:
            found = f"has {len(spatial)} layers of shapes ({', '.join(spatial)})" if spatial else "has no shapes"
            raise Refusal(f"{path.name} {found}: save the one you need as a file of its own.")
        meta, _, wkb, data = pyogrio.raw.read(source, layer=spatial[0], datetime_as_string=True)
    except (DataSourceError, DataLayerError) as error:
        raise Refusal(
            f"{path.name} cannot be read as boundaries: it may be damaged or incomplete (a Shapefile needs its .shx "
            "and .dbf beside it); ask for it again as a GeoPackage."
        ) from error
    if not meta["crs"]:
        raise Refusal(
            f"{path.name} does not say which coordinate system its shapes are in (for a Shapefile, the .prj file is "
            "missing): ask for the file with its coordinate system, or for a GeoPackage."
        )
    table = {str(name): [_text(value) for value in column] for name, column in zip(meta["fields"], data, strict=True)}
    return _Raw(table, shapely.from_wkb(wkb, on_invalid="ignore"), str(meta["crs"]))


def _inside_zip(path: Path) -> str:
    if not zipfile.is_zipfile(path):
        raise Refusal(f"{path.name} is not a zip file although it is called one: download it again.")
    with zipfile.ZipFile(path) as archive:
        members = [entry for entry in archive.infolist() if Path(entry.filename).suffix.lower() in ENDINGS[:4]]
        size = sum(entry.file_size for entry in archive.infolist())
    if size > LARGEST_UNZIPPED:
        raise Refusal(f"{path.name} would unpack to {size / 1024**3:,.1f} GB: the largest taken is 4 GB.")
    if len(members) != 1:
        raise Refusal(f"{path.name} has {len(members)} boundary files inside: it should have exactly one.")
    return f"/vsizip/{path.as_posix()}/{members[0].filename}"


def _text(value: Any) -> str:
    if value is None or (isinstance(value, float | np.floating) and np.isnan(value)):
        return ""
    return str(value).strip()


def choose_columns(table: dict[str, list[str]], wanted: Columns, file_name: str) -> Columns:
    """Fill the gaps of `wanted` from headings such as LSOA11CD or GSS_CODE, from the codes and from the file's name."""
    _check_named_columns(table, wanted, file_name)
    headings = [heading for heading in map(read_heading, table) if heading]
    own = _own_level(headings, table, wanted)
    chosen = replace(
        wanted,
        level=level_slug(wanted.level),
        code=wanted.code or _pick(headings, own, "CD") or _first(table, CODE_COLUMNS),
        name=wanted.name or _pick(headings, own, "NM") or _first(table, NAME_COLUMNS),
    )
    if not chosen.code and not chosen.name:
        raise Refusal(
            f"{file_name} has no column of codes or names among {', '.join(table) or 'its columns (there are none)'}: "
            "say which one holds them with --code-field or --name-field."
        )
    level = chosen.level or own or _level_of_codes(table.get(chosen.code, []))
    if not level:
        raise Refusal(f"{file_name} does not say what kind of area it holds: add --level ward (or borough, lsoa…).")
    vintage = wanted.vintage or next((h.vintage for h in headings if h.level == own and own), "") or year_in(file_name)
    return _with_parent(replace(chosen, level=level, vintage=vintage), headings, table)


def _check_named_columns(table: dict[str, list[str]], wanted: Columns, file_name: str) -> None:
    for column in (wanted.code, wanted.name, wanted.parent_code):
        if column and column not in table:
            raise Refusal(f"{file_name} has no column “{column}”: its columns are {', '.join(table)}.")


def _own_level(headings: Sequence[Heading], table: dict[str, list[str]], wanted: Columns) -> str:
    if wanted.level:
        return level_slug(wanted.level)
    sizes = {h.level: len(set(table[h.column])) for h in headings}
    return max(sizes, key=lambda level: sizes[level], default="")


def _pick(headings: Sequence[Heading], level: str, holds: str) -> str:
    return next((h.column for h in headings if h.level == level and h.holds == holds), "")


def _first(table: dict[str, list[str]], names: Sequence[str]) -> str:
    lower = {column.casefold().replace(" ", "_"): column for column in table}
    return next((lower[name] for name in names if name in lower), "")


def _level_of_codes(codes: Sequence[str]) -> str:
    levels = Counter(level_of_code(code) for code in codes)
    level, _ = levels.most_common(1)[0] if levels else (None, 0)
    return level or ""


def _with_parent(chosen: Columns, headings: Sequence[Heading], table: dict[str, list[str]]) -> Columns:
    level = chosen.parent_level or (LEVELS[chosen.level].parent if chosen.level in LEVELS else "")
    if not level:
        return chosen
    code = chosen.parent_code or _pick(headings, level, "CD") or _first(table, PARENT_CODE_COLUMNS)
    name = chosen.parent_name or _pick(headings, level, "NM") or _first(table, PARENT_NAME_COLUMNS)
    vintage = next((h.vintage for h in headings if h.level == level), "")
    return replace(chosen, parent_level=level, parent_vintage=vintage, parent_code=code, parent_name=name)


def _rows(raw: _Raw, columns: Columns) -> tuple[list[BoundaryRow], list[str], list[str]]:
    shapes = geometry.shapes_to_grid(raw.shapes, raw.crs)
    rows: dict[str, BoundaryRow] = {}
    repaired: list[str] = []
    refused: list[str] = []
    for position, shape in enumerate(shapes):
        label = BoundaryRow(**_labels(raw.table, columns, position), shape=None)
        where = f"Feature {position + 1} ({label.name or label.code or 'no code or name'})"
        polygon, reason = _checked(shape, label)
        if polygon is None:
            refused.append(f"{where} was left out: {reason}.")
            continue
        if reason:
            repaired.append(f"{label.name or label.code}: {reason.lower()}")
        rows[label.code] = _joined(rows.get(label.code), replace(label, shape=polygon, repair=reason), repaired)
    return list(rows.values()), repaired, refused


def _labels(table: dict[str, list[str]], columns: Columns, position: int) -> dict[str, str]:
    def value(column: str) -> str:
        return table[column][position] if column else ""

    name, parent_name = value(columns.name), value(columns.parent_name)
    code = value(columns.code) or (name_code(name, parent_name) if name else "")
    return {
        "code": code,
        "name": name or code,
        "parent_code": value(columns.parent_code),
        "parent_name": parent_name,
    }


def _checked(shape: Any, label: BoundaryRow) -> tuple[Any | None, str]:
    """The polygon and how it was repaired, or None and why not."""
    if not label.code:
        return None, "it has neither a code nor a name"
    if shape is None or shapely.is_empty(shape):
        return None, "it has no shape"
    if shape.geom_type not in {"Polygon", "MultiPolygon", "GeometryCollection"}:
        return None, f"it is a {shape.geom_type.lower()}, and only an area with a boundary can be loaded"
    if not geometry.within_extent(shape):
        return None, "it lies outside the British Isles (are longitude and latitude the wrong way round?)"
    polygon, reason = geometry.repaired(shapely.force_2d(shape))
    if polygon is None or polygon.area <= 0:
        return None, "its outline encloses nothing"
    return polygon, reason


def _joined(earlier: BoundaryRow | None, row: BoundaryRow, repaired: list[str]) -> BoundaryRow:
    if earlier is None:
        return row
    repaired.append(f"{row.name}: {row.code} appears more than once, its shapes were joined")
    return replace(row, shape=shapely.union_all([earlier.shape, row.shape]), repair="several shapes joined")


def describe(columns: Columns) -> str:
    """What a set of boundaries is, in words: `2021 lower layer super output areas (LSOAs)`."""
    title = level_title(columns.level, plural=True)
    return f"{columns.vintage} {title}" if columns.vintage else f"{title} of an unstated year"


def is_geojson(path: Path) -> bool:
    """Whether a .json file holds GeoJSON rather than something else."""
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        start = file.read(4096)
    return '"FeatureCollection"' in start or json.dumps("Feature") in start
