"""The ground plan of the demo borough: small areas, wards, neighbours, streets. Metres in British National Grid."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import Voronoi, cKDTree
from shapely import Geometry

from .truths import names, truths

BOROUGH = "Larkmoor"
REGION_RADIUS = 6_300.0  # metres round the centre: Larkmoor in the middle, six neighbours in a ring
SMALL_AREA_SPACING = 414.0
NEIGHBOUR_DISTANCE = 4_350.0
STREET_SPACING = 125.0


@dataclass(frozen=True, slots=True)
class Places:
    """Areas of one level, in one order throughout. `parents` are indexes into the level above."""

    level: str
    vintage: str
    codes: list[str]
    names: list[str]
    shapes: list[Geometry]
    parents: list[int]


@dataclass(frozen=True, slots=True)
class Streets:
    """Straight pieces of street: `ends` is (n, 4) metres x1 y1 x2 y2; `areas` the small area each lies in."""

    names: list[str]
    ends: NDArray[np.float64]
    areas: NDArray[np.int64]

    @property
    def lengths(self) -> NDArray[np.float64]:
        return np.hypot(self.ends[:, 2] - self.ends[:, 0], self.ends[:, 3] - self.ends[:, 1])


@dataclass(frozen=True, slots=True)
class Town:
    """The whole ground plan."""

    boroughs: Places
    wards: Places
    small_areas: Places
    old_small_areas: Places
    old_of_new: NDArray[np.int64]  # index of the 2011 small area of each 2021 one
    streets: Streets

    @property
    def outline(self) -> Geometry:
        return self.boroughs.shapes[0]


def centre() -> NDArray[np.float64]:
    return np.array(truths()["plan"]["centre"], dtype=float)


def points_of(line: list[list[float]]) -> NDArray[np.float64]:
    """A line of the truths file, metres from the centre, as grid coordinates (n, 2)."""
    return centre() + np.array(line, dtype=float)


def plan(rng: np.random.Generator) -> Town:
    """Draw the borough and its neighbours."""
    cells, seeds = _cells(rng)
    borough_of = nearest(_borough_seeds(), seeds)
    boroughs = _boroughs(cells, borough_of)
    mine = np.flatnonzero(borough_of == 0)
    wards, ward_of = _wards(rng, [cells[i] for i in mine], seeds[mine])
    streets = _streets(rng, boroughs.shapes[0], [cells[i] for i in mine])
    small = _small_areas([cells[i] for i in mine], ward_of, wards, streets)
    old, old_of_new = _older(small, seeds[mine], rng)
    return Town(boroughs, wards, small, old, old_of_new, streets)


def _borough_seeds() -> NDArray[np.float64]:
    angles = np.deg2rad(20 + 60 * np.arange(6))
    ring = NEIGHBOUR_DISTANCE * np.column_stack([np.cos(angles), np.sin(angles)])
    return np.asarray(centre() + np.vstack([[0.0, 0.0], ring]))


def _cells(rng: np.random.Generator) -> tuple[list[Geometry], NDArray[np.float64]]:
    """Jittered hexagonal seeds and their Voronoi cells, corners rounded to whole metres so that they share edges."""
    step = SMALL_AREA_SPACING
    rows, columns = np.mgrid[-30:31, -30:31]
    grid = np.column_stack([(columns + rows % 2 / 2).ravel() * step, rows.ravel() * step * np.sqrt(3) / 2])
    grid = grid + rng.uniform(-0.27 * step, 0.27 * step, size=grid.shape)
    grid = grid[np.hypot(grid[:, 0], grid[:, 1]) < REGION_RADIUS + 3 * step] + centre()
    diagram = Voronoi(grid)
    inside = np.flatnonzero(np.hypot(*(grid - centre()).T) < REGION_RADIUS)
    corners = np.round(diagram.vertices)
    shapes = [shapely.Polygon(corners[diagram.regions[diagram.point_region[i]]]) for i in inside]
    return [shapely.normalize(shapely.make_valid(shape)) for shape in shapes], grid[inside]


def _boroughs(cells: list[Geometry], borough_of: NDArray[np.int64]) -> Places:
    labels = [BOROUGH, *names()["neighbours"]]
    shapes = [_joined([cells[i] for i in np.flatnonzero(borough_of == b)]) for b in range(len(labels))]
    return Places(
        "borough", "2021", [f"X09{b + 1:06d}" for b in range(len(labels))], labels, shapes, [-1] * len(labels)
    )


def _wards(
    rng: np.random.Generator, cells: list[Geometry], seeds: NDArray[np.float64]
) -> tuple[Places, NDArray[np.int64]]:
    """Fourteen wards: small areas gathered round evened-out centres, features' names going to the nearest."""
    groups = _even_groups(rng, seeds, truths()["plan"]["wards"])
    labels = _ward_names(seeds, groups)
    order = np.argsort(np.array(labels))
    ward_of = np.argsort(order)[groups]
    shapes = [_joined([cells[i] for i in np.flatnonzero(ward_of == w)]) for w in range(len(order))]
    codes = [f"X05{w + 1:06d}" for w in range(len(order))]
    return Places("ward", "2021", codes, [labels[w] for w in order], shapes, [0] * len(order)), ward_of


