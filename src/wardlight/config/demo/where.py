"""Where the demo borough's incidents happen: along streets, at the planted places, in licensed premises."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
import shapely
from numpy.typing import NDArray

from .premises import Premises
from .town import Town, centre, locate, nearest, points_of
from .truths import truths

QUIET_WARD, QUIET_FACTOR = "Dovecote", 0.5
TOWPATH_METRES, TOWPATH_FACTOR = 150.0, 0.4  # few homes by the canal, so that the path's robberies make no hotspot
OFF_THE_LINE = 5.0


@dataclass(frozen=True, slots=True)
class Spots:
    """Points in grid metres, each with its premises' index or −1."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    premises: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Ground:
    """The town with what is needed to draw points in it."""

    town: Town
    premises: Premises
    street_weights: NDArray[np.float64]

    def draw(self, rng: np.random.Generator, place: str, number: int) -> Spots:
        """`number` points of a place named in components.toml."""
        if place == "premises":
            chosen = rng.choice(len(self.premises.keys), size=number, p=self.premises.incident_shares)
            return Spots(self.premises.x[chosen], self.premises.y[chosen], chosen)
        points = self._points(rng, place, number)
        return Spots(np.round(points[:, 0], 1), np.round(points[:, 1], 1), np.full(number, -1))

    def _points(self, rng: np.random.Generator, place: str, number: int) -> NDArray[np.float64]:
        hot = {spot["key"]: spot for spot in truths()["hotspots"]}
        if place in hot:
            return along(rng, points_of(hot[place]["line"]), number, hot[place]["spread"])
        if place == "canal":
            return along(rng, points_of(truths()["lighting"]["line"]), number, OFF_THE_LINE)
        if place == "barrier":
            return barrier_points(rng, number, 0.0, truths()["barrier"]["radius"])
        return self._street_points(rng, number)

    def _street_points(self, rng: np.random.Generator, number: int) -> NDArray[np.float64]:
        chosen = rng.choice(len(self.street_weights), size=number, p=self.street_weights)
        ends = self.town.streets.ends[chosen]
        share = rng.random((number, 1))
        return ends[:, :2] + share * (ends[:, 2:] - ends[:, :2]) + rng.uniform(-OFF_THE_LINE, OFF_THE_LINE, (number, 2))

    def street_of(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> list[str]:
        """The nearest street's name, or the planted place's own."""
        middles = (self.town.streets.ends[:, :2] + self.town.streets.ends[:, 2:]) / 2
        words = np.array(self.town.streets.names, dtype=object)[nearest(middles, np.column_stack([x, y]))]
        points = shapely.points(x, y)
        for name, line, metres in _own_names():
            words[shapely.distance(points, shapely.linestrings(line)) <= metres] = name
        return [str(word) for word in words]


def ground(rng: np.random.Generator, town: Town, premises: Premises) -> Ground:
    """Weigh the streets: every small area has its own, slightly different, pull."""
    pull = rng.lognormal(0, 0.1, size=len(town.small_areas.codes))
    quiet = [town.wards.names[ward] == QUIET_WARD for ward in town.small_areas.parents]
    pull = np.where(quiet, QUIET_FACTOR, 1.0) * pull
    weights = town.streets.lengths * pull[town.streets.areas]
    middles = (town.streets.ends[:, :2] + town.streets.ends[:, 2:]) / 2
    canal = shapely.linestrings(points_of(truths()["lighting"]["line"]))
    by_water = shapely.distance(shapely.points(middles), canal) < TOWPATH_METRES
    weights = np.where(by_water, TOWPATH_FACTOR, 1.0) * weights
    return Ground(town, premises, weights / weights.sum())


def along(rng: np.random.Generator, line: NDArray[np.float64], number: int, spread: float) -> NDArray[np.float64]:
    """Points along a line, scattered `spread` metres (standard deviation) about it, at most two and a half of them."""
    path = shapely.linestrings(line)
    on_it = shapely.line_interpolate_point(path, rng.random(number) * shapely.length(path))
    scatter = np.clip(rng.normal(0, spread, (number, 2)), -2.5 * spread, 2.5 * spread)
    return np.asarray(shapely.get_coordinates(on_it) + scatter)


def barrier_points(rng: np.random.Generator, number: int, inner: float, outer: float) -> NDArray[np.float64]:
    """Points spread evenly over the ring between two distances from the barrier."""
    far = np.sqrt(rng.uniform(inner**2, outer**2, number))
    angle = rng.uniform(0, 2 * np.pi, number)
    return np.asarray(centre() + truths()["barrier"]["centre"] + (far * [np.cos(angle), np.sin(angle)]).T)


def small_areas_of(town: Town, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.int64]:
    """Index of each point's 2021 small area; the nearest for a point just outside the outline."""
    points = shapely.points(x, y)
    found = locate(points, town.small_areas.shapes)
    outside = np.flatnonzero(found < 0)
    tree = shapely.STRtree(town.small_areas.shapes)
    found[outside] = tree.nearest(points[outside]) if len(outside) else []
    return found


def place_columns(ground: Ground, frame: pl.DataFrame) -> pl.DataFrame:
    """Add `area` (index of the 2021 small area) and `street` to a frame with `x` and `y`."""
    x, y = frame["x"].to_numpy(), frame["y"].to_numpy()
    area = small_areas_of(ground.town, x, y)
    return frame.with_columns(pl.Series("area", area), pl.Series("street", ground.street_of(x, y), dtype=pl.String))


def _own_names() -> list[tuple[str, NDArray[np.float64], float]]:
    hot = {spot["key"]: spot for spot in truths()["hotspots"]}
    return [
        ("Station Street", points_of(hot["station-street"]["line"]), 60.0),
        ("High Street", points_of(hot["high-street"]["line"]), 60.0),
        ("Fallow Court stairwells", points_of(hot["stairwells"]["line"]), 90.0),
        ("Canal path", points_of(truths()["lighting"]["line"]), 3 * OFF_THE_LINE),
    ]
