"""The Metropolitan Police's wide files: cells, labels, months that are only slivers."""

from datetime import date

import pytest

from wardlight.incidents.sources.base import ReadContext, SourceFile
from wardlight.incidents.sources.mps_counts import BOROUGHS, LSOAS, WARDS
from wardlight.partners.refusal import Refusal

HEAD = "MajorText,MinorText,LookUp_BoroughName"


@pytest.fixture
def read(tmp_path):
    def _read(text, source=BOROUGHS):
        path = tmp_path / "counts.csv"
        path.write_text(text, encoding="utf-8")
        assert source.accepts(path), source.explain(path)
        said: list[str] = []
        context = ReadContext(None, date(2026, 11, 22), say=said.append)
        (chunk,) = source.read([SourceFile(0, path, "counts.csv")], context)
        return chunk, said

    return _read


def test_every_cell_is_kept_with_its_category_and_place(read):
    chunk, _ = read(
        f'{HEAD},201703,201704\nBURGLARY,DOMESTIC BURGLARY,Islington,"1,004",5\n'
        "ROBBERY,ROBBERY OF PERSONAL PROPERTY,Unknown,0,2\n"
    )
    rows = chunk.frame.sort("line", "month").select("level", "area_name", "category", "month", "count").rows()
    assert rows == [
        ("borough", "Islington", "burglary-home", 201703, 1004),
        ("borough", "Islington", "burglary-residential", 201704, 5),
        ("unplaced", "Unknown", "robbery-personal", 201703, 0),
        ("unplaced", "Unknown", "robbery-personal", 201704, 2),
    ]
    assert chunk.quality["unplaced"] == {"201704": 2}


@pytest.mark.parametrize(
    ("cell", "words"), [("", "not a whole number"), ("x", "not a whole number"), ("-1", "below nought")]
)
def test_a_bad_cell_is_refused_where_it_stands(read, cell, words):
    chunk, _ = read(f"{HEAD},202004,202005\nROBBERY,ROBBERY OF PERSONAL PROPERTY,Islington,{cell},3\n")
    assert chunk.frame["count"].to_list() == [3]
    assert chunk.refusals.select("line", "column").row(0) == (2, "202004")
    assert words in chunk.refusals["reason"][0]


def test_a_repeated_row_and_a_future_month_are_refused(read):
    row = "ROBBERY,ROBBERY OF PERSONAL PROPERTY,Islington,1,2\n"
    chunk, _ = read(f"{HEAD},202004,203001\n{row}{row}")
    assert chunk.frame["month"].to_list() == [202004]
    assert len(chunk.refusals) == 3


def test_a_sliver_of_a_month_is_left_out_and_said(read):
    chunk, said = read(f"{HEAD},202402,202403,202404\nROBBERY,ROBBERY OF PERSONAL PROPERTY,Islington,3,900,950\n")
    assert sorted(chunk.frame["month"].to_list()) == [202403, 202404]
    assert "202402" in said[0]


def test_unknown_offences_are_kept_without_category(read):
    chunk, said = read(f"{HEAD},202004\nNEW,WITCHCRAFT,Islington,4\n")
    assert chunk.frame["category"].to_list() == [None]
    assert "WITCHCRAFT" in said[0]


def test_levels_are_told_apart_by_their_columns(tmp_path):
    ward = tmp_path / "ward.csv"
    ward.write_text("WardName,WardCode,MajorText,MinorText,LookUp_BoroughName,202004\n", encoding="utf-8")
    lsoa = tmp_path / "lsoa.csv"
    lsoa.write_text("LSOA Code,LSOA Name,Borough,Major Category,Minor Category,202004\n", encoding="utf-8")
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n", encoding="utf-8")
    assert [one.accepts(ward) for one in (BOROUGHS, WARDS, LSOAS)] == [False, True, False]
    assert [one.accepts(lsoa) for one in (BOROUGHS, WARDS, LSOAS)] == [False, False, True]
    assert "minortext" in BOROUGHS.explain(other)


def test_a_file_with_headings_only_is_refused(read):
    with pytest.raises(Refusal, match="holds no counts"):
        read(f"{HEAD},202004\n")


@pytest.mark.real_data
def test_islington_in_the_published_file(shared_data):
    path = shared_data / "mps" / "recorded-crime-borough-historical.parquet"
    context = ReadContext(None, date(2026, 11, 22))
    chunks = list(BOROUGHS.read([SourceFile(0, path, path.name)], context))
    frame = chunks[0].frame
    assert len(chunks) == 1
    assert len(frame) == 1085 * 167
    assert frame["category"].null_count() == 0
