"""The hot loop of the Knox test: counting listed pairs by the gap between their shuffled days."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from safety_analysis.inputs import Floats
from safety_analysis.methods.near_pairs import near_pairs
from safety_analysis.methods.shuffling import State, shuffle_front, states

Whole = npt.NDArray[np.int64]
Index = npt.NDArray[np.int32]

A_BLOCK = 64  # permutations that share a generator: the same whatever the number of threads
MOST_THREADS = 4
CHUNK = 4096


@dataclass(frozen=True, slots=True, eq=False)
class ListedPairs:
    """Pairs by space band: those of band b are at `starts[b]` to `starts[b + 1]`.

    `order` sorts events so that near ones lie together and the `involved` that are in any pair come first.
    """

    order: Whole
    first: Index
    second: Index
    starts: Whole
    involved: int


def listed_pairs(points: Floats, space: Floats, *, manhattan: bool) -> ListedPairs:
    """Pairs of the n × 2 `points` below the last finite break, each once.

    About 30 bytes a pair while it works, then 8.
    """
    reach = float(space[np.isfinite(space)][-1])
    bands = len(space) - 1
    order = np.lexsort(tuple((points // max(reach, 1e-9)).T))
    empty = np.empty(0, np.int32)
    if reach <= space[0]:
        return ListedPairs(order, empty, empty, np.zeros(bands + 1, np.int64), 0)
    found = near_pairs(points[order], reach, manhattan=manhattan)
    band = (np.searchsorted(space, found.distance, side="right") - 1).astype(np.int8)
    sorted_by_band = np.argsort(band, kind="stable").astype(np.int32)
    starts = np.cumsum(np.bincount(band + 1, minlength=bands + 1)[: bands + 1])
    first, second = found.first[sorted_by_band], found.second[sorted_by_band]
    involved = np.zeros(len(points), bool)
    involved[first] = involved[second] = True
    new_place = np.empty(len(points), np.int32)
    new_order = np.argsort(~involved, kind="stable")
    new_place[new_order] = np.arange(len(points), dtype=np.int32)
    listed = new_place[first], new_place[second]
    return ListedPairs(order[new_order], *listed, starts.astype(np.int64), int(involved.sum()))


def permuted_counts(pairs: ListedPairs, days: Floats, time: Floats, permutations: int, seed: int) -> Whole:
    """(permutations + 1) × space bands × time bands; the first is the days as they are.

    Permutations run in blocks with a generator each, on a few threads: the seed alone decides the answer.
    """
    when, edges = _narrow(days[pairs.order], time)
    counted = np.zeros((permutations + 1, len(pairs.starts) - 1, len(time) - 1), dtype=np.int64)
    _count(pairs.first, pairs.second, pairs.starts, when, edges, counted[0])
    blocks = range(1, permutations + 1, A_BLOCK)

    def run(block: tuple[int, State]) -> None:
        start, state = block
        part = counted[start : start + A_BLOCK]
        _count_shuffled(pairs.first, pairs.second, pairs.starts, when.copy(), edges, pairs.involved, state, part)

    with ThreadPoolExecutor(min(MOST_THREADS, os.cpu_count() or 1)) as threads:
        list(threads.map(run, zip(blocks, states(seed, len(blocks)), strict=True)))
    return counted


def _narrow(days: Floats, time: Floats) -> tuple[Any, Any]:
    """Days and breaks in the smallest type that holds them, which the counting loop is fastest with."""
    since = days - days.min()
    if not (since == np.floor(since)).all() or since.max() >= 2**30:
        return since, time
    kind = np.int16 if since.max() < 2**15 - 1 else np.int32
    return since.astype(kind), np.minimum(np.ceil(time), np.iinfo(kind).max).astype(kind)


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator,unused-ignore]
def _count_shuffled(first, second, starts, days, edges, involved, state, counted):  # type: ignore[no-untyped-def,unused-ignore]
    for row in range(counted.shape[0]):
        shuffle_front(days, involved, state)
        _count(first, second, starts, days, edges, counted[row])


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator,unused-ignore]
def _count(first, second, starts, days, edges, counted):  # type: ignore[no-untyped-def,unused-ignore]
    """Gaps a chunk at a time, then for every edge how many are below it.

    Unsigned places let both loops run several at once.
    """
    gaps = np.empty(CHUNK, days.dtype)
    below = np.zeros(edges.shape[0], np.int64)
    for band in range(starts.shape[0] - 1):
        below[:] = 0
        for start in range(starts[band], starts[band + 1], CHUNK):
            size = min(CHUNK, starts[band + 1] - start)
            ones, others = first[start : start + size], second[start : start + size]
            for place in range(size):
                gaps[place] = abs(days[np.uint64(ones[place])] - days[np.uint64(others[place])])
            for column in range(edges.shape[0]):
                edge = edges[column]
                within = np.int32(0)
                if edge > 0:
                    for place in range(size):
                        within += np.int32(gaps[place] < edge)
                below[column] += within
        for column in range(counted.shape[1]):
            counted[band, column] = below[column + 1] - below[column]
