"""The area of every stored row, kept beside the rows: one small Parquet file a batch and boundary set, same row order.

Made when a batch is imported and again when boundaries are loaded, whichever comes later; a file's name holds a stamp of
the boundaries it was made with, so that a stale one is never read. A level with several vintages means its latest;
`lsoa@2011` names one.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from wardlight.places import queries as places
from wardlight.places.levels import CODE_LEVELS

from . import store

PLACED_KINDS = ("records", "stops")
CODE_WITHIN_NAME = r" \d{3}[A-Z]$"  # “City of London 001A”: the name of an LSOA begins with its borough's

# Eastings and northings are kept to a decimetre, so a point is one whole number, which joins twice as fast as two.
POINT = (pl.col("x") * 10).round().cast(pl.Int64) * 2**32 + (pl.col("y") * 10).round().cast(pl.Int64)


@dataclass(frozen=True, slots=True)
class Layer:
    """One loaded set of boundaries. `stamp` changes when they do."""

    level: str
    vintage: str
    stamp: str

    @property
    def label(self) -> str:
        return f"{self.level}@{self.vintage}"


def loaded_layers(wanted: tuple[str, ...] | None = None) -> dict[str, Layer]:
    """The boundary sets by label (`ward@2022`) and, for the latest vintage, by level (`ward`): those wanted, or all."""
    found: dict[str, Layer] = {}
    sets = [layer for layer in places.layers() if layer.with_boundary]
    for each in sorted(sets, key=lambda layer: layer.vintage):
        label = f"{each.level}@{each.vintage}"
        if wanted is None or label in wanted or each.level in wanted:
            layer = Layer(each.level, each.vintage, places.stamp(each.level, each.vintage))
            found[label] = found[each.level] = layer
    return found


def path_of(batch_id: int, layer: Layer) -> Path:
    """Where the areas of a batch's rows are kept."""
    records = store.records_path(batch_id)
    return records.with_name(f"{records.stem}--{layer.label}--{layer.stamp}.parquet")


def ensure(batch_id: int, layer: Layer) -> Path:
    """The file of areas of a batch, made if it is not there."""
    path = path_of(batch_id, layer)
    if not path.exists():
        store.write_whole(_codes(store.records_path(batch_id), layer), path)
    return path


def sweep(landed: set[int]) -> None:
    """Remove the files that were made with boundaries that have been replaced since."""
    layers = set(loaded_layers().values())
    for path in store.folder("records").glob("*--*.parquet"):
        batch = int(path.name[:8])
        if (
            batch in landed
            and not path.name.endswith(store.WRITING)
            and path not in {path_of(batch, it) for it in layers}
        ):
            store.remove(path)


def place_batch(batch_id: int) -> None:
    """Place the rows of a batch in every boundary set that is loaded."""
    for layer in set(loaded_layers().values()):
        ensure(batch_id, layer)


def _codes(records: Path, layer: Layer) -> pl.DataFrame:
    """One column, `code`, a row for each row of `records`; null where it lies in no area of the set.

    A row that carries the code of an area of the set has that one: its source knows the exact boundary, and a code stands
    for the same area for as long as it lives. All others are placed by their coordinates.
    """
    have = pl.scan_parquet(records).collect_schema().names()
    wanted: list[str] = [column for column in ("x", "y", "source_area") if column in have]
    rows = pl.read_parquet(records, columns=wanted)
    locator = places.locator(layer.level, layer.vintage)
    codes = pl.Series("code", locator.codes, dtype=pl.String)
    points = (
        rows.select(POINT.alias("point"), pl.col("x", "y").round(1)).drop_nulls("point").unique("point", keep="any")
    )
    index = pl.Series("area", locator.assign(points["x"].to_numpy(), points["y"].to_numpy()))
    index = index.to_frame().select(pl.when(pl.col("area") >= 0).then("area")).to_series()
    points = points.select("point", codes.gather(index).alias("code"))
    placed = rows.with_columns(POINT.alias("point")).join(points, on="point", how="left", maintain_order="left")
    if "source_area" in have and rows["source_area"].unique().is_in(codes.implode()).any():
        own = pl.when(pl.col("source_area").is_in(codes.implode())).then("source_area")
        placed = placed.with_columns(pl.coalesce(own, "code").alias("code"))
    return _by_smaller_area(placed, layer) if "source_area" in have else placed.select("code")


def _by_smaller_area(placed: pl.DataFrame, layer: Layer) -> pl.DataFrame:
    """Rows without coordinates that name a smaller area lie in the area of this set that it is part of."""
    waiting = pl.col("code").is_null() & pl.col("x").is_null() & pl.col("source_area").is_not_null()
    if placed.filter(waiting).is_empty():
        return placed.select("code")
    smaller = places.enclosing(layer.level, layer.vintage)
    above = pl.col("source_area").replace_strict(smaller, default=None, return_dtype=pl.String)
    return placed.select(pl.when(waiting).then(above).otherwise("code").alias("code"))


def without_boundaries(level: str, columns: list[str]) -> pl.Expr:
    """The area of a level whose boundaries are not loaded, from what the source says: a code of that level, or for a
    borough the name before the number of an LSOA's (“City of London 001A”)."""
    expression = pl.lit(None, pl.String)
    level = level.split("@")[0]
    if "source_area" in columns:
        prefixes = [prefix for prefix, of in CODE_LEVELS.items() if of == level]
        code = pl.col("source_area")
        expression = pl.when(code.str.slice(0, 3).is_in(prefixes)).then(code)
    if level == "borough" and "source_area_name" in columns:
        name = pl.col("source_area_name")
        borough = pl.when(name.str.contains(CODE_WITHIN_NAME)).then(name.str.replace(CODE_WITHIN_NAME, ""))
        expression = pl.coalesce(expression, borough)
    return expression
