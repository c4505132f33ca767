"""How the columns of an extract are read: a TOML file, checked in full before the first row (docs/reference/sources.md)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from wardlight.incidents import taxonomy
from wardlight.incidents.taxonomy.flags import FLAGS
from wardlight.partners.refusal import Refusal
from wardlight.partners.text_files import some

LOCAL_ZONE = "Europe/London"
TIME_FORMATS = (
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%d %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%d-%m-%Y %H:%M",
    "%d %b %Y %H:%M",
)
DATE_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d %b %Y", "%d %B %Y", "%d/%m/%y")
PERSONAL_HEADINGS = re.compile(
    r".*\b(forenames?|surname|first ?name|last ?name|full ?name|victim ?name|suspect ?name|name of (victim|suspect|person)|"
    r"date ?of ?birth|dob|nhs|national ?insurance|nino|e ?mail|phone|telephone|mobile|home ?address|full ?postcode)\b.*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds what; empty where there is none. `start` and `end` may have their clock time in another column."""

    id: str = ""
    category: str = ""
    start: str = ""
    start_time: str = ""
    end: str = ""
    end_time: str = ""
    month: str = ""
    longitude: str = ""
    latitude: str = ""
    easting: str = ""
    northing: str = ""
    grid_reference: str = ""
    place: str = ""
    area_code: str = ""
    area_name: str = ""
    reported_by: str = ""
    outcome: str = ""
    victim_age: str = ""
    victim_sex: str = ""
    victim_ethnicity: str = ""
    suspect_ethnicity: str = ""
    victim_key: str = ""
    premises_key: str = ""

    def used(self) -> dict[str, str]:
        """Role and heading of every column in use."""
        return {one.name: getattr(self, one.name) for one in fields(self) if getattr(self, one.name)}


@dataclass(frozen=True, slots=True)
class FlagRule:
    """A flag set where a column is one of `words`, or (`contains`) holds one of them, whatever the case."""

    flag: str
    column: str
    words: tuple[str, ...]
    contains: bool = False


@dataclass(frozen=True, slots=True)
class ExtractMapping:
    """A checked mapping."""

    columns: Columns
    categories: Mapping[str, str]
    category_source: str
    category: str
    flags: tuple[FlagRule, ...]
    sexes: Mapping[str, str]
    time_formats: tuple[str, ...]
    date_formats: tuple[str, ...]
    zone: str
    sheet: str
    reported_by: str


SEXES = {
    "f": "female",
    "female": "female",
    "woman": "female",
    "girl": "female",
    "m": "male",
    "male": "male",
    "man": "male",
    "boy": "male",
    "x": "other",
    "other": "other",
    "non-binary": "other",
}


def read_mapping(given: Mapping[str, Any], headings: Sequence[str]) -> ExtractMapping:
    """Check a mapping against the file's headings. Raises Refusal that names the key at fault and what would do."""
    _check_shapes(given)
    _only_known(given, TOP_KEYS, "the mapping")
    columns = _columns(given, headings)
    times = given.get("times", {})
    _only_known(times, {"formats", "date_formats", "zone"}, "[times]")
    zone = times.get("zone", LOCAL_ZONE)
    if zone not in available_timezones():
        raise Refusal(f"The mapping’s time zone “{zone}” does not exist: use {LOCAL_ZONE} or UTC.")
    ZoneInfo(zone)
    return ExtractMapping(
        columns=columns,
        categories=_categories(given),
        category_source=given.get("category_source", "record-extract"),
        category=_category(given.get("category", ""), "category"),
        flags=_flags(given, headings),
        sexes=SEXES | {words.casefold(): sex for sex, several in given.get("sex", {}).items() for words in several},
        time_formats=tuple(times.get("formats", TIME_FORMATS)),
        date_formats=tuple(times.get("date_formats", DATE_FORMATS)),
        zone=zone,
        sheet=given.get("sheet", ""),
        reported_by=given.get("reported_by", ""),
    )


TOP_KEYS = {
    "columns",
    "categories",
    "category_source",
    "category",
    "flags",
    "sex",
    "times",
    "sheet",
    "reported_by",
    "headings",
    "title",
}


SHAPES: dict[str, tuple[type, str]] = {
    **dict.fromkeys(("columns", "categories", "sex", "times"), (dict, "a table, headed [{}]")),
    **dict.fromkeys(
        ("category", "category_source", "sheet", "reported_by", "title"), (str, "words in quotation marks")
    ),
    "flags": (list, "entries, each headed [[{}]]"),
}


