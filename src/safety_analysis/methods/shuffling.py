"""Fair shuffles inside compiled loops: xoshiro256++ (Blackman & Vigna 2021) and Lemire's unbiased draws below a bound (2019)."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

State = npt.NDArray[np.uint64]


def states(seed: int, number: int) -> list[State]:
    """Independent starting states, from NumPy's seed sequence."""
    return [child.generate_state(4, np.uint64) for child in np.random.SeedSequence(seed).spawn(number)]


@njit(cache=True, nogil=True, inline="always")  # type: ignore[untyped-decorator,unused-ignore]
def _next(state: Any) -> Any:
    first, second, third, fourth = state[0], state[1], state[2], state[3]
    mixed = first + fourth
    found = ((mixed << np.uint64(23)) | (mixed >> np.uint64(41))) + first
    shifted = second << np.uint64(17)
    third ^= first
    fourth ^= second
    second ^= third
    first ^= fourth
    third ^= shifted
    fourth = (fourth << np.uint64(45)) | (fourth >> np.uint64(19))
    state[0], state[1], state[2], state[3] = first, second, third, fourth
    return found


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator,unused-ignore]
def shuffle_front(values: Any, front: int, state: Any) -> None:
    """Put a fair random choice of all `values` into the first `front` places, in random order (Fisher & Yates)."""
    length = values.shape[0]
    low32 = np.uint64(0xFFFFFFFF)
    for place in range(min(front, length - 1)):
        bound = np.uint64(length - place)
        product = (_next(state) >> np.uint64(32)) * bound
        if (product & low32) < bound:
            least = (np.uint64(0x100000000) - bound) % bound
            while (product & low32) < least:
                product = (_next(state) >> np.uint64(32)) * bound
        other = place + np.int64(product >> np.uint64(32))
        values[place], values[other] = values[other], values[place]
