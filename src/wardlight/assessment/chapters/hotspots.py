"""Cells of the map that stand out from their surroundings by more than chance (Gi*), with the map."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import shapely
from scipy import ndimage

from safety_analysis.charts import maps
from safety_analysis.methods import hotspots

from .. import numerals as n
from ..context import Context, Records
from ..document import Cell, Table
from ..drafts import FindingDraft, Missing, columns, table

CELLS = (100, 150, 200, 250, 300, 400, 500)  # metres; the smallest that leaves a readable map
MOST_CELLS = 2_500
LEAST_RECORDS = 100
LISTED = 10
VERY = "Very clearly higher (at most 1 in 100 of these by chance)"
CLEARLY = "Clearly higher (at most 1 in 20 of these by chance)"
LABELLED = 6
UNNAMED = "Places the records do not name"
ONLY_WITH_RECORDS = (
    "Only squares with records of their own are counted, listed and shaded; an empty square that lies beside a busy one "
    "is not a place to go to."
)


def findings(records: Records, context: Context) -> Iterator[FindingDraft | Missing]:
    """The cells that stand out, as map and list."""
    placed = records.within(context.period).filter(pl.col("x").is_not_null() & pl.col("y").is_not_null())
    outline = context.outlines.get(context.area.code)
    if outline is None:
        yield Missing(
            f"There is no hotspot map, because the boundary of {context.area.name} is not loaded: "
            "run “wardlight places load” with the boundary files and work the assessment out again."
        )
        return
    x, y = placed["x"].to_numpy(), placed["y"].to_numpy()
    inside = shapely.contains_xy(outline, x, y)
    if int(inside.sum()) < LEAST_RECORDS:
        yield Missing(
            f"There is no hotspot map: fewer than {LEAST_RECORDS} records of the period have coordinates inside the area."
        )
        return
    yield _map(x[inside], y[inside], outline, placed.filter(inside), records, context)


def cell_size(square_metres: float) -> int:
    """The side of a cell in metres, so that the area has at most some 2,500 of them."""
    return next((size for size in CELLS if square_metres / size**2 <= MOST_CELLS), CELLS[-1])


def _map(
    x: npt.NDArray, y: npt.NDArray, outline, placed: pl.DataFrame, records: Records, context: Context
) -> FindingDraft:
    size = cell_size(outline.area)
    grid = hotspots.bin_counts(x, y, cell=size, bounds=outline.bounds)
    values = np.where(_inside(grid, outline), grid.values, np.nan)
    result = hotspots.local_gi_star(values, "queen", inference="exact", alternative="greater")
    high = np.argwhere(stands_out(result, values))
    cells = [_cell(grid, row, column, int(result.classes[row, column])) for row, column in high]
    in_high = int(np.nansum(values[stands_out(result, values)]))
    total, of = int(np.nansum(values)), int(np.isfinite(values).sum())
    title = _title(len(cells), of, in_high, total, size)
    listed = _list(grid, result, values, placed)
    note = "Police points are snapped to the nearest map point." if records.snapped else ""
    chart = maps.grid_map(
        cells, [outline], title=title,
        subtitle=f"Squares of {size} m where records stand out from the rest of {context.area.name}, {context.period.title}",
        classes=(VERY, CLEARLY), places=_labels(grid, stands_out(result, values), values, placed),
    )  # fmt: skip
    return FindingDraft(
        key="place:hotspots",
        title=title,
        statement=_statement(title, listed),
        how_sure="Each square with its eight neighbours is set against the whole area, and at most about one in 20 of "
        "those that stand out is expected to do so by chance (Gi*, exact, false discovery rate 5%).",
        method="hotspots.local_gi_star",
        value=float(len(cells)),
        n=float(total),
        notes=tuple(filter(None, (ONLY_WITH_RECORDS, note))),
        unit="squares that stand out",
        result={"cells": of, "records_in_them": in_high, "cell_metres": size},
        parameters={
            "cell": size,
            "neighbours": "queen",
            "inference": "exact",
            "adjust": "bh",
            "alternative": "greater",
        },
        table=listed,
        chart=chart.spec,
        chart_alt=chart.alt,
        weight=1.2 if cells else 0.2,
        theme="hotspots",
    )


def stands_out(result: hotspots.LocalStatistic, values: npt.NDArray) -> npt.NDArray[np.bool_]:
    """The squares that stand out and hold records: an empty one that merely lies beside a busy one is not a place."""
    held: npt.NDArray[np.bool_] = (result.classes > 0) & (np.nan_to_num(values) > 0)
    return held


def _places(
    grid: hotspots.Grid, high: npt.NDArray[np.bool_], values: npt.NDArray, placed: pl.DataFrame
) -> list[tuple[str, list[tuple[int, int]]]]:
    """Squares that touch are one place, named after the busiest of them that has a name; the busiest square first."""
    groups, many = ndimage.label(high, structure=np.ones((3, 3)))
    found = []
    for number in range(1, many + 1):
        cells = sorted((tuple(at) for at in np.argwhere(groups == number)), key=lambda at: -values[at])
        names = (_name(placed, grid, row, column) for row, column in cells)
        found.append((next((name for name in names if name is not None), UNNAMED), cells))
    return sorted(found, key=lambda item: -sum(values[at] for at in item[1]))


def _labels(
    grid: hotspots.Grid, high: npt.NDArray[np.bool_], values: npt.NDArray, placed: pl.DataFrame
) -> list[dict[str, Any]]:
    """The names of the busiest places, each once, below its lowest square."""
    named: dict[str, dict[str, Any]] = {}
    for name, cells in _places(grid, high, values, placed):
        if name != UNNAMED:
            middle, lowest = cells[0][1], min(row for row, _ in cells)
            x, y = grid.corner(lowest, middle)
            named.setdefault(name, {"name": name, "x": x + grid.cell / 2, "y": y - grid.cell})
    return list(named.values())[:LABELLED]


def _inside(grid: hotspots.Grid, outline) -> npt.NDArray[np.bool_]:
    """The cells that the area's outline touches."""
    rows, across = grid.values.shape
    left, low = np.meshgrid(grid.x0 + grid.cell * np.arange(across), grid.y0 + grid.cell * np.arange(rows))
    shapely.prepare(outline)
    return shapely.intersects(outline, shapely.box(left, low, left + grid.cell, low + grid.cell))


