"""Every write to incidents: import, undo, and what keeps the store tidy."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

from django.db import transaction
from django.utils import timezone

from wardlight.partners import audit
from wardlight.partners.actors import SYSTEM, Actor
from wardlight.partners.models import Partnership
from wardlight.partners.refusal import Refusal

from . import placement, queries, store
from .importing import Import, Progress
from .models import Batch
from .reports import ImportReport
from .signals import batch_undone
from .sorting import source_named

CHECKED = "check-"  # no batch's number, so that what a crash leaves behind is swept after an hour
STALE_AFTER = timedelta(minutes=10)
PROPOSALS_KEPT = timedelta(days=7)
DECLINED = "Nothing was imported: the person who looked at how the table is read did not want it."
FORGOTTEN = "Nothing was imported: nobody looked at how the table is read within a week. Import it again."
INTERRUPTED = "The import was interrupted before it finished, and nothing of it was kept: import the files again."

__all__ = [
    "Upload",
    "accept_proposal",
    "change_proposal",
    "check_uploads",
    "decline_proposal",
    "import_files",
    "mark_interrupted_batches",
    "place_all_batches",
    "propose_import",
    "queue_import",
    "run_batch",
    "undo_batch",
]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file sent by a person: its name, and its content in pieces (a Django upload's `chunks()`)."""

    name: str
    chunks: Iterable[bytes]


