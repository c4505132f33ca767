"""Where records lie: Parquet, one immutable file a batch, under HOME/records.

A file is written aside under a temporary name, made to reach the disk, and renamed; then the database row says that it
counts. Readers open only what the database lists, so that a crash at any instant leaves the old state or the new. `sweep`
removes what a crash left behind.

    records/00000012.parquet                 the rows of batch 12
    records/00000012--ward@2022.parquet      the ward of each row, same order (see `placement`)
    records/00000012.writing.parquet         being written: not yet anybody's
    refusals/00000012.parquet                the rows that were left out, and why
    uploads/00000012/                        what was uploaded, until it is read
    incoming/00000012/                       what was unpacked, while it is read
"""

from __future__ import annotations

import contextlib
import os
import queue
import re
import shutil
import threading
import time
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import polars as pl
from django.conf import settings
from django.utils import timezone
from polars.io.plugins import register_io_source

from wardlight.partners.refusal import Refusal

from .models import Batch

WRITING = ".writing.parquet"
OWNER = re.compile(r"^(\d{8})(?=[.\-]|$)")
GRACE = timedelta(hours=1)
BLOCKS_WAITING = 3


def folder(name: str) -> Path:
    """HOME/records, HOME/refusals…, made if need be."""
    path = Path(settings.HOME) / name
    path.mkdir(parents=True, exist_ok=True)
    return path


def records_path(batch_id: int) -> Path:
    """The file of a batch."""
    return Path(settings.HOME) / "records" / f"{batch_id:08d}.parquet"


def refusals_path(batch_id: int) -> Path:
    """The refused rows of a batch; absent when there are none."""
    return Path(settings.HOME) / "refusals" / f"{batch_id:08d}.parquet"


def uploads_folder(batch_id: int) -> Path:
    """Where the uploaded files of a batch wait."""
    return Path(settings.HOME) / "uploads" / f"{batch_id:08d}"


def scan(batch_id: int) -> pl.LazyFrame:
    """The rows of a landed batch. Raises Refusal when its file is gone or no longer whole."""
    frame = pl.scan_parquet(records_path(batch_id))
    try:
        frame.collect_schema()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise Refusal(
            f"The stored rows of import {batch_id} cannot be read (records/{records_path(batch_id).name}): put that file back "
            "from a backup, or undo the import and import its files again."
        ) from error
    return frame


def sync_file(path: Path) -> None:
    """Return once the file's bytes have reached the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(path: Path) -> None:
    """Make a rename inside `path` last. Windows cannot open folders; there the file system does it itself."""
    if os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def settle(aside: Path, final: Path) -> None:
    """Turn a finished temporary file into a lasting one: whole, or not there."""
    sync_file(aside)
    aside.replace(final)
    sync_folder(final.parent)


def write_whole(frame: pl.DataFrame, final: Path) -> None:
    """Write a small file so that it is there whole or not at all."""
    final.parent.mkdir(parents=True, exist_ok=True)
    aside = final.with_name(f"{final.name.removesuffix('.parquet')}{WRITING}")
    frame.write_parquet(aside)
    settle(aside, final)


class Writer:
    """Writes frames into one Parquet file as they come, in a thread beside the reading.

    Use as a context: leaving it by an exception removes the temporary file; `finish` settles it under its final name.
    All frames must have the columns of the first.
    """

    def __init__(self, final: Path, schema: Mapping[str, pl.DataType]) -> None:
        self.final = final
        self.aside = final.with_name(f"{final.stem}{WRITING}")
        self._schema = dict(schema)
        self._waiting: queue.Queue[pl.DataFrame | None] = queue.Queue(BLOCKS_WAITING)
        self._failure: BaseException | None = None
        self._gone = threading.Event()
        self._thread = threading.Thread(target=self._write, name="parquet writer", daemon=True)

    def __enter__(self) -> Writer:
        self.final.parent.mkdir(parents=True, exist_ok=True)
        self._thread.start()
        return self

    def __exit__(self, kind: object, value: object, trace: object) -> None:
        if self._thread.is_alive():
            self._stop()
        self.aside.unlink(missing_ok=True)

    def add(self, frame: pl.DataFrame) -> None:
        """Hand over some rows. Raises what went wrong with the writing, if anything (a full disk…)."""
        while not self._gone.is_set():
            with contextlib.suppress(queue.Full):
                self._waiting.put(frame, timeout=0.2)
                return
        self._raise()

    def finish(self) -> None:
        """All rows were handed over: settle the file under its final name."""
        self._stop()
        self._raise()
        settle(self.aside, self.final)

    def _stop(self) -> None:
        while not self._gone.is_set():
            with contextlib.suppress(queue.Full):
                self._waiting.put(None, timeout=0.2)
                break
        self._thread.join()

    def _raise(self) -> None:
        if self._failure is not None:
            raise self._failure

    def _write(self) -> None:
        try:
            rows = register_io_source(self._rows, schema=self._schema)
            rows.sink_parquet(self.aside, compression="lz4")
        except BaseException as failure:  # noqa: BLE001 - handed to the thread that reads, which raises it
            self._failure = failure
        finally:
            self._gone.set()

    def _rows(
        self, columns: list[str] | None, predicate: pl.Expr | None, most: int | None, size: int | None
    ) -> Iterator[pl.DataFrame]:
        while (frame := self._waiting.get()) is not None:
            yield frame if columns is None else frame.select(columns)


def sweep(*, grace: timedelta = GRACE) -> list[str]:
    """Remove what belongs to no landed, waiting or running batch; gives the names. Safe at any time and to repeat.

    The files of a batch undone within `grace` stay, because somebody may still be reading them.
    """
    # Listed before the database is asked: whatever is begun meanwhile is not in the list.
    names = ("records", "uploads", "incoming", "refusals")
    listed = [(name, path) for name in names for path in sorted((Path(settings.HOME) / name).glob("*"))]
    states = dict(
        Batch.objects.exclude(status__in=[Batch.Status.FAILED, Batch.Status.CLOSED]).values_list("id", "status")
    )
    undone_long_ago = Batch.objects.filter(undone_at__lte=timezone.now() - grace).values_list("id", flat=True)
    living = set(states) - set(undone_long_ago)
    landed = {batch for batch, status in states.items() if status == Batch.Status.LANDED}
    removed = []
    for name, path in listed:
        owner = _owner(path)
        left_over = name in {"uploads", "incoming"} and owner in landed
        abandoned = (owner is None or path.name.endswith(WRITING)) and _age(path) > grace
        if ((owner is not None and owner not in living) or left_over or abandoned) and remove(path):
            removed.append(f"{name}/{path.name}")
    return removed


def remove_if_empty(path: Path) -> None:
    """Remove a folder that holds nothing (somebody else's may have come meanwhile: then it stays)."""
    with contextlib.suppress(OSError):
        path.rmdir()


def _age(path: Path) -> timedelta:
    """How long ago a file was written; none at all if it is gone."""
    with contextlib.suppress(FileNotFoundError):
        return timedelta(seconds=time.time() - path.stat().st_mtime)
    return timedelta(0)


def _owner(path: Path) -> int | None:
    found = OWNER.match(path.name)
    return int(found.group(1)) if found else None


def remove(path: Path) -> bool:
    """Whether it is gone. Windows keeps a file that somebody has open: the next sweep takes it."""
    try:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    except PermissionError:
        return False
    return True