def _cell(grid: hotspots.Grid, row: int, column: int, level: int) -> dict[str, object]:
    x, y = grid.corner(row, column)
    return {"x": x, "y": y, "size": grid.cell, "class": VERY if level == 2 else CLEARLY}


def _title(high: int, of: int, inside: int, total: int, size: int) -> str:
    if high == 0:
        return f"No square of {size} m stands out by more than chance"
    share = f" ({n.percent(100 * inside / total)})" if total >= n.SMALL_BASE else ""
    squares = "square stands" if high == 1 else "squares stand"
    return f"{n.count(high)} of {n.count(of)} {squares} out, with {n.count(inside)} of {n.count(total)} records{share}"


def _statement(title: str, listed: Table) -> str:
    """The title, and the names of the three squares with most records."""
    names = list(dict.fromkeys(str(row[0]) for row in listed.rows if row[0] != UNNAMED))[:3]
    return f"{title}; most round {n.listing(names)}." if names else f"{title}."


def _list(grid: hotspots.Grid, result: hotspots.LocalStatistic, values: npt.NDArray, placed: pl.DataFrame):
    heads = columns(
        ("place", "Squares round", "text"), ("squares", "Squares", "count"), ("count", "Records", "count"),
        ("sure", "How sure", "text"),
    )  # fmt: skip
    held: dict[str, list[tuple[int, int]]] = {}
    for name, cells in _places(grid, stands_out(result, values), values, placed):
        held.setdefault(name, []).extend(cells)
    named = sorted(held.items(), key=lambda item: (item[0] == UNNAMED, -sum(values[at] for at in item[1])))
    rows: list[list[Cell]] = [
        [name, len(cells), int(sum(values[at] for at in cells)), _sure([int(result.classes[at]) for at in cells])]
        for name, cells in named[:LISTED]
    ]
    note = f"{n.count(len(held))} places stand out; those with most records are listed." if len(held) > LISTED else ""
    return table("Where the squares that stand out lie", heads, rows, note)


def _sure(classes: list[int]) -> str:
    return "very clearly higher" if max(classes) == 2 else "clearly higher"


def _name(placed: pl.DataFrame, grid: hotspots.Grid, row: int, column: int) -> str | None:
    """The commonest place named by the records of the square; None where they name none."""
    x, y = grid.corner(row, column)
    near = placed.filter(
        pl.col("x").is_between(x, x + grid.cell, closed="left")
        & pl.col("y").is_between(y, y + grid.cell, closed="left")
    )
    names = near["place"].drop_nulls()
    if names.is_empty():
        return None
    name = names.value_counts().sort("count", "place", descending=[True, False])["place"][0]
    return name.removeprefix("On or near ").strip() or None
