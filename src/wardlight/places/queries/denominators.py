"""Populations and other denominators: of one area or many, for an age band, a sex, an ethnic group.

Numbers are added up from parts (bands that tile the ages asked for, both sexes, the groups of an ethnicity, the areas
inside a borough) only when every part is there, and the source says so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from ..levels import level_title
from ..models import NO_UPPER_AGE, Area, Population


@dataclass(frozen=True, slots=True)
class Denominator:
    """A number of people (or premises), the year it is for, and where it comes from, in words."""

    value: int
    year: int
    source: str


@dataclass(frozen=True, slots=True)
class Group:
    """Whom to count: an age band (inclusive), a sex and an ethnicity ("" for all)."""

    age_from: int = 0
    age_to: int = NO_UPPER_AGE
    sex: str = ""
    ethnicity: str = ""


_Row = tuple[int, int, int, int, str, str, int, str]  # area, year, age_from, age_to, sex, ethnicity, value, source


def denominator(
    *,
    area: Area,
    kind: str = "residents",
    year: int,
    age_from: int = 0,
    age_to: int = NO_UPPER_AGE,
    sex: str = "",
    ethnicity: str = "",
) -> Denominator | None:
    """How many there were in an area, in the year asked for, else the nearest year before it, else after it.

    None when it is not known for that group.
    """
    found = denominators(
        areas=[area], kind=kind, year=year, age_from=age_from, age_to=age_to, sex=sex, ethnicity=ethnicity
    )
    return found.get(area.pk)


def denominators(
    *,
    areas: Iterable[Area],
    kind: str = "residents",
    year: int,
    age_from: int = 0,
    age_to: int = NO_UPPER_AGE,
    sex: str = "",
    ethnicity: str = "",
) -> dict[int, Denominator]:
    """The same for many areas, by area id, in a few queries. Areas whose number is not known are left out.

    An area without a number of its own takes that of the same code in another vintage, else the sum of the areas
    inside it.
    """
    group = Group(age_from, age_to, sex, ethnicity)
    wanted = {area.pk: area for area in areas}
    found = _own(wanted.keys(), kind, year, group)
    missing = [area for pk, area in wanted.items() if pk not in found]
    if missing:
        found |= _of_other_vintages(missing, kind, year, group)
    missing = [area for area in missing if area.pk not in found]
    return found | (_from_children(missing, kind, year, group) if missing else {})


def population_years(area: Area) -> QuerySet[Population]:
    """Every number known for an area, newest year first."""
    return area.populations.order_by("kind", "-year", "ethnicity", "sex", "age_from", "-age_to")


def _own(ids: Iterable[int], kind: str, year: int, group: Group) -> dict[int, Denominator]:
    by_area = _rows_by_area(list(ids), kind, group)
    answers = {pk: _answer(rows, year, group) for pk, rows in by_area.items()}
    return {pk: answer for pk, answer in answers.items() if answer is not None}


def _rows_by_area(ids: Sequence[int], kind: str, group: Group) -> dict[int, list[_Row]]:
    rows = Population.objects.filter(kind=kind)
    if not group.ethnicity:
        rows = rows.filter(ethnicity="")
    if group == Group():
        rows = rows.filter(age_from=0, age_to=NO_UPPER_AGE)
    by_area: dict[int, list[_Row]] = defaultdict(list)
    for start in range(0, len(ids), 20_000):
        part = rows.filter(area_id__in=ids[start : start + 20_000])
        columns = ("area_id", "year", "age_from", "age_to", "sex", "ethnicity", "value", "source")
        for row in part.values_list(*columns):
            by_area[row[0]].append(row)
    return by_area


def _answer(rows: Sequence[_Row], year: int, group: Group) -> Denominator | None:
    by_year: dict[int, list[_Row]] = defaultdict(list)
    for row in rows:
        by_year[row[1]].append(row)
    for near in sorted(by_year, key=lambda one: (one > year, abs(one - year))):
        value = _total(by_year[near], group)
        if value is not None:
            return Denominator(value, near, _source(by_year[near][0][7], near, year))
    return None


def _source(source: str, found: int, asked: int) -> str:
    return source if found == asked else f"{source}; {found} is the nearest year to {asked}"


def _total(rows: Sequence[_Row], group: Group) -> int | None:
    """The number for a group from one area's rows of one year, added up from parts where it must be."""
    if group.ethnicity:
        exact = [row for row in rows if row[5].casefold() == group.ethnicity.casefold()]
        parts = exact or [row for row in rows if row[5].casefold().startswith(group.ethnicity.casefold() + " ")]
        values = [_of_sex([row for row in parts if row[5] == name], group) for name in {row[5] for row in parts}]
        return _sum(values)
    return _of_sex([row for row in rows if not row[5]], group)