def _check_shapes(given: Mapping[str, Any]) -> None:
    """Raise a Refusal for a key that holds something else than it should, before anything is made of it."""
    for key, (kind, what) in SHAPES.items():
        if key in given and not isinstance(given[key], kind):
            raise Refusal(f"The mapping’s {key} is “{given[key]}”, and should be {what.format(key)}.")
    lists = {f"sex.{key}": value for key, value in given.get("sex", {}).items()}
    times = given.get("times", {})
    lists |= {f"times.{key}": times[key] for key in ("formats", "date_formats") if key in times}
    for number, entry in enumerate(given.get("flags", []), 1):
        if not isinstance(entry, dict):
            raise Refusal(f"The mapping’s flags has “{entry}”, and should be entries, each headed [[flags]].")
        lists |= {f"flags, entry {number}, {key}": entry[key] for key in ("is", "contains") if key in entry}
    for where, value in lists.items():
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise Refusal(f"The mapping’s {where} is “{value}”, and should be a list of words, such as [“one”, “two”].")


def _only_known(given: Mapping[str, Any], known: set[str], where: str) -> None:
    unknown = sorted(set(given) - known)
    if unknown:
        raise Refusal(f"“{unknown[0]}” is nothing that {where} may have: it may have {', '.join(sorted(known))}.")


def _columns(given: Mapping[str, Any], headings: Sequence[str]) -> Columns:
    named = given.get("columns", {})
    if not named:
        raise Refusal("The mapping has no [columns]: say which column holds the start or month, and the category.")
    _only_known(named, {one.name for one in fields(Columns)}, "[columns]")
    for role, heading in named.items():
        _check_column(heading, headings, f"columns.{role}")
    columns = Columns(**named)
    if not (columns.start or columns.month):
        raise Refusal("The mapping’s [columns] has neither start nor month: say which column holds when it happened.")
    if not (columns.category or given.get("category")):
        raise Refusal("The mapping says nothing of the category: name its column, or give one category for all rows.")
    for one, other in (("longitude", "latitude"), ("easting", "northing")):
        if bool(getattr(columns, one)) != bool(getattr(columns, other)):
            raise Refusal(f"The mapping’s [columns] has only one of {one} and {other}: name both or neither.")
    return columns


def _check_column(heading: str, headings: Sequence[str], where: str) -> None:
    if heading not in headings:
        raise Refusal(
            f"The mapping’s {where} is “{heading}”, but the file has no such column; it has {some(headings)}."
        )
    if PERSONAL_HEADINGS.fullmatch(heading.replace("_", " ")):
        raise Refusal(
            f"The column “{heading}” looks like it identifies people: Wardlight keeps no names, birth dates, addresses or "
            "numbers of people, so map a pseudonymous reference instead."
        )


def _category(slug: str, where: str) -> str:
    if slug and slug not in taxonomy.load().categories:
        raise Refusal(f"The mapping’s {where} is “{slug}”, which is no category: see docs/reference/taxonomy.md.")
    return slug


def _categories(given: Mapping[str, Any]) -> dict[str, str]:
    source = given.get("category_source", "record-extract")
    if source not in taxonomy.load().mappings:
        known = ", ".join(sorted(taxonomy.load().mappings))
        raise Refusal(f"The mapping’s category_source is “{source}”, which is no source: it may be {known}.")
    return {
        taxonomy.spelling(words): _category(slug, f"categories.“{words}”")
        for words, slug in given.get("categories", {}).items()
    }


def _flags(given: Mapping[str, Any], headings: Sequence[str]) -> tuple[FlagRule, ...]:
    rules = []
    for row in given.get("flags", []):
        _only_known(row, {"flag", "column", "is", "contains"}, "an entry of [[flags]]")
        flag = row.get("flag", "")
        if flag not in FLAGS:
            raise Refusal(f"The mapping sets the flag “{flag}”, which does not exist: it may be {', '.join(FLAGS)}.")
        _check_column(row.get("column", ""), headings, f"flag “{flag}”")
        if ("is" in row) == ("contains" in row):
            raise Refusal(f"The mapping’s flag “{flag}” wants either “is” or “contains”, with the words that set it.")
        words = tuple(str(one).casefold() for one in row.get("is", row.get("contains")))
        rules.append(FlagRule(flag, row["column"], words, "contains" in row))
    return tuple(rules)
