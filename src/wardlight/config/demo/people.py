"""Who lives and works in the demo borough, and who is stopped and searched there."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from .town import Places, Town
from .truths import names, record_months, truths
from .when import moments

SOURCE = "Larkmoor population (synthetic)"
POPULATION_YEAR = 2023
OUTCOMES = ["No further action", "Arrest", "Community resolution", "Penalty notice", "Caution"]


def populations(rng: np.random.Generator, town: Town, premises_by_area: NDArray[np.int64]) -> pl.DataFrame:
    """Denominators of every area: level, vintage, area_code, area_name, kind, year, age_from, age_to, sex, ethnicity, value.

    Totals of small areas add up to their ward's and the borough's exactly.
    """
    cube = _residents(rng, town)
    size = len(cube)
    ward_of = np.array(town.small_areas.parents)
    old_of = town.old_of_new
    workday = _share_out(truths()["workday"], rng.lognormal(0, 0.7, size))
    levels: list[tuple[Places, NDArray[np.int64]]] = [
        (town.small_areas, np.arange(size)),
        (town.old_small_areas, old_of),
        (town.wards, ward_of),
        (town.boroughs, np.zeros(size, dtype=np.int64)),
    ]
    frames = []
    for places, group in levels:
        frames.append(_resident_rows(places, _gather(cube, group)))
        frames.append(_plain_rows(places, "workday", _gather(workday, group)))
        frames.append(_plain_rows(places, "premises", _gather(premises_by_area, group)))
    totals = np.array(truths()["neighbours"]["residents"])
    others = Places("borough", "2021", town.boroughs.codes[1:], town.boroughs.names[1:], [], [])
    return pl.concat([*frames, _plain_rows(others, "residents", totals)])


def _residents(rng: np.random.Generator, town: Town) -> NDArray[np.int64]:
    """(small area, age band, sex, ethnicity) residents that add up to the planted total."""
    words = names()
    homes = np.bincount(town.streets.areas, weights=town.streets.lengths, minlength=len(town.small_areas.codes))
    homes = (homes + homes.mean()) * rng.lognormal(0, 0.12, len(homes))
    ages = np.array(words["age_shares"]) * rng.lognormal(0, 0.1, (len(homes), len(words["age_shares"])))
    groups = np.array(words["ethnicity_shares"]) * rng.lognormal(0, 0.3, (len(homes), len(words["ethnicity_shares"])))
    weight = (
        homes[:, None, None, None] * ages[:, :, None, None] * np.array([0.51, 0.49])[:, None] * groups[:, None, None]
    )
    shares = weight / weight.sum(axis=(1, 2, 3), keepdims=True) * homes[:, None, None, None]
    shares *= np.array(words["ethnicity_shares"]) / (shares.sum(axis=(0, 1, 2)) / shares.sum())
    return _share_out(truths()["residents"], shares)


def _share_out(total: int, weights: NDArray[np.float64]) -> NDArray[np.int64]:
    """Whole numbers in proportion to the weights that add up to the total: largest remainders get the odd ones."""
    exact = weights / weights.sum() * total
    whole = np.floor(exact).astype(np.int64)
    left = np.argsort((whole - exact).ravel(), kind="stable")[: total - int(whole.sum())]
    whole.ravel()[left] += 1
    return whole


def _gather(values: NDArray[np.int64], group: NDArray[np.int64]) -> NDArray[np.int64]:
    """Sums of the first axis by group."""
    sums = np.zeros((int(group.max()) + 1, *values.shape[1:]), dtype=np.int64)
    np.add.at(sums, group, values)
    return sums


def _resident_rows(places: Places, cube: NDArray[np.int64]) -> pl.DataFrame:
    """Totals; by age and sex; by ethnicity; and by age and ethnicity for the borough."""
    words = names()
    rows = []
    for area in range(len(cube)):
        of = cube[area]
        rows.append((area, 0, 999, "", "", int(of.sum())))
        for band, (low, high) in enumerate(words["age_bands"]):
            rows.append((area, low, high, "", "", int(of[band].sum())))
            rows += [(area, low, high, sex, "", int(of[band, s].sum())) for s, sex in enumerate(("female", "male"))]
        rows += [(area, 0, 999, "", group, int(of[:, :, e].sum())) for e, group in enumerate(words["ethnicities"])]
    return _frame(places, "residents", rows)


def _plain_rows(places: Places, kind: str, values: NDArray[np.int64]) -> pl.DataFrame:
    return _frame(places, kind, [(area, 0, 999, "", "", int(value)) for area, value in enumerate(values)])


def _frame(places: Places, kind: str, rows: list[tuple[int, int, int, str, str, int]]) -> pl.DataFrame:
    frame = pl.DataFrame(rows, schema=["area", "age_from", "age_to", "sex", "ethnicity", "value"], orient="row")
    area = frame["area"].to_list()
    return frame.select(
        pl.lit(places.level).alias("level"),
        pl.lit(places.vintage).alias("vintage"),
        pl.Series("area_code", [places.codes[i] for i in area]),
        pl.Series("area_name", [places.names[i] for i in area]),
        pl.lit(kind).alias("kind"),
        pl.lit(POPULATION_YEAR).alias("year"),
        "age_from", "age_to", "sex", "ethnicity", "value",
        pl.lit(SOURCE).alias("source"),
    )  # fmt: skip


def residents_by_ethnicity(population: pl.DataFrame) -> dict[str, int]:
    """Larkmoor's residents in each ethnic group."""
    of_all_ages = population.filter(
        pl.col("area_code") == "X09000001", pl.col("kind") == "residents", pl.col("ethnicity") != ""
    )
    return dict(zip(of_all_ages["ethnicity"], of_all_ages["value"], strict=True))