def _of_sex(rows: Sequence[_Row], group: Group) -> int | None:
    value = _tiled([row for row in rows if row[4] == group.sex], group)
    if value is None and not group.sex:
        value = _sum([_tiled([row for row in rows if row[4] == sex], group) for sex in ("female", "male")])
    return value


def _tiled(rows: Sequence[_Row], group: Group) -> int | None:
    """The sum over bands that cover the ages asked for end to end, taking the widest band that fits each time."""
    bands = {(row[2], row[3]): row[6] for row in rows}
    age, total = group.age_from, 0
    while age <= group.age_to:
        widest = max((high for low, high in bands if low == age and high <= group.age_to), default=None)
        if widest is None:
            return None
        total += bands[age, widest]
        age = widest + 1
    return total


def _sum(values: Sequence[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known and len(known) == len(values) else None


def _of_other_vintages(areas: Sequence[Area], kind: str, year: int, group: Group) -> dict[int, Denominator]:
    """Numbers of the same code at the same level. Official codes change when a boundary does, so they are the same
    place."""
    by_code = {(area.level, area.code): area.pk for area in areas}
    same: dict[int, int] = {}
    for start in range(0, len(areas), 20_000):
        part = areas[start : start + 20_000]
        twins = Area.objects.filter(code__in=[area.code for area in part], level__in={area.level for area in part})
        for pk, level, code, vintage in twins.order_by("vintage").values_list("pk", "level", "code", "vintage"):
            if (level, code) in by_code and pk != by_code[level, code]:
                same[pk] = by_code[level, code]
                del vintage
    found = _own(same, kind, year, group)
    return {same[pk]: answer for pk, answer in found.items()}


def _from_children(areas: Sequence[Area], kind: str, year: int, group: Group) -> dict[int, Denominator]:
    """Sums over the areas inside, by whichever level and vintage has a number for every one of them."""
    inside: dict[tuple[int, str, str], list[int]] = defaultdict(list)
    for parent, level, vintage, pk in Area.objects.filter(parent__in=[area.pk for area in areas]).values_list(
        "parent_id", "level", "vintage", "pk"
    ):
        inside[parent, level, vintage].append(pk)
    known = _own([pk for ids in inside.values() for pk in ids], kind, year, group)
    best: dict[int, Denominator] = {}
    for (parent, level, vintage), ids in sorted(inside.items()):
        answer = _summed([known.get(pk) for pk in ids], level, vintage)
        if answer and (parent not in best or abs(answer.year - year) < abs(best[parent].year - year)):
            best[parent] = answer
    return best


def _summed(parts: Sequence[Denominator | None], level: str, vintage: str) -> Denominator | None:
    whole = [part for part in parts if part is not None]
    if len(whole) < len(parts) or len({part.year for part in whole}) != 1:
        return None
    title = f"{vintage} {level_title(level, plural=True)}".strip()
    return Denominator(
        sum(part.value for part in whole), whole[0].year, f"sum of its {len(whole):,} {title}: {whole[0].source}"
    )