def import_files(
    *,
    partnership: Partnership,
    paths: Sequence[Path | str],
    source: str,
    by: Actor,
    mapping: Mapping[str, Any] | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Import files, folders or zips as one batch a kind of data found; or, in a dry run, only say what would happen.

    `progress(fraction, doing)` is called as it goes on. Raises Refusal with one sentence when a file cannot be used; then
    nothing is kept. Files imported before are duplicates as a whole: importing twice changes nothing.
    """
    mark_interrupted_batches()
    job = Import(partnership, source_named(source), by, dict(mapping or {}), dry_run, progress)
    reports = job.run([Path(path) for path in paths])
    first, *others = reports
    first.others.extend(others)
    return first


def check_uploads(
    *,
    partnership: Partnership,
    source: str,
    uploads: Iterable[Upload],
    by: Actor,
    mapping: Mapping[str, Any] | None = None,
) -> ImportReport:
    """Read uploaded files as an import would, and keep nothing: neither rows nor files."""
    with TemporaryDirectory(dir=store.folder("uploads"), prefix=CHECKED) as name:
        folder = Path(name)
        paths = [folder / kept for kept in _write_uploads(folder, uploads)]
        return import_files(partnership=partnership, paths=paths, source=source, by=by, mapping=mapping, dry_run=True)


def queue_import(
    *,
    partnership: Partnership,
    source: str,
    uploads: Iterable[Upload],
    by: Actor,
    mapping: Mapping[str, Any] | None = None,
) -> Batch:
    """Keep uploaded files and have the worker import them. The batch it gives shows progress, and then the result."""
    batch = _with_uploads(Batch.Status.QUEUED, partnership, source, uploads, by, mapping)
    with transaction.atomic():
        after = {"files": len(batch.files)}
        audit.record(by=by, verb="queue import", obj=batch, partnership=partnership, after=after)
        transaction.on_commit(partial(_enqueue, batch.pk))
    return batch


def propose_import(
    *,
    partnership: Partnership,
    source: str,
    uploads: Iterable[Upload],
    by: Actor,
    mapping: Mapping[str, Any] | None = None,
) -> Batch:
    """Keep uploaded tables of counts until somebody has looked at how they are read. Raises Refusal if they hold no table."""
    batch = _with_uploads(Batch.Status.PROPOSED, partnership, source, uploads, by, mapping)
    try:
        queries.proposal(batch)
    except Refusal:
        _forget(batch)
        raise
    with transaction.atomic():
        after = {"files": len(batch.files)}
        audit.record(by=by, verb="propose import", obj=batch, partnership=partnership, after=after)
    return batch


@transaction.atomic
def change_proposal(*, batch: Batch, mapping: Mapping[str, Any], by: Actor) -> Batch:
    """Read a proposed table otherwise. Raises Refusal when the mapping does not fit the table."""
    locked = _proposed(batch)
    queries.proposal(locked, mapping)
    locked.mapping = dict(mapping)
    locked.save(update_fields=["mapping"])
    after = {"mapping": dict(mapping)}
    audit.record(by=by, verb="change proposed import", obj=locked, partnership=locked.partnership, after=after)
    return locked


@transaction.atomic
def accept_proposal(*, batch: Batch, mapping: Mapping[str, Any], by: Actor) -> Batch:
    """Have the worker import a proposed table, read by this mapping. Raises Refusal while something is missing."""
    locked = _proposed(batch)
    proposal = queries.proposal(locked, mapping)
    if proposal.problem:
        raise Refusal(proposal.problem)
    locked.mapping, locked.status = dict(mapping), Batch.Status.QUEUED
    locked.save(update_fields=["mapping", "status"])
    after = {"files": len(locked.files)}
    audit.record(by=by, verb="queue import", obj=locked, partnership=locked.partnership, after=after)
    transaction.on_commit(partial(_enqueue, locked.pk))
    return locked


@transaction.atomic
def decline_proposal(*, batch: Batch, by: Actor, message: str = DECLINED) -> Batch:
    """Do not import a proposed table. Its files are taken away."""
    locked = _proposed(batch)
    locked.status, locked.message = Batch.Status.CLOSED, message
    locked.save(update_fields=["status", "message"])
    after = {"message": message}
    audit.record(by=by, verb="decline import", obj=locked, partnership=locked.partnership, after=after)
    transaction.on_commit(store.sweep)
    return locked


def _proposed(batch: Batch) -> Batch:
    locked = Batch.objects.select_for_update().get(pk=batch.pk)
    if locked.status != Batch.Status.PROPOSED:
        raise Refusal(
            f"Import {batch.pk} is not waiting to be looked at: it is “{locked.get_status_display().lower()}”."
        )
    return locked


def _with_uploads(
    status: Batch.Status,
    partnership: Partnership,
    source: str,
    uploads: Iterable[Upload],
    by: Actor,
    mapping: Mapping[str, Any] | None,
) -> Batch:
    batch = Batch.objects.create(
        partnership=partnership,
        status=status,
        source=source_named(source).slug,
        kind=source_named(source).kind,
        mapping=dict(mapping or {}),
        created_by=by.user,
        created_by_label=by.label,
    )
    try:
        batch.files = [{"name": name} for name in _keep_uploads(batch, uploads)]
    except BaseException:
        _forget(batch)
        raise
    batch.save(update_fields=["files"])
    return batch


def _forget(batch: Batch) -> None:
    shutil.rmtree(store.uploads_folder(batch.pk), ignore_errors=True)
    batch.delete()


def _enqueue(batch_id: int) -> None:
    from .tasks import import_batch

    import_batch.enqueue(batch_id)


def _keep_uploads(batch: Batch, uploads: Iterable[Upload]) -> list[str]:
    folder = store.uploads_folder(batch.pk)
    folder.mkdir(parents=True)
    return _write_uploads(folder, uploads)


def _write_uploads(folder: Path, uploads: Iterable[Upload]) -> list[str]:
    names: list[str] = []
    for upload in uploads:
        name = _safe_name(upload.name)
        if name in names:
            raise Refusal(f"Two of the files are called {name}: rename one of them.")
        names.append(name)
        with (folder / name).open("wb") as out:
            for piece in upload.chunks:
                out.write(piece)
    if not names:
        raise Refusal("No file was given: choose at least one.")
    return names


def _safe_name(name: str) -> str:
    """The name without folders and without characters that some system gives a meaning to."""
    base = PurePosixPath(name.replace("\\", "/")).name
    kept = "".join(letter if letter.isalnum() or letter in " .-_()" else "_" for letter in base).strip(" .")
    return kept[-150:] or "file"


def run_batch(batch_id: int) -> ImportReport | None:
    """Import the uploaded files of a waiting batch; for the worker. A refusal becomes the batch's message.

    None when the batch is not waiting (another worker has it) or was refused.
    """
    mark_interrupted_batches()
    claimed = Batch.objects.filter(pk=batch_id, status=Batch.Status.QUEUED).update(
        status=Batch.Status.RUNNING, heartbeat_at=timezone.now()
    )
    if not claimed:
        return None
    batch = Batch.objects.select_related("partnership", "created_by").get(pk=batch_id)
    by = Actor(user=batch.created_by, label=batch.created_by_label)
    job = Import(batch.partnership, source_named(batch.source), by, batch.mapping, False, None, batch)
    folder = store.uploads_folder(batch.pk)
    try:
        first, *others = job.run(sorted(folder.iterdir()))
    except Refusal:
        return None
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    first.others.extend(others)
    return first


@transaction.atomic
def undo_batch(*, batch: Batch, by: Actor, reason: str) -> Batch:
    """Take a landed batch back: its rows vanish from every reader at once, and what it replaced counts again.

    Raises Refusal without a reason, and for a batch that has not landed.
    """
    if not reason.strip():
        raise Refusal("Say why the import is undone: the reason is kept in the audit trail.")
    locked = Batch.objects.select_for_update().get(pk=batch.pk)
    if locked.status != Batch.Status.LANDED:
        raise Refusal(f"Batch {batch.pk} cannot be undone: it is “{locked.get_status_display().lower()}”.")
    locked.status, locked.undone_at, locked.undo_reason = Batch.Status.UNDONE, timezone.now(), reason.strip()
    locked.save(update_fields=["status", "undone_at", "undo_reason"])
    audit.record(
        by=by,
        verb="undo import",
        obj=locked,
        partnership=locked.partnership,
        before={"status": Batch.Status.LANDED.value},
        after={"status": Batch.Status.UNDONE.value},
        reason=reason.strip(),
    )
    transaction.on_commit(partial(batch_undone.send, sender=Batch, batch=locked))
    batch.refresh_from_db()
    return locked


def mark_interrupted_batches(*, stale_after: timedelta = STALE_AFTER) -> int:
    """Running batches without a sign of life become “not imported”, and their files are swept. Gives how many."""
    silent = Batch.objects.filter(status=Batch.Status.RUNNING, heartbeat_at__lt=timezone.now() - stale_after)
    found = list(silent.select_related("partnership"))
    for batch in found:
        _mark_interrupted(batch)
    old = Batch.objects.filter(status=Batch.Status.PROPOSED, created_at__lt=timezone.now() - PROPOSALS_KEPT)
    for batch in old:
        decline_proposal(batch=batch, by=SYSTEM, message=FORGOTTEN)
    store.sweep()
    return len(found)


@transaction.atomic
def _mark_interrupted(batch: Batch) -> None:
    changed = Batch.objects.filter(pk=batch.pk, status=Batch.Status.RUNNING).update(
        status=Batch.Status.FAILED, message=INTERRUPTED
    )
    if changed:
        audit.record(
            by=SYSTEM,
            verb="mark import interrupted",
            obj=batch,
            partnership=batch.partnership,
            after={"status": Batch.Status.FAILED.value},
        )


def place_all_batches(*, progress: Callable[[float, str], None] | None = None) -> int:
    """Place the rows of every landed batch in the boundary sets that are loaded; for when boundaries were loaded later."""
    batches = list(
        Batch.objects.filter(status=Batch.Status.LANDED, kind__in=placement.PLACED_KINDS).values_list("pk", flat=True)
    )
    for number, batch_id in enumerate(batches, start=1):
        placement.place_batch(batch_id)
        if progress:
            progress(number / len(batches), "Placing records in areas")
    placement.sweep(set(batches))
    return len(batches)
