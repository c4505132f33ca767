"""Monthly counts of recorded crime in Larkmoor and its six neighbours, as a region's spreadsheet gives them."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from .town import BOROUGH
from .truths import components, history_months, names, record_months, truths
from .when import ORDINARY_MONTH, days_in, extra_variation, season

ALL_CRIME = "All recorded crime"
GROUPS = {
    "Violence": "Violence against the person",
    "Stalking": "Violence against the person",
    "Rape": "Sexual offences",
    "Other sexual": "Sexual offences",
    "Robbery": "Robbery",
    "Burglary": "Burglary",
    "Theft from a vehicle": "Vehicle offences",
    "Theft of motor vehicle": "Vehicle offences",
    "Criminal damage": "Arson and criminal damage",
    "Arson": "Arson and criminal damage",
    "Trafficking": "Drug offences",
    "Possession of drugs": "Drug offences",
    "Possession of weapons": "Possession of weapons",
    "Public order": "Public order offences",
    "Miscellaneous": "Miscellaneous crimes against society",
}


def counts(rng: np.random.Generator, crime: pl.DataFrame) -> pl.DataFrame:
    """Rows of borough, group, offence, month, count. Larkmoor's are its own records wherever there are records."""
    own = _own_counts(crime)
    offences = sorted({flow["offence"] for flow in components()["crime"]})
    frames = [_history(rng, own, offence) for offence in offences]
    frames += [
        _neighbour(rng, own, offence, number) for number in range(len(names()["neighbours"])) for offence in offences
    ]
    table = pl.concat([own.select("borough", "offence", "month", "count"), *frames])
    group = {offence: group_of(offence) for offence in offences}
    return _with_totals(table.with_columns(pl.col("offence").replace_strict(group).alias("group")))


def _with_totals(table: pl.DataFrame) -> pl.DataFrame:
    """The offences, and above them each group of several and all crime, as such sheets have them."""
    several = pl.col("offence").n_unique().over("group") > 1
    groups = table.filter(several).group_by("borough", "group", "month").agg(pl.col("count").sum())
    everything = table.group_by("borough", "month").agg(pl.col("count").sum())
    columns = ["borough", "group", "offence", "month", "count"]
    rows = pl.concat([
        everything.with_columns(group=pl.lit(ALL_CRIME), offence=pl.lit(ALL_CRIME)).select(columns),
        groups.with_columns(offence=pl.col("group")).select(columns),
        table.select(columns),
    ])  # fmt: skip
    order = {name: i for i, name in enumerate([BOROUGH, *names()["neighbours"]])}
    is_total = pl.col("offence") == pl.col("group")
    return rows.sort(
        pl.col("borough").replace_strict(order), pl.col("group") != ALL_CRIME, "group", ~is_total, "offence", "month"
    )


def group_of(offence: str) -> str:
    """The group an offence belongs to; plain theft where no other is named."""
    return next((group for start, group in GROUPS.items() if offence.startswith(start)), "Theft offences")


def _own_counts(crime: pl.DataFrame) -> pl.DataFrame:
    every = pl.DataFrame({"offence": crime["offence"].unique().sort()}).join(
        pl.DataFrame({"month": record_months()}), how="cross"
    )
    found = crime.group_by("offence", "month").agg(pl.len().cast(pl.Int64).alias("count"))
    return every.join(found, on=["offence", "month"], how="left").select(
        pl.lit(BOROUGH).alias("borough"), "offence", "month", pl.col("count").fill_null(0)
    )


def _history(rng: np.random.Generator, own: pl.DataFrame, offence: str) -> pl.DataFrame:
    """Larkmoor before its records begin: at the level of its first ordinary months."""
    months = [month for month in history_months() if month < record_months()[0]]
    robbery = offence == truths()["lighting"]["offence"]
    yearly = _yearly(own, offence, truths()["first_month"])
    dispersion = truths()["robbery"]["dispersion"] if robbery else None
    return _drawn(rng, BOROUGH, offence, months, yearly, dispersion)


def _neighbour(rng: np.random.Generator, own: pl.DataFrame, offence: str, number: int) -> pl.DataFrame:
    planted = truths()["neighbours"]
    name = names()["neighbours"][number]
    last_year = _yearly(own, offence, record_months()[-12])
    if offence == truths()["lighting"]["offence"]:
        yearly, dispersion = last_year * planted["robbery"][number], truths()["robbery"]["dispersion"]
    else:
        per_head = planted["crime"][number] * planted["residents"][number] / truths()["residents"]
        yearly = last_year * per_head * float(rng.lognormal(0, 0.15))
        dispersion = planted["dispersion"]
    return _drawn(rng, name, offence, history_months(), yearly, dispersion)


def _yearly(own: pl.DataFrame, offence: str, first: int) -> float:
    """The year's worth of ordinary months from `first` on."""
    planted = truths()["lockdown"]
    ordinary = own.filter(
        pl.col("offence") == offence,
        pl.col("month").is_between(first, first + 99),
        ~pl.col("month").is_between(planted["first_month"], planted["last_month"]),
    )
    return 12 * float(ordinary["count"].sum()) / max(1, len(ordinary))


def _drawn(
    rng: np.random.Generator, borough: str, offence: str, months: list[int], yearly: float, dispersion: float | None
) -> pl.DataFrame:
    mean = _expected(offence, months, yearly)
    wobble = extra_variation(rng, yearly / 12, dispersion, len(months)) if dispersion else np.ones(len(months))
    drawn = rng.poisson(mean * wobble)
    return pl.DataFrame({"borough": borough, "offence": offence, "month": months, "count": drawn})


def _expected(offence: str, months: list[int], yearly: float) -> NDArray[np.float64]:
    """The offence's own season and the lockdown, which the whole region had."""
    flows = [flow for flow in components()["crime"] if flow["offence"] == offence]
    which = max(flows, key=lambda flow: flow["per_year"])["season"]
    planted = truths()["lockdown"]
    closed = [planted["first_month"] <= month <= planted["last_month"] for month in months]
    ordinary = [yearly / 12 * days_in(month) / ORDINARY_MONTH * season(which, month) for month in months]
    return np.array(ordinary) * np.where(closed, truths()["neighbours"]["lockdown"], 1.0)
