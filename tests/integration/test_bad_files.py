"""Files that no program should have saved so: read for what they are, or refused with file, line, value and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from wardlight.incidents import queries
from wardlight.incidents.models import Batch
from wardlight.incidents.operations import import_files
from wardlight.partners import workbooks
from wardlight.partners.actors import COMMAND_LINE
from wardlight.partners.refusal import Refusal
from wardlight.places.models import Population
from wardlight.places.operations import load_boundaries, load_populations

pytestmark = pytest.mark.django_db
HEAD = "id,start,kind"
ROWS = ["1,2023-01-02 10:00,café", "2,2023-01-03 10:00,x"]
TEXT = "\n".join((HEAD, *ROWS)) + "\n"
MAPPING = {"category": "burglary-residential", "columns": {"id": "id", "start": "start", "place": "kind"}}
COUNTS = [["Borough", "Offence", "2022-01"], ["Camden", "Robbery", 3]]


@pytest.fixture
def extract(partnership, tmp_path: Path):
    def bring(data: bytes | Path, *, mapping: dict | None = None, name: str = "x.csv"):
        path = data if isinstance(data, Path) else tmp_path / name
        if isinstance(data, bytes):
            path.write_bytes(data)
        return import_files(
            partnership=partnership, paths=[path], source="record-extract", mapping=mapping or MAPPING, by=COMMAND_LINE
        )

    return bring


def workbook(path: Path, rows: list[list[object]], *, far: tuple[int, int] | None = None) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Sheet")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        if far:
            sheet.write(*far, "stray")
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_an_extract_is_read_whatever_saved_it(encoding: str, end: str, extract, partnership) -> None:
    assert extract(TEXT.replace("\n", end).encode(encoding)).rows_kept == 2
    kept = queries.records(partnership=partnership).sort("line").collect()
    assert kept["place"].to_list() == ["café", "x"]
    assert kept["line"].to_list() == [2, 3]


def test_ragged_rows_are_refused_with_their_line(extract) -> None:
    report = extract((TEXT + '3,"2023-01-03\n10:00"\n4,2023-01-04 10:00,a,b,c\n5,2023-01-05 10:00,"a,\nb"\n').encode())
    assert (report.rows_read, report.rows_kept, report.rows_refused) == (5, 3, 2)
    assert [(row.line, row.reason.split(":")[0]) for row in report.refusals] == [
        (4, "The row has 2 fields where the heading has 3"),
        (6, "The row has 5 fields where the heading has 3"),
    ]


FILES = {
    "a PDF": (b"%PDF-1.7\n1 0 obj", "x.csv is a PDF document"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0", "x.csv is a picture"),
    "a workbook under another name": (b"PK\x03\x04xx", "x.csv is a zip or Excel file under another name"),
    "NUL bytes": (TEXT.encode() + b"3,\0,x\n", "x.csv is not a text file"),
    "NUL bytes far down": (
        TEXT.encode() + b"3,2023-01-04 10:00,x\n" * 300 + b"4,\0,x\n",
        "x.csv, line 304: it is not text",
    ),
    "a quotation mark that never closes": (TEXT.encode() + b'3,"2023-01-04\n4,x,y\n', "x.csv, line 4: the row cannot"),
    "a heading twice": (b"id,start,start\n1,2023-01-02,2023-01-02\n", "x.csv, line 1: two columns are called “start”"),
    "blank lines only": (b"\n\n\n", "x.csv is empty"),
    "ten thousand columns": (",".join(f"c{n}" for n in range(10_000)).encode() + b"\n1\n", "c11 and 9,988 more"),
}


@pytest.mark.parametrize("case", FILES)
def test_what_is_no_table_is_refused_in_one_sentence(case: str, extract) -> None:
    data, sentence = FILES[case]
    with pytest.raises(Refusal) as refusal:
        extract(data)
    assert sentence in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert not Batch.objects.filter(status__in=["running", "landed"]).exists()


MAPPINGS = {
    "columns as words": ({"columns": "id"}, "columns is “id”, and should be a table, headed [columns]"),
    "category as a number": ({"category": 3}, "category is “3”, and should be words in quotation marks"),
    "categories as a list": ({"categories": ["x"]}, "categories is “['x']”, and should be a table"),
    "a source as a list": ({"category_source": [1]}, "category_source is “[1]”"),
    "sexes as words": ({"sex": {"male": "m"}}, "sex.male is “m”, and should be a list of words"),
    "formats as numbers": ({"times": {"formats": [1]}}, "times.formats is “[1]”, and should be a list"),
    "flags as numbers": ({"flags": [1]}, "flags has “1”, and should be entries, each headed [[flags]]"),
    "a flag's words as a number": ({"flags": [{"flag": "knife", "column": "kind", "is": 3}]}, "entry 1, is is “3”"),
}


@pytest.mark.parametrize("case", MAPPINGS)
def test_a_mapping_of_the_wrong_shape_names_the_key(case: str, extract) -> None:
    wrong, sentence = MAPPINGS[case]
    with pytest.raises(Refusal, match=r"^x\.csv: The mapping’s ") as refusal:
        extract(TEXT.encode(), mapping=MAPPING | wrong)
    assert sentence in str(refusal.value)


@pytest.mark.parametrize("source", ["count-table", "record-extract", "police-uk"])
def test_a_cell_far_away_does_not_fill_the_memory(source: str, partnership, tmp_path: Path) -> None:
    path = workbook(tmp_path / "far.xlsx", COUNTS, far=(1_000_000, 16_000))
    with pytest.raises(Refusal, match=r"far\.xlsx"):
        import_files(partnership=partnership, paths=[path], source=source, by=COMMAND_LINE)
    with pytest.raises(Refusal, match=r"has a cell in row 1,000,001, column 16,001"):
        load_populations(path=path, by=COMMAND_LINE)


def test_a_sheet_that_is_only_formatted_far_down_is_read(partnership, tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "x.xlsx")) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(COUNTS):
            sheet.write_row(number, 0, row)
        sheet.write_blank(1_000_000, 16_000, None, book.add_format({"bold": True}))
    report = import_files(partnership=partnership, paths=[tmp_path / "x.xlsx"], source="count-table", by=COMMAND_LINE)
    assert report.rows_kept == 1


def test_a_locked_workbook_is_said(tmp_path: Path) -> None:
    path = tmp_path / "locked.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0" + bytes(600))
    with pytest.raises(Refusal, match=r"locked\.xlsx is an old or locked Excel workbook: .* without a password"):
        workbooks.check_workbook(path, path.name)


def test_a_workbook_with_a_heading_twice_is_refused(extract, tmp_path: Path) -> None:
    rows: list[list[object]] = [["id", "start", "start"], ["1", "2023-01-02", "2023-01-03"]]
    with pytest.raises(Refusal, match=r"x\.xlsx, line 1: two columns are called “start”"):
        extract(workbook(tmp_path / "x.xlsx", rows))


def test_a_count_beyond_all_counts_is_a_refused_row(partnership, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Borough,Offence,2022-01\nCamden,Robbery,4\nBarnet,Robbery," + "9" * 30 + "\n", encoding="utf-8")
    report = import_files(partnership=partnership, paths=[path], source="count-table", by=COMMAND_LINE)
    assert (report.rows_kept, report.rows_refused) == (1, 1)
    assert "more than 12 digits" in report.refusals[0].reason


def people(path: Path, *rows: str) -> Path:
    path.write_text("\n".join(("area_code,year,age,value", *rows)) + "\n", encoding="utf-8")
    return path


def test_bands_in_one_column_are_ages_and_never_everybody(tmp_path: Path) -> None:
    path = people(tmp_path / "p.csv", "E05000001,2021,0-17,10", "E05000001,2021,65+,20", "E05000001,2021,all,90")
    load_populations(path=path, by=COMMAND_LINE)
    ages = set(Population.objects.values_list("age_from", "age_to", "value"))
    assert ages == {(0, 17, 10), (65, 999, 20), (0, 999, 90)}


def test_rows_of_populations_that_cannot_be_are_left_out_with_line_and_value(tmp_path: Path) -> None:
    rows = ["E05000001,2021,teen,1", "E05000001,2021,17-10,2", "E05000001,2021,30,3", "E05000001,2021,30,4"]
    report = load_populations(path=people(tmp_path / "p.csv", *rows), by=COMMAND_LINE)
    assert report.loaded == 1
    assert [sentence.partition(":")[0] for sentence in report.refused] == [
        "p.csv, line 2, column age_from, “teen”",
        "p.csv, line 3, column age_to, “10”",
        "p.csv, line 5, “4”",
    ]


def test_years_that_never_were_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="The year -4 cannot be that of a population"):
        load_populations(path=people(tmp_path / "p.csv", "E05000001,2021,30,3"), year=-4, by=COMMAND_LINE)
    with pytest.raises(Refusal, match="“abc” is no year of boundaries"):
        load_boundaries(path=tmp_path / "b.geojson", vintage="abc", by=COMMAND_LINE)
