"""Islington's personal robbery on the Metropolitan Police's public file: what a right implementation says of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from safety_analysis.methods import change, comparison
from safety_analysis.methods.trends import month_range

pytestmark = pytest.mark.real_data
NO_BOROUGH = ("Unknown", "London Heathrow and London City Airports")


class Robbery:
    """Monthly counts of each of the 32 boroughs."""

    def __init__(self, path: Path) -> None:
        frame = pl.read_parquet(path).filter(
            pl.col("minortext") == "ROBBERY OF PERSONAL PROPERTY", ~pl.col("boroughname").is_in(NO_BOROUGH)
        )
        self.frame = frame
        self.boroughs = sorted(frame["boroughname"].to_list())

    def months(self, borough: str, *years: int, others: bool = False) -> np.ndarray:
        chosen = pl.col("boroughname") != borough if others else pl.col("boroughname") == borough
        columns = [str(month) for year in years for month in month_range(year * 100 + 4, (year + 1) * 100 + 3)]
        return self.frame.filter(chosen).select(columns).sum().to_numpy()[0]

    def dispersion(self, borough: str, *years: int) -> change.Dispersion:
        return change.dispersion(self.months(borough, *years), expected=self.months(borough, *years, others=True))


@pytest.fixture
def robbery(shared_data: Path) -> Robbery:
    return Robbery(shared_data / "mps" / "recorded-crime-borough-historical.parquet")


@pytest.fixture
def ranking(robbery: Robbery) -> comparison.Ranking:
    counts = [robbery.months(name, 2020).sum() for name in robbery.boroughs]
    spread = [robbery.dispersion(name, 2017, 2018, 2019).value for name in robbery.boroughs]
    return comparison.rank(counts, names=robbery.boroughs, dispersion=spread)


def test_there_are_32_boroughs(robbery: Robbery) -> None:
    assert len(robbery.boroughs) == 32


def test_months_vary_more_than_chance(robbery: Robbery) -> None:
    result = robbery.dispersion("Islington", 2017, 2018, 2019)
    assert [round(value, 1) for value in result.by_year] == [6.1, 2.6, 3.9]
    assert round(result.value, 1) == 4.2
    assert result.n == 36


def test_levels_drift_between_years(robbery: Robbery) -> None:
    """Read as one period of 36 months, the level of each year is not taken out."""
    years = (2017, 2018, 2019)
    result = change.dispersion(
        robbery.months("Islington", *years), expected=robbery.months("Islington", *years, others=True), period=36
    )
    assert round(result.value, 1) == 9.0


def test_the_fall_by_chance_and_as_months_vary(robbery: Robbery) -> None:
    before, after = (robbery.months("Islington", year).sum() for year in (2019, 2020))
    assert (before, after) == (1553, 922)
    fall = change.compare_counts(before, after, dispersion=robbery.dispersion("Islington", 2017, 2018, 2019).value)
    assert (round(fall.percent_low), round(fall.percent_high)) == (-50, -30)
    assert [round(100 * (ratio - 1)) for ratio in (fall.low_chance, fall.high_chance)] == [-45, -36]
    assert str(fall) == "Fell by 41%, from 1,553 to 922 (30% to 50%, as months ordinarily vary)."


def test_sixth_cannot_be_told_from_seventh(ranking: comparison.Ranking) -> None:
    row = ranking.row("Islington")
    assert (row.rank, row.value, row.separable_from_next) == (6, 922, False)
    assert (row.rank_low_chance, row.rank_high_chance) == (6, 8)
    assert (row.rank_low, row.rank_high) == (6, 10)
    assert (ranking.rows[6].rank, ranking.rows[6].value) == (7, 917)
    assert ranking.sentence("Islington") == "Islington was 6th highest of 32; the data fit anywhere from 6th to 10th."


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_rank_hardly_depends_on_the_seed(robbery: Robbery, seed: int) -> None:
    counts = [robbery.months(name, 2020).sum() for name in robbery.boroughs]
    row = comparison.rank(counts, names=robbery.boroughs, seed=seed).row("Islington")
    assert (row.rank_low, row.rank_high) == (6, 8)


def test_keeping_pace_with_the_other_boroughs(robbery: Robbery) -> None:
    spread = robbery.dispersion("Islington", 2018, 2019).value
    pace = change.keeping_pace(
        robbery.months("Islington", 2018, 2019),
        robbery.months("Islington", 2020),
        robbery.months("Islington", 2018, 2019, others=True),
        robbery.months("Islington", 2020, others=True),
        dispersion=spread,
    )
    assert round(pace.expected) == 858
    assert not pace.clear
    assert str(pace).endswith("there were 922: no clear difference.")


def test_the_headline_is_tested_against_its_own_months(robbery: Robbery) -> None:
    """858 shared out as the other boroughs' months: 618 from April to November, 240 (about 185 to 295) to March."""
    others = robbery.months("Islington", 2020, others=True)
    share = 858.1137669821696 / others.sum()
    early, late = share * others[:8].sum(), share * others[8:].sum()
    assert (round(early), round(late)) == (618, 240)
    reach = 1.959964 * np.sqrt(robbery.dispersion("Islington", 2018, 2019).value * late)
    assert (round(late - reach), round(late + reach)) == (185, 295)
    actual = robbery.months("Islington", 2020)
    assert (actual[:8].sum(), actual[8:].sum()) == (572, 350)
