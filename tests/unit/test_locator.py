"""Points find their area: the same as testing every area, borders by the stated rule."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from wardlight.places.locator import Locator


def squares(columns: int, rows: int, side: float = 100.0) -> Locator:
    cells = [(column, row) for row in range(rows) for column in range(columns)]
    shapes = [shapely.box(c * side, r * side, (c + 1) * side, (r + 1) * side) for c, r in cells]
    codes = [f"S{r}{c}" for c, r in cells]
    return Locator(codes, codes, np.array(shapes, dtype=object))


def brute_force(locator: Locator, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    found = np.full(len(x), -1)
    for position in reversed(range(len(locator.codes))):
        found[shapely.intersects_xy(locator.shapes[position], x, y)] = position
    return found


def test_a_point_on_a_shared_border_goes_to_the_code_that_sorts_first() -> None:
    locator = squares(2, 2)
    x = np.array([100.0, 100.0, 50.0, 100.0])
    y = np.array([50.0, 100.0, 100.0, 150.0])
    assert [locator.codes[i] for i in locator.assign(x, y)] == ["S00", "S00", "S00", "S10"]


def test_the_order_of_the_file_does_not_matter() -> None:
    left, right = shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)
    one = Locator(["a", "b"], ["a", "b"], np.array([left, right], dtype=object))
    two = Locator(["b", "a"], ["b", "a"], np.array([right, left], dtype=object))
    point = np.array([1.0]), np.array([0.5])
    assert one.codes[one.assign(*point)[0]] == two.codes[two.assign(*point)[0]] == "a"


def test_outside_and_unknown_coordinates_are_nowhere() -> None:
    locator = squares(2, 2)
    x = np.array([-1.0, 201.0, np.nan, np.inf, 50.0, -1e300])
    y = np.array([50.0, 50.0, 50.0, 50.0, np.nan, 50.0])
    assert locator.assign(x, y).tolist() == [-1] * 6


def test_holes_and_islands() -> None:
    ring = shapely.box(0, 0, 100, 100).difference(shapely.box(40, 40, 60, 60))
    islands = shapely.union_all([shapely.box(42, 42, 45, 45), shapely.box(300, 0, 310, 10)])
    locator = Locator(["ring", "sland"], ["", ""], np.array([ring, islands], dtype=object))
    x, y = np.array([10.0, 50.0, 43.0, 305.0, 200.0]), np.array([10.0, 50.0, 43.0, 5.0, 5.0])
    assert locator.assign(x, y).tolist() == [0, -1, 1, 1, -1]


def test_no_areas_and_no_points() -> None:
    empty = Locator([], [], np.array([], dtype=object))
    assert empty.assign([1.0], [1.0]).tolist() == [-1]
    assert squares(1, 1).assign([], []).tolist() == []


def test_lines_and_ragged_coordinates_are_refused() -> None:
    with pytest.raises(ValueError, match="one polygon for each code"):
        Locator(["a"], ["a"], np.array([shapely.LineString([(0, 0), (1, 1)])], dtype=object))
    with pytest.raises(ValueError, match="equally long"):
        squares(1, 1).assign([1.0, 2.0], [1.0])


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), areas=st.integers(3, 40))
def test_the_same_as_testing_every_area(seed: int, areas: int) -> None:
    """Over random patchworks, with random points, corners and points along the borders."""
    draw = np.random.default_rng(seed)
    points = shapely.MultiPoint(draw.uniform(0, 10_000, (areas, 2)))
    cells = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=shapely.box(0, 0, 10_000, 10_000)))
    codes = [f"{number:03d}" for number in draw.permutation(len(cells))]
    locator = Locator(codes, codes, cells)
    corners = shapely.get_coordinates(cells)
    along = shapely.get_coordinates(shapely.segmentize(shapely.boundary(cells), 700.0))
    xy = np.vstack([draw.uniform(-500, 10_500, (2_000, 2)), corners, along])
    np.testing.assert_array_equal(locator.assign(xy[:, 0], xy[:, 1]), brute_force(locator, xy[:, 0], xy[:, 1]))


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), areas=st.integers(2, 15))
def test_areas_that_overlap_give_the_point_to_the_first_code(seed: int, areas: int) -> None:
    draw = np.random.default_rng(seed)
    shapes = shapely.buffer(shapely.points(draw.uniform(0, 1_000, (areas, 2))), draw.uniform(5, 500, areas))
    codes = [f"{number:03d}" for number in range(areas)]
    locator = Locator(codes, codes, shapes)
    x, y = draw.uniform(-200, 1_200, (2, 3_000))
    np.testing.assert_array_equal(locator.assign(x, y), brute_force(locator, x, y))


@pytest.mark.real_data
@pytest.mark.parametrize("file", ["london_wards.zip", "london-2021-lsoa-gen20.shp"])
def test_london_the_same_as_a_spatial_join(shared_data, file: str) -> None:
    import pyogrio

    from wardlight.places.geometry import repaired

    _, _, wkb, _ = pyogrio.raw.read(shared_data / "boundaries" / file)
    shapes = np.array([repaired(shape)[0] for shape in shapely.from_wkb(wkb, on_invalid="ignore")], dtype=object)
    codes = [f"{number:05d}" for number in range(len(shapes))]
    locator = Locator(codes, codes, shapes)
    left, bottom, right, top = shapely.total_bounds(shapes)
    draw = np.random.default_rng(7)
    corners = shapely.get_coordinates(shapes[::50])[:5_000]
    xy = np.vstack([np.column_stack([draw.uniform(left, right, 30_000), draw.uniform(bottom, top, 30_000)]), corners])
    rows, hits = shapely.STRtree(shapes).query(shapely.points(xy), predicate="intersects")
    expected = np.full(len(xy), len(shapes))
    np.minimum.at(expected, rows, hits)
    expected[expected == len(shapes)] = -1
    np.testing.assert_array_equal(locator.assign(xy[:, 0], xy[:, 1]), expected)
