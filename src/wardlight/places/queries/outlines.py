"""Shapes: outlines to draw, locators that place points, and the best fit from one boundary year to another."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.conf import settings
from django.db.models import Count, Max, Sum

from wardlight.partners.refusal import Refusal

from ..levels import level_slug, level_title
from ..locator import Locator
from ..models import Area, Boundary, LoadedFile

_lock = threading.Lock()
_locators: dict[tuple[str, str, str, str], Locator] = {}
MOST_LOCATORS = 8


def newest_vintage(level: str) -> str | None:
    """The newest vintage of a level that has boundaries, or None when none has."""
    vintages = Area.objects.filter(level=level, boundary__isnull=False).order_by("-vintage")
    return vintages.values_list("vintage", flat=True).first()


def stamp(level: str, vintage: str) -> str:
    """Changes whenever the boundaries of a set do."""
    shapes = Boundary.objects.filter(area__level=level, area__vintage=vintage).aggregate(
        Count("area"), Max("area"), Sum("square_metres"), Sum("min_x"), Sum("max_y")
    )
    files = LoadedFile.objects.filter(kind=LoadedFile.Kind.BOUNDARIES, level=level, vintage=vintage)
    text = json.dumps([level, vintage, shapes, files.aggregate(Max("id"))], sort_keys=True)
    return sha256(text.encode()).hexdigest()[:16]


def locator(level: str, vintage: str | None = None) -> Locator:
    """What places points in the areas of a level: of the newest vintage unless one is named.

    Kept in memory until the boundaries change. Raises Refusal when no boundaries of that level are loaded.
    """
    level = level_slug(level)
    vintage = newest_vintage(level) if vintage is None else vintage
    if vintage is None:
        title = level_title(level, plural=True)
        raise Refusal(f"No boundaries of {title} are loaded: add them with “wardlight places load FILE”.")
    key = (str(settings.HOME), level, vintage, stamp(level, vintage))
    with _lock:
        if key not in _locators:
            while len(_locators) >= MOST_LOCATORS:
                _locators.pop(next(iter(_locators)))
            _locators[key] = _build(level, vintage)
        return _locators[key]


def _build(level: str, vintage: str) -> Locator:
    rows = list(
        Boundary.objects.filter(area__level=level, area__vintage=vintage).values_list(
            "area_id", "area__code", "area__name", "wkb"
        )
    )
    if not rows:
        title = level_title(level, plural=True)
        raise Refusal(f"No {vintage} boundaries of {title} are loaded: add them with “wardlight places load FILE”.")
    ids, codes, names, wkb = zip(*rows, strict=True)
    return Locator(codes, names, shapely.from_wkb([bytes(shape) for shape in wkb]), ids)


def outlines(areas: Iterable[Area], *, simplify_metres: float | None = None) -> dict[int, Any]:
    """The shape of each area that has one, by area id, in National Grid metres.

    Simplified together, so that neighbours still share their border.
    """
    ids = [area.pk for area in areas]
    rows: list[tuple[int, bytes | memoryview]] = []
    for start in range(0, len(ids), 20_000):
        part = Boundary.objects.filter(area_id__in=ids[start : start + 20_000])
        rows.extend(part.order_by("area_id").values_list("area_id", "wkb"))
    shapes = shapely.from_wkb([bytes(wkb) for _, wkb in rows])
    if simplify_metres and rows:
        shapes = shapely.coverage_simplify(shapes, simplify_metres)
    return {pk: shape for (pk, _), shape in zip(rows, shapes, strict=True)}


def best_fit(level: str, from_vintage: str, to_vintage: str) -> dict[str, str]:
    """For each code of one vintage the code of the other whose area overlaps it most.

    Worked out once for each pair of boundary sets and kept in the home; codes that overlap nothing are left out.
    Raises Refusal when one of the two sets is not loaded.
    """
    level = level_slug(level)
    if from_vintage == to_vintage:
        return {code: code for code in locator(level, from_vintage).codes}
    stamps = f"{stamp(level, from_vintage)}-{stamp(level, to_vintage)}"
    path = Path(settings.HOME) / "best-fit" / f"{stamps}.json"
    if path.is_file():
        kept: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
        return kept
    fit = _overlaps(locator(level, from_vintage), locator(level, to_vintage))
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(f".{threading.get_ident()}.part")
    aside.write_text(json.dumps(fit), encoding="utf-8")
    aside.replace(path)
    return fit


def _overlaps(old: Locator, new: Locator) -> dict[str, str]:
    olds, news = shapely.STRtree(new.shapes).query(old.shapes, predicate="intersects")
    same = np.array([old.codes[a] == new.codes[b] for a, b in zip(olds, news, strict=True)], dtype=bool)
    shared = shapely.area(shapely.intersection(old.shapes[olds], new.shapes[news]))
    # On a tie the same code wins, else the one that sorts first.
    order = np.lexsort((news, ~same, -shared, olds))
    fit: dict[str, str] = {}
    for position in order:
        if shared[position] > 0:
            fit.setdefault(old.codes[olds[position]], new.codes[news[position]])
    return fit
