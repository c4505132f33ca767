"""Coordinates and shapes: metres in British National Grid (EPSG:27700) inside, WGS84 at the edges."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import numpy.typing as npt
import pyproj
import shapely

NATIONAL_GRID = "EPSG:27700"
# Wider than Great Britain and Northern Ireland in the National Grid, so that only nonsense is refused.
GRID_EXTENT = (-500_000.0, -500_000.0, 1_200_000.0, 1_800_000.0)
_thread = threading.local()

Floats = npt.NDArray[np.float64]


def to_wgs84(x: npt.ArrayLike, y: npt.ArrayLike) -> tuple[Floats, Floats]:
    """National Grid eastings and northings (metres) as longitudes and latitudes (degrees). Good to about 2 m."""
    lon, lat = _transformer(NATIONAL_GRID, "EPSG:4326").transform(
        np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    )
    return np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)


def to_grid(lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Longitudes and latitudes (WGS84 degrees) as National Grid eastings and northings (metres), inf where neither."""
    x, y = _transformer("EPSG:4326", NATIONAL_GRID).transform(
        np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    )
    return np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)


def shapes_to_grid(shapes: npt.NDArray[Any], crs: str) -> npt.NDArray[Any]:
    """Shapes of any coordinate system as National Grid shapes."""
    if is_national_grid(crs):
        return shapes
    transformer = _transformer(crs, NATIONAL_GRID)
    return np.asarray(shapely.transform(shapes, transformer.transform, interleaved=False))


def shapes_to_wgs84(shapes: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """National Grid shapes as longitude and latitude."""
    return np.asarray(shapely.transform(shapes, to_wgs84, interleaved=False))


def is_national_grid(crs: str) -> bool:
    """Whether a coordinate system is the National Grid, under whichever spelling a program wrote it."""
    if crs.upper() == NATIONAL_GRID:
        return True
    system = pyproj.CRS.from_user_input(crs)
    return "british national grid" in system.name.casefold().replace("_", " ") or system.to_epsg() == 27700


def within_extent(shape: Any) -> bool:
    """Whether a National Grid shape lies where the British Isles are."""
    low_x, low_y, high_x, high_y = shapely.bounds(shape)
    if not np.all(np.isfinite([low_x, low_y, high_x, high_y])):
        return False
    left, bottom, right, top = GRID_EXTENT
    return bool(low_x >= left and low_y >= bottom and high_x <= right and high_y <= top)


def polygons_of(shape: Any) -> Any | None:
    """The polygon part of a shape (a repair can leave lines and points behind), or None when there is none."""
    if shape is None or shapely.is_empty(shape):
        return None
    if shape.geom_type in {"Polygon", "MultiPolygon"}:
        return shape
    if shape.geom_type != "GeometryCollection":
        return None
    parts = [part for part in shapely.get_parts(shape) if part.geom_type in {"Polygon", "MultiPolygon"}]
    return shapely.union_all(parts) if parts else None


def repaired(shape: Any) -> tuple[Any | None, str]:
    """A valid polygon and what was wrong with the one supplied ("" when nothing was)."""
    if shapely.is_valid(shape):
        return polygons_of(shape), ""
    reason = str(shapely.is_valid_reason(shape))
    return polygons_of(shapely.make_valid(shape)), reason.split("[")[0].strip()


def _transformer(source: str, target: str) -> pyproj.Transformer:
    # One a thread: PROJ objects may not be shared between threads.
    cache: dict[tuple[str, str], pyproj.Transformer] = _thread.__dict__.setdefault("transformers", {})
    if (source, target) not in cache:
        cache[source, target] = pyproj.Transformer.from_crs(source, target, always_xy=True)
    return cache[source, target]
