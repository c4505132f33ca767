"""Bad input gets one sentence that says what is wrong, where and what to do; and nothing is half-written."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import pytest

from wardlight.incidents import queries
from wardlight.incidents.models import Batch
from wardlight.partners.refusal import Refusal

from .street_files import HEADINGS, row, write_street

NAME = "2022-07-city-of-london-street.csv"


def raw(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def bomb(path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(NAME, b"\0" * (60 * 1024**2))
    return path


def zip_of(path: Path, name: str, data: bytes = b"x") -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, data)
    return path


CASES = {
    "missing": (lambda d: d / "nowhere.csv", "There is no file or folder .*nowhere.csv: check the spelling"),
    "empty": (lambda d: raw(d / NAME, b""), f"{NAME} is empty"),
    "only blank lines": (lambda d: raw(d / NAME, b"\n\n"), f"{NAME} is empty"),
    "heading only": (lambda d: write_street(d / NAME, []), "a heading and no rows"),
    "pdf": (lambda d: raw(d / "report.pdf", b"%PDF-1.7 \xff\x00"), "report.pdf is a PDF document"),
    "utf-16": (lambda d: raw(d / NAME, HEADINGS.encode("utf-16")), "UTF-16: save it again"),
    "binary": (lambda d: raw(d / NAME, b"\x00\x01\x02" * 99), "is not a text file"),
    "missing column": (
        lambda d: raw(d / NAME, HEADINGS.replace("Crime type", "Type of crime").encode() + b"\nx"),
        "not a file of police.uk street-level crime: it has no column “Crime type”",
    ),
    "broken zip": (lambda d: raw(d / "a.zip", b"PK\x03\x04 not a zip"), "a.zip is not a whole zip file"),
    "broken gz": (lambda d: raw(d / f"{NAME}.gz", gzip.compress(b"x" * 999)[:-9]), "is not a whole gz file"),
    "zip bomb": (lambda d: bomb(d / "bomb.zip"), "more than 200 times its size"),
    "gz bomb": (lambda d: raw(d / f"{NAME}.gz", gzip.compress(b"\0" * (60 * 1024**2))), "more than 200 times its size"),
    "path traversal": (lambda d: zip_of(d / "a.zip", f"../../{NAME}"), "points outside it"),
    "path traversal on Windows": (lambda d: zip_of(d / "a.zip", f"..\\..\\{NAME}"), "points outside it"),
    "absolute path": (lambda d: zip_of(d / "a.zip", f"/etc/{NAME}"), "points outside it"),
    "zip without data": (lambda d: zip_of(d / "a.zip", "readme.txt"), "holds no csv file"),
    "folder without data": (lambda d: d, "holds no csv file"),
    "no usable row": (
        lambda d: write_street(d / NAME, [row(1, month="2022/07")]),
        "none of the 1 rows can be used. The first, line 2, column Month: “2022/07” is not a month",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_whole_file_is_refused_in_one_sentence(case, bring_in, tmp_path, home, partnership):
    make, sentence = CASES[case]
    folder = tmp_path / "in"
    folder.mkdir()
    with pytest.raises(Refusal, match=sentence) as refusal:
        bring_in(make(folder))
    assert "\n" not in str(refusal.value)
    assert queries.records(partnership=partnership).collect().is_empty()
    assert not Batch.objects.filter(status__in=["landed", "running"]).exists()
    assert not list((home / "records").glob("*"))
    assert not list(home.glob("incoming/*"))


def test_a_file_of_another_source_is_told_which(bring_in, tmp_path):
    sheet = tmp_path / "counts.csv"
    sheet.write_text("MajorText,MinorText,BoroughName,202204\nRobbery,Robbery,Camden,4\n", encoding="utf-8")
    with pytest.raises(Refusal, match=r"it looks like .*so import it with “wardlight import mps-borough-counts”"):
        bring_in(sheet)


def test_an_unknown_source_lists_the_known(bring_in, tmp_path):
    with pytest.raises(Refusal, match=r"There is no source “police”: choose one of .*police-uk"):
        bring_in(tmp_path, source="police")


ROWS = {
    "month malformed": (row(9, month="07/2022"), "Month", "07/2022", "is not a month"),
    "month to come": (row(9, month="2099-01"), "Month", "2099-01", "still to come"),
    "no crime type": (row(9, crime=""), "Crime type", "", "is blank"),
    "swapped": (row(9, lon="51.517786", lat="-0.107682"), "Longitude", "51.517786, -0.107682", "are swapped"),
    "outside Britain": (row(9, lon="-73.9", lat="40.7"), "Longitude", "-73.9, 40.7", "not in Britain"),
    "not a number": (row(9, lon="west"), "Longitude", "west", "is not a number"),
    "not a finite number": (row(9, lat="inf"), "Longitude", "-0.107682, inf", "not in Britain"),
    "too few fields": ("a,b,c", "", "a,b,c", "3 fields where the heading has 12"),
    "too many fields": (row(9) + ",,", "", row(9) + ",,", "14 fields where the heading has 12"),
    "unclosed quotation mark": (row(9, place='"On or near'), "", row(9, place='"On or near'), "never closed"),
}


@pytest.mark.parametrize("case", ROWS)
def test_a_bad_row_is_refused_and_the_rest_kept(case, bring_in, tmp_path, partnership):
    bad, column, value, reason = ROWS[case]
    report = bring_in(write_street(tmp_path / NAME, [row(1), bad, row(2)]))
    assert (report.rows_read, report.rows_kept, report.rows_refused) == (3, 2, 1)
    (refused,) = report.refusals
    assert (refused.line, refused.column, refused.value) == (3, column, value[:100])
    assert reason in refused.reason
    page = queries.refusals(report.batch)
    assert (page.rows, page.total, page.pages) == ([refused], 1, 1)
    assert queries.records(partnership=partnership).sort("line").collect()["line"].to_list() == [2, 4]


def test_blank_and_zero_coordinates_are_kept_unplaced_and_counted(bring_in, tmp_path, partnership):
    rows = [row(1), row(2, lon="", lat=""), row(3, lon="0", lat="0"), row(4, lon="0.0", lat="0.0")]
    report = bring_in(write_street(tmp_path / NAME, rows))
    assert report.rows_kept == 4
    assert (report.quality["not_placed"], report.quality["zero_coordinates"]) == (3, 2)
    assert queries.records(partnership=partnership).collect()["x"].null_count() == 3


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_encodings(encoding, bring_in, tmp_path, partnership):
    rows = [row(1, place="On or near Rue de l’Église")]
    report = bring_in(write_street(tmp_path / NAME, rows, encoding=encoding))
    assert queries.records(partnership=partnership).collect()["place"].to_list() == ["On or near Rue de l’Église"]
    assert any("Windows-1252" in message for message in report.messages) == (encoding == "cp1252")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends_quotes_blank_lines_and_no_last_line_end(end, bring_in, tmp_path, partnership):
    path = write_street(tmp_path / NAME, [row(1, place='"On or near ""The Bell"", Church Row"'), "", row(2)], end=end)
    path.write_bytes(path.read_bytes().rstrip(end.encode()))
    report = bring_in(path)
    assert (report.rows_read, report.rows_kept) == (2, 2)
    found = queries.records(partnership=partnership).sort("line").collect()
    assert found["place"].to_list() == ['On or near "The Bell", Church Row', "On or near B521"]
    assert found["line"].to_list() == [2, 4]


def test_an_empty_quoted_id_is_a_blank_id(bring_in, tmp_path, partnership):
    report = bring_in(write_street(tmp_path / NAME, [row(1, crime_id_text='""'), row(1, crime_id_text='""')]))
    assert report.rows_kept == 2
    assert queries.records(partnership=partnership).collect()["record_key"].to_list() == [0, 0]


def test_a_stray_file_in_a_folder_is_passed_over_and_said(bring_in, tmp_path):
    write_street(tmp_path / "in" / NAME, [row(1)])
    (tmp_path / "in" / "notes.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    report = bring_in(tmp_path / "in")
    assert report.rows_kept == 1
    assert report.messages[0].startswith("Passed over: notes.csv is not a file of police.uk")


def test_refusals_come_in_pages(bring_in, tmp_path):
    rows = [row(1), *(row(n, month="x") for n in range(2, 132))]
    report = bring_in(write_street(tmp_path / NAME, rows))
    assert (report.rows_refused, len(report.refusals)) == (130, 100)
    last = queries.refusals(report.batch, page=3)
    assert (last.pages, last.total, len(last.rows), last.rows[-1].line) == (3, 130, 30, 132)
    assert queries.all_refusals(report.batch).height == 130


def test_a_line_that_never_ends_is_no_table(bring_in, tmp_path, monkeypatch):
    monkeypatch.setattr("wardlight.incidents.sources.csv_blocks.BLOCK_BYTES", 1_000)
    path = write_street(tmp_path / NAME, [row(1), "x" * (2 << 20)])
    with pytest.raises(Refusal, match=f"{NAME}, line .: the line never ends"):
        bring_in(path)
