"""Every read of incidents: records, counts, outcomes, stops, refusals and the coverage ledger, partnership by partnership."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl
from django.db.models import Count, Max, Q, QuerySet, Sum
from django.utils import timezone

from wardlight.partners.models import Partnership
from wardlight.partners.refusal import Refusal

from . import mappings, placement, slices, store
from .models import Batch
from .schema import SCHEMAS
from .sources import SOURCES
from .sources.base import REFUSAL_SCHEMA, RefusedRow, conform
from .sources.count_table import COUNT_TABLE, Proposal, propose
from .sources.keys import NO_KEY

ORIGIN: dict[str, pl.DataType] = {"batch": pl.Int64(), "source": pl.String()}
COVERAGE_SCHEMA: dict[str, pl.DataType] = {
    "source": pl.String(),
    "kind": pl.String(),
    "month": pl.UInt32(),
    "rows": pl.Int64(),
    "blank_area": pl.Int64(),
    "not_placed": pl.Int64(),
    "no_category": pl.Int64(),
    "repeated_ids": pl.Int64(),
    "duplicates": pl.Int64(),
    "batches": pl.Int64(),
}
PAGE = 50
FAILURE_IS_NEWS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class RefusalPage:
    """Some of a batch's refused rows, in the order of file and line. Pages count from 1."""

    rows: list[RefusedRow]
    page: int
    pages: int
    total: int


def batches(*, partnership: Partnership) -> QuerySet[Batch]:
    """All imports of a partnership, newest first."""
    return Batch.objects.filter(partnership=partnership)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a partnership's imports stand. Months are YYYYMM; None before anything has landed."""

    busy: int
    failed: int
    rows_refused: int
    last_month: int | None
    landed_at: datetime | None


def standing(*, partnership: Partnership) -> Standing:
    """How many imports wait or failed in the last week, and what those that landed reach to, in one query."""
    landed = Q(status=Batch.Status.LANDED)
    found = batches(partnership=partnership).aggregate(
        busy=Count("pk", filter=Q(status__in=[Batch.Status.QUEUED, Batch.Status.RUNNING])),
        failed=Count("pk", filter=Q(status=Batch.Status.FAILED, created_at__gte=timezone.now() - FAILURE_IS_NEWS)),
        rows_refused=Sum("rows_refused", filter=landed, default=0),
        last_month=Max("last_month", filter=landed),
        landed_at=Max("landed_at", filter=landed),
    )
    return Standing(**found)


def proposal(batch: Batch, mapping: Mapping[str, Any] | None = None) -> Proposal:
    """How the first table of a proposed import is read, by its own mapping or by the one given.

    Raises Refusal when it holds no table, the mapping does not fit it, or its files are gone.
    """
    path = store.uploads_folder(batch.pk) / batch.files[0]["name"]
    if not path.is_file():
        raise Refusal("The uploaded file is no longer here: import it again.")
    today = timezone.localdate()
    return propose(
        path,
        given=batch.mapping if mapping is None else mapping,
        recall=partial(mappings.recall, batch.partnership, batch.source),
        this_month=today.year * 100 + today.month,
    )


def table_preview(*, partnership: Partnership, path: Path, mapping: Mapping[str, Any] | None = None) -> Proposal:
    """How a table of counts would be read, by what was used last time for its headings and by the mapping given."""
    today = timezone.localdate()
    return propose(
        path,
        given=mapping,
        recall=partial(mappings.recall, partnership, COUNT_TABLE.slug),
        this_month=today.year * 100 + today.month,
    )


def records(
    *,
    partnership: Partnership,
    sources: Sequence[str] | None = None,
    areas: Sequence[str] = (),
    with_outcomes: bool = True,
) -> pl.LazyFrame:
    """Every record that counts: RECORD_SCHEMA, `batch`, `source`, and `area_<level>` for each level in `areas`.

    `area_ward` is the code of the ward of the latest boundaries (of 2022 alone for `ward@2022`), null where the record is
    not placed. Where no boundaries of the level are loaded it is what the source says (see
    `placement.without_boundaries`), which for boroughs is a name. `outcome` is the latest known: that of an outcomes file
    imported after the record, or the record's own.
    """
    frame = _read(partnership, "records", sources, areas)
    return _with_latest_outcome(frame, partnership) if with_outcomes else frame


