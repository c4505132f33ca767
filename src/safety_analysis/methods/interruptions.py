"""What changed when something was done: interrupted time series."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from safety_analysis.inputs import BadInput, Floats, Numbers, one, one_count, positive, same_length
from safety_analysis.inputs import counts as check_counts
from safety_analysis.methods.quasi_poisson import fit

LEAST_EACH_SIDE = 3


@dataclass(frozen=True, slots=True, eq=False)
class InterruptedSeries:
    """`step_ratio` is the rate just after over what it would have been: 0.9 is a step down of 10%.

    `slope_ratio` (with its limits and p) is by how much the change a period multiplies afterwards; None unless asked
    for. `trend_ratio` is the change a period before. `fitted` and `without` are counts by period, with and without
    the interruption; `difference` sums the fitted effect over the periods after. `echo` is the correlation of
    successive residuals: above about 0.3 the interval is too narrow.
    """

    step_ratio: float
    low: float
    high: float
    p_value: float
    slope_ratio: float | None
    slope_low: float | None
    slope_high: float | None
    slope_p_value: float | None
    trend_ratio: float
    dispersion: float
    fitted: Floats
    without: Floats
    difference: float
    echo: float
    level: float

    @property
    def clear(self) -> bool:
        """Whether the interval leaves out "no step"."""
        return not self.low <= 1 <= self.high

    def __str__(self) -> str:
        change = 100 * (self.step_ratio - 1)
        ends = f"{100 * (self.low - 1):.0f}% to {100 * (self.high - 1):.0f}%".replace("-", "−")
        if not self.clear:
            return f"No clear step when it began ({ends}, with months varying as they do)."
        word = "Fell" if change < 0 else "Rose"
        return f"{word} by {abs(change):.0f}% when it began ({ends}, with months varying as they do)."


def interrupted_time_series(
    counts: Numbers,
    exposure: Numbers | None,
    start: int,
    *,
    harmonics: int = 2,
    period: int = 12,
    slope: bool = False,
    level: float = 0.95,
) -> InterruptedSeries:
    """Did the rate step (and its trend bend) when something began, beyond its trend and season?

    `counts` by period in order of time, `exposure` as many people or days (None: equal); `start` is the position of
    the first period it applied to; `harmonics` pairs of sine and cosine describe a season of `period` periods (0:
    none). Refuses fewer than three periods on either side, and too few to tell the effects apart.

    Not for: something that grew slowly or was begun because the figures were high (they would have come down by
    themselves); use a comparison area where there is one.
    Formula: log μₜ = log nₜ + a + b t + step·[t ≥ start] (+ slope·(t − start)·[t ≥ start]) + Σ sine and cosine;
    variance φμ with φ from Pearson's χ², never below 1; limits by Student's t.
    Source: Lopez Bernal, Cummins & Gasparrini 2017, International Journal of Epidemiology 46(1), 348–355.

    >>> before, after = [50, 54, 47, 52, 49, 51, 53, 48], [30, 33, 28, 31, 29, 32, 27, 30]
    >>> result = interrupted_time_series(before + after, None, 8, harmonics=0)
    >>> round(result.step_ratio, 2), round(result.low, 2), round(result.high, 2)
    (0.62, 0.44, 0.87)
    """
    events = check_counts("counts", counts)
    base = np.ones(len(events)) if exposure is None else positive("exposure", exposure)
    length = same_length(counts=events, exposure=base)
    first = one_count("start", start)
    if not LEAST_EACH_SIDE <= first <= length - LEAST_EACH_SIDE:
        raise BadInput(f"start is {first} of {length} periods; there must be at least three on either side.")
    design = _design(length, first, one_count("harmonics", harmonics), int(one("period", period, least=2)), slope)
    model = fit(design, events, base)
    ratio, low, high, p_value = model.ratio(2, level)
    bend = model.ratio(3, level) if slope else None
    effect = design[:, 2 : 4 if slope else 3] @ model.coefficients[2 : 4 if slope else 3]
    without = model.fitted / np.exp(effect)
    residuals = (events - model.fitted) / np.sqrt(model.fitted)
    spread = float((residuals**2).sum())
    return InterruptedSeries(
        step_ratio=ratio,
        low=low,
        high=high,
        p_value=p_value,
        slope_ratio=bend[0] if bend else None,
        slope_low=bend[1] if bend else None,
        slope_high=bend[2] if bend else None,
        slope_p_value=bend[3] if bend else None,
        trend_ratio=float(np.exp(model.coefficients[1])),
        dispersion=model.dispersion,
        fitted=model.fitted,
        without=without,
        difference=float((model.fitted - without).sum()),
        echo=float((residuals[1:] * residuals[:-1]).sum()) / spread if spread > 0 else 0.0,
        level=level,
    )


def _design(length: int, start: int, harmonics: int, period: int, slope: bool) -> Floats:
    time = np.arange(length, dtype=np.float64)
    after = (time >= start).astype(np.float64)
    columns = [np.ones(length), time - start, after]
    if slope:
        columns.append(after * (time - start))
    for number in range(1, harmonics + 1):
        if 2 * number > period:
            raise BadInput(f"harmonics is {harmonics}; a season of {period} periods has at most {period // 2}.")
        angle = 2 * np.pi * number * time / period
        columns.append(np.cos(angle))
        if 2 * number < period:
            columns.append(np.sin(angle))
    return np.column_stack(columns)