def _even_groups(rng: np.random.Generator, seeds: NDArray[np.float64], number: int) -> NDArray[np.int64]:
    """The group of each seed: of forty tries at nearest-middle grouping, the one whose smallest group is largest."""
    best = np.zeros(len(seeds), dtype=np.int64)
    for _ in range(40):
        middles = seeds[rng.choice(len(seeds), number, replace=False)]
        for _ in range(12):
            groups = nearest(middles, seeds)
            middles = np.array([seeds[groups == g].mean(axis=0) for g in range(number)])
        groups = nearest(middles, seeds)
        if np.bincount(groups, minlength=number).min() > np.bincount(best, minlength=number).min():
            best = groups
    return best


def _ward_names(seeds: NDArray[np.float64], ward_of: NDArray[np.int64]) -> list[str]:
    """Names of features go to the ward they lie in (or the nearest without one); the rest are dealt out in order."""
    hot = {spot["key"]: points_of(spot["line"]).mean(axis=0) for spot in truths()["hotspots"]}
    anchors = {
        "Station Quarter": hot["station-street"],
        "High Cross": hot["high-street"],
        "Fallow Court": hot["stairwells"],
        "Dovecote": hot["stray"],
        "Tarn Rise": centre() + truths()["barrier"]["centre"],
        "Canal Basin": points_of(truths()["lighting"]["line"])[1],
    }
    labels: dict[int, str] = {}
    for name, point in anchors.items():
        wards = ward_of[np.argsort(np.hypot(*(seeds - point).T))]
        labels[next(int(w) for w in wards if int(w) not in labels)] = name
    rest = iter(name for name in names()["wards"] if name not in anchors)
    return [labels[w] if w in labels else next(rest) for w in range(int(ward_of.max()) + 1)]


def _streets(rng: np.random.Generator, outline: Geometry, cells: list[Geometry]) -> Streets:
    """A crooked grid of short streets, two small-area blocks long, that stay inside the outline."""
    reach = np.arange(-2_900.0, 2_900.0, STREET_SPACING)
    along, across = (axis.ravel() for axis in np.meshgrid(np.arange(-2_900.0, 2_900.0, 240.0), reach))
    bend = rng.normal(0, 14, size=(2, len(along), 2))
    east = np.column_stack([along + bend[0, :, 0], across + bend[0, :, 1], along + 205, across + bend[0, :, 1]])
    north = np.column_stack([across + bend[1, :, 0], along + bend[1, :, 1], across + bend[1, :, 0], along + 205])
    ends = np.vstack([east, north]) + np.tile(centre(), 2)
    inner = shapely.buffer(outline, -25)
    shapely.prepare(inner)
    lines = shapely.linestrings(ends.reshape(-1, 2, 2))
    ends = ends[shapely.contains(inner, lines)]
    ends = np.round(ends[rng.random(len(ends)) > 0.12], 1)
    middles = shapely.points((ends[:, 0] + ends[:, 2]) / 2, (ends[:, 1] + ends[:, 3]) / 2)
    areas = locate(middles, cells)
    ends, areas = ends[areas >= 0], areas[areas >= 0]
    return Streets(_street_names(rng, len(ends)), ends, areas)


