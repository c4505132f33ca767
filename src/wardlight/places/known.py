"""Match areas as other people word them to the areas that are known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q

from .levels import NAME_ONLY, name_key
from .models import Area, Boundary

MOST_CODES = 900  # what one query takes on every database


@dataclass(frozen=True, slots=True)
class Met:
    """An area as a file words it: a name, perhaps a code, perhaps the area it lies in."""

    name: str
    code: str = ""
    parent: str = ""


class Known:
    """The areas of one level, found by code or by name. Two queries however many are asked for.

    `codes`: those that will be asked for, where every one of them has a code; a country has 35,000 LSOAs and a borough 150.
    """

    def __init__(self, level: str, codes: Collection[str] | None = None) -> None:
        self.level = level
        self.by_code: dict[str, list[Area]] = defaultdict(list)
        self.by_name: dict[str, list[Area]] = defaultdict(list)
        areas = Area.objects.filter(level=level)
        bounded = Boundary.objects.filter(area__level=level)
        if codes is not None and len(codes) <= MOST_CODES:
            areas = areas.filter(Q(code__in=codes) | Q(code__startswith=NAME_ONLY))
            bounded = bounded.filter(Q(area__code__in=codes) | Q(area__code__startswith=NAME_ONLY))
        for area in areas.select_related("parent").order_by("vintage", "id"):
            self.add(area)
        self.bounded: set[int] = set(bounded.values_list("area_id", flat=True))

    def add(self, area: Area) -> None:
        self.by_code[area.code].append(area)
        self.by_name[name_key(area.name)].append(area)

    def find(self, met: Met, *, vintage: str | None = None) -> Area | None:
        """The area that fits, of `vintage` or the newest with a boundary: by its code, else by its name and parent."""
        if met.code and not met.code.startswith(NAME_ONLY):
            found = self.by_code.get(met.code, [])
            if not found and vintage is None and met.name:
                found = [area for area in self.named(met) if area.code.startswith(NAME_ONLY)]
        else:
            found = self.named(met)
        if vintage is not None:
            found = [area for area in found if area.vintage == vintage]
        return max(found, key=self._newest) if found else None

    def name_only(self, met: Met) -> Area | None:
        """The area known by this name only, or met in counts by this code, waiting for its boundary set."""
        waiting = [area for area in self.named(met) if area.code.startswith(NAME_ONLY)]
        return waiting[-1] if waiting else None

    def _newest(self, area: Area) -> tuple[bool, str, int]:
        return area.pk in self.bounded, area.vintage, area.pk or 0

    def named(self, met: Met) -> list[Area]:
        found = self.by_name.get(name_key(met.name), [])
        if not met.parent:
            return found
        parent = name_key(met.parent)
        return [area for area in found if area.parent is None or name_key(area.parent.name) == parent]
