"""How much of what happens, happens in how few places (or to how few people)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special, stats

from safety_analysis.inputs import BadInput, Floats, Numbers, one, one_count
from safety_analysis.inputs import counts as check_counts


@dataclass(frozen=True, slots=True, eq=False)
class Lorenz:
    """Cumulative shares, 0 to 1, the most affected places first; both begin at 0 and end at 1."""

    places: Floats
    events: Floats

    def share_of_places_with(self, share: float) -> float:
        """The smallest share of places that holds at least this share of the events (straight lines between places)."""
        wanted = one("share", share, least=0, most=1)
        rising = np.append(True, np.diff(self.events) > 0)
        return float(np.interp(wanted, self.events[rising], self.places[rising]))

    def share_of_events_in(self, share: float) -> float:
        """The share of the events that the most affected `share` of places holds."""
        return float(np.interp(one("share", share, least=0, most=1), self.places, self.events))


@dataclass(frozen=True, slots=True, eq=False)
class Concentration:
    """`gini` counts every place; `generalised_gini` allows for there being fewer events than places.

    `poisson_baseline` is the Gini, and `baseline` the curve, that the same number of events would give if each place
    were as likely as every other.
    """

    gini: float
    generalised_gini: float
    lorenz: Lorenz
    poisson_baseline: float
    baseline: Lorenz
    events: int
    places: int
    places_with_any: int

    def share_of_places_with(self, share: float) -> float:
        """The smallest share of places that holds at least this share of the events."""
        return self.lorenz.share_of_places_with(share)

    def __str__(self) -> str:
        half, chance = self.share_of_places_with(0.5), self.baseline.share_of_places_with(0.5)
        base = f"{self.events:,} events at {self.places:,} places"
        return f"Half of them happened at {half:.1%} of the places ({base}); chance alone would give {chance:.1%}."


def concentration(counts: Numbers, *, places: int | None = None) -> Concentration:
    """Gini and Lorenz curve of events by place.

    `counts` has one entry for each place; `places` is the number of all places when `counts` leaves out those with
    none. Generalised G′ = max(1, N/C)(G − 1) + 1 (Bernasco & Steenbeek 2017). The baseline is Poisson with mean C/N:
    its Gini is e^(−2λ)(I₀(2λ) + I₁(2λ)). Refuses no events, and fewer `places` than entries.

    Not for: comparing areas with different numbers of events by the plain Gini (use `generalised_gini`).
    Formula: G′ = max(1, N/C)(G − 1) + 1.
    Source: Bernasco & Steenbeek 2017, Journal of Quantitative Criminology 33, 451–467.

    >>> result = concentration([5, 2, 1], places=10)
    >>> round(result.gini, 2), round(result.generalised_gini, 2)
    (0.8, 0.75)
    """
    events = check_counts("counts", counts)
    number = len(events) if places is None else one_count("places", places)
    if number < len(events):
        raise BadInput(f"places is {number:,}, but counts already has {len(events):,} places.")
    total = float(events.sum())
    if total == 0:
        raise BadInput("counts holds no events, so there is nothing to concentrate.")
    ordered = np.zeros(number)
    ordered[: len(events)] = np.sort(events)[::-1]
    ranks = np.arange(number, 0, -1)
    gini = float(((2 * ranks - number - 1) * ordered).sum() / (number * total))
    mean = total / number
    return Concentration(
        gini=gini,
        generalised_gini=max(1.0, number / total) * (gini - 1) + 1,
        lorenz=Lorenz(np.linspace(0, 1, number + 1), np.append(0, np.cumsum(ordered) / total)),
        poisson_baseline=float(special.ive(0, 2 * mean) + special.ive(1, 2 * mean)),
        baseline=_poisson_curve(mean),
        events=int(total),
        places=number,
        places_with_any=int((events > 0).sum()),
    )


def _poisson_curve(mean: float) -> Lorenz:
    values = np.arange(int(stats.poisson.isf(1e-12, mean)) + 1, -1, -1)
    shares = stats.poisson.pmf(values, mean)
    places, events = np.cumsum(shares), np.cumsum(shares * values)
    return Lorenz(np.append(0, places / places[-1]), np.append(0, events / events[-1]))
