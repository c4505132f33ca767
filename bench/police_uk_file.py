"""Write a police.uk-style street file of any length: seeded, with the shape and the wear of the real ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

ROWS_A_PART = 500_000
POINTS = 120_000
LSOAS = 1_000
STREETS = 20_000
CATEGORIES = (
    "Anti-social behaviour",
    "Bicycle theft",
    "Burglary",
    "Criminal damage and arson",
    "Drugs",
    "Other crime",
    "Other theft",
    "Possession of weapons",
    "Public order",
    "Robbery",
    "Shoplifting",
    "Theft from the person",
    "Vehicle crime",
    "Violence and sexual offences",
)
SHARES = (0.18, 0.01, 0.05, 0.08, 0.03, 0.02, 0.08, 0.01, 0.07, 0.01, 0.07, 0.02, 0.06, 0.31)
OUTCOMES = (
    "Investigation complete; no suspect identified",
    "Unable to prosecute suspect",
    "Status update unavailable",
    "Under investigation",
    "Awaiting court outcome",
    "Offender given a caution",
    "Local resolution",
)
MONTHS = [f"{year}-{month:02}" for year in (2021, 2022, 2023) for month in range(1, 13)]
WEST, EAST, SOUTH, NORTH = -0.45, 0.25, 51.30, 51.68
COLUMNS = [
    "Crime ID",
    "Month",
    "Reported by",
    "Falls within",
    "Longitude",
    "Latitude",
    "Location",
    "LSOA code",
    "LSOA name",
    "Crime type",
    "Last outcome category",
    "Context",
]


def write(path: Path, rows: int, *, seed: int = 20) -> None:
    """Write `rows` rows to `path`, about 220 bytes a row, in month order. The same seed gives the same file."""
    random = np.random.default_rng(seed)
    points = _points(random)
    with path.open("wb") as file:
        for first in range(0, rows, ROWS_A_PART):
            size = min(ROWS_A_PART, rows - first)
            part = _part(random, points, first, size, rows)
            file.write(part.write_csv(include_header=first == 0).encode())


def _points(random: np.random.Generator) -> pl.DataFrame:
    longitude, latitude = random.uniform(WEST, EAST, POINTS), random.uniform(SOUTH, NORTH, POINTS)
    column = ((longitude - WEST) / (EAST - WEST) * 40).astype(int)
    row = ((latitude - SOUTH) / (NORTH - SOUTH) * (LSOAS // 40)).astype(int)
    lsoa = row * 40 + column
    return pl.DataFrame(
        {
            "Longitude": [f"{value:.6f}" for value in longitude],
            "Latitude": [f"{value:.6f}" for value in latitude],
            "Location": [f"On or near Street Number {number} Road" for number in random.integers(0, STREETS, POINTS)],
            "LSOA code": [f"E0100{number:04d}" for number in lsoa],
            "LSOA name": [f"Borough {number // 30:02d} {number:03d}A" for number in lsoa],
        }
    )


def _part(random: np.random.Generator, points: pl.DataFrame, first: int, size: int, rows: int) -> pl.DataFrame:
    raw = random.bytes(32 * size).hex()
    ids = np.array([raw[start : start + 64] for start in range(0, 64 * size, 64)], dtype=object)
    category = random.choice(len(CATEGORIES), size, p=SHARES)
    ids[category == 0] = None
    month = np.minimum((np.arange(first, first + size) * len(MONTHS)) // rows, len(MONTHS) - 1)
    outcome = random.integers(0, len(OUTCOMES), size)
    frame = pl.DataFrame(
        {
            "Crime ID": ids.tolist(),
            "Month": pl.Series(MONTHS).gather(month),
            "Reported by": ["Metropolitan Police Service"] * size,
            "Falls within": ["Metropolitan Police Service"] * size,
            "Crime type": pl.Series(CATEGORIES).gather(category),
            "Last outcome category": pl.Series(OUTCOMES).gather(outcome),
            "Context": pl.Series([None] * size, dtype=pl.String),
        }
    ).with_columns(
        pl.when(pl.col("Crime ID") == "").then(None).otherwise("Last outcome category").alias("Last outcome category")
    )
    placed = points[random.integers(0, POINTS, size)]
    nowhere = pl.Series(random.random(size) < 0.01)
    placed = placed.with_columns(pl.when(nowhere).then(None).otherwise(pl.all()).name.keep())
    return _with_repeats(random, pl.concat([frame, placed], how="horizontal").select(COLUMNS))


def _with_repeats(random: np.random.Generator, part: pl.DataFrame) -> pl.DataFrame:
    """Every part has some exact copies and some repeated ids with other details, as real files have."""
    size = len(part)
    copies = min(size // 1000, size // 2)
    index = np.arange(size)
    index[random.integers(1, size, copies)] = random.integers(0, size, copies)
    return part[index]
