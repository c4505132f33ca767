"""Counts weighed by how much harm they do: days, severity or money."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from safety_analysis.inputs import BadInput, one, one_count, print_number


@dataclass(frozen=True, slots=True)
class Harm:
    """Weighted total, by category.

    `share` and `share_unweighted` are each category's part (0 to 1) of harm and of counts.
    """

    total: float
    by_category: dict[str, float]
    share: dict[str, float]
    share_unweighted: dict[str, float]

    def __str__(self) -> str:
        if self.total == 0:
            return "No harm was counted."
        worst = max(self.share, key=lambda name: self.share[name])
        parts = f"{self.share[worst]:.0%} of the harm and {self.share_unweighted[worst]:.0%} of the count"
        return f"{worst} is {parts}."


@dataclass(frozen=True, slots=True)
class Cost:
    """Money, by category, in the prices of `price_year`."""

    total: float
    by_category: dict[str, float]
    price_year: str

    def __str__(self) -> str:
        year = f" at {self.price_year} prices" if self.price_year else ""
        return f"The estimated cost is £{self.total:,.0f}{year}."


def weighted(counts: Mapping[str, float], weights: Mapping[str, float]) -> Harm:
    """Σ count × weight by category. Refuses a category without a weight, rather than leaving it out."""
    by_category = _multiply(counts, weights, "weight")
    total, events = sum(by_category.values()), sum(counts.values())
    return Harm(
        total=total,
        by_category=by_category,
        share={name: value / total if total else 0.0 for name, value in by_category.items()},
        share_unweighted={name: counts[name] / events if events else 0.0 for name in by_category},
    )


def cost(counts: Mapping[str, float], unit_costs: Mapping[str, float], *, price_year: str = "") -> Cost:
    """Σ count × unit cost by category, in the prices the unit costs were given in."""
    by_category = _multiply(counts, unit_costs, "unit cost")
    return Cost(sum(by_category.values()), by_category, price_year)


def severity_score(counts: Mapping[str, float], weights: Mapping[str, float], population: float) -> float:
    """Σ(weight × count) / population, as the ONS Crime Severity Score (ONS 2016)."""
    return weighted(counts, weights).total / one("population", population, above=0)


def days_from_fines(fines: float, cases: float, day: float) -> float:
    """A severity weight in days for an offence punished by fines: fines / cases / a day's worth, rounded only by the reader."""
    return one("fines", fines, least=0) / one("cases", cases, above=0) / one("day", day, above=0)


def _multiply(counts: Mapping[str, float], weights: Mapping[str, float], what: str) -> dict[str, float]:
    missing = sorted(name for name in counts if name not in weights)
    if missing:
        held = print_number(float(counts[missing[0]]))
        raise BadInput(f"“{missing[0]}” (count {held}) has no {what}; give it one, or leave it out of the counts.")
    return {
        name: one_count(f"counts[{name}]", count) * one(f"{what} of {name}", weights[name], least=0)
        for name, count in counts.items()
    }
