"""Extracts of incidents: clock times and their changes, places, people, flags, and what is refused."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardlight.incidents.schema import RECORD_SCHEMA
from wardlight.incidents.sources.base import ReadContext, SourceFile
from wardlight.incidents.sources.record_extract import RECORD_EXTRACT
from wardlight.incidents.sources.record_extract_people import is_nhs_number, pseudonym
from wardlight.incidents.sources.record_extract_places import grid_reference
from wardlight.partners.refusal import Refusal

BASIC = {"columns": {"category": "Offence", "start": "From", "end": "To"}}


@pytest.fixture
def extract(tmp_path):
    def read(text: str, mapping=None, name="extract.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        context = ReadContext(None, date(2026, 11, 22), mapping=dict(BASIC if mapping is None else mapping))
        chunks = list(RECORD_EXTRACT.read([SourceFile(0, path, name)], context))
        assert all(dict(chunk.frame.schema) == dict(RECORD_SCHEMA) for chunk in chunks)
        return chunks[0]

    return read


def one(extract, start, end=""):
    return extract(f"Offence,From,To\nBurglary,{start},{end}\n")


def test_summer_time_is_an_hour_ahead_of_utc(extract):
    row = one(extract, "2020-07-01 23:30").frame.row(0, named=True)
    assert row["start"] == datetime(2020, 7, 1, 22, 30, tzinfo=UTC)
    assert row["end"] == row["start"]
    assert (row["precision"], row["month"], row["local_date"]) == ("minute", 202007, date(2020, 7, 1))
    assert row["hour_of_week"] == 2 * 24 + 23  # a Wednesday, local time


def test_an_hour_that_never_was_is_refused(extract):
    chunk = one(extract, "2020-03-29 01:30")
    assert chunk.frame.is_empty()
    assert "never was" in chunk.refusals["reason"][0]
    assert chunk.refusals.select("line", "column", "value").row(0) == (2, "From", "2020-03-29 01:30")


def test_an_hour_that_was_twice_is_its_first_occurrence_and_counted(extract):
    chunk = one(extract, "2020-10-25 01:30")
    assert chunk.frame["start"][0] == datetime(2020, 10, 25, 0, 30, tzinfo=UTC)
    assert chunk.quality["ambiguous_times"] == 1


def test_a_window_across_the_repeated_hour_is_not_refused(extract):
    row = one(extract, "2020-10-25 01:50", "2020-10-25 01:10").frame.row(0, named=True)
    assert (row["end"] - row["start"]).total_seconds() == 20 * 60


def test_a_window_has_no_hour_of_the_week(extract):
    assert one(extract, "2020-06-01 22:00", "2020-06-02 07:30").frame["hour_of_week"][0] is None


def test_a_date_alone_has_day_precision_and_covers_the_day(extract):
    row = one(extract, "01/06/2020", "02/06/2020").frame.row(0, named=True)
    assert (row["precision"], row["local_date"], row["hour_of_week"]) == ("day", date(2020, 6, 1), None)
    assert row["start"] == datetime(2020, 5, 31, 23, 0, tzinfo=UTC)
    assert row["end"] == datetime(2020, 6, 2, 22, 59, tzinfo=UTC)


def test_a_month_stays_a_month(extract):
    chunk = extract(
        "Offence,When\nBurglary,2020-04\nBurglary,soon\n", {"columns": {"category": "Offence", "month": "When"}}
    )
    row = chunk.frame.row(0, named=True)
    assert (row["precision"], row["month"], row["start"], row["local_date"]) == ("month", 202004, None, None)
    assert "cannot be read" in chunk.refusals["reason"][0]


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2020-06-02 10:00", "2020-06-01 10:00", "before the start"),
        ("2030-06-02 10:00", "", "in the future"),
        ("1890-06-02 10:00", "", "before 1950"),
        ("last Tuesday", "", "not a date"),
        ("2020-06-02 10:00", "later", "not a date"),
        ("", "", "does not say when"),
    ],
)
def test_times_that_cannot_be_are_refused(extract, start, end, words):
    chunk = one(extract, start, end)
    assert chunk.frame.is_empty()
    assert words in chunk.refusals["reason"][0]


def test_places_in_three_ways_agree(extract):
    by_grid = extract(
        "Offence,From,E,N\nBurglary,2020-01-01,531640,184120\n",
        {"columns": {"category": "Offence", "start": "From", "easting": "E", "northing": "N"}},
    )
    by_degrees = extract(
        "Offence,From,Lon,Lat\nBurglary,2020-01-01,-0.102557,51.540641\n",
        {"columns": {"category": "Offence", "start": "From", "longitude": "Lon", "latitude": "Lat"}},
    )
    by_reference = extract(
        "Offence,From,Ref\nBurglary,2020-01-01,TQ 31640 84120\n",
        {"columns": {"category": "Offence", "start": "From", "grid_reference": "Ref"}},
    )
    x, y = by_grid.frame.select("x", "y").row(0)
    for other in (by_degrees, by_reference):
        assert other.frame.select("x", "y").row(0) == (pytest.approx(x, abs=60), pytest.approx(y, abs=60))


def test_nought_and_far_away_coordinates_place_nothing_and_are_counted(extract):
    mapping = {"columns": {"category": "Offence", "start": "From", "longitude": "Lon", "latitude": "Lat"}}
    chunk = extract("Offence,From,Lon,Lat\nA,2020-01-01,0,0\nA,2020-01-01,2.35,48.85\nA,2020-01-01,,\n", mapping)
    assert chunk.frame["x"].null_count() == 3
    assert chunk.quality["bad_coordinates"] == 2


def test_swapped_coordinates_are_refused(extract):
    mapping = {"columns": {"category": "Offence", "start": "From", "longitude": "Lon", "latitude": "Lat"}}
    with pytest.raises(Refusal, match="swap the two"):
        extract("Offence,From,Lon,Lat\nBurglary,2020-01-01,51.54,-0.1\n", mapping)


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("TQ 316 841", (531650, 184150)),
        ("NT 27 73", (327500, 673500)),
        ("tq3164084120", (531640.5, 184120.5)),
        ("ZZ", None),
        ("TQ 123", None),
    ],
)
def test_grid_references(text, point):
    assert grid_reference(text) == point


@given(st.integers(0, 699_999), st.integers(0, 1_299_999))
def test_a_grid_reference_names_the_square_it_came_from(x, y):
    letters = "ABCDEFGHJKLMNOPQRSTUVWXYZ"
    first = (19 - y // 100_000) - (19 - y // 100_000) % 5 + (x // 100_000 + 10) // 5
    second = ((19 - y // 100_000) * 5) % 25 + x // 100_000 % 5
    text = f"{letters[first]}{letters[second]} {x % 100_000:05d} {y % 100_000:05d}"
    assert grid_reference(text) == (x + 0.5, y + 0.5)


def test_flags_people_and_keys(extract):
    text = (
        "Ref,Offence,From,Knife,MO,Age,Sex,Vic\n"
        "7,Homicide,2020-01-01,Y,drunk,17,F,V-1\n"
        "8,Personal robbery,2020-01-01,n,,200,?,V-1\n"
    )
    mapping = {
        "columns": {
            "id": "Ref", "category": "Offence", "start": "From", "victim_age": "Age", "victim_sex": "Sex", "victim_key": "Vic",
        },
        "flags": [
            {"flag": "knife", "column": "Knife", "is": ["Y"]},
            {"flag": "alcohol", "column": "MO", "contains": ["drunk", "drink"]},
        ],
    }  # fmt: skip
    chunk = extract(text, mapping)
    assert chunk.frame["flags"].to_list() == ["|alcohol|homicide|knife|", None]
    assert chunk.frame["victim_age"].to_list() == [17, None]
    assert chunk.frame["victim_sex"].to_list() == ["female", None]
    assert chunk.quality["unread_age"] == chunk.quality["unread_sex"] == 1
    assert chunk.frame["victim_key"].to_list() == [pseudonym("V-1")] * 2
    assert "V-1" not in str(chunk.frame.rows())
    assert 0 not in chunk.frame["record_key"].to_list()


@pytest.mark.parametrize(
    ("heading", "value", "words"),
    [
        ("Victim name", "A1", "identifies people"),
        ("Key", "Jane Smith", "names of people"),
        ("Key", "943 476 5919", "NHS numbers"),
        ("Key", "jane@example.org", "e-mail addresses"),
        ("Key", "N1 2UD", "full postcodes"),
    ],
)
def test_columns_that_identify_people_are_refused(extract, heading, value, words):
    mapping = {"columns": {"category": "Offence", "start": "From", "victim_key": heading}}
    with pytest.raises(Refusal, match=words) as refusal:
        extract(f"Offence,From,{heading}\nBurglary,2020-01-01,{value}\n", mapping)
    assert value not in str(refusal.value)


def test_an_outward_postcode_is_welcome(extract):
    mapping = {"columns": {"category": "Offence", "start": "From", "place": "Postcode"}}
    assert extract("Offence,From,Postcode\nBurglary,2020-01-01,N1\n", mapping).frame["place"].to_list() == ["N1"]


def test_nhs_numbers_have_a_check_digit():
    assert is_nhs_number("943 476 5919")
    assert not is_nhs_number("9434765918")


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ({}, "needs a mapping file"),
        ({"columns": {"start": "From"}}, "says nothing of the category"),
        ({"columns": {"category": "Offence"}}, "neither start nor month"),
        ({"columns": {"category": "Offense", "start": "From"}}, "no such column"),
        ({"columns": {"category": "Offence", "start": "From", "nickname": "To"}}, "“nickname” is nothing"),
        (BASIC | {"categories": {"A": "witchcraft"}}, "no category"),
        (BASIC | {"flags": [{"flag": "magic", "column": "To", "is": ["Y"]}]}, "“magic”, which does not exist"),
        (BASIC | {"times": {"zone": "Europe/Islington"}}, "time zone"),
        ({"columns": {"category": "Offence", "start": "From", "easting": "To"}}, "both or neither"),
    ],
)
def test_a_mapping_that_does_not_fit_says_what_is_wrong(extract, mapping, words):
    with pytest.raises(Refusal, match=words):
        extract("Offence,From,To\nBurglary,2020-01-01,\n", mapping)


def test_categories_of_the_mapping_come_first_and_unknown_ones_are_kept(extract):
    mapping = BASIC | {"categories": {"MUGGING": "robbery-personal"}}
    chunk = extract("Offence,From,To\nMugging,2020-01-01,\nOdd,2020-01-01,\n", mapping)
    assert chunk.frame["category"].to_list() == ["robbery-personal", None]
    assert chunk.quality["unknown_category"] == {"Odd": 1}
