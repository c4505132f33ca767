"""A small sheet of made-up counts: seven boroughs, five kinds of crime, five years of months. Enough for an assessment."""

from __future__ import annotations

import csv
import io

import numpy as np

BOROUGHS = ["Larkmoor", "Ashdale", "Brackwell", "Corley", "Dunmere", "Elmstead", "Fenwick"]
LEVELS = {
    "ROBBERY OF PERSONAL PROPERTY": 60,
    "VIOLENCE WITH INJURY": 140,
    "SHOPLIFTING": 110,
    "RAPE": 12,
    "BICYCLE THEFT": 45,
}
FIRST_YEAR, YEARS = 2020, 5
LAST_MONTH = "2024-12"
FALL_FROM, FALL = "2024-01", 0.5  # Larkmoor's personal robbery halves in the last year


def sheet(seed: int = 7) -> str:
    """The sheet as CSV: Area, Category, Month, Count."""
    random = np.random.default_rng(seed)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["Area", "Category", "Month", "Count"])
    months = [f"{FIRST_YEAR + year}-{month:02d}" for year in range(YEARS) for month in range(1, 13)]
    for size, area in enumerate(BOROUGHS):
        for category, level in LEVELS.items():
            for month in months:
                falls = area == "Larkmoor" and category.startswith("ROBBERY") and month >= FALL_FROM
                mean = level * (1.3 - size / 10) * (FALL if falls else 1)
                writer.writerow([area, category, month, random.poisson(mean)])
    return out.getvalue()
