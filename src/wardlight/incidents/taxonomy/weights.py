"""Harm weights and unit costs of categories: dated tables with their source, and whether somebody has checked them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from .tree import Taxonomy, load

HARM_FILE = Path(__file__).with_name("harm.toml")


@dataclass(frozen=True, slots=True)
class WeightTable:
    """One published set of weights. `weights` is by category slug, in `unit` an offence."""

    slug: str
    title: str
    source: str
    unit: str
    price_year: str
    valid_from: date
    checked: bool
    weights: dict[str, float]

    def weight(self, category: str, taxonomy: Taxonomy | None = None) -> float | None:
        """The weight of a category, or of the nearest category above it; None where there is none."""
        tree = taxonomy or load()
        for slug in (category, *tree.above(category)):
            if slug in self.weights:
                return self.weights[slug]
        return None

    def missing(self, categories: set[str], taxonomy: Taxonomy | None = None) -> list[str]:
        """The categories that have no weight here, in order, so that a total can say what it leaves out."""
        return sorted(slug for slug in categories if self.weight(slug, taxonomy) is None)


@cache
def load_weights(path: Path = HARM_FILE) -> dict[str, WeightTable]:
    """Every weight table by slug. Raises ValueError when a table weighs a category that does not exist."""
    with path.open("rb") as file:
        tables = tomllib.load(file)["table"]
    known = load().categories
    for slug, table in tables.items():
        unknown = sorted(set(table["weights"]) - set(known))
        if unknown:
            raise ValueError(f"{path.name}, table “{slug}”: there is no category “{unknown[0]}”.")
    return {slug: WeightTable(slug=slug, **{"price_year": "", **table}) for slug, table in tables.items()}
