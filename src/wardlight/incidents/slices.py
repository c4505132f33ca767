"""Which parts of which batches count. A snapshot source's later batch replaces an earlier one, slice by slice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from .models import Batch

Slice = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class LivePart:
    """A landed batch, and what of it later batches have replaced: whole files, or (file, *slice) of others."""

    batch: Batch
    dead_files: tuple[int, ...] = ()
    dead_slices: tuple[Slice, ...] = ()


def landed(*, partnership: Any, kind: str, sources: Sequence[str] | None = None) -> list[Batch]:
    """The landed batches of a kind, oldest first."""
    batches = Batch.objects.filter(partnership=partnership, kind=kind, status=Batch.Status.LANDED)
    if sources is not None:
        batches = batches.filter(source__in=list(sources))
    return list(batches.order_by("landed_at", "id"))


def live_parts(batches: Iterable[Batch]) -> list[LivePart]:
    """What of landed batches (oldest first) still counts; batches that were replaced altogether are left out."""
    owned: dict[str, set[Slice]] = {}
    parts = []
    for batch in reversed(list(batches)):
        taken = owned.setdefault(batch.source, set())
        part = _part(batch, taken)
        if part is not None:
            parts.append(part)
        taken |= {tuple(entry["of"]) for entry in batch.slices}
    return parts[::-1]


def replaced_by(new: Batch, batches: Iterable[Batch]) -> int:
    """How many slices that count now will be replaced once `new` lands."""
    mine = {tuple(entry["of"]) for entry in new.slices}
    return len(mine & {tuple(entry["of"]) for batch in batches if batch.source == new.source for entry in batch.slices})


def _part(batch: Batch, taken: set[Slice]) -> LivePart | None:
    entries = batch.slices
    if not entries or not taken:
        return LivePart(batch)
    dead = [(entry["file"], *entry["of"]) for entry in entries if tuple(entry["of"]) in taken]
    if len(dead) == len(entries):
        return None
    alive = {entry["file"] for entry in entries if tuple(entry["of"]) not in taken}
    files = sorted({key[0] for key in dead} - alive)
    return LivePart(batch, tuple(files), tuple(key for key in dead if key[0] in alive))
