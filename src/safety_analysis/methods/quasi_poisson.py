"""Log-linear regression of counts whose spread is estimated, never assumed to be chance alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from safety_analysis.inputs import BadInput, Floats, confidence

MOST_STEPS = 100
SETTLED = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """`coefficients` and their `covariance` (already times the dispersion) on the log scale; `fitted` counts.

    `dispersion` is Pearson's χ² over `degrees` of freedom, or 1 if that is less: never narrower than chance; `raw` is
    before that.
    """

    coefficients: Floats
    covariance: Floats
    fitted: Floats
    dispersion: float
    raw: float
    degrees: int

    def ratio(self, column: int, level: float) -> tuple[float, float, float, float]:
        """exp(coefficient), its limits and p by Student's t."""
        value = float(self.coefficients[column])
        error = float(np.sqrt(self.covariance[column, column]))
        reach = float(stats.t.ppf(0.5 + confidence(level) / 2, self.degrees)) * error
        p_value = float(2 * stats.t.sf(abs(value) / error, self.degrees))
        return float(np.exp(value)), float(np.exp(value - reach)), float(np.exp(value + reach)), p_value


def fit(design: Floats, counts: Floats, exposure: Floats) -> Fit:
    """Iteratively reweighted least squares with a log link (McCullagh & Nelder 1989, section 2.5 and chapter 9).

    `design` is n × k with a column of ones. Refuses a design that cannot tell its columns apart, no events at all, and
    counts that do not settle (such as a group that has none).
    """
    rows, columns = design.shape
    if rows <= columns:
        raise BadInput(f"There are {rows} counts for {columns} quantities to estimate; give more periods.")
    if counts.sum() == 0:
        raise BadInput("The counts are all 0, so there is nothing to estimate.")
    if np.linalg.matrix_rank(design) < columns:
        raise BadInput("The periods given cannot tell the effects apart; give more of them, before and after.")
    offset = np.log(exposure)
    mean: Floats = np.maximum(counts, 0.5)
    beta: Floats = np.zeros(columns)
    for _ in range(MOST_STEPS):
        target = np.log(mean) - offset + (counts - mean) / mean
        root = np.sqrt(mean)
        new = np.asarray(np.linalg.lstsq(design * root[:, None], target * root, rcond=None)[0], dtype=np.float64)
        settled = float(np.abs(new - beta).max()) < SETTLED * max(1.0, float(np.abs(new).max()))
        beta = new
        mean = np.exp(np.clip(design @ new + offset, -50, 50))
        if settled:
            return _finish(design, counts, mean, beta)
    raise BadInput("The estimate does not settle; one of the groups or stretches may hold no events.")


def _finish(design: Floats, counts: Floats, mean: Floats, beta: Floats) -> Fit:
    degrees = len(counts) - design.shape[1]
    raw = float(((counts - mean) ** 2 / mean).sum()) / degrees
    dispersion = max(1.0, raw)
    covariance = dispersion * np.linalg.inv(design.T @ (design * mean[:, None]))
    return Fit(beta, covariance, mean, dispersion, raw, degrees)
