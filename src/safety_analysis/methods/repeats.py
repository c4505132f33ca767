"""Again: the same victims or places, and events near each other in space and time (Knox)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from safety_analysis.inputs import BadInput, Floats, Numbers, finite, one, print_number, same_length
from safety_analysis.methods.dates import days as days_of
from safety_analysis.methods.dates import exact_days
from safety_analysis.methods.near_repeats import NearRepeatChains as NearRepeatChains
from safety_analysis.methods.near_repeats import NearRepeatPairs as NearRepeatPairs
from safety_analysis.methods.near_repeats import near_repeat_chains as near_repeat_chains
from safety_analysis.methods.near_repeats import near_repeat_pairs as near_repeat_pairs
from safety_analysis.methods.near_repeats import snapping
from safety_analysis.methods.pair_counting import listed_pairs, permuted_counts

Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class RepeatVictims:
    """`repeat_events` follow an earlier event of the same victim within `within` days; `unknown` events carry no key.

    `repeat_victims` have at least one of those, and `events_of_repeat_victims` are all that happened to them.
    """

    victims: int
    events: int
    repeat_victims: int
    repeat_events: int
    events_of_repeat_victims: int
    unknown: int
    within: float

    @property
    def share_of_victims(self) -> float:
        return self.repeat_victims / self.victims if self.victims else 0.0

    @property
    def share_of_events(self) -> float:
        return self.events_of_repeat_victims / self.events if self.events else 0.0

    def __str__(self) -> str:
        if not self.repeat_victims:
            return f"None of {self.victims:,} victims was harmed again within {self.within:g} days."
        victims = f"{self.share_of_victims:.0%} of victims ({self.repeat_victims:,} of {self.victims:,})"
        return f"{victims} were harmed again within {self.within:g} days; they suffered {self.share_of_events:.0%} of incidents."


def repeat_victims(keys: Sequence[Any], dates: Any, *, within: float = 365) -> RepeatVictims:
    """Who was harmed again. `keys` are pseudonymous (None or "" is unknown), `dates` days or what NumPy reads as dates.

    Two events of one victim on the same day are a repeat.

    Not for: reading a share as risk for a person: those harmed lately have had less time to be harmed again.
    Formula: an event repeats when the same key has one at most `within` days before.
    Source: Farrell & Pease 1993, Once Bitten, Twice Bitten, Home Office.

    >>> print(repeat_victims(['a', 'a', 'b', None], [1, 30, 5, 9]))
    50% of victims (1 of 2) were harmed again within 365 days; they suffered 67% of incidents.
    """
    names = np.array(["" if key is None else str(key) for key in keys])
    days = days_of("dates", dates)
    same_length(keys=names, dates=days)
    limit = one("within", within, least=0)
    known = names != ""
    _, victim = np.unique(names[known], return_inverse=True)
    order = np.lexsort((days[known], victim))
    victim, when = victim[order], days[known][order]
    again = np.zeros(len(victim), dtype=bool)
    again[1:] = (victim[1:] == victim[:-1]) & (when[1:] - when[:-1] <= limit)
    repeated = np.unique(victim[again])
    return RepeatVictims(
        victims=len(np.unique(victim)),
        events=len(victim),
        repeat_victims=len(repeated),
        repeat_events=int(again.sum()),
        events_of_repeat_victims=int(np.isin(victim, repeated).sum()),
        unknown=int((~known).sum()),
        within=limit,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Knox:
    """Pairs of events by space band (rows) and time band (columns); `bands` holds their printed names.

    `expected` is the mean over the permutations, `ratio` pairs over expected, `p_value` (1 + as many)/(1 +
    permutations). `caution` says that the points look snapped to shared places, or is empty.
    """

    bands: tuple[tuple[str, ...], tuple[str, ...]]
    pairs: Whole
    expected: Floats
    ratio: Floats
    p_value: Floats
    permutations: int
    seed: int
    caution: str = ""

    def __str__(self) -> str:
        ratio, p = float(self.ratio[0, 0]), float(self.p_value[0, 0])
        where = f"within {self.bands[0][0]} m and {self.bands[1][0]} days"
        if p >= 0.05:
            said = f"No clear sign of near repeats: pairs {where} are {ratio:.2f} times what is expected (p = {p:.3f})."
        else:
            said = f"Pairs {where} are {ratio:.2f} times as many as expected (p = {p:.3f})."
        return f"{said} {self.caution}".strip()


def knox(
    x: Numbers,
    y: Numbers,
    day: Any,
    *,
    space_breaks: Numbers,
    time_breaks: Numbers,
    permutations: int = 999,
    metric: Literal["euclidean", "manhattan"] = "euclidean",
    seed: int = 0,
) -> Knox:
    """Do events come close in space and time together more than they would if only their dates were shuffled (Knox 1964)?

    x, y in metres; `day` in days or dates. Breaks rise; each band is half-open [a, b); a last break of infinity takes
    all other pairs, without listing them, since the number of pairs by time band does not change when dates are
    shuffled. Pairs are found once with a k-d tree.

    Not for: places whose crime moves over the period, which looks like near repeats; months in place of dates.
    Formula: ratio = pairs in the band / mean of the shuffles; p = (as many or more + 1) / (permutations + 1).
    Source: Knox 1964, Applied Statistics 13, 25–29; Johnson and others 2007, Journal of Quantitative Criminology
    23, 201–219.

    >>> near = knox([0, 5, 900, 905], [0, 0, 0, 0], [1, 2, 50, 51], space_breaks=[0, 100], time_breaks=[0, 7], permutations=99)
    >>> near.pairs.tolist(), near.bands
    ([[2]], (('[0, 100)',), ('[0, 7)',)))
    """
    points = np.column_stack([finite("x", x), finite("y", y)])
    days = exact_days("day", day)
    same_length(x=points, day=days)
    space, time = _breaks("space_breaks", space_breaks), _breaks("time_breaks", time_breaks)
    times = int(one("permutations", permutations, least=1))
    if metric not in ("euclidean", "manhattan"):
        raise BadInput(f"metric is “{metric}”; it must be euclidean or manhattan.")
    pairs = listed_pairs(points, space, manhattan=metric == "manhattan")
    shape = (len(space) - 1, len(time) - 1)
    counted = permuted_counts(pairs, days, time, times, seed)
    if np.isinf(space[-1]):
        counted[:, -1] = _all_pairs_by_time(days, time)[None] - counted[:, :-1].sum(axis=1)
    observed, shuffled = counted[0], counted[1:]
    expected = shuffled.mean(axis=0)
    return Knox(
        bands=(_names(space), _names(time)),
        pairs=observed,
        expected=expected,
        ratio=np.divide(observed, expected, out=np.full(shape, np.nan), where=expected > 0),
        p_value=((shuffled >= observed).sum(axis=0) + 1) / (times + 1),
        permutations=times,
        seed=seed,
        caution=snapping(points),
    )


def _all_pairs_by_time(days: Floats, time: Floats) -> Whole:
    """All pairs of events whose gap in days falls in each band."""
    ordered = np.sort(days)
    later = np.arange(1, len(ordered) + 1)
    below = [
        int((np.searchsorted(ordered, ordered + edge, "left") - later).clip(min=0).sum()) if edge > 0 else 0
        for edge in time
    ]
    return np.array([after - before for before, after in pairwise(below)], dtype=np.int64)


def _breaks(name: str, values: Numbers) -> Floats:
    breaks = np.asarray(values, dtype=np.float64)
    finite(name, breaks[:-1])
    if len(breaks) < 2 or not (np.diff(breaks) > 0).all() or breaks[0] < 0:
        raise BadInput(f"{name} must be at least two rising numbers from 0 up, such as 0, 100, 200.")
    return breaks


def _names(breaks: Floats) -> tuple[str, ...]:
    ends = ["∞" if np.isinf(edge) else print_number(float(edge)) for edge in breaks]
    return tuple(f"[{low}, {high})" for low, high in pairwise(ends))
