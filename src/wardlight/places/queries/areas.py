"""Which areas there are, and how to find one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from django.db.models import Case, Count, IntegerField, Q, QuerySet, When

from wardlight.partners.refusal import Refusal

from ..known import Known, Met
from ..levels import NAME_ONLY, ORDER, level_slug, level_title, name_key
from ..models import Area, LoadedFile


@dataclass(frozen=True, slots=True)
class Layer:
    """The areas of one level and vintage: how many there are, have a boundary, have a population, a parent."""

    level: str
    vintage: str
    areas: int
    with_boundary: int = 0
    with_population: int = 0
    name_only: int = 0


def area_count() -> int:
    """How many areas are known."""
    return Area.objects.count()


def layers() -> list[Layer]:
    """Every set of areas, the largest areas first, the newest boundaries first."""
    counted = (
        Area.objects.order_by()
        .values("level", "vintage")
        .annotate(
            areas=Count("id"),
            bounded=Count("boundary"),
            named=Count("id", filter=Q(code__startswith=NAME_ONLY)),
        )
    )
    people = _with_population()
    found = [
        Layer(
            row["level"],
            row["vintage"],
            row["areas"],
            row["bounded"],
            people[row["level"], row["vintage"]],
            row["named"],
        )
        for row in counted
    ]
    found.sort(key=lambda layer: layer.vintage, reverse=True)
    return sorted(found, key=lambda layer: (ORDER.get(layer.level, len(ORDER)), layer.level))


def _with_population() -> Counter[tuple[str, str]]:
    rows = (
        Area.objects.order_by()
        .filter(populations__isnull=False)
        .values_list("level", "vintage")
        .annotate(areas=Count("id", distinct=True))
    )
    return Counter({(level, vintage): areas for level, vintage, areas in rows})


def find_area(name_or_code: str, *, level: str | None = None) -> Area:
    """The area with that code or name: one with a boundary and of the newest vintage, the largest level first.

    Raises Refusal, with the nearest names, when there is none.
    """
    wanted = name_or_code.strip()
    areas = Area.objects.select_related("boundary", "parent")
    if level:
        areas = areas.filter(level=level_slug(level))
    found = list(areas.filter(Q(code__iexact=wanted) | Q(name__iexact=wanted)))
    if not found:
        names = _names_in(areas)
        found = list(areas.filter(name__in=names.get(name_key(wanted), [])))
        if not found:
            raise Refusal(_unknown(wanted, level, names))
    return sorted(found, key=_preference)[0]


def _preference(area: Area) -> tuple[int, bool, list[int], int]:
    newest_first = [-ord(letter) for letter in area.vintage]
    return ORDER.get(area.level, len(ORDER)), not hasattr(area, "boundary"), newest_first or [0], area.pk


def _names_in(areas: QuerySet[Area]) -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    for name in areas.order_by("name").values_list("name", flat=True).distinct():
        names.setdefault(name_key(name), []).append(name)
    return names


def _unknown(wanted: str, level: str | None, names: dict[str, list[str]]) -> str:
    kind = level_title(level_slug(level)) if level else "area"
    if not names:
        return (
            f"There is no {kind} “{wanted}”: no areas are known yet. Import counts that name them, or load boundaries "
            "with “wardlight places load”."
        )
    near = [names[key][0] for key in get_close_matches(name_key(wanted), names, n=3, cutoff=0.5)]
    hint = f" Did you mean {' or '.join(near)}?" if near else " Look it up on the places page."
    return f"There is no {kind} “{wanted}”.{hint}"


def children(area: Area) -> QuerySet[Area]:
    """The areas that lie in this one."""
    return area.children.select_related("parent").order_by("level", "-vintage", "name")


def enclosing(level: str, vintage: str) -> dict[str, str]:
    """For the code of every area below: the code of the area of this level and vintage that it lies in, by its parents.

    Two queries, whatever the number of areas.
    """
    tops = Area.objects.filter(level=level_slug(level), vintage=vintage).values_list("id", "code")
    code_of = dict(tops)
    below = list(Area.objects.filter(parent__isnull=False).values_list("id", "code", "parent_id"))
    parents = {area: parent for area, _, parent in below}
    found: dict[str, str] = {}
    for area, code, _ in below:
        above = parents[area]
        while above not in code_of and above in parents:
            above = parents[above]
        if above in code_of:
            found[code] = code_of[above]
    return found


def named_like(words: str, *, limit: int = 50) -> list[Area]:
    """Areas whose name or code has these words in it, for the search box: the largest areas first."""
    wanted = words.strip()
    if not wanted:
        return []
    found = Area.objects.select_related("parent").filter(Q(name__icontains=wanted) | Q(code__istartswith=wanted))
    cases = [When(level=level, then=position) for level, position in ORDER.items()]
    rank = Case(*cases, default=len(ORDER), output_field=IntegerField())
    return list(found.order_by(rank, "name", "-vintage")[:limit])


def lookup(*, level: str, codes: Iterable[str] = (), vintage: str | None = None) -> dict[str, Area]:
    """Areas of a level by code, one query. Without a vintage the newest one of each code."""
    areas = Area.objects.filter(level=level_slug(level)).order_by("vintage")
    if vintage is not None:
        areas = areas.filter(vintage=vintage)
    wanted = set(codes)
    return {area.code: area for area in areas if not wanted or area.code in wanted}


def match(*, level: str, met: Iterable[Met]) -> dict[Met, Area]:
    """The areas of a level that fit codes or names as others word them. Those that fit none are left out."""
    asked = list(met)
    coded = all(one.code and not one.code.startswith(NAME_ONLY) for one in asked)
    known = Known(level_slug(level), {one.code for one in asked} if coded else None)
    found = {one: known.find(one) for one in asked}
    return {one: area for one, area in found.items() if area is not None}


def loaded_files(limit: int = 50) -> list[LoadedFile]:
    """The boundary and population files taken in, newest first."""
    return list(LoadedFile.objects.all()[:limit])
