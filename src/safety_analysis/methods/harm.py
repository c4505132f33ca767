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
    """Σ count × weight by category. Refuses a category without a weight, rather than leaving it out.

    Not for: judging one incident: weights are averages of a kind of offence.
    Formula: Σ count × weight.
    Source: Sherman, Neyroud & Neyroud 2016, Policing 10(3), 171–183.

    >>> print(weighted({'robbery': 10, 'theft': 90}, {'robbery': 365, 'theft': 2}))
    robbery is 95% of the harm and 10% of the count.
    """
    by_category = _multiply(counts, weights, "weight")
    total, events = sum(by_category.values()), sum(counts.values())
    return Harm(
        total=total,
        by_category=by_category,
        share={name: value / total if total else 0.0 for name, value in by_category.items()},
        share_unweighted={name: counts[name] / events if events else 0.0 for name in by_category},
    )


def cost(counts: Mapping[str, float], unit_costs: Mapping[str, float], *, price_year: str = "") -> Cost:
    """Σ count × unit cost by category, in the prices the unit costs were given in.

    Not for: saving money: much of the cost is borne by victims and never paid by a service.
    Formula: Σ count × unit cost.
    Source: Heeks and others 2018, The Economic and Social Costs of Crime, Home Office research report 99.

    >>> print(cost({'robbery': 10}, {'robbery': 11_320}, price_year='2015/16'))
    The estimated cost is £113,200 at 2015/16 prices.
    """
    by_category = _multiply(counts, unit_costs, "unit cost")
    return Cost(sum(by_category.values()), by_category, price_year)


def severity_score(counts: Mapping[str, float], weights: Mapping[str, float], population: float) -> float:
    """Σ(weight × count) / population, as the ONS Crime Severity Score (ONS 2016).

    Formula: Σ(weight × count) / population.
    Source: Office for National Statistics 2016, Research outputs: developing a Crime Severity Score.

    >>> severity_score({'robbery': 10}, {'robbery': 700}, 1000)
    7.0
    """
    return weighted(counts, weights).total / one("population", population, above=0)


def days_from_fines(fines: float, cases: float, day: float) -> float:
    """A severity weight in days for an offence punished by fines: fines / cases / a day's worth, rounded only by the reader.

    Formula: fines / cases / day.
    Source: Office for National Statistics 2016, Crime Severity Score, methods.

    >>> round(days_from_fines(5_302_730, 62_731, 88), 2)
    0.96
    """
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
