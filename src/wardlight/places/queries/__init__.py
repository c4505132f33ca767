"""Every read of places. Areas and populations are shared by all partnerships."""

from .areas import Layer, area_count, children, enclosing, find_area, layers, loaded_files, lookup, match, named_like
from .denominators import Denominator, denominator, denominators, population_years
from .outlines import best_fit, locator, outlines, stamp

__all__ = [
    "Denominator",
    "Layer",
    "area_count",
    "best_fit",
    "children",
    "denominator",
    "denominators",
    "enclosing",
    "find_area",
    "layers",
    "loaded_files",
    "locator",
    "lookup",
    "match",
    "named_like",
    "outlines",
    "population_years",
    "stamp",
]
