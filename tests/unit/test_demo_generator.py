"""The generated borough holds what `truths.toml` says is planted in it."""

from __future__ import annotations

import hashlib

import numpy as np
import polars as pl
import pytest
import shapely

from tests.demo_borough import SMALL, larkmoor, small_larkmoor
from wardlight.config.demo.borough import generate
from wardlight.config.demo.town import locate, points_of
from wardlight.config.demo.truths import history_months, names, record_months, truths

ROBBERY = "Robbery of personal property"


@pytest.fixture(scope="module")
def crime() -> pl.DataFrame:
    return larkmoor().incidents["crime"]


def _digest(frame: pl.DataFrame) -> str:
    return hashlib.sha256(frame.write_csv().encode()).hexdigest()[:16]


def _flow(crime: pl.DataFrame, flow: str, offence: str) -> dict[int, int]:
    rows = crime.filter(pl.col("flow") == flow, pl.col("offence") == offence)
    return dict(rows.group_by("month").len().iter_rows())


def _mean(by_month: dict[int, int], months: list[int]) -> float:
    return float(np.mean([by_month.get(month, 0) for month in months]))


def test_the_same_seed_gives_the_same_borough_and_another_seed_another() -> None:
    again, other = generate(scale=SMALL), generate(scale=SMALL, seed=1)
    first = small_larkmoor()
    for kind, frame in first.incidents.items():
        assert _digest(frame) == _digest(again.incidents[kind])
        assert _digest(frame) != _digest(other.incidents[kind])
    assert [_digest(extract.frame) for extract in first.extracts] == [_digest(e.frame) for e in again.extracts]
    assert _digest(first.neighbours) == _digest(again.neighbours)


def test_the_borough_is_the_one_that_was_planned() -> None:
    """A change of the generator, of NumPy or of the machine that changes what is generated shows here."""
    frame = larkmoor().incidents["crime"].select("start", "offence", "area", "victim_key")
    assert _digest(frame) == "559374c00d835516"


def test_it_has_the_size_it_says(crime: pl.DataFrame) -> None:
    borough = larkmoor()
    assert 115_000 < sum(len(extract.frame) for extract in borough.extracts) < 125_000
    assert len(borough.town.wards.codes) == truths()["plan"]["wards"] == len(names()["wards"])
    assert abs(len(borough.town.small_areas.codes) - truths()["plan"]["small_areas"]) <= 10
    assert sorted(crime["month"].unique()) == record_months()
    assert len(record_months()) == truths()["months"]


def test_small_areas_tile_the_borough_without_gap_or_overlap() -> None:
    town = larkmoor().town
    for layer in (town.small_areas, town.old_small_areas, town.wards):
        assert all(shape.is_valid and shape.geom_type == "Polygon" for shape in layer.shapes)
        assert sum(shape.area for shape in layer.shapes) == pytest.approx(town.outline.area)
        assert shapely.union_all(layer.shapes).symmetric_difference(town.outline).area == pytest.approx(0, abs=1)
    assert not set(town.small_areas.codes) & {code for code in town.old_small_areas.codes if code > "X01000900"}


def test_the_older_small_areas_differ_by_the_planted_splits() -> None:
    town = larkmoor().town
    assert len(town.small_areas.codes) - len(town.old_small_areas.codes) == truths()["flaws"]["split_areas"]
    halves = np.bincount(town.old_of_new)
    assert (halves == 2).sum() == truths()["flaws"]["split_areas"]
    assert set(halves) == {1, 2}


def test_every_incident_lies_in_the_small_area_it_names(crime: pl.DataFrame) -> None:
    town = larkmoor().town
    found = locate(shapely.points(crime["x"].to_numpy(), crime["y"].to_numpy()), town.small_areas.shapes)
    inside = found >= 0
    assert inside.mean() > 0.999
    assert (found == crime["area"].to_numpy())[inside].mean() > 0.999  # a point on an edge may lie in two


def test_populations_add_up_at_every_level() -> None:
    people = larkmoor().populations
    everybody = people.filter(age_from=0, age_to=999, sex="", ethnicity="")
    own = everybody.filter(~((pl.col("level") == "borough") & (pl.col("area_code") != "X09000001")))
    totals = own.group_by("level", "vintage", "kind").agg(pl.col("value").sum()).sort("level", "vintage", "kind")
    expected = {"residents": truths()["residents"], "workday": truths()["workday"], "premises": 260}
    assert len(totals) == 4 * 3
    assert all(value == expected[kind] for kind, value in totals.select("kind", "value").iter_rows())
    by_age = people.filter(pl.col("age_to") - pl.col("age_from") < 999, sex="", level="ward", kind="residents")
    assert by_age.filter(~((pl.col("age_from") == 0) & (pl.col("age_to") == 999)))["value"].sum() == 236_000
    by_group = people.filter(pl.col("ethnicity") != "", level="lsoa", vintage="2021")
    assert by_group["value"].sum() == truths()["residents"]


