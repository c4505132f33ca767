"""Areas met in other people's counts: found, made by name, and later given their proper code."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from wardlight.partners import audit
from wardlight.partners.actors import SYSTEM, Actor
from wardlight.partners.refusal import Refusal

from ..levels import LEVELS, NAME_ONLY, level_slug, name_code, name_key
from ..models import Area, Boundary


@dataclass(frozen=True, slots=True)
class Met:
    """An area as a file words it: a name, perhaps a code, perhaps the area it lies in."""

    name: str
    code: str = ""
    parent: str = ""


class Known:
    """The areas of one level, found by code or by name. One query however many are asked for."""

    def __init__(self, level: str) -> None:
        self.level = level
        self.by_code: dict[str, list[Area]] = defaultdict(list)
        self.by_name: dict[str, list[Area]] = defaultdict(list)
        areas = Area.objects.filter(level=level).select_related("parent").order_by("vintage", "id")
        for area in areas:
            self.add(area)
        self.bounded: set[int] = set(Boundary.objects.filter(area__level=level).values_list("area_id", flat=True))

    def add(self, area: Area) -> None:
        self.by_code[area.code].append(area)
        self.by_name[name_key(area.name)].append(area)

    def find(self, met: Met, *, vintage: str | None = None) -> Area | None:
        """The newest area that fits (or the one of `vintage`): by its code, else by its name and parent."""
        if met.code and not met.code.startswith(NAME_ONLY):
            found = self.by_code.get(met.code, [])
            if not found and vintage is None and met.name:
                found = [area for area in self.named(met) if area.code.startswith(NAME_ONLY)]
        else:
            found = self.named(met)
        if vintage is not None:
            found = [area for area in found if area.vintage == vintage]
        return found[-1] if found else None

    def name_only(self, met: Met) -> Area | None:
        """The area known by this name only, or met in counts by this code, waiting for its boundary set."""
        waiting = [area for area in self.named(met) if area.code.startswith(NAME_ONLY)]
        return waiting[-1] if waiting else None

    def named(self, met: Met) -> list[Area]:
        found = self.by_name.get(name_key(met.name), [])
        if not met.parent:
            return found
        parent = name_key(met.parent)
        return [area for area in found if area.parent is None or name_key(area.parent.name) == parent]


def ensure_area(*, level: str, name: str, code: str = "", parent: Area | None = None, by: Actor = SYSTEM) -> Area:
    """The area of that level with that code or name, made if there is none.

    One met by name only gets the code `name:<name>`; a later boundary or population file upgrades it.
    """
    met = Met(name=name, code=code, parent=parent.name if parent else "")
    return ensure_areas(level=level, met=[met], by=by)[met]


@transaction.atomic
def ensure_areas(*, level: str, met: Iterable[Met], by: Actor = SYSTEM) -> dict[Met, Area]:
    """Find or make many areas of one level, in a number of queries that does not grow with them."""
    level = level_slug(level)
    wanted = list(dict.fromkeys(met))
    if any(not one.name and not one.code for one in wanted):
        raise Refusal(f"An area of level {level} has neither a name nor a code: fill in one of them.")
    known = Known(level)
    found = {one: known.find(one) for one in wanted}
    _upgrade(found)
    missing = [one for one, area in found.items() if area is None]
    made = _make(level, missing, by) if missing else {}
    return {one: made[one] if area is None else area for one, area in found.items()}


def _upgrade(found: dict[Met, Area | None]) -> None:
    changed = []
    for met, area in found.items():
        if area and met.code and area.code.startswith(NAME_ONLY) and not met.code.startswith(NAME_ONLY):
            area.code = met.code
            changed.append(area)
    Area.objects.bulk_update(changed, ["code"], batch_size=500)


def _make(level: str, missing: Sequence[Met], by: Actor) -> dict[Met, Area]:
    parents = _parents(level, missing, by)
    areas = {
        met: Area(
            level=level,
            code=met.code or name_code(met.name, met.parent),
            name=met.name or met.code,
            parent=parents.get(met.parent),
        )
        for met in missing
    }
    unique = {area.code: area for area in areas.values()}
    Area.objects.bulk_create(unique.values(), batch_size=1000)
    first = next(iter(unique.values()))
    audit.record(by=by, verb="met areas", obj=first, partnership=None, after={"level": level, "areas": len(unique)})
    return {met: unique[area.code] for met, area in areas.items()}


def _parents(level: str, missing: Sequence[Met], by: Actor) -> dict[str, Area]:
    names = sorted({met.parent for met in missing if met.parent})
    above = LEVELS[level].parent if level in LEVELS else ""
    if not names or not above:
        return {}
    return {met.name: area for met, area in ensure_areas(level=above, met=map(Met, names), by=by).items()}
