"""Tables of counts in the layouts that people send, and what is refused in them."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from wardlight.incidents.schema import COUNT_SCHEMA
from wardlight.incidents.sources.base import ReadContext, SourceFile
from wardlight.incidents.sources.count_table import COUNT_TABLE, propose
from wardlight.incidents.sources.count_table_periods import parse_period, parse_periods
from wardlight.partners.refusal import Refusal


def read(path: Path, **mapping):
    said: list[str] = []
    context = ReadContext(None, date(2026, 11, 22), mapping=mapping, say=said.append)
    (chunk,) = COUNT_TABLE.read([SourceFile(0, path, path.name)], context)
    assert dict(chunk.frame.schema) == dict(COUNT_SCHEMA)
    return chunk, said, context


@pytest.fixture
def sheet(tmp_path):
    def write(text: str, name: str = "sheet.csv") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def rows(chunk, *columns):
    return chunk.frame.select(columns or ("area_name", "category", "month", "months", "count")).rows()


def test_long(sheet):
    chunk, _, _ = read(
        sheet('Borough,Offence,Month,Count\nIslington,Personal robbery,Apr-20,"1,012"\nCamden,ASB,May-20,7\n')
    )
    assert rows(chunk) == [
        ("Islington", "robbery-personal", 202004, 1, 1012),
        ("Camden", "anti-social-behaviour", 202005, 1, 7),
    ]


def test_months_across_with_title_blank_rows_merged_areas_and_totals(sheet):
    text = (
        "Recorded crime by borough\n\nBorough\tOffence\tApril 2020\tMay 2020\tTotal\n"
        "Islington\tPersonal robbery\t10\t12\t22\n\tBurglary\t3\t4\t7\n\n"
        "Camden\tPersonal robbery\t5\t6\t12\nTotal\t\t18\t22\t40\n"
    )
    chunk, said, _ = read(sheet(text, "sheet.tsv"))
    assert ("Islington", "burglary", 202005, 1, 4) in rows(chunk)
    assert len(rows(chunk)) == 6
    assert sum(row[-1] for row in rows(chunk)) == 40
    assert "The total on line 7, column “Total”, is 12 but its parts add up to 11" in " ".join(said)
    assert chunk.quality["totals_not_imported"] == 6


def test_categories_across_with_a_period_given(sheet):
    text = "Ward,Violence with injury,Burglary,% change\nBunhill,10,2,3%\nCanonbury,4,3,1%\n"
    chunk, _, _ = read(sheet(text), period="April 2020")
    assert rows(chunk)[0] == ("Bunhill", "violence-with-injury", 202004, 1, 10)
    assert chunk.frame["level"].unique().to_list() == ["ward"]
    assert len(rows(chunk)) == 4


def test_years_across_keep_their_length_and_take_the_category_from_the_title(sheet):
    chunk, said, _ = read(sheet("Personal robbery\nBorough,2016/17,2017/18\nIslington,929,1823\nCamden,1,2\n"))
    assert rows(chunk)[0] == ("Islington", "robbery-personal", 201604, 12, 929)
    assert any("The title says “Personal robbery”" in one for one in said)


def test_two_rows_of_headings(sheet):
    chunk, _, _ = read(
        sheet("Borough,2019/20,,2020/21,\n,Robbery,Burglary,Robbery,Burglary\nIslington,1,2,3,4\nCamden,5,6,7,8\n")
    )
    assert ("Islington", "robbery", 202004, 12, 3) in rows(chunk)


def test_year_over_months(sheet):
    chunk, _, _ = read(sheet("Area,2020,,2021\n,Nov,Dec,Jan\nIslington,2,3,4\nCamden,2,3,4\n"), category="Robbery")
    assert [row[2] for row in rows(chunk)[:3]] == [202011, 202012, 202101]


def test_areas_across(sheet):
    chunk, _, _ = read(sheet("Offence,Islington,Camden\nBurglary,1,2\nRobbery,3,4\n"), period="2020/21")
    assert ("Camden", "robbery", 202004, 12, 4) in rows(chunk)


def test_year_and_month_columns_with_codes(sheet):
    text = "LAD code,LAD name,Year,Month,Crime type,Number of crimes\nE09000019,Islington,2020,4,Burglary,12\n"
    chunk, _, _ = read(sheet(text))
    assert rows(chunk, "level", "area_code", "area_name", "month", "count") == [
        ("borough", "E09000019", "Islington", 202004, 12)
    ]


def test_workbook_with_several_sheets_takes_the_fullest_table(tmp_path):
    path = tmp_path / "book.xlsx"
    book = xlsxwriter.Workbook(str(path))
    notes = book.add_worksheet("Notes")
    notes.write(0, 0, "Made by the community safety team")
    table = book.add_worksheet("Data")
    dates = book.add_format({"num_format": "mmm yyyy"})
    table.write_row(1, 0, ["Borough", "Offence"])
    for column, month in enumerate((date(2020, 4, 1), date(2020, 5, 1)), start=2):
        table.write_datetime(1, column, month, dates)
    table.write_row(2, 0, ["Islington", "Burglary", 12, 13])
    table.write_row(3, 0, ["Camden", "Burglary", 14, 15])
    book.close()
    chunk, _, context = read(path)
    assert rows(chunk)[0] == ("Islington", "burglary", 202004, 1, 12)
    assert chunk.frame["count"].sum() == 54
    assert context.mapping["sheet"] == "Data"


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("<5", "withheld"),
        ("*", "withheld"),
        ("c", "withheld"),
        ("-", "withheld"),
        ("", "empty"),
        ("12.5", "not a whole number"),
        ("-3", "below nought"),
        ("about 4", "not a whole number"),
    ],
)
def test_cells_that_are_no_counts_are_refused_with_a_reason(sheet, cell, reason):
    chunk, _, _ = read(sheet(f"Borough,Offence,Apr-20,May-20\nIslington,Burglary,{cell},7\nCamden,Burglary,8,9\n"))
    ((line, column, value, why),) = chunk.refusals.select("line", "column", "value", "reason").rows()
    assert (line, column, value) == (2, "Apr-20", cell)
    assert reason in why
    assert len(chunk.frame) == 3


def test_withheld_cells_are_remembered_so_that_they_never_become_nought(sheet):
    chunk, _, _ = read(sheet("Borough,Offence,Apr-20\nIslington,Burglary,<5\nCamden,Burglary,8\n"))
    assert chunk.quality["suppressed"] == {"borough|Islington|burglary|202004|1": 1}


def test_unknown_categories_are_kept_counted_and_said(sheet):
    chunk, said, _ = read(sheet("Borough,Offence,Apr-20\nIslington,Witchcraft,4\nCamden,Burglary,8\n"))
    assert chunk.frame.filter(pl.col("source_category") == "Witchcraft")["category"].to_list() == [None]
    assert chunk.quality["unknown_category"] == {"Witchcraft": 1}
    assert any("Witchcraft" in one for one in said)


def test_a_person_may_say_what_unknown_words_are(sheet):
    path = sheet("Borough,Offence,Apr-20\nIslington,Muggings,4\nCamden,Burglary,8\n")
    chunk, _, _ = read(path, categories={"Muggings": "robbery-personal"})
    assert "robbery-personal" in chunk.frame["category"].to_list()


def test_repeats_and_the_future_are_refused(sheet):
    text = "Borough,Offence,Month,Count\nIslington,Burglary,Apr-20,1\nIslington,Burglary,Apr-20,2\nIslington,Burglary,Apr-30,2\n"
    chunk, _, _ = read(sheet(text))
    reasons = chunk.refusals["reason"].to_list()
    assert "An earlier row gives the same" in reasons[0]
    assert "future" in reasons[1]
    assert len(chunk.frame) + len(reasons) == 3


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("hello\n", "No table of counts"),
        ("", "is empty"),
        ("Borough,Apr-20\nIslington,4\nCamden,5\n", "what was counted"),
    ],
)
def test_a_sheet_that_cannot_be_read_says_why(sheet, text, words):
    with pytest.raises(Refusal, match=words):
        read(sheet(text))


def test_the_proposal_can_be_edited_and_gives_the_same_table(sheet):
    path = sheet("Borough,Offence,Apr-20\nIslington,Burglary,4\nCamden,Burglary,8\n")
    proposal = propose(path)
    assert proposal.reasons
    edited = proposal.mapping | {"level": "ward"}
    chunk, _, _ = read(path, **edited)
    assert chunk.frame["level"].unique().to_list() == ["ward"]
    with pytest.raises(Refusal, match="column 100"):
        read(path, **(proposal.mapping | {"columns": {"area": 99}}))


def test_a_remembered_title_does_not_rename_the_next_sheet(sheet):
    first = sheet("Personal robbery\nBorough,2016/17,2017/18\nIslington,1,2\nCamden,1,2\n")
    _, _, context = read(first)
    second = sheet("Burglary\nBorough,2016/17,2017/18\nIslington,3,4\nCamden,3,4\n", "second.csv")
    again = ReadContext(None, date(2026, 11, 22), recall=lambda headings: dict(context.mapping))
    (chunk,) = COUNT_TABLE.read([SourceFile(0, second, "second.csv")], again)
    assert chunk.frame["category"].unique().to_list() == ["burglary"]


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("202004", (202004, 1)),
        ("Apr-20", (202004, 1)),
        ("April 2020", (202004, 1)),
        ("2020-04-01 00:00:00", (202004, 1)),
        ("01/04/2020", (202004, 1)),
        ("2020/21", (202004, 12)),
        ("2020-21", (202004, 12)),
        ("FY 2020/21", (202004, 12)),
        ("2020", (202001, 12)),
        ("Q1 2020/21", (202004, 3)),
        ("2020/21 Q4", (202101, 3)),
        ("Q2 2020", (202004, 3)),
        ("Apr to Jun 2020", (202004, 3)),
        ("Oct 2019 - Mar 2020", (201910, 6)),
        ("year ending March 2021", (202004, 12)),
        ("Islington", None),
        ("2020/25", None),
        ("202013", None),
    ],
)
def test_periods(text, period):
    assert parse_period(text) == period


def test_an_ambiguous_heading_follows_its_neighbours():
    assert parse_periods(["2010-11", "2011-12", "2018-19"]) == [(201004, 12), (201104, 12), (201804, 12)]
    assert parse_periods(["2010-11", "2010-12"]) == [(201011, 1), (201012, 1)]


@given(st.integers(2000, 2030), st.integers(1, 12))
def test_every_month_is_read_back_however_it_is_written(year, month):
    day = date(year, month, 1)
    for pattern in ("%Y%m", "%Y-%m-%d", "%b %Y", "%B %Y", "%b-%y", "%m/%Y", "%d/%m/%Y"):
        assert parse_period(day.strftime(pattern)) == (year * 100 + month, 1)
