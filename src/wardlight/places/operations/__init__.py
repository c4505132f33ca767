"""Every write to places: areas, boundaries, populations and premises."""

from ..known import Met
from .areas import ensure_area, ensure_areas
from .boundaries import load_boundaries
from .populations import load_populations
from .premises import load_premises
from .reports import LoadReport
from .telling import told_once

__all__ = [
    "LoadReport",
    "Met",
    "ensure_area",
    "ensure_areas",
    "load_boundaries",
    "load_populations",
    "load_premises",
    "told_once",
]
