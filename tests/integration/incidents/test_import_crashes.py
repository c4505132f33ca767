"""A crash at any instant leaves the old state or the new; what is left over is swept."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from tests.factories import BatchFactory
from wardlight.incidents import importing, operations, queries, store
from wardlight.incidents.models import Batch
from wardlight.partners import faults
from wardlight.partners.actors import COMMAND_LINE
from wardlight.partners.models import AuditEvent

from .street_files import row, write_street

NAME = "2022-07-city-of-london-street.csv"


class PowerCut(BaseException):
    """The machine stops here."""


STEPS = [
    "wardlight.incidents.store.Writer.add",
    "wardlight.incidents.store.Writer.finish",
    "wardlight.incidents.store.sync_file",
    "wardlight.incidents.store.settle",
    "wardlight.incidents.store.sync_folder",
    "wardlight.incidents.placement.place_batch",
    "wardlight.incidents.importing._fill_in",
    "wardlight.incidents.slices.replaced_by",
    "wardlight.partners.audit.record",
]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_crash_at_any_step_leaves_the_old_state(step, when, bring_in, partnership, tmp_path, home, monkeypatch):
    old = bring_in(write_street(tmp_path / "old" / NAME, [row(1)]))
    before = queries.records(partnership=partnership).collect()
    newer = write_street(tmp_path / "new" / NAME, [row(1, outcome="Local resolution"), row(2)])
    with monkeypatch.context() as patch:
        _break(patch, step, when)
        # No tidying: a power cut runs no handlers.
        patch.setattr(importing, "_fail", lambda *_: None)
        with pytest.raises(PowerCut):
            bring_in(newer)

    assert queries.records(partnership=partnership).collect().equals(before)
    Batch.objects.filter(status="running").update(heartbeat_at=timezone.now() - timedelta(hours=1))
    assert operations.mark_interrupted_batches() == 1
    failed = Batch.objects.get(status="failed")
    assert failed.message == operations.INTERRUPTED
    assert {path.name[:8] for path in (home / "records").iterdir()} == {f"{old.batch.pk:08d}"}
    assert bring_in(newer).rows_kept == 2
    assert queries.records(partnership=partnership).collect().height == 2


def _break(patch: pytest.MonkeyPatch, step: str, when: str) -> None:
    owner, name = step.rsplit(".", 1)
    import pkgutil

    place = pkgutil.resolve_name(owner)
    real = getattr(place, name)

    def broken(*args, **kwargs):
        if when == "after":
            real(*args, **kwargs)
        raise PowerCut

    patch.setattr(place, name, broken)


def test_a_killed_process_leaves_the_old_state(tmp_path, home):
    """Really killed, in a process of its own with a database of its own, while it writes."""
    rows = [row(n) for n in range(3_000)]
    path = write_street(tmp_path / NAME, rows)
    environment = {**os.environ, "WARDLIGHT_HOME": str(home), "DJANGO_SETTINGS_MODULE": "wardlight.config.settings"}
    environment.pop("DATABASE_URL", None)
    script = Path(__file__).with_name("slow_import.py")
    process = subprocess.Popen([sys.executable, str(script), str(path)], env=environment, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == b"writing"
        process.send_signal(signal.SIGKILL) if os.name != "nt" else process.kill()
        process.wait(20)
    finally:
        process.stdout.close()
        process.kill()
    assert [found.name for found in (home / "records").iterdir()] == ["00000001.writing.parquet"]
    result = subprocess.run(
        [sys.executable, str(script), "--look"], env=environment, capture_output=True, text=True, check=True
    )
    assert result.stdout.split() == ["failed", "0", "rows", "0", "files"]


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (OSError(28, "No space left on device"), faults.FULL),
        (RuntimeError("a fault of our own"), importing.UNEXPECTED),
    ],
)
def test_a_fault_tidies_up_at_once_and_says_why(
    bring_in, tmp_path, home, monkeypatch, django_capture_on_commit_callbacks, fault, message
):
    def fail(*_):
        raise fault

    monkeypatch.setattr(store, "sync_file", fail)
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(type(fault)):
        bring_in(write_street(tmp_path / NAME, [row(1)]))
    assert not list((home / "records").iterdir())
    assert Batch.objects.get().message == message
    assert AuditEvent.objects.get().verb == "refuse import"


def test_a_running_import_is_left_alone(home, partnership):
    living = BatchFactory(partnership=partnership, status="running", heartbeat_at=timezone.now())
    stray = home / "records" / f"{living.pk:08d}.writing.parquet"
    stray.parent.mkdir()
    stray.write_bytes(b"half")
    assert operations.mark_interrupted_batches() == 0
    assert stray.exists()


def test_the_sweep_waits_for_readers_of_an_undone_batch(bring_in, tmp_path, home):
    batch = bring_in(write_street(tmp_path / NAME, [row(1)])).batch
    operations.undo_batch(batch=batch, by=COMMAND_LINE, reason="Wrong file")
    assert store.sweep() == []
    assert store.sweep(grace=timedelta(0)) == [f"records/{batch.pk:08d}.parquet"]
    assert store.sweep(grace=timedelta(0)) == []


def test_old_strays_of_nobody_go(home, db):
    folder = home / "incoming" / "run-1"
    folder.mkdir(parents=True)
    assert store.sweep() == []
    long_ago = time.time() - 7_200
    os.utime(folder, (long_ago, long_ago))
    assert store.sweep() == ["incoming/run-1"]


def test_the_writer_hands_on_what_went_wrong(tmp_path):
    import polars as pl

    with store.Writer(tmp_path / "records" / "00000001.parquet", {"a": pl.Int64()}) as writer:
        writer.add(pl.DataFrame({"b": ["x"]}))
        with pytest.raises(pl.exceptions.PolarsError):
            writer.finish()
    assert not list((tmp_path / "records").iterdir())
