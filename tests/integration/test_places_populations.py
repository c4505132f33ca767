"""Populations in every layout, denominators added up only from whole parts."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from wardlight.partners.actors import COMMAND_LINE
from wardlight.partners.refusal import Refusal
from wardlight.places.models import Area, LoadedFile, Population, Premises
from wardlight.places.operations import load_populations, load_premises
from wardlight.places.queries import Denominator, denominator, denominators, find_area

pytestmark = pytest.mark.django_db
BANDS = ["All-Ages", "0-15", "16-64", "65+"]
HEADINGS = ["LSOA11CD", "LSOA11NM", "LAD11CD", "LAD11NM"] + [
    f"{sex}_{band}" for sex in ("Persons", "Males", "Females") for band in BANDS
]
WIDE = f"""{",".join(HEADINGS)}
E01000001,Larkmoor 001A,E09000001,Larkmoor,100,20,60,20,48,10,30,8,52,10,30,12
E01000002,Larkmoor 001B,E09000001,Larkmoor,200,50,130,20,100,25,65,10,100,25,65,10
"""


def save(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def load(path: Path, **options):
    return load_populations(path=path, by=COMMAND_LINE, **options)


@pytest.fixture
def wide(tmp_path: Path) -> Path:
    return save(tmp_path, "larkmoor-mid2020-pop.csv", WIDE)


def test_age_bands_by_sex(wide: Path) -> None:
    report = load(wide)
    assert (report.level, report.vintage, report.read, report.loaded) == ("lsoa", "2011", 2, 24)
    area = find_area("E01000001")
    assert area.parent.name == "Larkmoor"
    assert denominator(area=area, year=2020) == Denominator(100, 2020, "larkmoor-mid2020-pop.csv")
    assert denominator(area=area, year=2020, age_to=15, sex="male").value == 10
    assert denominator(area=area, year=2020, age_from=16).value == 80
    assert denominator(area=area, year=2020, age_to=64, sex="female").value == 40


def test_ages_that_no_bands_tile_are_unknown(wide: Path) -> None:
    load(wide)
    assert denominator(area=find_area("E01000001"), year=2020, age_to=24) is None
    assert denominator(area=find_area("E01000001"), year=2020, kind="workday") is None


def test_a_borough_is_the_sum_of_its_areas_and_says_so(wide: Path) -> None:
    load(wide)
    found = denominator(area=find_area("Larkmoor"), year=2023)
    assert (found.value, found.year) == (300, 2020)
    assert found.source.startswith("sum of its 2 2011 lower layer super output areas (LSOAs): larkmoor-mid2020-pop.csv")
    assert "2020 is the nearest year to 2023" in found.source


def test_no_sum_when_a_part_is_missing(wide: Path) -> None:
    load(wide)
    Area.objects.create(
        level="lsoa", code="E01000003", vintage="2011", name="Larkmoor 001C", parent=find_area("Larkmoor")
    )
    assert denominator(area=find_area("Larkmoor"), year=2020) is None


def test_its_own_number_comes_before_the_sum_and_the_year_before_the_year_after(wide: Path, tmp_path: Path) -> None:
    load(wide)
    load(save(tmp_path, "boroughs.csv", 'borough,year,population\nLarkmoor,2018,"1,000"\nLarkmoor,2021,1300\n'))
    area = find_area("Larkmoor")
    assert [denominator(area=area, year=year).year for year in (2017, 2018, 2020, 2021, 2030)] == [
        2018,
        2018,
        2018,
        2021,
        2021,
    ]
    assert denominator(area=area, year=2018).value == 1000


def test_the_same_code_in_another_vintage(wide: Path) -> None:
    load(wide)
    twin = Area.objects.create(level="lsoa", code="E01000001", vintage="2021", name="Larkmoor 001A")
    assert denominator(area=twin, year=2020).value == 100


def test_again_with_new_numbers_replaces_them(wide: Path) -> None:
    load(wide)
    wide.write_text(WIDE.replace(",100,20,60", ",101,21,60"), encoding="utf-8")
    load(wide)
    assert denominator(area=find_area("E01000001"), year=2020).value == 101
    assert Population.objects.count() == 24


def test_a_census_workbook_with_a_sheet_a_year(tmp_path: Path) -> None:
    path = tmp_path / "ethnicity.xlsx"
    book = xlsxwriter.Workbook(path)
    book.add_worksheet("Front page").write(0, 0, "About")
    heads = [
        "LSOA code",
        "local authority name",
        "All usual residents",
        "White British",
        "Black African",
        "Black Other",
    ]
    for year, row in (("2011", [90, 50, 30, 10]), ("2021", [100, 50, 35, None]), ("change 2011-2021", [10, 0, 5, 5])):
        sheet = book.add_worksheet(year)
        sheet.write_row(0, 0, heads)
        sheet.write_row(1, 0, ["E01000001", "Larkmoor", *row])
    book.close()
    report = load(path)
    assert report.loaded == 7
    area = find_area("E01000001")
    assert denominator(area=area, year=2011, ethnicity="Black").value == 40
    assert denominator(area=area, year=2021, ethnicity="White British").value == 50
    assert denominator(area=area, year=2021).value == 100
    assert any("change 2011-2021" in message for message in report.messages)


def test_a_long_table_of_any_kind(tmp_path: Path) -> None:
    text = "code,year,age_from,age_to,sex,ethnicity,kind,value\nE05000001,2022,,,,,workday,5000\nE05000001,2022,10,17,F,,,41.0\n"
    load(save(tmp_path, "long.csv", text))
    ward = find_area("E05000001")
    assert ward.level == "ward"
    assert denominator(area=ward, year=2022, kind="workday").value == 5000
    assert denominator(area=ward, year=2022, age_from=10, age_to=17, sex="female").value == 41


def test_rows_that_cannot_be_used_are_named(tmp_path: Path) -> None:
    text = "borough,year,population,sex\nA,2020,many,\nB,20,5,\nC,2020,-3,\nD,2020,7,robot\nE,2020,8,\n"
    report = load(save(tmp_path, "b.csv", text))
    assert report.loaded == 1
    assert report.refused[0] == "b.csv, line 2, column population, “many”: it should be a number of 0 or more."
    assert {reason.split(",")[1] for reason in report.refused} == {" line 2", " line 3", " line 4", " line 5"}
    assert LoadedFile.objects.get().refused == report.refused


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("e.csv", "", "is empty"),
        ("e.csv", "colour,size\nred,1\n", "no column of area codes or names among colour, size"),
        ("e.csv", "name,year,value\nA,2020,1\n", "does not say what kind of area"),
        ("e.csv", "borough,colour\nA,red\n", "no numbers that are recognised"),
        ("e.csv", "borough,population\nA,5\n", "does not say which year"),
        ("e.csv", "borough,year,population\nA,2020,x\n", "no number that can be loaded"),
        ("e.xlsx", "not a workbook", "cannot be read as an Excel workbook"),
        ("e.csv", "borough,year,population\nA,2020,1,2,3\n", "cannot be read as a table"),
        ("e.pdf", "x", "is not a population file"),
    ],
)
def test_an_unusable_file_gets_one_sentence(tmp_path: Path, name: str, text: str, says: str) -> None:
    with pytest.raises(Refusal, match=says) as refused:
        load(save(tmp_path, name, text))
    assert name in str(refused.value)
    assert not Area.objects.exists()
    assert not LoadedFile.objects.exists()


def test_a_missing_year_or_level_can_be_given(tmp_path: Path) -> None:
    load(save(tmp_path, "e.csv", "name,value\nA,5\n"), year=2020, level="ward", kind="premises")
    assert denominator(area=find_area("A"), year=2020, kind="premises").value == 5


def test_many_areas_in_a_few_queries(wide: Path, django_assert_max_num_queries) -> None:
    load(wide)
    areas = list(Area.objects.all())
    with django_assert_max_num_queries(5):
        assert len(denominators(areas=areas, year=2020)) == 3


def test_premises(tmp_path: Path, partnership) -> None:
    text = (
        "key,name,kind,members_only,lon,lat\n"
        "p1,The Lamp,Night club,yes,-0.12,51.5\np2,The Oar,pub,,,\n,No key,pub,,,\n"
        "p3,Far,pub,no,100,51\np4,Odd,pub,maybe,,\np5,Words,pub,no,here,there\np1,Again,pub,no,,\n"
    )
    report = load_premises(partnership=partnership, path=save(tmp_path, "p.csv", text), by=COMMAND_LINE)
    assert (report.read, report.loaded, len(report.refused)) == (7, 2, 5)
    lamp = Premises.objects.get(key="p1")
    assert (lamp.kind, lamp.members_only) == ("night-club", True)
    assert (lamp.x, lamp.y) == (pytest.approx(530_600, abs=200), pytest.approx(179_700, abs=200))
    assert Premises.objects.get(key="p2").x is None
    with pytest.raises(Refusal, match="no column “kind”"):
        load_premises(partnership=partnership, path=save(tmp_path, "q.csv", "key,name\n1,2\n"), by=COMMAND_LINE)


@pytest.mark.real_data
def test_the_populations_of_london(shared_data: Path) -> None:
    report = load(shared_data / "population" / "london-mid2020-pop.csv")
    assert (report.loaded, report.refused) == (87_030, [])
    found = denominator(area=find_area("Islington"), year=2020)
    load(shared_data / "population" / "borough_population_clean.csv")
    own = denominator(area=find_area("Islington"), year=2020)
    assert found.source.startswith("sum of its 123 2011")
    assert own.source == "borough_population_clean.csv"
    # The file revises the estimates after the census; LSOA sums are the older estimate of the same people.
    assert found.value == pytest.approx(own.value, rel=0.15)
