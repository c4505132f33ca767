"""The demo borough's incidents as each source writes them: its own column names, date style and coordinates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from pyproj import Transformer

from .flows import FLAGS
from .town import Town
from .truths import names, truths

CLOCK_TIME = "%d/%m/%Y %H:%M"
OUTCOMES = {
    "Investigation complete; no suspect identified": 0.48,
    "Unable to prosecute suspect": 0.29,
    "Suspect charged": 0.08,
    "Community resolution": 0.04,
    "Under investigation": 0.11,
}
DETECTED = {"Possession of drugs", "Trafficking of drugs", "Possession of weapons"}
SUSPECT_KNOWN = 0.3


@dataclass(frozen=True, slots=True)
class Extract:
    """One source's rows before anything is wrong with them. `areas` and `dates` name the columns that can be flawed."""

    slug: str
    frame: pl.DataFrame
    months: NDArray[np.int64]
    areas: tuple[str, ...]
    date: str
    key: str


def recorded_crime(rng: np.random.Generator, town: Town, crime: pl.DataFrame, premises: list[str]) -> Extract:
    """The police's records: National Grid, from and to times, small areas of the vintage in use at the time."""
    wall = crime.with_columns(_clock("start"), _clock("end"))
    suspects = rng.choice(names()["ethnicities"], len(crime), p=names()["ethnicity_shares"])
    known = rng.random(len(crime)) < SUSPECT_KNOWN
    keys = np.array([*premises, ""], dtype=object)[crime["premises"].to_numpy()]
    frame = wall.select(
        _numbered("CR", len(crime)).alias("Crime reference"),
        pl.col("offence").alias("Offence"),
        pl.col("start").alias("Committed from"),
        pl.col("end").alias("Committed to"),
        pl.col("x").alias("Easting"),
        pl.col("y").alias("Northing"),
        pl.col("street").alias("Location"),
        pl.Series("LSOA", _codes(town, crime)),
        pl.col("victim_key").alias("Victim reference"),
        pl.col("victim_age").alias("Victim age"),
        pl.col("victim_sex").alias("Victim sex"),
        pl.col("victim_ethnicity").alias("Victim ethnicity"),
        pl.Series("Suspect ethnicity", np.where(known, suspects, "").tolist()),
        pl.Series("Premises reference", keys.tolist(), dtype=pl.String),
        *[pl.when(flag).then(pl.lit("Y")).otherwise(pl.lit("N")).alias(flag.capitalize()) for flag in FLAGS],
        pl.Series("Outcome", _outcomes(rng, crime)),
        pl.lit(truths()["label"]).alias("Notes"),
    )
    return Extract(
        "recorded-crime", frame, crime["month"].to_numpy(), ("Easting", "Northing", "LSOA"), "Committed from",
        "Crime reference",
    )  # fmt: skip


def antisocial_behaviour(town: Town, asb: pl.DataFrame) -> Extract:
    """The council's reports: longitude and latitude, and a label that changed half-way."""
    flaw = truths()["flaws"]
    renamed = (pl.col("offence") == flaw["relabelled_from"]) & (pl.col("month") >= flaw["relabelled_month"])
    frame = _located(town, asb).select(
        _numbered("AS", len(asb)).alias("Case"),
        pl.when(renamed).then(pl.lit(flaw["relabelled_to"])).otherwise("offence").alias("Type"),
        _clock("start").alias("Reported"),
        "Latitude", "Longitude",
        pl.col("street").alias("Street"),
        "LSOA",
        pl.lit(truths()["label"]).alias("Notes"),
    )  # fmt: skip
    return Extract(
        "antisocial-behaviour", frame, asb["month"].to_numpy(), ("Latitude", "Longitude", "LSOA"), "Reported", "Case"
    )


def ambulance(rng: np.random.Generator, town: Town, calls: pl.DataFrame) -> Extract:
    """The ambulance service's call-outs, with one month that never came."""
    missing = truths()["flaws"]["missing_month"]
    calls = calls.filter(pl.col("month") != missing)
    frame = _located(town, calls).select(
        _numbered("AM", len(calls)).alias("Incident"),
        _clock("start").alias("Call time"),
        pl.col("offence").alias("Reason"),
        "Latitude", "Longitude", "LSOA",
        *_patient(rng, len(calls)),
        pl.lit(truths()["label"]).alias("Notes"),
    )  # fmt: skip
    return Extract(
        "ambulance", frame, calls["month"].to_numpy(), ("Latitude", "Longitude", "LSOA"), "Call time", "Incident"
    )


def emergency_department(rng: np.random.Generator, town: Town, assaults: pl.DataFrame) -> Extract:
    """Assaults as told at the hospital's reception: the area where it happened, no coordinates."""
    frame = _located(town, assaults).select(
        _numbered("ED", len(assaults)).alias("Attendance"),
        _clock("start").alias("Assaulted at"),
        pl.col("offence").alias("Means"),
        pl.col("street").alias("Where"),
        "LSOA",
        *_patient(rng, len(assaults)),
        pl.lit(truths()["label"]).alias("Notes"),
    )
    return Extract("emergency-department", frame, assaults["month"].to_numpy(), ("LSOA",), "Assaulted at", "Attendance")


def to_wgs84(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Longitude and latitude to seven places (a centimetre) of grid coordinates."""
    lon, lat = Transformer.from_crs(27700, 4326, always_xy=True).transform(x, y)
    return np.round(lon, 7), np.round(lat, 7)


def _clock(column: str) -> pl.Expr:
    return (pl.col(column) * 60_000_000).cast(pl.Datetime("us")).dt.strftime(CLOCK_TIME)


def _numbered(letters: str, number: int) -> pl.Series:
    return pl.Series([f"{letters}-{i:06d}" for i in range(1, number + 1)], dtype=pl.String)


def _codes(town: Town, crime: pl.DataFrame) -> list[str]:
    """Small-area codes of the 2011 set until the change of vintage, of the 2021 set from it."""
    area = crime["area"].to_numpy()
    new = np.array(town.small_areas.codes, dtype=object)[area]
    old = np.array(town.old_small_areas.codes, dtype=object)[town.old_of_new[area]]
    before = crime["month"].to_numpy() < truths()["flaws"]["vintage_month"]
    return [str(code) for code in np.where(before, old, new)]


def _located(town: Town, frame: pl.DataFrame) -> pl.DataFrame:
    lon, lat = to_wgs84(frame["x"].to_numpy(), frame["y"].to_numpy())
    codes = np.array(town.small_areas.codes, dtype=object)[frame["area"].to_numpy()]
    return frame.with_columns(
        pl.Series("Longitude", lon), pl.Series("Latitude", lat), pl.Series("LSOA", codes.tolist(), dtype=pl.String)
    )


def _patient(rng: np.random.Generator, number: int) -> list[pl.Series]:
    age = np.clip(rng.gamma(4.0, 7.0, number) + 6, 5, 95).astype(np.int64)
    sex = np.where(rng.random(number) < 0.64, "Male", "Female")
    return [pl.Series("Age", age), pl.Series("Sex", sex.tolist())]


def _outcomes(rng: np.random.Generator, crime: pl.DataFrame) -> list[str]:
    shares = np.array(list(OUTCOMES.values()))
    drawn = rng.choice(list(OUTCOMES), len(crime), p=shares / shares.sum())
    found = crime["offence"].is_in(sorted(DETECTED)).to_numpy() & (rng.random(len(crime)) < 0.75)
    return [str(outcome) for outcome in np.where(found, "Community resolution", drawn)]