def counts(*, partnership: Partnership, sources: Sequence[str] | None = None, level: str | None = None) -> pl.LazyFrame:
    """Every count that counts: COUNT_SCHEMA, `batch`, `source`. With `level`, rows of that level and rows of no place."""
    frame = _read(partnership, "counts", sources, ())
    return frame if level is None else frame.filter(pl.col("level").is_in([level, "unplaced"]))


def stops(*, partnership: Partnership, sources: Sequence[str] | None = None, areas: Sequence[str] = ()) -> pl.LazyFrame:
    """Every stop and search: STOP_SCHEMA, `batch`, `source`, and `area_<level>` as in `records`."""
    return _read(partnership, "stops", sources, areas)


def outcomes(*, partnership: Partnership, sources: Sequence[str] | None = None) -> pl.LazyFrame:
    """Every outcome of a record: OUTCOME_SCHEMA, `batch`, `source`. A record may have several."""
    return _read(partnership, "outcomes", sources, ())


def has_kind(*, partnership: Partnership, kind: str) -> bool:
    """Whether any batch of a kind (records, counts, outcomes, stops) has landed."""
    return Batch.objects.filter(partnership=partnership, kind=kind, status=Batch.Status.LANDED).exists()


def _read(partnership: Partnership, kind: str, sources: Sequence[str] | None, areas: Sequence[str]) -> pl.LazyFrame:
    parts = slices.live_parts(slices.landed(partnership=partnership, kind=kind, sources=sources))
    layers = placement.loaded_layers(tuple(areas)) if areas and parts else {}
    frames = [_part(part, kind, areas, layers) for part in parts]
    if not frames:
        columns = {**SCHEMAS[kind], **ORIGIN, **{f"area_{level}": pl.String() for level in areas}}
        return pl.LazyFrame(schema=columns)
    return pl.concat(frames)


def _part(part: slices.LivePart, kind: str, areas: Sequence[str], layers: dict[str, placement.Layer]) -> pl.LazyFrame:
    batch = part.batch
    frame = store.scan(batch.pk)
    columns = frame.collect_schema().names()
    origin = [pl.lit(batch.pk, pl.Int64()).alias("batch"), pl.lit(batch.source).alias("source")]
    said = [
        placement.without_boundaries(level, columns).alias(f"area_{level}") for level in areas if level not in layers
    ]
    frame = conform(frame, SCHEMAS[kind]).with_columns(*origin, *said)
    placed = [
        pl.scan_parquet(placement.ensure(batch.pk, layers[level])).rename({"code": f"area_{level}"})
        for level in areas
        if level in layers
    ]
    if placed:
        frame = pl.concat([frame, *placed], how="horizontal")
    frame = frame.select(*SCHEMAS[kind], *ORIGIN, *(f"area_{level}" for level in areas))
    return _without_dead(frame, part)


def _without_dead(frame: pl.LazyFrame, part: slices.LivePart) -> pl.LazyFrame:
    if part.dead_files:
        frame = frame.filter(~pl.col("file").is_in(list(part.dead_files)))
    if part.dead_slices:
        columns = ["file", *SOURCES[part.batch.source].slice_columns]
        types = {column: frame.collect_schema()[column] for column in columns}
        dead = pl.LazyFrame(list(part.dead_slices), schema=types, orient="row")
        frame = frame.join(dead, on=columns, how="anti", nulls_equal=True)
    return frame


