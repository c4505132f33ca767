"""Fair shuffles inside compiled loops: xoshiro256++ (Blackman & Vigna 2021) and Lemire's unbiased draws below a bound (2019)."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

State = npt.NDArray[np.uint64]


def states(seed: int, number: int) -> list[State]:
    """Independent starting states, from NumPy's seed sequence."""
    children = np.random.SeedSequence(seed).spawn(number)
    return [np.asarray(child.generate_state(4, np.uint64), dtype=np.uint64) for child in children]


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator,unused-ignore]
def shuffle_front(values: Any, front: int, state: Any) -> None:
    """Put a fair random choice of all `values` into the first `front` places, in random order (Fisher & Yates)."""
    length = values.shape[0]
    low32, half = np.uint64(0xFFFFFFFF), np.uint64(32)
    one, two, three, four = state[0], state[1], state[2], state[3]  # in registers: memory would be three times as slow
    for place in range(min(front, length - 1)):
        bound = np.uint64(length - place)
        least = np.uint64(0)
        product = np.uint64(0)
        waiting = True
        while waiting:
            mixed = one + four
            drawn = ((mixed << np.uint64(23)) | (mixed >> np.uint64(41))) + one
            shifted = two << np.uint64(17)
            three ^= one
            four ^= two
            two ^= three
            one ^= four
            three ^= shifted
            four = (four << np.uint64(45)) | (four >> np.uint64(19))
            product = (drawn >> half) * bound
            waiting = False
            if (product & low32) < bound:
                least = (np.uint64(0x100000000) - bound) % bound
                waiting = (product & low32) < least
        other = place + np.int64(product >> half)
        values[place], values[other] = values[other], values[place]
    state[0], state[1], state[2], state[3] = one, two, three, four
