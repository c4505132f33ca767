"""Small police.uk files for tests."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

HEADINGS = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,"
    "Last outcome category,Context"
)
OUTCOME_HEADINGS = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Outcome type"
)
STOP_HEADINGS = (
    "Type,Date,Part of a policing operation,Policing operation,Latitude,Longitude,Gender,Age range,"
    "Self-defined ethnicity,Officer-defined ethnicity,Legislation,Object of search,Outcome,"
    "Outcome linked to object of search,Removal of more than just outer clothing"
)
FORCE = "City of London Police"


def crime_id(number: int) -> str:
    return sha256(str(number).encode()).hexdigest()


def row(
    number: int,
    *,
    month: str = "2022-07",
    lon: str = "-0.107682",
    lat: str = "51.517786",
    crime: str = "Drugs",
    outcome: str = "Under investigation",
    place: str = "On or near B521",
    lsoa: str = "E01000001,City of London 001A",
    crime_id_text: str | None = None,
) -> str:
    identity = crime_id(number) if crime_id_text is None else crime_id_text
    return f"{identity},{month},{FORCE},{FORCE},{lon},{lat},{place},{lsoa},{crime},{outcome},"


def write_street(path: Path, rows: Sequence[str], *, end: str = "\n", encoding: str = "utf-8") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes((end.join([HEADINGS, *rows]) + end).encode(encoding))
    return path


def write_outcomes(path: Path, rows: Sequence[tuple[int, str, str]]) -> Path:
    lines = [f"{crime_id(number)},{month},{FORCE},{FORCE},,,No location,,,{outcome}" for number, month, outcome in rows]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([OUTCOME_HEADINGS, *lines]) + "\n", encoding="utf-8")
    return path


def write_stops(path: Path, dates: Sequence[str]) -> Path:
    lines = [
        f"Person search,{date},False,,51.517786,-0.107682,Male,18-24,Other ethnic group - Not stated,Black,"
        "Misuse of Drugs Act 1971 (section 23),Controlled drugs,A no further action disposal,,False"
        for date in dates
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([STOP_HEADINGS, *lines]) + "\n", encoding="utf-8")
    return path
