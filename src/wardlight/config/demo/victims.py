"""Who the demo borough's incidents happened to. A few people suffer many of them, in every year alike."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from .truths import names, record_months, truths

ONCE = 0.94  # of people outside the planted group, the share with one incident in the year; the rest have two
LEAST_OF_THE_FEW = 4
OFTEN = ("Violence with injury", "Violence without injury", "Stalking and harassment", "Criminal damage")
SEXUAL = ("Rape", "Other sexual offences")
KEYS = 10**9


def victims(rng: np.random.Generator, crime: pl.DataFrame) -> pl.DataFrame:
    """Add victim_key, victim_age, victim_sex and victim_ethnicity to incidents with a person as victim."""
    person = np.zeros(len(crime), dtype=np.int64)  # number of the person; 0 for nobody
    months = record_months()
    for first in range(0, len(months), 12):
        year = crime["month"].is_in(months[first : first + 12]).to_numpy() & crime["person"].to_numpy()
        person[year] = person.max() + _people_of_a_year(rng, crime.filter(year))
    return crime.hstack(_described(rng, crime, person))


def _people_of_a_year(rng: np.random.Generator, crime: pl.DataFrame) -> NDArray[np.int64]:
    """A number from 1 for the victim of each incident, so that the planted share of people has the planted share."""
    planted = truths()["victims"]
    total = len(crime)
    few_incidents = round(planted["share_of_incidents"] * total)
    others = round((total - few_incidents) / (2 - ONCE))
    few = max(1, round(others * planted["share_of_victims"] / (1 - planted["share_of_victims"])))
    order = _neighbourly(rng, crime)
    person = np.zeros(total, dtype=np.int64)
    taken = order[:few_incidents]
    person[taken] = np.repeat(np.arange(1, few + 1), _sizes(rng, few, len(taken)))
    rest = rng.permutation(np.flatnonzero(person == 0))
    person[rest] = few + 1 + np.arange(len(rest)) % others
    return person


def _neighbourly(rng: np.random.Generator, crime: pl.DataFrame) -> NDArray[np.int64]:
    """Incidents of kinds that recur, street by street and alike side by side, streets in random order."""
    streets = crime["street"].to_numpy()
    turn = dict(zip(np.unique(streets), rng.permutation(len(np.unique(streets))), strict=True))
    recurs = crime["offence"].is_in(OFTEN).to_numpy() & (crime["flow"] == "homes").to_numpy()
    recurs &= ~crime["hate"].to_numpy()
    by_street = np.array([turn[street] for street in streets])
    order = np.lexsort((rng.random(len(crime)), ~crime["domestic"].to_numpy(), by_street, ~recurs))
    return np.asarray(order, dtype=np.int64)


def _sizes(rng: np.random.Generator, few: int, total: int) -> NDArray[np.int64]:
    """How many incidents each of the few suffers: four at least, `total` in all."""
    extra = rng.dirichlet(np.full(few, 3.0)) * (total - LEAST_OF_THE_FEW * few)
    sizes = LEAST_OF_THE_FEW + np.floor(extra).astype(np.int64)
    sizes[: total - int(sizes.sum())] += 1
    return sizes


def _described(rng: np.random.Generator, crime: pl.DataFrame, person: NDArray[np.int64]) -> pl.DataFrame:
    """The same sex, age and ethnicity every time a person appears."""
    numbers, first, which = np.unique(person, return_index=True, return_inverse=True)
    keys = rng.choice(KEYS, size=len(numbers), replace=False)
    often_female = crime["domestic"].to_numpy()[first] | crime["offence"].is_in(SEXUAL).to_numpy()[first]
    female = rng.random(len(numbers)) < np.where(often_female, 0.76, 0.47)
    robbed = crime["offence"].str.starts_with("Robbery").to_numpy()[first]
    age = np.clip(rng.gamma(np.where(robbed, 3.0, 4.2), np.where(robbed, 6.0, 7.5)) + 8, 10, 96).astype(np.int64)
    ethnicity = rng.choice(names()["ethnicities"], size=len(numbers), p=names()["ethnicity_shares"])
    nobody = pl.Series(person == 0)
    columns = {
        "victim_key": pl.Series([f"V{key:09d}" for key in keys[which]]),
        "victim_age": pl.Series(age[which]),
        "victim_sex": pl.Series(np.where(female, "Female", "Male")[which]),
        "victim_ethnicity": pl.Series(ethnicity[which].astype(object), dtype=pl.String),
    }
    frame = pl.DataFrame(columns)
    return frame.select(pl.when(~nobody).then(pl.col(name)).alias(name) for name in columns)
