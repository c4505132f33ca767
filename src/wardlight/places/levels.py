"""The kinds of area Wardlight knows: their words, their order, and how official codes and headings name them."""

from __future__ import annotations

import re
from dataclasses import dataclass

NAME_ONLY = "name:"


@dataclass(frozen=True, slots=True)
class Level:
    """A kind of area. `parent` is the level that a boundary set of this one is linked to."""

    slug: str
    title: str
    plural: str
    parent: str = ""


LEVELS = {
    level.slug: level
    for level in (
        Level("region", "region", "regions"),
        Level("force", "police force area", "police force areas"),
        Level("county", "county", "counties"),
        Level("borough", "borough or district", "boroughs and districts"),
        Level("ward", "ward", "wards", "borough"),
        Level("msoa", "middle layer super output area (MSOA)", "middle layer super output areas (MSOAs)", "borough"),
        Level("lsoa", "lower layer super output area (LSOA)", "lower layer super output areas (LSOAs)", "borough"),
        Level("oa", "output area", "output areas", "lsoa"),
        Level("beat", "police beat", "police beats", "borough"),
        Level("estate", "estate", "estates", "borough"),
    )
}
ORDER = {slug: position for position, slug in enumerate(LEVELS)}
HEADING_LEVELS = {
    "OA": "oa",
    "LSOA": "lsoa",
    "MSOA": "msoa",
    "WD": "ward",
    "WARD": "ward",
    "LAD": "borough",
    "LTLA": "borough",
    "CTY": "county",
    "PFA": "force",
    "RGN": "region",
}
CODE_LEVELS = {
    "E00": "oa",
    "W00": "oa",
    "E01": "lsoa",
    "W01": "lsoa",
    "E02": "msoa",
    "W02": "msoa",
    "E05": "ward",
    "W05": "ward",
    "S13": "ward",
    "E06": "borough",
    "E07": "borough",
    "E08": "borough",
    "E09": "borough",
    "W06": "borough",
    "S12": "borough",
    "E10": "county",
    "E12": "region",
    "E23": "force",
    "W15": "force",
}
ALIASES = {
    "lad": "borough",
    "district": "borough",
    "authority": "borough",
    "localauthority": "borough",
    "wards": "ward",
    "boroughs": "borough",
}
HEADING = re.compile(r"^([A-Z]+)(\d{2})(CD|NM)$", re.IGNORECASE)


def level_slug(words: str) -> str:
    """`Ward`, `LAD` or `lsoa` as the slug that areas carry."""
    slug = re.sub(r"[^a-z0-9]", "", words.casefold())
    return ALIASES.get(slug, slug)


def level_title(slug: str, *, plural: bool = False) -> str:
    """The words for a level, such as `ward` or `wards`."""
    level = LEVELS.get(slug)
    if level is None:
        return f"{slug} areas" if plural else slug
    return level.plural if plural else level.title


def level_of_code(code: str) -> str | None:
    """The level an official (GSS) code belongs to, by its first three characters."""
    return CODE_LEVELS.get(code[:3].upper()) if re.fullmatch(r"[A-Za-z]\d{8}", code) else None


@dataclass(frozen=True, slots=True)
class Heading:
    """A column heading such as LSOA11CD: a level, the year of its boundaries and whether it holds codes or names."""

    column: str
    level: str
    vintage: str
    holds: str  # "CD" or "NM"


def read_heading(column: str) -> Heading | None:
    """Read a heading in the style of the Office for National Statistics, or None."""
    found = HEADING.match(column.strip())
    if found is None or found[1].upper() not in HEADING_LEVELS:
        return None
    return Heading(column, HEADING_LEVELS[found[1].upper()], f"20{found[2]}", found[3].upper())


def year_in(text: str) -> str:
    """The one year from 1971 to 2069 that a file or sheet name mentions, or an empty string."""
    years: set[str] = set(re.findall(r"(?<!\d)(?:19[7-9]\d|20[0-6]\d)(?!\d)", text))
    return years.pop() if len(years) == 1 else ""


def name_key(name: str) -> str:
    """A name as it is compared: `St. Peter’s & Canalside` and `St Peters and Canalside` are the same."""
    plain = name.casefold().replace("&", " and ")
    plain = re.sub(r"['’`.]", "", plain)
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def name_code(name: str, parent: str = "") -> str:
    """The code of an area that is known by its name only."""
    return NAME_ONLY + "/".join(filter(None, (name_key(parent), name_key(name))))
