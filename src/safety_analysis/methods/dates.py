"""Days from dates, and refusing months where a day is needed."""

from __future__ import annotations

from typing import Any

import numpy as np

from safety_analysis.inputs import BadInput, Floats, finite

MONTHS_AS_NUMBERS = (190001, 210012)


def days(name: str, values: Any) -> Floats:
    """Days as numbers: numbers as they are, dates (or what NumPy reads as dates) since 1970."""
    array = np.asarray(values)
    if array.dtype.kind in "iuf":
        return finite(name, array)
    try:
        dates = array.astype("datetime64[D]")
    except (TypeError, ValueError) as error:
        raise BadInput(f"{name} must be days or dates, but one of them cannot be read ({error}).") from error
    if np.isnat(dates).any():
        raise BadInput(f"{name}[{int(np.argmax(np.isnat(dates)))}] is missing.")
    return dates.astype(np.int64).astype(np.float64)


def exact_days(name: str, values: Any) -> Floats:
    """The same, refusing dates that are only months: month types, “2020-01”, 202001, or every date the first of its month.

    He same, refusing dates that are only months: month types, “2020-01”, 202001, or every date the first of its
    month.
    """
    array = np.asarray(values)
    if _only_months(array):
        raise BadInput(
            f"{name} holds months, not days; events cannot be called near in time when only their month is known."
        )
    found = days(name, array)
    if array.dtype.kind in "iuf":
        return found
    dates = found.astype(np.int64).astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    if len(np.unique(months)) > 1 and (dates == months.astype("datetime64[D]")).all():
        raise BadInput(
            f"{name} holds only firsts of months; events cannot be called near in time when only their month is known."
        )
    return found


def _only_months(array: Any) -> bool:
    if array.dtype.kind == "M":
        return str(array.dtype) in ("datetime64[M]", "datetime64[Y]")
    if array.dtype.kind in "iuf":
        low, high = MONTHS_AS_NUMBERS
        inside = (array >= low) & (array <= high) & (array % 100 >= 1) & (array % 100 <= 12)
        return bool(array.size and inside.all())
    return bool(array.size and all(isinstance(value, str) and len(value) == 7 for value in array.ravel().tolist()))
