"""Areas met in other people's counts: found, made by name, and later given their proper code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction

from wardlight.partners import audit
from wardlight.partners.actors import SYSTEM, Actor
from wardlight.partners.refusal import Refusal

from ..known import Known, Met
from ..levels import LEVELS, NAME_ONLY, level_slug, name_code
from ..models import Area


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
