"""A small made-up place for tests of the assessment: counts for eight boroughs, and records with times, people and premises."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import shapely

from wardlight.assessment.context import (
    Annotation,
    AreaFacts,
    BatchFacts,
    Context,
    Layer,
    Records,
    RelativeRate,
    SmallArea,
    Unanswered,
    Weights,
)
from wardlight.assessment.figures import About, Series, work_out
from wardlight.assessment.periods import Period

PERIOD, AGAINST = Period.parse("2024-04..2025-03"), Period.parse("2023-04..2024-03")
MONTHS = Period.parse("2020-04..2025-03").months
OTHERS = tuple(f"Borough {letter}" for letter in "ABCDEFG")
SIDE = 4_000.0
WARDS = tuple(SmallArea(f"W{at}", f"Ward {at}", 9_000.0 + at) for at in range(4))
LSOAS = tuple(SmallArea(f"L{at}", f"Small area {at}", 1_500.0) for at in range(40))
MEASURES = (
    About("all-recorded-crime", "All recorded crime", kind="all", family="all", caveat="Recorded by the police."),
    About("theft", "Theft", family="theft"),
    About(
        "violence", "Violence against the person", family="violence", notes=("Definition differs: elsewhere it is 5.",)
    ),
    About("homicide", "Homicide", family="violence"),
    About("hate-crime", "Hate crime", kind="scope", direction="monitor", family="hate-crime"),
    About("ambulance-assault", "Ambulance call-outs to assaults", kind="health", family="ambulance"),
)
MEANS = {
    "all-recorded-crime": 900,
    "theft": 300,
    "violence": 200,
    "homicide": 0.3,
    "hate-crime": 40,
    "ambulance-assault": 50,
}
CHANGE = {"theft": 0.6}


def series(about: About, seed: int = 1) -> Series:
    """Poisson counts round a mean; theft falls by two fifths in the last twelve months of our area."""
    random = np.random.default_rng([seed, len(about.slug)])
    own = random.poisson(MEANS[about.slug], len(MONTHS))
    own[-12:] = random.poisson(MEANS[about.slug] * CHANGE.get(about.slug, 1.0), 12)
    others = random.poisson(MEANS[about.slug], (len(OTHERS), len(MONTHS)))
    return Series(
        about,
        "counts",
        "borough",
        MONTHS,
        own,
        OTHERS,
        others,
        random.poisson(5, len(MONTHS)),
        choice="Counted from counts.",
    )


def records(seed: int = 2, rows: int = 2_000, *, months_only: bool = False) -> Records:
    """Records over a square of four kilometres, thickest round its middle; hours, people and premises unless months only."""
    random = np.random.default_rng(seed)
    near = random.random(rows) < 0.3
    x = np.where(near, random.normal(2_000, 60, rows), random.uniform(1, SIDE - 1, rows))
    y = np.where(near, random.normal(2_000, 60, rows), random.uniform(1, SIDE - 1, rows))
    lost = random.random(rows) < 0.05
    ward = np.where(lost, None, np.array([f"W{int(at)}" for at in x // 1_000]))
    frame = pl.DataFrame(
        {
            "category": random.choice(
                ["theft", "violence", "homicide", "anti-social-behaviour"], rows, p=[0.5, 0.3, 0.01, 0.19]
            ),
            "precision": ["month" if months_only else "minute"] * rows,
            "month": random.choice([*PERIOD.months, *AGAINST.months], rows),
            "hour_of_week": pl.Series(
                [None] * rows if months_only else random.integers(0, 168, rows).tolist(), dtype=pl.UInt8
            ),
            "x": np.where(lost, np.nan, x),
            "y": np.where(lost, np.nan, y),
            "place": ["On or near Station Street" if one else "On or near Mill Lane" for one in near],
            "outcome": random.choice(["Under investigation", "No suspect identified", "Charged"], rows),
            "victim_age": random.integers(5, 90, rows).tolist(),
            "victim_sex": random.choice(["female", "male"], rows),
            "victim_key": [f"p{number}" for number in random.integers(0, 900, rows)],
            "premises_key": pl.Series(
                [f"k{number}" if number < 40 else None for number in random.integers(0, 200, rows)]
            ),
            "source": ["extract"] * rows,
            "reported_by": ["Sample Police"] * rows,
            "area_borough": ["B1"] * rows,
            "area_ward": pl.Series(ward.tolist(), dtype=pl.String),
            "area_lsoa": [f"L{int(a // 400)}" for a in x],
        },
        schema_overrides={"month": pl.UInt32},
    ).with_columns(pl.col("x", "y").fill_nan(None))
    if months_only:
        people = [pl.lit(None, pl.Int64).alias("victim_age"), *(pl.lit(None, pl.String).alias(name) for name in BLANK)]
        frame = frame.with_columns(people)
    return Records(frame, ("extract",), False, 0, 0, months_only)


BLANK = ("victim_sex", "victim_key", "premises_key", "outcome")


LABELS = {"Old words": [202304, 202305, 90], "New words": [202306, 202503, 300]}


def batch(rows: int = 1_000) -> BatchFacts:
    return BatchFacts(
        1, "record-extract", "Record extract", "records", ("crimes.csv",), 202304, 202503, rows + 15, rows, 10, 5,
        {"blank_area": 12, "by_month": {"202304": {"rows": 3}, "202306": {"rows": 3}}, "labels": LABELS}, "1 May 2025",
    )  # fmt: skip


def context(**changes: object) -> Context:
    """Everything at once; change what a test needs otherwise."""
    figures = tuple(
        work_out(series(about), area="Sample", period=PERIOD, against=AGAINST, seed=0) for about in MEASURES
    )
    made = Context(
        partnership="Sample partnership",
        synthetic=True,
        area=AreaFacts("Sample", "borough", "B1", 250_000.0, "made up, 2024"),
        period=PERIOD,
        against=AGAINST,
        seed=0,
        annotations=(Annotation(202403, "A made-up event"),),
        figures=figures,
        unanswered=(Unanswered("Knife crime", "scope", "no source tells it apart"),),
        records=records(),
        batches=(batch(),),
        layers=(Layer("ward", "2022", WARDS), Layer("lsoa", "2021", LSOAS)),
        outlines={"B1": shapely.box(0, 0, SIDE, SIDE)},
        category_titles={"theft": "Theft", "violence": "Violence against the person", "homicide": "Homicide"},
        crime_categories=frozenset({"theft", "violence", "homicide"}),
        category_counts={"theft": 600, "violence": 400, "homicide": 3, "other": 20},
        mix={"theft": 600, "violence": 400, "homicide": 3},
        weights=(
            Weights(
                "days",
                "Days",
                "A source",
                "days of imprisonment",
                "",
                False,
                {"theft": 1.0, "violence": 100.0, "homicide": 5000.0},
            ),
            Weights(
                "costs", "Costs", "A source", "pounds at 2015/16 prices", "2015/16", True, {"homicide": 3_000_000.0}
            ),
        ),
        harm_each={"theft": 1.0, "violence": 100.0},
        relative_rates=(
            RelativeRate("Black", 100, 5_000, 2.1, 1.7, 2.6, "Residents of 2021; white people: 500 stops of 52,500."),
            RelativeRate("Asian", 50, 5_000, 1.0, 0.8, 1.3, "Residents of 2021; white people: 500 stops of 52,500."),
        ),
        premises={f"k{number}": f"The Sample Arms {number}" for number in range(40)},
    )
    return replace(made, **changes)
