"""How surprising a cell's neighbours are, given its own value: p values shared by the local statistics."""

from __future__ import annotations

import numpy as np
from scipy import special

from safety_analysis.inputs import BadInput, Floats, Numbers, finite, one
from safety_analysis.methods import draws_without_replacement as without_replacement
from safety_analysis.methods.neighbourhoods import Field


def tails(field: Field, z: Floats, inference: str, permutations: int, seed: int) -> tuple[Floats, Floats]:
    """P(neighbours at least as high) and P(at most as high), by the named inference."""
    if inference == "analytic":
        return special.ndtr(-z), special.ndtr(z)
    if inference == "exact":
        return without_replacement.exact_tails(field.counts(), field.whole_degrees(), field.observed())
    if inference == "permutation":
        times = int(one("permutations", permutations, least=1))
        return without_replacement.simulated_tails(field.x, field.links, field.observed(), times, seed)
    raise BadInput(f"inference is “{inference}”; it must be analytic, exact or permutation.")


def benjamini_hochberg(p_values: Numbers) -> Floats:
    """Adjusted p values that hold the false discovery rate (Benjamini & Hochberg 1995), in the order given."""
    p = finite("p_values", p_values)
    order = np.argsort(p)[::-1]
    stepped = p[order] * len(p) / np.arange(len(p), 0, -1)
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(1, np.minimum.accumulate(stepped))
    return adjusted


def adjusted_p(p_values: Floats, adjust: str) -> Floats:
    """As they are (none) or held to a false discovery rate (bh)."""
    if adjust not in ("bh", "none"):
        raise BadInput(f"adjust is “{adjust}”; it must be bh or none.")
    return benjamini_hochberg(p_values) if adjust == "bh" else p_values


def choose(greater: Floats, less: Floats, alternative: str) -> Floats:
    """The p of the alternative; two-sided is twice the smaller tail."""
    if alternative == "greater":
        return greater
    if alternative == "less":
        return less
    if alternative != "two-sided":
        raise BadInput(f"alternative is “{alternative}”; it must be two-sided, greater or less.")
    both: Floats = np.minimum(1, 2 * np.minimum(greater, less))
    return both
