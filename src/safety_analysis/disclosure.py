"""The one module that makes a table of counts safe to publish."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np

from safety_analysis.inputs import BadInput, Floats, one_count
from safety_analysis.inputs import counts as check_counts


@dataclass(frozen=True, slots=True, eq=False)
class Disclosed:
    """The rounded table in the type it came in; a suppressed cell is NaN in an array and null in a frame."""

    table: Any
    suppressed: int
    suppress_below: int
    base: int

    def __str__(self) -> str:
        cells = "1 cell is" if self.suppressed == 1 else f"{self.suppressed:,} cells are"
        return (
            f"{cells} not shown, being under {self.suppress_below}; the others are rounded to the nearest {self.base}."
        )


def round_and_suppress(table: Any, *, suppress_below: int = 10, base: int = 5) -> Disclosed:
    """Hide counts of 1 to `suppress_below` − 1 and round the others to the nearest `base` (halves upwards); 0 stays 0.

    `table` is an array of counts of any shape, or a frame, of which the integer columns are counts; totals must be
    columns or rows of the table, so that they are rounded from the true total and parts do not add up to give a
    hidden cell away. Refuses negative and fractional counts.

    Not for: several tables that overlap: what one hides another may give away.
    Formula: n < least → hidden; else base × ⌊n / base + ½⌋.
    Source: Wardlight's rule, after the analysis guide of NHS Digital's Hospital Episode Statistics.

    >>> round_and_suppress([0, 3, 12, 148]).table.tolist()
    [0.0, nan, 10.0, 150.0]
    """
    least, step = one_count("suppress_below", suppress_below), one_count("base", base)
    if step == 0:
        raise BadInput("base is 0; it must be at least 1.")
    try:
        frame = nw.from_native(table, eager_only=True)
    except TypeError:
        rounded = _round(check_counts("table", table, ndim=None), least, step)
        return Disclosed(rounded, int(np.isnan(rounded).sum()), least, step)
    return _round_frame(frame, least, step)


def _round(counts: Floats, least: int, step: int) -> Floats:
    rounded = np.floor(counts / step + 0.5) * step
    return np.where((counts > 0) & (counts < least), np.nan, rounded)


def _round_frame(frame: Any, least: int, step: int) -> Disclosed:
    columns, suppressed = [], 0
    for name in [name for name, dtype in frame.schema.items() if dtype.is_integer()]:
        if frame[name].null_count():
            raise BadInput(f"The column “{name}” has missing counts; fill them or leave the rows out.")
        rounded = _round(check_counts(name, frame[name].to_numpy()), least, step)
        suppressed += int(np.isnan(rounded).sum())
        values = [None if np.isnan(value) else int(value) for value in rounded]
        columns.append(nw.new_series(name, values, nw.Int64, backend=frame.implementation))
    return Disclosed(frame.with_columns(*columns).to_native(), suppressed, least, step)