def test_a_quarter_of_the_premises_are_members_only_and_three_have_a_quarter_of_the_incidents(
    crime: pl.DataFrame,
) -> None:
    premises = larkmoor().premises
    planted = truths()["premises"]
    assert len(premises.keys) == truths()["plan"]["premises"]
    assert premises.members_only.sum() == 65
    counts = crime.filter(pl.col("premises") >= 0).group_by("premises").len().sort("len", descending=True)
    top = counts.head(planted["top"])
    assert sorted(top["premises"]) == [0, 1, 2]
    assert top["len"].sum() / counts["len"].sum() == pytest.approx(planted["share_of_incidents"], abs=0.02)


@pytest.mark.parametrize("year", [0, 1, 2, None])
def test_four_per_cent_of_victims_suffer_a_quarter_of_the_incidents_every_year(
    crime: pl.DataFrame, year: int | None
) -> None:
    months = record_months() if year is None else record_months()[12 * year : 12 * year + 12]
    rows = crime.filter(pl.col("victim_key").is_not_null(), pl.col("month").is_in(months))
    counts = rows.group_by("victim_key").len().sort("len", descending=True)["len"]
    few = round(truths()["victims"]["share_of_victims"] * len(counts))
    assert counts[:few].sum() / counts.sum() == pytest.approx(truths()["victims"]["share_of_incidents"], abs=0.003)
    assert counts[few:].max() <= 2 < counts[few - 1 - few // 100]


def test_a_victim_is_the_same_person_every_time(crime: pl.DataFrame) -> None:
    people = crime.drop_nulls("victim_key").group_by("victim_key")
    traits = people.agg(pl.col("victim_age", "victim_sex", "victim_ethnicity").n_unique())
    assert traits.select(pl.max_horizontal(pl.exclude("victim_key").max())).item() == 1


def test_violence_peaks_in_summer_and_burglary_in_winter(crime: pl.DataFrame) -> None:
    ordinary = [m for m in record_months() if not 202401 <= m <= 202403]
    violence = crime.filter(pl.col("offence").str.starts_with("Violence"), pl.col("month").is_in(ordinary))
    burglary = crime.filter(pl.col("offence").str.contains("residential"), pl.col("month").is_in(ordinary))

    def of_months(frame: pl.DataFrame, wanted: set[int]) -> float:
        months = [month for month in ordinary if month % 100 in wanted]
        return len(frame.filter(pl.col("month").is_in(months))) / len(months)

    assert of_months(violence, {6, 7, 8}) > 1.2 * of_months(violence, {12, 1, 2})
    assert of_months(burglary, {12, 1, 2}) > 1.2 * of_months(burglary, {6, 7, 8})


def test_the_lockdown_empties_the_night_street_and_not_the_homes(crime: pl.DataFrame) -> None:
    planted = truths()["lockdown"]
    months = record_months()
    closed = [month for month in months if planted["first_month"] <= month <= planted["last_month"]]
    a_year_on = [month + 100 for month in closed]
    night = _flow(crime, "station-street", "Violence with injury")
    homes = _flow(crime, "homes", "Stalking and harassment")
    assert len(closed) == 3
    assert _mean(night, closed) < 0.35 * _mean(night, a_year_on)
    assert _mean(homes, closed) == pytest.approx(_mean(homes, a_year_on), rel=0.12)


def test_lighting_cuts_robbery_on_the_path_and_nowhere_else(crime: pl.DataFrame) -> None:
    start = truths()["lighting"]["first_month"]
    months = record_months()
    assert months.index(start) + 1 == 22
    after = [month for month in months if month >= start]
    before = [month - 100 for month in after if 202404 <= month - 100 < start]
    same = [month + 100 for month in before]
    path, homes = _flow(crime, "canal", ROBBERY), _flow(crime, "homes", ROBBERY)
    change = (_mean(path, same) / _mean(path, before)) / (_mean(homes, same) / _mean(homes, before)) - 1
    assert change == pytest.approx(truths()["lighting"]["effect"], abs=0.12)


def test_the_barrier_moves_most_of_its_effect_next_door() -> None:
    asb = larkmoor().incidents["asb"].filter(pl.col("flow") == "barrier")
    planted = truths()["barrier"]
    middle = points_of([planted["centre"]])[0]
    far = np.hypot(asb["x"].to_numpy() - middle[0], asb["y"].to_numpy() - middle[1])
    later = asb["month"].to_numpy() >= planted["first_month"]
    inside = far <= planted["radius"] + 1
    before, after = (inside & ~later).sum() / 24, (inside & later).sum() / 12
    moved = (~inside & later).sum() / 12
    assert after / before - 1 == pytest.approx(planted["effect"], abs=0.1)
    assert moved / (before - after) == pytest.approx(planted["displaced_share"], abs=0.15)
    assert not (~inside & ~later).any()
    assert far.max() <= planted["buffer"] + 1


def test_leaflets_change_nothing(crime: pl.DataFrame) -> None:
    planted = truths()["leaflets"]
    town = larkmoor().town
    ward = town.wards.names.index(planted["ward"])
    here = pl.col("area").is_in([i for i, parent in enumerate(town.small_areas.parents) if parent == ward])
    thefts = crime.filter(pl.col("offence").is_in(planted["offences"]))
    later = pl.col("month") >= planted["first_month"]
    treated = thefts.filter(here & later).height / thefts.filter(here & ~later).height
    elsewhere = thefts.filter(~here & later).height / thefts.filter(~here & ~later).height
    assert treated / elsewhere == pytest.approx(1, abs=0.15)


def test_hate_crime_rises_by_the_planted_share_while_the_survey_is_flat(crime: pl.DataFrame) -> None:
    planted = truths()["hate"]
    by_month = dict(crime.filter("hate").group_by("month").len().iter_rows())
    before, after = record_months()[12:24], record_months()[24:]
    assert after[0] == planted["first_month"]
    assert _mean(by_month, after) / _mean(by_month, before) - 1 == pytest.approx(planted["effect"], abs=0.1)
    shares = larkmoor().survey["experienced a hate crime"] / larkmoor().survey["residents asked"]
    assert all(share == pytest.approx(planted["survey_share"], abs=0.003) for share in shares)


def test_the_neighbours_table_counts_larkmoors_own_records(crime: pl.DataFrame) -> None:
    table = larkmoor().neighbours
    own = table.filter(pl.col("borough") == "Larkmoor", pl.col("month").is_in(record_months()))
    counted = crime.group_by("offence", "month").agg(pl.len().alias("records"))
    offences = own.filter(pl.col("offence").is_in(crime["offence"].unique().to_list()))
    both = offences.join(counted, on=["offence", "month"], how="left").fill_null(0)
    assert (both["count"] == both["records"]).all()
    assert offences["count"].sum() == own.filter(offence="All recorded crime")["count"].sum() == len(crime)
    robbery = own.filter(pl.col("offence").str.starts_with("Robbery of"))["count"].sum()
    assert robbery == own.filter(offence="Robbery")["count"].sum()
    assert sorted(table["month"].unique()) == history_months()
    assert history_months().index(record_months()[0]) >= 24
    assert table.group_by("borough").len()["len"].n_unique() == 1


def test_flaws_come_on_top_of_the_true_records() -> None:
    planted = truths()["flaws"]
    for extract in larkmoor().extracts:
        frame = extract.frame
        readable = frame[extract.date].str.to_datetime("%d/%m/%Y %H:%M", strict=False)
        bad = readable.is_null() | (readable.dt.year() > 2026)
        true = frame.filter(~bad).unique(maintain_order=True)
        assert true[extract.key].n_unique() == len(true)
        assert bad.sum() / len(true) == pytest.approx(planted["malformed_share"], abs=0.0005)
        assert len(frame.filter(~bad)) - len(true) == round(planted["duplicate_share"] * len(true))
        blank = true.select(pl.all_horizontal(pl.col(*extract.areas).is_null())).to_series().mean()
        assert blank == pytest.approx(planted["blank_area_share"], abs=0.008)


def test_one_source_lacks_a_month_and_another_changes_a_label() -> None:
    planted = truths()["flaws"]
    by_slug = {extract.slug: extract for extract in larkmoor().extracts}
    for slug, extract in by_slug.items():
        lacking = {planted["missing_month"]} if slug == planted["missing_source"] else set()
        assert set(record_months()) - set(extract.months.tolist()) == lacking
    reports = by_slug[planted["relabelled_source"]]
    later = reports.months >= planted["relabelled_month"]
    types = reports.frame["Type"].to_numpy()
    assert planted["relabelled_from"] in types[~later]
    assert planted["relabelled_from"] not in types[later]
    assert planted["relabelled_to"] in types[later]
    assert planted["relabelled_to"] not in types[~later]


def test_everything_says_that_it_is_made_up() -> None:
    for extract in larkmoor().extracts:
        assert (extract.frame["Notes"] == truths()["label"]).all()
