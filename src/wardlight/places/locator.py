"""Find the area each of a million points lies in, in seconds.

The map is cut into square cells. A cell that no boundary line crosses lies wholly in one area (or in none), so that
its points need no geometry at all; only the points in crossed cells are tested, against the few areas that cross
them. Areas of one set are not supposed to overlap; where they do, and on a shared border, the area whose code sorts
first has the point. The outer border belongs to the area.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]
NONE = -1
CROSSED = -2
MOST_CELLS = 4_000_000
CHUNK = 500_000


class Locator:
    """Areas of one level and vintage, ready to place points.

    `codes`, `names` and `ids` run parallel, sorted by code; `assign` answers with positions in them.
    """

    def __init__(
        self, codes: Sequence[str], names: Sequence[str], shapes: npt.NDArray[Any], ids: Sequence[int] = ()
    ) -> None:
        """`shapes`: valid polygons in one plane coordinate system (metres), one for each code.

        Raises ValueError when one of them is not a polygon.
        """
        kinds = {shape.geom_type for shape in shapes} - {"Polygon", "MultiPolygon"}
        if kinds or len(codes) != len(shapes):
            raise ValueError(f"a locator needs one polygon for each code, not {len(shapes)} shapes of {kinds}")
        order = sorted(range(len(codes)), key=lambda position: codes[position])
        self.codes: list[str] = [codes[position] for position in order]
        self.names: list[str] = [names[position] for position in order]
        self.ids: list[int] = [ids[position] for position in order] if len(ids) else []
        self.shapes: npt.NDArray[Any] = np.asarray(shapes, dtype=object)[order]
        shapely.prepare(self.shapes)
        self._grid = _Grid(self.shapes) if len(self.shapes) else None

    def assign(self, x: npt.ArrayLike, y: npt.ArrayLike) -> Ints:
        """For eastings and northings of shape (n,), the position in `codes` of the area of each, −1 where there is
        none (outside every area, or not a finite number)."""
        east, north = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
        if east.shape != north.shape or east.ndim != 1:
            raise ValueError(f"x and y must be one-dimensional and equally long, not {east.shape} and {north.shape}")
        found = np.full(len(east), NONE, dtype=np.int32)
        if self._grid is None:
            return found
        for start in range(0, len(east), CHUNK):
            part = slice(start, start + CHUNK)
            found[part] = self._assign_chunk(east[part], north[part])
        return found

    def _assign_chunk(self, x: Floats, y: Floats) -> Ints:
        assert self._grid is not None
        cells = self._grid.cells_of(x, y)
        inside = cells >= 0
        found = np.full(len(x), NONE, dtype=np.int32)
        found[inside] = self._grid.label[cells[inside]]
        crossed = np.flatnonzero(found == CROSSED)
        found[crossed] = NONE
        if len(crossed):
            rows, areas = self._grid.candidates(cells[crossed])
            self._test(found, crossed[rows], areas, x, y)
        return found

    def _test(self, found: Ints, points: npt.NDArray[np.intp], areas: Ints, x: Floats, y: Floats) -> None:
        by_area = np.argsort(areas, kind="stable")
        points, areas = points[by_area], areas[by_area]
        hit = np.asarray(shapely.intersects_xy(self.shapes[areas], x[points], y[points]), dtype=bool)
        # Written from the last code to the first, so that the first code stays where several claim a point.
        found[points[hit][::-1]] = areas[hit][::-1]


class _Grid:
    """Square cells over the areas: which lie wholly in one area, which are crossed by a border and whose."""

    def __init__(self, shapes: npt.NDArray[Any]) -> None:
        left, bottom, right, top = (float(edge) for edge in shapely.total_bounds(shapes))
        self.size = _cell_size(shapes, right - left, top - bottom)
        self.left, self.bottom = left - self.size, bottom - self.size
        self.columns = int((right - self.left) // self.size) + 2
        self.rows = int((top - self.bottom) // self.size) + 2
        cells, areas = self._crossings(shapes)
        self.start = np.searchsorted(cells, np.arange(self.rows * self.columns + 1)).astype(np.int64)
        self.crossing: Ints = areas
        self.label = self._labels(shapes, cells)

    def cells_of(self, x: Floats, y: Floats) -> npt.NDArray[np.int64]:
        """The cell of each point, −1 outside the map."""
        with np.errstate(invalid="ignore"):
            column = np.floor((x - self.left) / self.size)
            row = np.floor((y - self.bottom) / self.size)
            inside = (column >= 0) & (column < self.columns) & (row >= 0) & (row < self.rows)
        cells = np.full(len(x), NONE, dtype=np.int64)
        cells[inside] = row[inside].astype(np.int64) * self.columns + column[inside].astype(np.int64)
        return cells

    def candidates(self, cells: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.intp], Ints]:
        """For points in crossed cells: (row of the point, area that may hold it), one pair for each to be tested."""
        counts = self.start[cells + 1] - self.start[cells]
        rows = np.repeat(np.arange(len(cells)), counts)
        offsets = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
        return rows, self.crossing[np.repeat(self.start[cells], counts) + offsets]

    def _crossings(self, shapes: npt.NDArray[Any]) -> tuple[npt.NDArray[np.int64], Ints]:
        """(cell, area) for every cell that an area's border may touch, sorted and without repeats.

        Each border is cut into pieces shorter than half a cell; a piece touches no cell outside the block of at most
        2 × 2 that its two ends span.
        """
        pieces = shapely.segmentize(shapely.boundary(shapes), self.size / 2)
        xy, line = shapely.get_coordinates(shapely.get_parts(pieces), return_index=True)
        _, owner = shapely.get_parts(pieces, return_index=True)
        same = line[1:] == line[:-1]
        area = owner[line[1:]][same].astype(np.int64)
        # A hair's breadth wider, so that a piece that runs along a cell edge marks the cells on both sides.
        column, row = ((xy - (self.left, self.bottom)) / self.size).T
        low_column, high_column = _span(column, same)
        low_row, high_row = _span(row, same)
        width = np.int64(len(shapes))
        keys = [(r * self.columns + c) * width + area for c in (low_column, high_column) for r in (low_row, high_row)]
        touched = np.unique(np.concatenate(keys))
        unique = np.union1d(touched, self._covers(shapes, touched))
        return unique // width, (unique % width).astype(np.int32)

    def _covers(self, shapes: npt.NDArray[Any], touched: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Keys of further areas over the centres of crossed cells.

        An area can hold the whole of a cell that only others' borders touch: where areas overlap, or where a border
        runs along the edge of the cell.
        """
        crossed = np.unique(touched // len(shapes))
        x, y = self._centres(crossed)
        rows, areas = shapely.STRtree(shapes).query(shapely.points(x, y))
        keys = crossed[rows] * np.int64(len(shapes)) + areas
        new = touched[np.searchsorted(touched, keys) % len(touched)] != keys
        rows, areas, keys = rows[new], areas[new], keys[new]
        return keys[np.asarray(shapely.intersects_xy(shapes[areas], x[rows], y[rows]), dtype=bool)]

    def _centres(self, cells: npt.NDArray[Any]) -> tuple[Floats, Floats]:
        x = self.left + (cells % self.columns + 0.5) * self.size
        y = self.bottom + (cells // self.columns + 0.5) * self.size
        return x, y

    def _labels(self, shapes: npt.NDArray[Any], crossed: npt.NDArray[np.int64]) -> Ints:
        """The area of each cell, −1 for none, −2 for a crossed cell. Uncrossed cells that touch by a side share theirs."""
        free = np.ones(self.rows * self.columns, dtype=bool)
        free[crossed] = False
        from scipy import ndimage  # slow to import, and only wanted here

        patches, number = ndimage.label(free.reshape(self.rows, self.columns))
        flat = patches.ravel()
        _, first = np.unique(flat, return_index=True)
        first = first[-number:] if number else first[:0]
        points, areas = shapely.STRtree(shapes).query(shapely.points(*self._centres(first)), predicate="intersects")
        of_patch = np.full(number + 1, NONE, dtype=np.int32)
        by_code = np.argsort(-areas, kind="stable")
        of_patch[points[by_code] + 1] = areas[by_code]
        of_patch[0] = CROSSED
        return of_patch[flat]


def _span(position: Floats, same: npt.NDArray[np.bool_]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    hair = 1e-6
    low = np.floor(np.minimum(position[1:], position[:-1])[same] - hair).astype(np.int64)
    high = np.floor(np.maximum(position[1:], position[:-1])[same] + hair).astype(np.int64)
    return low, high


def _cell_size(shapes: npt.NDArray[Any], width: float, height: float) -> float:
    """A cell about a fifth of a typical area across, and never more than four million cells in all."""
    typical = float(np.sqrt(np.median(shapely.area(shapes))))
    fewest = float(np.sqrt(max(width * height, 1.0) / MOST_CELLS))
    return max(typical / 5, fewest, 1e-3)
