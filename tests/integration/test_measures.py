"""From landed counts and records to series and readings."""

import polars as pl
import pytest

from wardlight.incidents.filters import RecordFilter
from wardlight.incidents.operations import import_files, undo_batch
from wardlight.measures import disproportion, operations, queries, series
from wardlight.measures.models import Measure, Reading
from wardlight.partners.actors import COMMAND_LINE
from wardlight.partners.refusal import Refusal
from wardlight.places.models import Population
from wardlight.places.operations import ensure_area

pytestmark = pytest.mark.django_db

TABLE = (
    "Borough,Offence,Apr-20,May-20,Jun-20\n"
    "Islington,Personal robbery,10,12,14\nIslington,Business robbery,1,2,3\n"
    "Camden,Personal robbery,5,6,<5\nCamden,Business robbery,0,0,0\n"
    "Unknown,Personal robbery,1,0,2\nUnknown,Business robbery,0,0,0\n"
)


@pytest.fixture
def land(partnership, tmp_path, django_capture_on_commit_callbacks):
    operations.sync_definitions(COMMAND_LINE)

    def _land(text, source="count-table", mapping=None, name="table.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        with django_capture_on_commit_callbacks(execute=True):
            return import_files(partnership=partnership, paths=[path], source=source, by=COMMAND_LINE, mapping=mapping)

    return _land


def counts(partnership, scope, level="borough"):
    return {one.source: one for one in series.monthly_counts(partnership=partnership, scope=scope, level=level)}


def test_syncing_twice_changes_nothing(db):
    assert operations.sync_definitions(COMMAND_LINE)
    before = Measure.objects.count()
    assert not operations.sync_definitions(COMMAND_LINE)
    assert Measure.objects.count() == before


def test_a_series_is_zero_filled_keeps_the_unplaced_and_never_fills_what_was_withheld(partnership, land):
    land(TABLE)
    one = counts(partnership, queries.scope("robbery-personal"))["count-table"]
    assert one.months == [202004, 202005, 202006]
    rows = {(name, month): count for name, month, count in one.frame.select("area_name", "month", "count").iter_rows()}
    assert rows["Islington", 202006] == 14
    assert rows[None, 202005] == 0
    assert ("Camden", 202006) not in rows


def test_a_scope_adds_up_its_parts_and_a_scope_half_published_has_no_series(partnership, land):
    land(TABLE)
    robbery = counts(partnership, queries.scope("robbery"))["count-table"].frame
    april = robbery.filter((pl.col("month") == 202004) & (pl.col("area_name") == "Islington"))
    assert april["count"].to_list() == [11]
    assert counts(partnership, queries.scope("all-recorded-crime")) == {}
    assert counts(partnership, queries.scope("knife-crime")) == {}


def test_a_total_beside_its_parts_is_counted_once(partnership, land):
    land("Borough,Offence,Apr-20\nIslington,Robbery,11\nIslington,Personal robbery,10\nIslington,Business robbery,1\n")
    assert counts(partnership, queries.scope("robbery"))["count-table"].frame["count"].sum() == 11


def test_a_published_scope_answers_for_itself(partnership, land):
    land("Borough,Offence,Apr-20\nIslington,Knife crime,11\nCamden,Knife crime,9\n")
    assert counts(partnership, queries.scope("knife-crime"))["count-table"].frame["count"].sum() == 20


def test_years_are_never_taken_for_months(partnership, land):
    land("Personal robbery\nBorough,2019/20,2020/21\nIslington,1553,922\nCamden,5,6\n")
    scope = queries.scope("robbery-personal")
    assert counts(partnership, scope) == {}
    (yearly,) = series.period_counts(partnership=partnership, scope=scope, level="borough")
    rows = yearly.frame.filter(pl.col("area_name") == "Islington").select("month", "months", "count").rows()
    assert rows == [(201904, 12, 1553), (202004, 12, 922)]


def test_readings_follow_a_batch_in_and_out(partnership, land, django_capture_on_commit_callbacks):
    report = land(TABLE)
    area = ensure_area(level="borough", name="Islington")
    measure = queries.definition("robbery-personal")
    readings = queries.readings(partnership=partnership, measure=measure, area=area)
    assert list(readings.values_list("first_month", "value")) == [(202004, 10), (202005, 12), (202006, 14)]
    first = readings.first()
    assert first.low == pytest.approx(4.79, abs=0.01)
    assert first.high == pytest.approx(18.39, abs=0.01)
    with django_capture_on_commit_callbacks(execute=True):
        undo_batch(batch=report.batch, by=COMMAND_LINE, reason="the wrong file")
    assert not Reading.objects.filter(partnership=partnership).exists()


def test_rates_appear_once_there_is_a_population(partnership, land):
    area = ensure_area(level="borough", name="Islington")
    Population.objects.create(area=area, kind="residents", year=2020, value=250_000, source="mid-2020 estimate")
    land(TABLE)
    measure = queries.definition("robbery-personal-rate")
    reading = queries.readings(partnership=partnership, measure=measure, area=area).get(first_month=202004)
    assert (reading.numerator, reading.denominator, reading.value) == (10, 250_000, pytest.approx(0.04))


EXTRACT = (
    "Ref,Offence,Date,Borough,Area,Vic,Knife,Out\n"
    "1,Personal robbery,2020-04-03,Islington,E09000019,V1,Y,Charged\n"
    "2,Personal robbery,2020-04-09,Islington,E09000019,V1,,\n"
    "3,Violence with injury,2020-06-09,Islington,E09000019,V2,,\n"
    "4,Overdose or poisoning,2020-04-09,Islington,E09000019,,,\n"
)
MAPPING = {
    "columns": {
        "id": "Ref", "category": "Offence", "start": "Date", "area_code": "Area", "area_name": "Borough",
        "victim_key": "Vic", "outcome": "Out",
    },
    "flags": [{"flag": "knife", "column": "Knife", "is": ["Y"]}],
}  # fmt: skip


def test_records_answer_for_flags_they_carry_and_not_for_others(partnership, land):
    land(EXTRACT, "record-extract", MAPPING)
    knives = counts(partnership, queries.scope("knife-crime"))["record-extract"]
    assert knives.frame["count"].sum() == 1
    assert counts(partnership, queries.scope("hate-crime")) == {}
    assert counts(partnership, RecordFilter(categories=("crime",), victim_sex="female")) == {}


def test_a_month_in_which_a_source_sent_none_of_a_kind_is_a_gap(partnership, land):
    land(EXTRACT, "record-extract", MAPPING)
    assert counts(partnership, queries.scope("ambulance-overdose-or-poisoning"))["record-extract"].months == [202004]
    assert counts(partnership, queries.scope("robbery-personal"))["record-extract"].months == [202004, 202006]


def test_a_neighbour_that_strays_in_gets_no_readings(partnership, land):
    own = "".join(f"{n},Burglary,2020-04-03,Islington 001A,E01000001,,,\n" for n in range(50))
    stray = "99,Burglary,2020-04-03,Camden 001A,E01000002,,,\n"
    land("Ref,Offence,Date,Borough,Area,Vic,Knife,Out\n" + own + stray, "record-extract", MAPPING)
    assert set(Reading.objects.values_list("area__name", flat=True)) == {"Islington"}
    whole = counts(partnership, queries.scope("burglary"))["record-extract"].frame
    assert whole["count"].sum() == 51


def test_stops_give_relative_rates_by_ethnic_group(partnership, land):
    area = ensure_area(level="borough", name="Islington")
    for ethnicity, value in (("White", 100_000), ("Black", 20_000)):
        Population.objects.create(
            area=area, kind="residents", year=2021, ethnicity=ethnicity, value=value, source="census"
        )
    rows = pl.DataFrame(
        [("Islington", 202101 + n, group, count) for n in range(12) for group, count in (("White", 10), ("Black", 6))],
        schema=["area_borough", "month", "officer_defined_ethnicity", "len"],
        orient="row",
    )
    ((first, last, counts_by_group),) = disproportion._years(rows)
    measure = queries.definition("stop-and-search-relative-rate")
    year = (first, last, counts_by_group)
    (reading,) = disproportion._year_readings(year, {"Islington": area}, partnership, "police-uk-stops", measure)
    assert (reading.group, reading.value) == ("Black", pytest.approx((72 / 20_000) / (120 / 100_000)))
    assert reading.low < 3 < reading.high
    assert (reading.first_month, reading.last_month) == (202101, 202112)


def test_an_unknown_measure_offers_the_nearest(db):
    operations.sync_definitions(COMMAND_LINE)
    with pytest.raises(Refusal, match="did you mean robbery-personal"):
        queries.definition("robbery-persona")


def test_differences_can_be_asked_for_by_area_and_measure():
    (one,) = queries.definition_differences(area="islington", measure="sexual-offences")
    assert "−26.4%" in one.public
    assert queries.definition_differences(area="Camden") == []


@pytest.mark.real_data
def test_the_public_file_gives_the_strategy_s_own_figures(partnership, shared_data):
    operations.sync_definitions(COMMAND_LINE)
    partnership.home_area_level, partnership.home_area_name = "borough", "Islington"
    partnership.save()
    folder = shared_data / "mps"
    for name in ("recorded-crime-borough-historical.parquet", "recorded-crime-borough.parquet"):
        import_files(partnership=partnership, paths=[folder / name], source="mps-borough-counts", by=COMMAND_LINE)
    frames = {slug: counts(partnership, queries.scope(slug))["mps-borough-counts"] for slug in FIGURES}
    for slug, (before, after) in FIGURES.items():
        islington = frames[slug].frame.filter(pl.col("area_name") == "Islington")
        assert (_year(islington, 2019), _year(islington, 2020)) == (before, after)
    robbery, sexual = frames["robbery-personal"].frame, frames["sexual-offences"].frame
    boroughs = robbery.filter(pl.col("area_name").is_not_null())
    assert boroughs["area_name"].n_unique() == 32
    assert [_year(boroughs, year) for year in range(2016, 2021)] == [22067, 30129, 31343, 36051, 20420]
    islington = robbery.filter(pl.col("area_name") == "Islington")
    assert [_year(islington, year) for year in range(2016, 2021)] == [929, 1823, 1288, 1553, 922]
    assert (_fall(sexual), _fall(robbery)) == (-7.6, -44.1)
    placed = sexual.filter(pl.col("area_name").is_not_null())
    assert (_fall(placed), _fall(boroughs)) == (-5.1, -43.4)
    months = frames["robbery-personal"].months
    assert (months[0], months[-1], len(months)) == (201004, 202602, 191)
    homes = counts(partnership, queries.scope("burglary-home"))["mps-borough-counts"].months
    assert [month for month in homes if 201701 <= month <= 202312] == [201701, 201702, 201703, *range(202308, 202313)]
    assert operations.recompute(partnership=partnership) > 10_000


FIGURES = {
    "all-recorded-crime": (29469, 22870),
    "robbery-personal": (1553, 922),
    "sexual-offences": (591, 435),
    "violence-with-injury": (2256, 1764),
}


def _year(frame, year):
    return frame.filter(pl.col("month").is_between(year * 100 + 4, (year + 1) * 100 + 3))["count"].sum()


def _fall(frame):
    return round(100 * (_year(frame, 2020) / _year(frame, 2019) - 1), 1)