def _with_latest_outcome(frame: pl.LazyFrame, partnership: Partnership) -> pl.LazyFrame:
    if not has_kind(partnership=partnership, kind="outcomes"):
        return frame
    columns = frame.collect_schema().names()
    latest = (
        outcomes(partnership=partnership)
        .filter(pl.col("record_key") != NO_KEY)
        .sort("month", "batch", "file", "line")
        .group_by("record_key", maintain_order=True)
        .agg(pl.col("outcome").last().alias("decided"), pl.col("batch").last().alias("decided_in"))
    )
    joined = frame.join(latest, on="record_key", how="left", maintain_order="left")
    newer = (pl.col("decided_in") > pl.col("batch")) | pl.col("outcome").is_null()
    outcome = pl.when(pl.col("decided").is_not_null() & newer).then("decided").otherwise("outcome")
    return joined.with_columns(outcome=outcome).select(columns)


def refusals(batch: Batch, *, page: int = 1, per_page: int = PAGE) -> RefusalPage:
    """A page of the rows of a batch that were left out, each with its reason."""
    path = store.refusals_path(batch.pk)
    if not path.exists():
        return RefusalPage([], 1, 1, 0)
    frame = pl.scan_parquet(path)
    total = int(frame.select(pl.len()).collect().item())
    pages = max(1, -(-total // per_page))
    page = min(max(page, 1), pages)
    rows = frame.slice((page - 1) * per_page, per_page).collect()
    return RefusalPage([RefusedRow(**row) for row in rows.iter_rows(named=True)], page, pages, total)


def all_refusals(batch: Batch) -> pl.DataFrame:
    """All rows of a batch that were left out (REFUSAL_SCHEMA), to download."""
    path = store.refusals_path(batch.pk)
    return pl.read_parquet(path) if path.exists() else pl.DataFrame(schema=REFUSAL_SCHEMA)


def coverage(*, partnership: Partnership) -> pl.DataFrame:
    """The coverage ledger: COVERAGE_SCHEMA, a row for each source and month that it covers, from the batches' own counts.

    A month whose slices were all replaced by a later batch is told by the later batch alone.
    """
    rows: list[dict[str, Any]] = []
    for kind in SCHEMAS:
        for part in slices.live_parts(slices.landed(partnership=partnership, kind=kind)):
            rows.extend(_coverage_of(part))
    if not rows:
        return pl.DataFrame(schema=COVERAGE_SCHEMA)
    numbers = [name for name, kind in COVERAGE_SCHEMA.items() if kind == pl.Int64()]
    frame = pl.DataFrame(rows, schema=COVERAGE_SCHEMA)
    return frame.group_by("source", "kind", "month").agg(pl.col(numbers).sum()).sort("source", "kind", "month")


def _coverage_of(part: slices.LivePart) -> list[dict[str, Any]]:
    batch = part.batch
    alive = _living_share(part)
    found = []
    for month, quality in batch.quality.get("by_month", {}).items():
        share = alive.get(int(month), 1.0) if month.isdigit() else 1.0
        if share == 0 or not month.isdigit():
            continue
        row = {name: round(quality.get(name, 0) * share) for name in COVERAGE_SCHEMA if name not in {"batches"}}
        found.append({**row, "source": batch.source, "kind": batch.kind, "month": int(month), "batches": 1})
    return found


def _living_share(part: slices.LivePart) -> dict[int, float]:
    """By month, the share of a batch's rows that later batches have not replaced."""
    if not (part.dead_files or part.dead_slices):
        return {}
    where = SOURCES[part.batch.source].slice_columns.index("month")
    dead_slices = set(part.dead_slices)
    all_rows: dict[int, int] = {}
    live_rows: dict[int, int] = {}
    for entry in part.batch.slices:
        month = entry["of"][where]
        dead = entry["file"] in part.dead_files or (entry["file"], *entry["of"]) in dead_slices
        all_rows[month] = all_rows.get(month, 0) + entry["rows"]
        live_rows[month] = live_rows.get(month, 0) + (0 if dead else entry["rows"])
    return {month: live_rows[month] / rows for month, rows in all_rows.items()}
