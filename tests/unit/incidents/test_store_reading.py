"""The parts of the import that need no database."""

from __future__ import annotations

import time
from hashlib import sha256

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardlight.incidents.duplicates import Duplicates
from wardlight.incidents.ledger import Ledger
from wardlight.incidents.mappings import headings_digest
from wardlight.incidents.operations import _safe_name
from wardlight.incidents.sources.base import SourceFile
from wardlight.incidents.sources.coordinates import GridPoints, packed
from wardlight.incidents.sources.csv_blocks import blocks, in_order, parse
from wardlight.incidents.sources.keys import stable_keys
from wardlight.places.geometry import to_grid


def test_keys_are_the_first_digits_of_a_digest_and_never_change():
    digest = sha256(b"1").hexdigest()
    keys = stable_keys(pl.Series([digest, digest.upper(), "CR-17", "", None, "x" * 64]))
    assert keys.to_list()[:2] == [int(digest[:16], 16)] * 2
    assert keys[2] == 16276406352072098984
    assert keys[3] == keys[4] == 0
    assert keys[5] not in (0, keys[2])
    assert stable_keys(pl.Series(["CR-17"])).to_list() == [keys[2]]


def test_one_wrong_id_among_digests_does_not_change_the_others():
    digests = [sha256(bytes([n])).hexdigest() for n in range(5)]
    with_odd = stable_keys(pl.Series([*digests, "odd"]))
    assert with_odd.to_list()[:5] == stable_keys(pl.Series(digests)).to_list()


@given(st.lists(st.tuples(st.floats(-8, 2), st.floats(49.5, 61)), min_size=1, max_size=30))
def test_grid_points_are_those_of_the_transformation(points):
    frame = pl.DataFrame(points, schema={"longitude": pl.Float64, "latitude": pl.Float64}, orient="row")
    placed = GridPoints().place(frame.with_columns(packed()))
    x, y = to_grid(frame["longitude"].to_numpy(), frame["latitude"].to_numpy())
    assert abs(placed["x"].to_numpy() - x).max() < 0.11
    assert abs(placed["y"].to_numpy() - y).max() < 0.11


def test_grid_points_keep_order_and_blanks_over_several_blocks():
    points = GridPoints()
    first = pl.DataFrame({"longitude": [-0.1, None, 0.0], "latitude": [51.5, 51.5, 0.0]}).with_columns(packed())
    second = pl.DataFrame({"longitude": [-2.0, -0.1], "latitude": [53.0, 51.5]}).with_columns(packed())
    one, two = points.place(first), points.place(second)
    assert one["x"].is_null().to_list() == [False, True, True]
    assert two["x"][1] == one["x"][0] != two["x"][0]


@given(
    st.lists(
        st.lists(
            st.text(st.characters(exclude_characters="\r\n\0", codec="utf-8"), max_size=5), min_size=3, max_size=3
        ),
        min_size=1,
        max_size=12,
    ),
    st.integers(8, 200),
)
def test_any_table_is_read_back_whatever_the_block_size(tmp_path_factory, rows, size):
    path = tmp_path_factory.mktemp("csv") / "t.csv"
    cells = [["k", *row] for row in rows]
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in cells]
    path.write_text("\n".join(["a,b,c,d", *quoted]) + "\n", encoding="utf-8", newline="")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("wardlight.incidents.sources.csv_blocks.BLOCK_BYTES", size)
        parsed = [parse(block) for block in blocks(SourceFile(0, path, "t.csv"))]
    frame = pl.concat([each.frame for each in parsed])
    assert frame["line"].to_list() == list(range(2, len(rows) + 2))
    assert [list(row) for row in frame.drop("line").fill_null("").rows()] == cells
    assert sum(each.refusals.height for each in parsed) == 0


def test_in_order_keeps_the_order_however_long_each_takes():
    def slow(number: int) -> int:
        time.sleep(0.01 if number % 3 else 0.03)
        return number * number

    assert list(in_order(slow, range(12))) == [number * number for number in range(12)]


def test_in_order_raises_what_went_wrong():
    with pytest.raises(ZeroDivisionError):
        list(in_order(lambda number: 1 // number, [1, 0, 2]))


@given(st.lists(st.lists(st.tuples(st.integers(0, 3), st.integers(202201, 202203)), max_size=8), max_size=6))
def test_copies_are_what_a_plain_loop_finds(chunks):
    duplicates, seen, expected, found = Duplicates(), set(), 0, 0
    for chunk in chunks:
        schema = {"record_key": pl.UInt64, "month": pl.UInt32}
        frame = pl.DataFrame(chunk, schema=schema, orient="row")
        digest = frame.select(
            pl.when(pl.col("record_key") != 0).then(pl.struct("record_key", "month").hash())
        ).to_series()
        fresh = duplicates.fresh(frame, digest) if len(frame) else None
        found += int((~fresh).sum()) if fresh is not None else 0
        for row in chunk:
            expected += row[0] != 0 and row in seen
            seen.add(row)
    assert found == expected
    keys = [key for chunk in chunks for key, _ in chunk if key]
    assert sum(duplicates.repeated_ids().values()) == len(keys) - len(set(keys))


def test_keys_held_before_are_duplicates():
    duplicates = Duplicates(held=pl.Series([7, 8], dtype=pl.UInt64))
    frame = pl.DataFrame(
        {"record_key": [7, 0, 9], "month": [202201] * 3}, schema={"record_key": pl.UInt64, "month": pl.UInt32}
    )
    assert duplicates.fresh(frame, None).to_list() == [False, True, True]


def test_the_ledger_sums_what_a_source_says():
    ledger = Ledger(())
    ledger.add({"zero": 1, "labels": {"a": 2}})
    ledger.add({"zero": 2, "labels": {"a": 1, "b": 5}})
    assert ledger.quality() == {"zero": 3, "labels": {"a": 3, "b": 5}, "by_month": {}}


def test_headings_are_known_again_however_they_are_spaced():
    assert headings_digest(["Area ", "Count"]) == headings_digest(["area", "COUNT"])
    assert headings_digest(["Area", "Count"]) != headings_digest(["Count", "Area"])


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("C:\\a\\b.csv", "b.csv"),
        ("../../etc/passwd", "passwd"),
        ("a:b?.csv", "a_b_.csv"),
        ("...", "file"),
        ("Été.csv", "Été.csv"),
    ],
)
def test_names_of_uploads_are_made_harmless(name, safe):
    assert _safe_name(name) == safe
