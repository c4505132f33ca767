"""One import, step by step: find, sort out, read aside, place, land. Each step leaves the old state or the new."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import polars as pl
from django.db import transaction
from django.utils import timezone

from wardlight.partners import audit, faults
from wardlight.partners.actors import Actor
from wardlight.partners.models import Partnership
from wardlight.partners.refusal import Refusal

from . import incoming, mappings, placement, slices, sorting, store
from .models import Batch
from .reading import InputFile, Reading, read_into
from .reports import ImportReport
from .signals import batch_landed
from .sorting import Landed
from .sources import SOURCES
from .sources.base import ReadContext, Source

Progress = Callable[[float, str], None]
SECONDS_BETWEEN_SIGNS = 2.0
READING_SHARE = 0.9
UNEXPECTED = "The import stopped because of a fault in Wardlight, and nothing of it was kept: tell whoever runs it."


class Import:
    """The import of some files for one person. `waiting` is the batch that was queued, if one was."""

    def __init__(
        self,
        partnership: Partnership,
        source: Source,
        by: Actor,
        mapping: dict[str, Any],
        dry_run: bool,
        progress: Progress | None,
        waiting: Batch | None = None,
    ) -> None:
        self.partnership, self.source, self.by, self.mapping = partnership, source, by, mapping
        self.dry_run, self.progress, self.waiting = dry_run, progress or _silent, waiting
        self.batch: Batch | None = waiting
        self._last_sign = 0.0

    def run(self, paths: Sequence[Path]) -> list[ImportReport]:
        """Import what lies under `paths`: a report for each kind of data found, records first."""
        with self._accountable(), _own_folder(self.waiting) as aside:
            endings = {
                ending for slug in (self.source.slug, *self.source.companions) for ending in SOURCES[slug].endings
            }
            found = incoming.find(paths, endings, aside, partial(self._sign, 0.0))
            groups, messages = sorting.sort_out(found, self.source)
            reports = []
            for slug, files in groups.items():
                reports.append(self._import_kind(SOURCES[slug], files, messages))
                messages = []
                self.waiting = self.batch = None
        return reports

    def _import_kind(self, source: Source, found: Sequence[incoming.Found], messages: list[str]) -> ImportReport:
        files = sorting.inputs(found, source, self._landed_files(source))
        messages = [*messages, *_left_out_sentences(files)]
        if all(file.left_out for file in files):
            self._nothing_new(messages)
            self._tell_again(source)
            return _report_of_known(source, files, messages, self.dry_run)
        if not self.dry_run:
            self._start(source)
        held = self._held_keys(source) if source.unique_keys else None
        final = None if self.batch is None else store.records_path(self.batch.pk)
        context = self._context(source)
        reading = read_into(final, source, files, context, held=held)
        messages += reading.messages
        batch = None
        if self.batch is not None:
            messages += self._land(self.batch, reading, context.mapping)
            batch = self.batch
        return _report(source, batch, reading, messages, self.dry_run)

    def _context(self, source: Source) -> ReadContext:
        return ReadContext(
            partnership=self.partnership,
            today=timezone.localdate(),
            mapping=dict(self.mapping),
            recall=partial(mappings.recall, self.partnership, source.slug),
            progress=lambda fraction, doing: self._sign(READING_SHARE * fraction, doing),
        )

    def _landed_files(self, source: Source) -> dict[str, Landed]:
        batches = slices.landed(partnership=self.partnership, kind=source.kind, sources=[source.slug])
        return {
            file["sha256"]: Landed(batch.pk, file["rows"], file["bytes"])
            for batch in batches
            for file in batch.files
            if "left_out" not in file
        }

    def _held_keys(self, source: Source) -> pl.Series:
        batches = slices.landed(partnership=self.partnership, kind=source.kind, sources=[source.slug])
        paths = [store.records_path(batch.pk) for batch in batches]
        keys = [pl.read_parquet(path, columns=["record_key"]).to_series() for path in paths if path.exists()]
        return pl.concat(keys).unique() if keys else pl.Series("record_key", [], dtype=pl.UInt64)

    def _start(self, source: Source) -> None:
        if self.batch is None:
            self.batch = Batch(
                partnership=self.partnership,
                mapping=self.mapping,
                created_by=self.by.user,
                created_by_label=self.by.label,
            )
        self.batch.source, self.batch.kind = source.slug, source.kind
        self.batch.status, self.batch.heartbeat_at = Batch.Status.RUNNING, timezone.now()
        self.batch.save()

    def _sign(self, fraction: float, doing: str) -> None:
        """A sign of life for the person who watches, and, every few seconds, on the batch."""
        self.progress(fraction, doing)
        now = time.monotonic()
        if self.batch is not None and now - self._last_sign >= SECONDS_BETWEEN_SIGNS:
            self._last_sign = now
            Batch.objects.filter(pk=self.batch.pk).update(
                progress=round(fraction, 3), doing=doing[:200], heartbeat_at=timezone.now()
            )

    def _land(self, batch: Batch, reading: Reading, mapping: Mapping[str, Any]) -> list[str]:
        """The files are in place: place the rows, keep the refusals, and then make the batch count."""
        if len(reading.refusals):
            store.write_whole(reading.refusals, store.refusals_path(batch.pk))
        if batch.kind in placement.PLACED_KINDS:
            self._sign(READING_SHARE, "Placing records in areas")
            placement.place_batch(batch.pk)
        _fill_in(batch, reading, mapping)
        return self._count(batch, reading)

    @transaction.atomic
    def _count(self, batch: Batch, reading: Reading) -> list[str]:
        # One landing at a time in a partnership, so that the same file cannot land twice from two imports at once.
        Partnership.objects.select_for_update().get(pk=self.partnership.pk)
        known = self._landed_files(SOURCES[batch.source])
        clash = next((file for file in reading.files if not file.left_out and file.sha256 in known), None)
        if clash is not None:
            raise Refusal(
                f"{clash.name} was imported by somebody else meanwhile, in batch {known[clash.sha256].batch}."
            )
        earlier = slices.landed(partnership=self.partnership, kind=batch.kind, sources=[batch.source])
        replaced = slices.replaced_by(batch, earlier)
        batch.status, batch.landed_at, batch.progress, batch.doing = Batch.Status.LANDED, timezone.now(), 1.0, ""
        batch.save()
        if mapping := batch.mapping:
            mappings.remember(self.partnership, batch.source, mapping)
        after = {"rows_kept": batch.rows_kept, "files": [file["sha256"] for file in batch.files]}
        audit.record(by=self.by, verb="import", obj=batch, partnership=self.partnership, after=after)
        transaction.on_commit(partial(batch_landed.send, sender=Batch, batch=batch))
        return [_replaced_sentence(replaced)] if replaced else []

    def _nothing_new(self, messages: Sequence[str]) -> None:
        """A waiting batch whose files are all known is closed without rows."""
        if self.waiting is None:
            return
        with transaction.atomic():
            Batch.objects.filter(pk=self.waiting.pk).update(status=Batch.Status.CLOSED, message=" ".join(messages))
            after = {"status": Batch.Status.CLOSED.value}
            audit.record(by=self.by, verb="close import", obj=self.waiting, partnership=self.partnership, after=after)

    def _tell_again(self, source: Source) -> None:
        """A run that was killed right after it landed may not have told the measures: importing again mends that."""
        newest = slices.landed(partnership=self.partnership, kind=source.kind, sources=[source.slug])[-1:]
        for batch in [] if self.dry_run else newest:
            batch_landed.send(sender=Batch, batch=batch)

    @contextmanager
    def _accountable(self) -> Iterator[None]:
        """Whatever goes wrong: the batch says so, and what was written is taken away."""
        try:
            yield
        except BaseException as problem:
            if self.batch is not None:
                message = str(problem) if isinstance(problem, Refusal) else faults.explain(problem) or UNEXPECTED
                _fail(self.batch, self.by, message)
            raise


@transaction.atomic
def _fail(batch: Batch, by: Actor, message: str) -> None:
    changed = Batch.objects.filter(pk=batch.pk).exclude(status=Batch.Status.LANDED)
    if changed.update(status=Batch.Status.FAILED, message=message):
        audit.record(by=by, verb="refuse import", obj=batch, partnership=batch.partnership, after={"message": message})
        transaction.on_commit(store.sweep)


def _silent(fraction: float, doing: str) -> None:
    return None


@contextmanager
def _own_folder(waiting: Batch | None) -> Iterator[Path]:
    """A folder to unpack into, gone afterwards."""
    folder = store.folder("incoming") / (f"{waiting.pk:08d}-{uuid4().hex}" if waiting else f"run-{uuid4().hex}")
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        store.remove_if_empty(folder.parent)


def _fill_in(batch: Batch, reading: Reading, mapping: Mapping[str, Any]) -> None:
    ledger = reading.ledger
    batch.files = [file.as_json() for file in reading.files]
    batch.slices, batch.mapping = ledger.slices(), dict(mapping)
    batch.rows_read, batch.rows_kept = reading.read, ledger.kept
    batch.rows_duplicate, batch.rows_refused = reading.duplicate, ledger.refused
    batch.quality = ledger.quality()
    months = ledger.months
    batch.first_month, batch.last_month = (months[0], months[-1]) if months else (None, None)


def _report(source: Source, batch: Batch | None, reading: Reading, messages: list[str], dry_run: bool) -> ImportReport:
    return ImportReport(
        source=source.slug,
        batch=batch,
        rows_read=reading.read,
        rows_kept=reading.ledger.kept,
        rows_duplicate=reading.duplicate,
        rows_refused=reading.ledger.refused,
        refusals=reading.first_refusals(),
        files=[file.as_json() for file in reading.files],
        quality=reading.ledger.quality(),
        messages=messages,
        dry_run=dry_run,
    )


def _report_of_known(source: Source, files: Sequence[InputFile], messages: list[str], dry_run: bool) -> ImportReport:
    rows = sum(file.rows for file in files)
    listed = [file.as_json() for file in files]
    return ImportReport(source.slug, None, rows, 0, rows, 0, [], listed, {}, messages, dry_run)


def _left_out_sentences(files: Sequence[InputFile]) -> list[str]:
    left_out = [file for file in files if file.left_out]
    if not left_out:
        return []
    reasons = sorted({file.left_out for file in left_out})
    if len(left_out) == len(files):
        what = "This file was" if len(files) == 1 else f"All {len(files)} files were"
        return [f"{what} {reasons[0] if len(reasons) == 1 else 'imported before'}, so there is nothing new to import."]
    if len(left_out) > 3:
        return [f"{len(left_out)} of the {len(files)} files were left out: their rows are counted as duplicates."]
    return [f"{file.name} was left out: it is {file.left_out}." for file in left_out]


def _replaced_sentence(slices_replaced: int) -> str:
    months = "1 month" if slices_replaced == 1 else f"{slices_replaced} months"
    return (
        f"{months} of earlier imports {'is' if slices_replaced == 1 else 'are'} replaced by this one, which is newer."
    )