def _street_names(rng: np.random.Generator, number: int) -> list[str]:
    pairs = [f"{stem} {kind}" for stem in names()["stems"] for kind in names()["kinds"]]
    return [pairs[i % len(pairs)] for i in rng.permutation(len(pairs))[: min(number, len(pairs))]] + [
        f"{pairs[i % len(pairs)]} North" for i in range(max(0, number - len(pairs)))
    ]


def _small_areas(cells: list[Geometry], ward_of: NDArray[np.int64], wards: Places, streets: Streets) -> Places:
    """Each is called after its ward and its longest-named first street, so that people can say which they mean."""
    labels = []
    for area, ward in enumerate(ward_of):
        inside = np.flatnonzero(streets.areas == area)
        street = streets.names[int(inside[0])] if len(inside) else "Edge"
        labels.append(f"{wards.names[ward]}: {street}")
    codes = [f"X01{area + 1:06d}" for area in range(len(cells))]
    return Places("lsoa", "2021", codes, labels, cells, [int(w) for w in ward_of])


def _older(small: Places, seeds: NDArray[np.float64], rng: np.random.Generator) -> tuple[Places, NDArray[np.int64]]:
    """The 2011 small areas: some neighbouring pairs of today's were one area then, under a code that is gone now."""
    partner = _pairs(small, seeds, rng)
    old_of_new = np.full(len(seeds), -1)
    codes: list[str] = []
    labels: list[str] = []
    shapes: list[Geometry] = []
    parents: list[int] = []
    for area in range(len(seeds)):
        if old_of_new[area] >= 0:
            continue
        both = [area, partner[area]] if area in partner else [area]
        old_of_new[both] = len(codes)
        codes.append(small.codes[area] if len(both) == 1 else f"X01{900 + len(codes):06d}")
        labels.append(small.names[area])
        shapes.append(_joined([small.shapes[i] for i in both]))
        parents.append(small.parents[area])
    return Places("lsoa", "2011", codes, labels, shapes, parents), old_of_new


def _pairs(small: Places, seeds: NDArray[np.float64], rng: np.random.Generator) -> dict[int, int]:
    """Pairs of touching small areas of the same ward, no area in two pairs: {lower index: higher index}."""
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    beside = np.asarray(cKDTree(seeds).query(seeds, k=5)[1])
    for area in rng.permutation(len(seeds)):
        for other in beside[area, 1:]:
            same_ward = small.parents[area] == small.parents[other]
            touch = shapely.length(shapely.intersection(small.shapes[area], small.shapes[other])) > 50
            if len(pairs) < truths()["flaws"]["split_areas"] and same_ward and touch and not taken & {area, other}:
                pairs[int(min(area, other))] = int(max(area, other))
                taken |= {int(area), int(other)}
    return pairs


def nearest(among: NDArray[np.float64], points: NDArray[np.float64]) -> NDArray[np.int64]:
    """Index of the nearest of `among` for each of the points."""
    return np.asarray(cKDTree(among).query(points)[1], dtype=np.int64)


def locate(points: NDArray[np.object_], shapes: list[Geometry]) -> NDArray[np.int64]:
    """Index of the shape each point lies in; −1 for none. A point on a shared edge goes to the first shape."""
    found = np.full(len(points), -1)
    which, shape = shapely.STRtree(shapes).query(points, predicate="intersects")
    found[which[::-1]] = shape[::-1]
    return found


def _joined(shapes: list[Geometry]) -> Geometry:
    return shapely.normalize(shapely.union_all(shapes, grid_size=1.0))