def stops(
    rng: np.random.Generator, residents: dict[str, int], x: NDArray[np.float64], y: NDArray[np.float64], scale: float
) -> pl.DataFrame:
    """Stop and search: start (minutes), ethnicity, sex, age_range, object, outcome, x, y. One group is searched
    more often than its numbers; the others are not."""
    planted = truths()["stops"]
    weights = {group: people * (planted["relative_rate"] if group == planted["group"] else 1.0)
               for group, people in residents.items()}  # fmt: skip
    share = np.array(list(weights.values())) / sum(weights.values())
    counts = rng.poisson(scale * planted["per_year"] / 12, len(record_months()))
    by_month = [moments(rng, month, int(n), "evening") for month, n in zip(record_months(), counts, strict=True)]
    when = np.sort(np.concatenate(by_month))
    total = len(when)
    at = rng.integers(0, len(x), total)
    return pl.DataFrame({
        "start": when,
        "ethnicity": rng.choice(list(weights), total, p=share).tolist(),
        "sex": np.where(rng.random(total) < 0.9, "Male", "Female").tolist(),
        "age_range": rng.choice(["10-17", "18-24", "25-34", "over 34"], total, p=[0.17, 0.4, 0.26, 0.17]).tolist(),
        "object": rng.choice(["Controlled drugs", "Offensive weapons", "Stolen goods"], total, p=[0.66, 0.22, 0.12]).tolist(),
        "outcome": rng.choice(OUTCOMES, total, p=[0.71, 0.13, 0.1, 0.04, 0.02]).tolist(),
        "x": np.round(x[at], 1),
        "y": np.round(y[at], 1),
    })  # fmt: skip


def survey(rng: np.random.Generator) -> pl.DataFrame:
    """Each year's residents' survey: year, asked, experienced a hate crime. The share does not change."""
    planted = truths()["hate"]
    years = [month for month in record_months() if month % 100 == 4]
    said_yes = [
        round(planted["survey_asked"] * planted["survey_share"] + jitter) for jitter in rng.integers(-2, 3, len(years))
    ]
    return pl.DataFrame({
        "year from": years,
        "residents asked": planted["survey_asked"],
        "experienced a hate crime": said_yes,
        "notes": truths()["label"],
    })  # fmt: skip
