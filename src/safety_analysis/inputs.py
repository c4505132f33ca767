"""Checking what a method is given, so that computation never meets a bad value and every refusal names it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Numbers = npt.ArrayLike | Sequence[float]


class BadInput(ValueError):
    """One sentence: which value is wrong, and what it should be."""


def print_number(value: float) -> str:
    """A value as it is shown in a refusal or a sentence: no trailing zeros, U+2212 for minus."""
    if np.isfinite(value) and float(value).is_integer():
        return f"{int(value):,}".replace("-", "−")
    return f"{value:,.6g}".replace("-", "−")


def finite(name: str, values: Any, *, ndim: int | None = 1) -> Floats:
    """`values` as floats of `ndim` dimensions (None: any); refuses text, missing values and infinities by position."""
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise BadInput(f"{name} must be numbers, but one of them cannot be read as a number ({error}).") from error
    if ndim is not None and array.ndim != ndim:
        raise BadInput(f"{name} must have {ndim} dimension(s), but has {array.ndim}.")
    _refuse(name, array, ~np.isfinite(array), "must be a finite number")
    return array


def nonnegative(name: str, values: Any, *, ndim: int | None = 1) -> Floats:
    """Finite numbers that are 0 or more."""
    array = finite(name, values, ndim=ndim)
    _refuse(name, array, array < 0, "cannot be below 0")
    return array


def positive(name: str, values: Any, *, ndim: int | None = 1) -> Floats:
    """Finite numbers above 0."""
    array = finite(name, values, ndim=ndim)
    _refuse(name, array, array <= 0, "must be above 0")
    return array


def counts(name: str, values: Any, *, ndim: int | None = 1) -> Floats:
    """Whole numbers that are 0 or more, as floats."""
    array = nonnegative(name, values, ndim=ndim)
    _refuse(name, array, array != np.floor(array), "must be a whole number, because it is a count")
    return array


def one(name: str, value: Any, *, above: float = -np.inf, least: float = -np.inf, most: float = np.inf) -> float:
    """A single finite number within its limits."""
    number = float(finite(name, value, ndim=0))
    if number <= above:
        raise BadInput(f"{name} is {print_number(number)}; it must be above {print_number(above)}.")
    if not least <= number <= most:
        limits = (
            f"at least {print_number(least)}" if most == np.inf else f"{print_number(least)} to {print_number(most)}"
        )
        raise BadInput(f"{name} is {print_number(number)}; it must be {limits}.")
    return number


def one_count(name: str, value: Any) -> int:
    """A single whole number, 0 or more."""
    return int(counts(name, value, ndim=0))


def confidence(level: float) -> float:
    """A confidence level strictly between 0 and 1."""
    if not 0 < level < 1:
        raise BadInput(f"level is {print_number(level)}; it must be between 0 and 1, such as 0.95.")
    return float(level)


def same_length(**arrays: Any) -> int:
    """The shared length of the named arrays; refuses an empty or uneven set."""
    lengths = {name: len(array) for name, array in arrays.items()}
    if len(set(lengths.values())) > 1:
        sizes = ", ".join(f"{name} has {length}" for name, length in lengths.items())
        raise BadInput(f"The inputs must have the same length, but {sizes}.")
    length = next(iter(lengths.values()))
    if length == 0:
        raise BadInput(f"{' and '.join(lengths)} must not be empty.")
    return length


def _refuse(name: str, array: Floats, wrong: npt.NDArray[np.bool_], rule: str) -> None:
    if not wrong.any():
        return
    if array.ndim == 0:
        raise BadInput(f"{name} is {print_number(float(array))}; it {rule}.")
    place = tuple(int(part) for part in np.argwhere(wrong)[0])
    index = ", ".join(str(part) for part in place)
    raise BadInput(f"{name}[{index}] is {print_number(float(array[place]))}; it {rule}.")
