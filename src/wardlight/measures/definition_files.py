"""Read scopes, measures and notes on differing definitions from their TOML files, and refuse what does not fit together."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from wardlight.incidents import taxonomy
from wardlight.incidents.filters import RecordFilter
from wardlight.incidents.sources import SOURCES
from wardlight.incidents.taxonomy.flags import FLAGS
from wardlight.partners.refusal import Refusal

FOLDER = Path(__file__).parent / "definitions"
STATISTICS = ("count", "rate", "share", "detected-share", "distinct-victims", "repeat-victim-share", "relative-rate")
POPULATIONS = ("residents", "workday", "premises", "households")
DIRECTIONS = ("up", "down", "parity", "band", "monitor")
SHARES = ("share", "detected-share")


@dataclass(frozen=True, slots=True)
class ScopeDefinition:
    """A scope as its file has it."""

    slug: str
    title: str
    description: str
    definition: dict[str, Any]
    owner: str = ""
    version: int = 1
    valid_from: date | None = None


@dataclass(frozen=True, slots=True)
class MeasureDefinition:
    """A measure as its file has it. `scope` and a share's `denominator` are scope slugs."""

    slug: str
    title: str
    scope: str
    statistic: str
    unit: str
    direction: str
    description: str = ""
    denominator: str = ""
    multiplier: int = 1
    frequency: str = "month"
    paired_with: str = ""
    caveat: str = ""
    version: int = 1
    order: int = 0


@dataclass(frozen=True, slots=True)
class DefinitionDifference:
    """A figure printed elsewhere from another definition or source, beside what the public file gives."""

    measure: str
    area: str
    period: str
    against: str
    printed_in: str
    printed: str
    public: str
    sentence: str
    agrees: bool = False


@dataclass(frozen=True, slots=True)
class Definitions:
    """Everything the files define."""

    scopes: dict[str, ScopeDefinition]
    measures: dict[str, MeasureDefinition]


def load(folder: Path = FOLDER) -> Definitions:
    """Read and check the files. Raises Refusal naming file, line and value at fault."""
    scopes = _read(folder / "scopes.toml", "scope", ScopeDefinition)
    measures = _read(folder / "measures.toml", "measure", MeasureDefinition)
    for one in scopes.values():
        _check_scope(one, folder / "scopes.toml")
    for measure in measures.values():
        _check_measure(measure, scopes, measures, folder / "measures.toml")
    return Definitions(scopes, measures)


def load_differences(folder: Path = FOLDER) -> list[DefinitionDifference]:
    """The notes on figures that differ because definitions do."""
    return [DefinitionDifference(**row) for row in _toml(folder / "differences.toml")["difference"]]


def digest(folder: Path = FOLDER) -> str:
    """Changes when the definitions do."""
    return sha256(b"\0".join(path.read_bytes() for path in sorted(folder.glob("*.toml")))).hexdigest()


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise Refusal(f"{path.name} cannot be read: {error}. Correct that line.") from error


def _read(path: Path, kind: str, shape: type[Any]) -> dict[str, Any]:
    found = {}
    known = set(shape.__dataclass_fields__) - {"slug"}
    for order, (slug, row) in enumerate(_toml(path).get(kind, {}).items(), start=1):
        unknown = sorted(set(row) - known)
        if unknown:
            raise _refusal(
                path, slug, f"has “{unknown[0]}”, which no {kind} has; it may have {', '.join(sorted(known))}"
            )
        missing = sorted({name for name in ("title", "definition", "scope") if name in known} - set(row))
        if missing:
            raise _refusal(path, slug, f"has no {missing[0]}: add it")
        extra = {"description": row["title"]} if "description" not in row else {}
        extra |= {"order": order} if "order" in known and "order" not in row else {}
        found[slug] = shape(slug=slug, **row, **extra)
    return found


def _line(path: Path, slug: str, value: str = "") -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    start = next((n for n, line in enumerate(lines) if re.match(rf"\[\w+\.{re.escape(slug)}\]", line)), 0)
    if value:
        start = next((n for n in range(start, len(lines)) if f'"{value}"' in lines[n]), start)
    return start + 1


def _refusal(path: Path, slug: str, what: str, value: str = "") -> Refusal:
    return Refusal(f"{path.name}, line {_line(path, slug, value)}: “{slug}” {what}.")


def _check_known(path: Path, slug: str, what: str, values: Iterable[str], known: Iterable[str]) -> None:
    for value in values:
        if value not in known:
            raise _refusal(path, slug, f"names the {what} “{value}”, which does not exist: correct it", value)


def _check_scope(one: ScopeDefinition, path: Path) -> None:
    try:
        wanted = RecordFilter.from_definition(one.definition)
    except ValueError as error:
        raise _refusal(path, one.slug, f"is not a filter – {str(error).rstrip('.')}") from error
    _check_known(path, one.slug, "category", wanted.categories + wanted.not_categories, taxonomy.load().categories)
    _check_known(path, one.slug, "flag", wanted.flags_all + wanted.flags_any + wanted.flags_none, FLAGS)
    _check_known(path, one.slug, "source", wanted.sources, SOURCES)


def _check_measure(
    one: MeasureDefinition,
    scopes: Mapping[str, ScopeDefinition],
    measures: Mapping[str, MeasureDefinition],
    path: Path,
) -> None:
    _check_known(path, one.slug, "scope", [one.scope], scopes)
    _check_known(path, one.slug, "statistic", [one.statistic], STATISTICS)
    _check_known(path, one.slug, "direction", [one.direction], DIRECTIONS)
    _check_known(path, one.slug, "measure", [one.paired_with] if one.paired_with else [], measures)
    if one.statistic in ("rate", "relative-rate"):
        _check_known(path, one.slug, "denominator", [one.denominator], POPULATIONS)
    elif one.statistic in SHARES:
        _check_known(path, one.slug, "denominator", [one.denominator], scopes)
    elif one.denominator:
        raise _refusal(path, one.slug, f"is a {one.statistic}, which has no denominator: remove it", one.denominator)
