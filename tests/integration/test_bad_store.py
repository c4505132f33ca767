"""What is stored was damaged from outside: one sentence says which file and what to do, and undoing still works."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import small_borough
from wardlight.incidents import queries, store
from wardlight.incidents.operations import import_files, undo_batch
from wardlight.partners import faults
from wardlight.partners.actors import COMMAND_LINE
from wardlight.partners.refusal import Refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(partnership, tmp_path: Path):
    path = tmp_path / "counts.csv"
    path.write_text(small_borough.sheet(), encoding="utf-8")
    return import_files(partnership=partnership, paths=[path], source="count-table", by=COMMAND_LINE).batch


@pytest.mark.parametrize("left", [None, b"", b"garbage", b"PAR1 and no more"])
def test_a_damaged_file_of_rows_is_named_and_can_be_undone(left: bytes | None, batch, partnership) -> None:
    path = store.records_path(batch.pk)
    path.unlink()
    if left is not None:
        path.write_bytes(left)
    with pytest.raises(Refusal, match=rf"rows of import {batch.pk} cannot be read \(records/{path.name}\): put that"):
        queries.counts(partnership=partnership)
    undo_batch(batch=batch, by=COMMAND_LINE, reason="The file was lost")
    assert queries.counts(partnership=partnership).collect().is_empty()


def test_damage_inside_a_file_is_explained(batch, partnership) -> None:
    path = store.records_path(batch.pk)
    data = bytearray(path.read_bytes())
    data[4 : len(data) // 2] = b"\xff" * (len(data) // 2 - 4)
    path.write_bytes(bytes(data))
    with pytest.raises(Exception) as damage:
        queries.counts(partnership=partnership).collect()
    assert "A file of stored rows is damaged" in (faults.explain(damage.value) or "")


def test_importing_again_mends_readings_that_a_killed_run_never_made(batch, partnership, tmp_path: Path) -> None:
    assert not partnership.readings.exists()  # the test ends before the transaction: nobody was told
    again = import_files(
        partnership=partnership, paths=[tmp_path / "counts.csv"], source="count-table", by=COMMAND_LINE
    )
    assert (again.rows_kept, again.batch) == (0, None)
    assert partnership.readings.exists()
