"""Which events came soon and near after which, and the chains they make."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse import csgraph

from safety_analysis.inputs import BadInput, Floats, Numbers, finite, one, print_number, same_length
from safety_analysis.methods.dates import exact_days
from safety_analysis.methods.near_pairs import near_pairs

Whole = npt.NDArray[np.int64]
Metric = Literal["euclidean", "manhattan"]

SHARED_POINTS = 0.5
FEW = 20
SNAPPING_STEPS = (100.0, 50.0, 10.0)


@dataclass(frozen=True, slots=True, eq=False)
class NearRepeatPairs:
    """One entry a pair: positions of `originator` (the earlier) and `follower`, `metres` and `days` between them.

    Pairs are sorted by originator, then follower; of two events on one day the first given is the originator.
    `caution` says that the points look snapped to shared places, or is empty.
    """

    originator: Whole
    follower: Whole
    metres: Floats
    days: Floats
    events: int
    within_metres: float
    within_days: float
    caution: str

    def __str__(self) -> str:
        followers = len(np.unique(self.follower))
        limits = f"{print_number(self.within_metres)} m and {print_number(self.within_days)} days"
        share = followers / self.events if self.events else 0.0
        said = f"{followers:,} of {self.events:,} events ({share:.0%}) came within {limits} after another."
        return f"{said} {self.caution}".strip()


@dataclass(frozen=True, slots=True, eq=False)
class NearRepeatChains:
    """`chain[i]` numbers the chain of event i from 0, the longest first; −1 where it has no near repeat.

    `sizes`, `first_day`, `last_day` (days) have one entry a chain.
    """

    chain: Whole
    sizes: Whole
    first_day: Floats
    last_day: Floats
    caution: str

    def __str__(self) -> str:
        if not len(self.sizes):
            return f"No chains among {len(self.chain):,} events. {self.caution}".strip()
        inside = int(self.sizes.sum())
        said = f"{inside:,} of {len(self.chain):,} events are in {len(self.sizes):,} chains, the longest of {self.sizes[0]:,}."
        return f"{said} {self.caution}".strip()


def near_repeat_pairs(
    x: Numbers, y: Numbers, dates: Any, *, metres: float, days: float, metric: Metric = "euclidean"
) -> NearRepeatPairs:
    """Which events were soon followed by another nearby?

    `x`, `y` in metres; `dates` days or dates, one an event. A pair is less than `metres` and less than `days` apart
    (half-open, as the bands of `knox`). Refuses dates that are only months; `caution` warns of points that are
    snapped to shared places.

    Not for: showing that near repeats happen more than by chance (use `knox` first), nor police.uk's monthly data.
    Formula: all pairs with 0 ≤ d < metres and 0 ≤ t < days, the earlier one the originator.
    Source: Townsley, Homel & Chaseling 2003, British Journal of Criminology 43, 615–633.

    >>> pairs = near_repeat_pairs([0, 30, 500], [0, 40, 0], ["2024-03-05", "2024-03-01", "2024-03-02"], metres=100, days=7)
    >>> pairs.originator.tolist(), pairs.follower.tolist(), pairs.metres.tolist(), pairs.days.tolist()
    ([1], [0], [50.0], [4.0])
    """
    points = np.column_stack([finite("x", x), finite("y", y)])
    when = exact_days("dates", dates)
    same_length(x=points, dates=when)
    reach, limit = one("metres", metres, above=0), one("days", days, above=0)
    if metric not in ("euclidean", "manhattan"):
        raise BadInput(f"metric is “{metric}”; it must be euclidean or manhattan.")
    found = near_pairs(points, reach, manhattan=metric == "manhattan")
    first, second = np.minimum(found.first, found.second), np.maximum(found.first, found.second)
    gap = when[second] - when[first]
    soon = np.abs(gap) < limit
    first, second, gap, distance = first[soon], second[soon], gap[soon], found.distance[soon]
    originator, follower = np.where(gap >= 0, first, second), np.where(gap >= 0, second, first)
    order = np.lexsort((follower, originator))
    return NearRepeatPairs(
        originator=originator[order].astype(np.int64),
        follower=follower[order].astype(np.int64),
        metres=distance[order],
        days=np.abs(gap)[order],
        events=len(when),
        within_metres=reach,
        within_days=limit,
        caution=snapping(points),
    )


def near_repeat_chains(
    x: Numbers, y: Numbers, dates: Any, *, metres: float, days: float, metric: Metric = "euclidean"
) -> NearRepeatChains:
    """Which events hang together, each near and soon after another?

    As `near_repeat_pairs`; events are in one chain when pairs lead from one to the other. Refuses what that refuses.

    Not for: saying that one person did them, or for wide limits, which join everything.
    Formula: connected components of the graph of near-repeat pairs.
    Source: Haberman & Ratcliffe 2012, Policing 6(2), 151–166.

    >>> chains = near_repeat_chains([0, 50, 100, 900], [0, 0, 0, 0], [1, 5, 9, 9], metres=60, days=7)
    >>> chains.chain.tolist(), chains.sizes.tolist()
    ([0, 0, 0, -1], [3])
    """
    pairs = near_repeat_pairs(x, y, dates, metres=metres, days=days, metric=metric)
    when = exact_days("dates", dates)
    links = (np.ones(len(pairs.originator)), (pairs.originator, pairs.follower))
    graph: Any = sparse.coo_array(links, shape=(pairs.events, pairs.events))
    _, label = csgraph.connected_components(graph, directed=False)
    sizes = np.bincount(label)
    kept = np.flatnonzero(sizes > 1)
    longest = kept[np.lexsort((kept, -sizes[kept]))]
    number = np.full(len(sizes), -1)
    number[longest] = np.arange(len(longest))
    chain = number[label].astype(np.int64)
    first, last = np.full(len(longest), np.inf), np.full(len(longest), -np.inf)
    inside = chain >= 0
    np.minimum.at(first, chain[inside], when[inside])
    np.maximum.at(last, chain[inside], when[inside])
    return NearRepeatChains(chain, sizes[longest].astype(np.int64), first, last, pairs.caution)


def snapping(points: Floats) -> str:
    """A sentence when points seem to be moved to shared places, else an empty one. `points` is n × 2, in metres."""
    if len(points) < FEW:
        return ""
    _, shared = np.unique(points, axis=0, return_counts=True)
    share = float(shared[shared > 1].sum()) / len(points)
    if share >= SHARED_POINTS:
        return f"{share:.0%} of the points lie exactly on another, so they may be snapped and distances are not to be trusted."
    for step in SNAPPING_STEPS:
        if (points % step == 0).all():
            return f"All coordinates are whole multiples of {step:g} m, so distances are only as good as that."
    return ""
