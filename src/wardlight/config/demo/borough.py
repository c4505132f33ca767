"""The whole demo borough, generated from one seed in a few seconds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from . import neighbours, people, records
from .flaws import flawed
from .flows import draw
from .premises import Premises, open_premises
from .town import Town, plan
from .truths import truths
from .victims import victims
from .where import ground, small_areas_of

KINDS = ("crime", "asb", "ambulance", "ed")


@dataclass(frozen=True, slots=True)
class Borough:
    """Larkmoor. `incidents` is what happened, by kind; `extracts` is what the partnership receives, flaws and all."""

    town: Town
    premises: Premises
    populations: pl.DataFrame
    incidents: dict[str, pl.DataFrame]
    stops: pl.DataFrame
    neighbours: pl.DataFrame
    survey: pl.DataFrame
    extracts: list[records.Extract]


def generate(*, seed: int | None = None, scale: float = 1.0) -> Borough:
    """Make the borough. `scale` 0.1 gives a tenth of the incidents in the same town. The same on every machine."""
    rng = np.random.Generator(np.random.PCG64(truths()["seed"] if seed is None else seed))
    town = plan(rng)
    premises = open_premises(rng, town)
    areas = small_areas_of(town, premises.x, premises.y)
    populations = people.populations(rng, town, np.bincount(areas, minlength=len(town.small_areas.codes)))
    land = ground(rng, town, premises)
    incidents = {kind: draw(rng, land, kind, scale) for kind in KINDS}
    incidents["crime"] = victims(rng, incidents["crime"])
    homes = incidents["crime"].filter(pl.col("flow") == "homes")
    searched = people.stops(
        rng, people.residents_by_ethnicity(populations), homes["x"].to_numpy(), homes["y"].to_numpy(), scale
    )
    table = neighbours.counts(rng, incidents["crime"])
    survey = people.survey(rng)
    return Borough(
        town, premises, populations, incidents, searched, table, survey, _extracts(rng, town, incidents, premises)
    )


def _extracts(
    rng: np.random.Generator, town: Town, incidents: dict[str, pl.DataFrame], premises: Premises
) -> list[records.Extract]:
    made = [
        records.recorded_crime(rng, town, incidents["crime"], premises.keys),
        records.antisocial_behaviour(town, incidents["asb"]),
        records.ambulance(rng, town, incidents["ambulance"]),
        records.emergency_department(rng, town, incidents["ed"]),
    ]
    return [flawed(rng, extract) for extract in made]
