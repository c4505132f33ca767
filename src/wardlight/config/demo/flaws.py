"""What is wrong with the demo borough's files, on purpose: blanks, repeated rows and rows that cannot be read."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl

from .records import Extract
from .truths import truths

MALFORMED: tuple[Callable[[str], str], ...] = (
    lambda moment: f"31/02/{moment[6:]}",
    lambda moment: "",
    lambda moment: f"{moment[:6]}2031{moment[10:]}",
    lambda moment: "last Tuesday",
)


def flawed(rng: np.random.Generator, extract: Extract) -> Extract:
    """The extract as it arrives. Repeated and unreadable rows come on top of the true ones, so that what an import
    keeps is exactly what happened."""
    planted = truths()["flaws"]
    true = len(extract.frame)
    blank = pl.Series(rng.random(true) < planted["blank_area_share"])
    frame = extract.frame.with_columns(pl.when(~blank).then(pl.col(name)).alias(name) for name in extract.areas)
    again = rng.choice(true, round(planted["duplicate_share"] * true), replace=False)
    bad = rng.choice(true, max(len(MALFORMED), round(planted["malformed_share"] * true)), replace=False)
    unreadable = _unreadable(extract, frame[bad])
    rows = np.concatenate([np.arange(true), again + 0.5, bad + 0.25])
    order = np.argsort(rows, kind="stable")
    months = np.concatenate([extract.months, extract.months[again], extract.months[bad]])
    everything = pl.concat([frame, frame[again], unreadable])
    return Extract(extract.slug, everything[order], months[order], extract.areas, extract.date, extract.key)


def _unreadable(extract: Extract, rows: pl.DataFrame) -> pl.DataFrame:
    moments = rows[extract.date].to_list()
    keys = rows[extract.key].to_list()
    return rows.with_columns(
        pl.Series(extract.date, [MALFORMED[i % len(MALFORMED)](moment) for i, moment in enumerate(moments)]),
        pl.Series(extract.key, [f"{key}X" for key in keys]),
    )
