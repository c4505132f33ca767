"""The demo borough's licensed premises. Three of them have a quarter of what happens in all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .town import Town, points_of
from .truths import names, truths

BY_THE_STATION, ON_THE_HIGH_STREET = 40, 60


@dataclass(frozen=True, slots=True)
class Premises:
    """Licensed premises; `incident_shares` sum to 1."""

    keys: list[str]
    names: list[str]
    kinds: list[str]
    members_only: NDArray[np.bool_]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    incident_shares: NDArray[np.float64]

    @property
    def top(self) -> list[str]:
        """Keys of the few that have the planted share."""
        return self.keys[: truths()["premises"]["top"]]


def open_premises(rng: np.random.Generator, town: Town) -> Premises:
    """Licensed premises by the station, on the high street and dotted about."""
    number = truths()["plan"]["premises"]
    kinds = ["pub" if i % 3 else "bar" for i in range(number)]
    points = _where(rng, town, number)
    members = np.zeros(number, dtype=bool)
    later = np.arange(truths()["premises"]["top"], number)
    members[rng.choice(later, round(number * truths()["plan"]["members_only_share"]), replace=False)] = True
    return Premises(
        keys=[f"PR-{i + 1:04d}" for i in range(number)],
        names=_names(rng, number),
        kinds=kinds,
        members_only=members,
        x=np.round(points[:, 0], 1),
        y=np.round(points[:, 1], 1),
        incident_shares=_shares(rng, number),
    )


def _where(rng: np.random.Generator, town: Town, number: int) -> NDArray[np.float64]:
    hot = {spot["key"]: points_of(spot["line"]) for spot in truths()["hotspots"]}
    station, high = (_beside(rng, hot[key], n) for key, n in _clusters())
    chosen = rng.integers(0, len(town.streets.names), number - len(station) - len(high))
    ends = town.streets.ends[chosen]
    rest = ends[:, :2] + rng.random((len(chosen), 1)) * (ends[:, 2:] - ends[:, :2])
    return np.vstack([station, high, rest])


def _clusters() -> tuple[tuple[str, int], tuple[str, int]]:
    return ("station-street", BY_THE_STATION), ("high-street", ON_THE_HIGH_STREET)


def _beside(rng: np.random.Generator, line: NDArray[np.float64], number: int) -> NDArray[np.float64]:
    share = rng.random((number, 1))
    return np.asarray(line[0] + share * (line[1] - line[0]) + rng.uniform(-25, 25, (number, 2)))


def _names(rng: np.random.Generator, number: int) -> list[str]:
    words = names()
    pairs = [f"{stem} {ending}" for stem in words["stems"] for ending in words["pubs"] + words["venues"]]
    return [f"The {pairs[i]}" for i in rng.permutation(len(pairs))[:number]]


def _shares(rng: np.random.Generator, number: int) -> NDArray[np.float64]:
    top, share = truths()["premises"]["top"], truths()["premises"]["share_of_incidents"]
    rest = rng.gamma(4.0, size=number - top)
    return np.concatenate([np.full(top, share / top), (1 - share) * rest / rest.sum()])
