"""The methods find what is planted in the demo borough, and do not find what is not."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
import shapely
from scipy import ndimage

from safety_analysis.methods import change, comparison, disproportionality, hotspots, repeats
from tests.demo_borough import larkmoor
from wardlight.config.demo.people import residents_by_ethnicity
from wardlight.config.demo.town import points_of
from wardlight.config.demo.truths import names, record_months, truths

ROBBERY = "Robbery of personal property"
LAST_YEAR = record_months()[-12:]
QUEEN = np.ones((3, 3))
CELL = 100.0  # metres, as the assessment chooses for an area of this size


@pytest.fixture(scope="module")
def crime() -> pl.DataFrame:
    return larkmoor().incidents["crime"]


def _found_places(frame: pl.DataFrame, cell: float = CELL) -> tuple[hotspots.Grid, np.ndarray, int]:
    """The grid of counts in the borough, the cells that Gi* calls clearly high, and how many separate places they make."""
    outline = larkmoor().town.outline
    grid = hotspots.bin_counts(frame["x"].to_numpy(), frame["y"].to_numpy(), cell=cell, bounds=outline.bounds)
    rows, columns = np.indices(grid.values.shape)
    middles = shapely.points(grid.x0 + (columns + 0.5) * cell, grid.y0 + (rows + 0.5) * cell)
    values = np.where(shapely.contains(outline.buffer(cell / 2), middles), grid.values, np.nan)
    result = hotspots.local_gi_star(values, "queen", inference="exact", alternative="greater")
    high = result.classes > 0
    return grid, high, int(ndimage.label(high, structure=QUEEN)[1])


def _is_in(grid: hotspots.Grid, high: np.ndarray, line: list[list[float]]) -> bool:
    x, y = points_of(line).mean(axis=0)
    return bool(high[int((y - grid.y0) // grid.cell), int((x - grid.x0) // grid.cell)])


@pytest.mark.parametrize("months", [LAST_YEAR, record_months()[12:24], record_months()])
def test_three_hotspots_and_not_the_stray_cluster(crime: pl.DataFrame, months: list[int]) -> None:
    grid, high, places = _found_places(crime.filter(pl.col("month").is_in(months)))
    assert places == 3
    for spot in truths()["hotspots"]:
        assert _is_in(grid, high, spot["line"]) == spot["true"], spot["name"]


@pytest.mark.parametrize(
    "offence", ["Theft from a vehicle", "Theft of motor vehicle", "Stalking and harassment", "Bicycle theft"]
)
def test_no_place_stands_out_where_none_is_planted(crime: pl.DataFrame, offence: str) -> None:
    _, high, _ = _found_places(crime.filter(pl.col("offence") == offence))
    assert not high.any()


def _knox(crime: pl.DataFrame, offence: str) -> repeats.Knox:
    planted = truths()["near_repeat"]
    rows = crime.filter(pl.col("offence") == offence)
    return repeats.knox(
        rows["x"].to_numpy(),
        rows["y"].to_numpy(),
        rows["start"].to_numpy() // 1440,
        space_breaks=[0, planted["metres"]],
        time_breaks=[0, planted["days"]],
        permutations=199,
    )


def test_burglary_comes_back_near_by_by_the_planted_factor(crime: pl.DataFrame) -> None:
    found = _knox(crime, truths()["near_repeat"]["burglary_offence"])
    assert found.ratio[0, 0] == pytest.approx(truths()["near_repeat"]["factor"], abs=0.25)
    assert found.p_value[0, 0] < 0.01


@pytest.mark.parametrize("offence", truths()["near_repeat"]["vehicle_offences"])
def test_vehicle_crime_does_not(crime: pl.DataFrame, offence: str) -> None:
    found = _knox(crime, offence)
    assert found.p_value[0, 0] > 0.05
    assert found.ratio[0, 0] == pytest.approx(1, abs=0.1)


def _robberies() -> pl.DataFrame:
    return larkmoor().neighbours.filter(pl.col("offence") == ROBBERY)


def test_robbery_cannot_be_told_from_the_level_neighbours() -> None:
    table = _robberies()
    boroughs = ["Larkmoor", *names()["neighbours"]]
    year = {name: table.filter(pl.col("borough") == name)["count"].to_list() for name in boroughs}
    spread = [change.dispersion(year[name][:-12]).value for name in boroughs]
    ranking = comparison.rank([sum(year[name][-12:]) for name in boroughs], names=boroughs, dispersion=spread)
    pair = ("Larkmoor", truths()["robbery"]["level_with"])
    higher = min((ranking.row(name) for name in pair), key=lambda row: row.rank)
    lower = max((ranking.row(name) for name in pair), key=lambda row: row.rank)
    assert (higher.rank, lower.rank) == (3, 4)
    assert higher.separable_from_next is False
    assert lower.rank_low == higher.rank
    assert ranking.rows[0].name == "Dunmarsh"
    assert ranking.rows[0].separable_from_next is True
    assert (higher.rank_low_chance, lower.rank_high_chance) == (3, 4)


def test_months_of_robbery_vary_more_than_chance_dice() -> None:
    own = _robberies().filter(pl.col("borough") != "Larkmoor")
    found = [change.dispersion(rows["count"].to_numpy()[:24]).value for rows in own.partition_by("borough")]
    found += [change.dispersion(rows["count"].to_numpy()[-24:]).value for rows in own.partition_by("borough")]
    assert np.mean(found) == pytest.approx(truths()["robbery"]["dispersion"], abs=0.7)


def test_more_hate_crime_is_recorded_and_the_rise_is_real(crime: pl.DataFrame) -> None:
    months = record_months()
    by_month = dict(crime.filter("hate").group_by("month").len().iter_rows())
    before = sum(by_month[month] for month in months[12:24])
    after = sum(by_month[month] for month in months[24:])
    result = change.compare_counts(before, after, dispersion=2.0)
    assert result.low > 1.2
    assert result.low < 1 + truths()["hate"]["effect"] < result.high


@pytest.mark.parametrize(
    "offence",
    ["Shoplifting", "Bicycle theft", "Criminal damage", "Stalking and harassment", "Rape", "Theft of motor vehicle"],
)
def test_no_change_is_called_where_none_is_planted(crime: pl.DataFrame, offence: str) -> None:
    months = record_months()
    rows = crime.filter(pl.col("offence") == offence, ~pl.col("hate"))
    before = rows.filter(pl.col("month").is_in(months[12:24])).height
    after = rows.filter(pl.col("month").is_in(months[24:])).height
    result = change.compare_counts(before, after, dispersion=1.5)
    assert result.low < 1 < result.high


def test_one_group_is_searched_more_than_its_numbers_and_another_is_not() -> None:
    planted = truths()["stops"]
    people = residents_by_ethnicity(larkmoor().populations)
    stops = dict(larkmoor().stops.group_by("ethnicity").len().iter_rows())

    def relative(group: str) -> float:
        other = planted["reference"]
        return disproportionality.relative_rate_index(stops[group], people[group], stops[other], people[other]).value

    assert relative(planted["group"]) == pytest.approx(planted["relative_rate"], abs=0.12)
    assert relative(planted["same_as_reference"]) == pytest.approx(1, abs=0.08)


def test_each_place_has_its_hours(crime: pl.DataFrame) -> None:
    moment = (pl.col("start") * 60_000_000).cast(pl.Datetime("us"))
    hour, day = moment.dt.hour(), moment.dt.weekday()
    night = crime.filter(pl.col("flow") == "station-street").select(((hour >= 20) | (hour < 5)).mean()).item()
    weekend = crime.filter(pl.col("flow") == "station-street").select((day.is_in([5, 6, 7])).mean()).item()
    shops = crime.filter(pl.col("flow") == "high-street").select(hour.is_between(9, 19).mean()).item()
    assert night > 0.95
    assert weekend > 0.6
    assert shops > 0.95
