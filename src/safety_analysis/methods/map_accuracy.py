"""How much of what happened fell where a map had said it would."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from safety_analysis.inputs import BadInput, Floats, Numbers, one, positive, print_number, same_length
from safety_analysis.inputs import counts as check_counts


@dataclass(frozen=True, slots=True, eq=False)
class Accuracy:
    """Arrays with one entry for each number of cells flagged, in the order predicted: the first entry flags one cell.

    `area_share` and `hit_rate` (0 to 1) are the shares of the area flagged and of the events in it; `pai` is hit rate
    over area share; `pei` is the hits over the most that so much area could have held (1: no better map exists);
    `recapture_index` is the share of earlier hits seen again, over the same for everywhere (None without `earlier`),
    a different thing from a relative rate index.
    """

    area_share: Floats
    hit_rate: Floats
    pai: Floats
    pei: Floats
    recapture_index: Floats | None
    events: int

    def at(self, share: float) -> int:
        """The position of the last entry that flags no more than this share of the area."""
        wanted = one("share", share, above=0, most=1)
        place = int(np.searchsorted(self.area_share, wanted * (1 + 1e-12), "right")) - 1
        if place < 0:
            raise BadInput(f"share is {print_number(wanted)}, less than the first cell ({self.area_share[0]:.3g}).")
        return place

    def __str__(self) -> str:
        hits, area = self.hit_rate[-1], self.area_share[-1]
        times = f"{self.pai[-1]:.1f} times its share"
        return f"{hits:.0%} of {self.events:,} events fell in the {area:.1%} of the area flagged ({times})."


def accuracy(observed: Numbers, area: Numbers, predicted_order: Numbers, *, earlier: Numbers | None = None) -> Accuracy:
    """How good was a hot-spot map at saying where events would be?

    `observed` are counts by cell in the later period, `area` the cells' areas (any one unit), `predicted_order` the
    positions of the cells the map flags, most certain first (all cells, or only those flagged). `earlier` are the
    counts the map was made from. Refuses no events, and a cell that is named twice or does not exist.

    Not for: comparing maps that flag different shares of the area (the smaller flatters the PAI): compare at one
    share, by `at`.
    Formula: PAI = (c/C) / (a/A); PEI = PAI / best PAI for that area; recapture index = (c₂/c₁) / (C₂/C₁).
    Source: Chainey, Tompson & Uhlig 2008, Security Journal 21, 4–28; Hunt 2016 (PEI); Levine 2008, Security Journal
    21, 295–302.

    >>> result = accuracy([10, 6, 3, 1], [1, 1, 1, 1], [1, 0])
    >>> result.pai.round(2).tolist(), result.pei.round(2).tolist()
    ([1.2, 1.6], [0.6, 1.0])
    """
    later, sizes = check_counts("observed", observed), positive("area", area)
    cells = same_length(observed=later, area=sizes)
    order = _order(predicted_order, cells)
    whole = float(later.sum())
    if whole == 0:
        raise BadInput("observed holds no events, so no map can be judged by them.")
    hits, flagged = np.cumsum(later[order]), np.cumsum(sizes[order])
    share, rate = flagged / sizes.sum(), hits / whole
    return Accuracy(
        area_share=share,
        hit_rate=rate,
        pai=rate / share,
        pei=hits / _most(later, sizes, flagged),
        recapture_index=None if earlier is None else _recapture(later, earlier, order),
        events=int(whole),
    )


def _order(predicted_order: Numbers, cells: int) -> npt.NDArray[np.int64]:
    order = check_counts("predicted_order", predicted_order).astype(np.int64)
    if len(order) == 0 or order.max() >= cells or len(np.unique(order)) < len(order):
        raise BadInput(f"predicted_order must name some of the {cells:,} cells, from 0, each once.")
    return order


def _most(later: Floats, sizes: Floats, flagged: Floats) -> Floats:
    """The most events that each flagged area could hold: densest cells first, and a part of the last."""
    dense = np.argsort(-later / sizes, kind="stable")
    most: Floats = np.interp(flagged, np.append(0, np.cumsum(sizes[dense])), np.append(0, np.cumsum(later[dense])))
    return most


def _recapture(later: Floats, earlier: Numbers, order: npt.NDArray[np.int64]) -> Floats:
    before = check_counts("earlier", earlier)
    same_length(observed=later, earlier=before)
    if before.sum() == 0:
        raise BadInput("earlier holds no events, so none can be seen again.")
    first, second = np.cumsum(before[order]), np.cumsum(later[order])
    seen = np.divide(second, first, out=np.full(len(first), np.nan), where=first > 0)
    index: Floats = seen / (later.sum() / before.sum())
    return index
