"""What incidents are called: Wardlight's categories, each source's words for them, harm weights. All of it dated data."""

from .columns import categorise, unknown_words
from .tree import Break, Category, Label, Taxonomy, load, spelling
from .weights import WeightTable, load_weights

__all__ = [
    "Break",
    "Category",
    "Label",
    "Taxonomy",
    "WeightTable",
    "categorise",
    "load",
    "load_weights",
    "spelling",
    "unknown_words",
]
