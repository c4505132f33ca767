"""Write the demo borough's files, exactly as a partnership would be sent them, each labelled synthetic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pyogrio
import shapely
import xlsxwriter

from .borough import Borough
from .records import Extract, to_wgs84
from .town import Places
from .truths import history_months, record_months, truths
from .when import month_of

MARK = "SYNTHETIC"
FORCE = "larkmoor-synthetic"
SPREADSHEETS = ("ambulance", "emergency-department")
STOP_COLUMNS = (
    "Type", "Date", "Part of a policing operation", "Policing operation", "Latitude", "Longitude", "Gender", "Age range",
    "Self-defined ethnicity", "Officer-defined ethnicity", "Legislation", "Object of search", "Outcome",
    "Outcome linked to object of search", "Removal of more than just outer clothing",
)  # fmt: skip
ABOUT = (
    "Everything in this folder is made up. Larkmoor, its neighbours and everybody in these files do not exist.\n"
    "The patch of the National Grid they stand on is empty moor in the North Pennines.\n"
    "The same files are made again from one seed by `wardlight demo`.\n"
)


@dataclass(frozen=True, slots=True)
class Folder:
    """The files that were written. `records` has the paths of each source's files by its slug."""

    records: dict[str, list[Path]]
    stops: list[Path]
    neighbours: Path
    boundaries: dict[tuple[str, str], Path]  # (level, vintage)
    populations: dict[tuple[str, str], Path]
    premises: Path
    survey: Path


def write(borough: Borough, folder: Path) -> Folder:
    """Write all files of the borough into `folder`, replacing what is there."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"README-{MARK}.txt").write_text(ABOUT, encoding="utf-8")
    written = Folder(
        records={extract.slug: _extract_files(extract, folder) for extract in borough.extracts},
        stops=_stop_files(borough.stops, folder / f"stop-and-search-{MARK}"),
        neighbours=folder / f"neighbours-monthly-counts-{MARK}.xlsx",
        boundaries={
            (places.level, places.vintage): _boundary_file(places, above, folder) for places, above in _layers(borough)
        },
        populations=_population_files(borough.populations, folder),
        premises=folder / f"licensed-premises-{MARK}.csv",
        survey=folder / f"residents-survey-{MARK}.csv",
    )
    _neighbours_file(borough.neighbours, written.neighbours)
    _premises(borough).write_csv(written.premises)
    borough.survey.write_csv(written.survey)
    return written


def _extract_files(extract: Extract, folder: Path) -> list[Path]:
    """A CSV file a year, or one workbook."""
    if extract.slug in SPREADSHEETS:
        path = folder / f"{extract.slug}-{MARK}.xlsx"
        _workbook(path, extract.slug, extract.frame.columns, extract.frame.rows())
        return [path]
    paths = []
    months = record_months()
    for first in range(0, len(months), 12):
        year = months[first : first + 12]
        path = folder / f"{extract.slug}-{year[0] // 100}-{year[-1] // 100 % 100:02d}-{MARK}.csv"
        extract.frame.filter(pl.Series(np.isin(extract.months, year))).write_csv(path)
        paths.append(path)
    return paths


def _workbook(path: Path, sheet: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        page = book.add_worksheet(sheet[:31])
        page.write_row(0, 0, columns)
        for number, row in enumerate(rows, start=1):
            page.write_row(number, 0, row)
        book.add_worksheet("About these data").write(0, 0, f"{truths()['label']}. Every row is made up.")


def _stop_files(stops: pl.DataFrame, folder: Path) -> list[Path]:
    """A file a month, in the columns of data.police.uk."""
    folder.mkdir(exist_ok=True)
    lon, lat = to_wgs84(stops["x"].to_numpy(), stops["y"].to_numpy())
    moment = (pl.col("start") * 60_000_000).cast(pl.Datetime("us")).dt.replace_time_zone(
        "Europe/London", ambiguous="earliest"
    )  # fmt: skip
    table = stops.with_columns(
        moment.dt.strftime("%Y-%m-%dT%H:%M:%S%:z").alias("Date"),
        pl.Series("Latitude", lat),
        pl.Series("Longitude", lon),
        pl.Series("month", month_of(stops["start"].to_numpy())),
    )
    return [
        _stop_file(rows, month, folder) for (month,), rows in sorted(table.partition_by("month", as_dict=True).items())
    ]


def _stop_file(rows: pl.DataFrame, month: int, folder: Path) -> Path:
    name = f"{month // 100}-{month % 100:02d}"
    path = folder / f"{name}-{FORCE}-stop-and-search.csv"
    fixed = {
        "Type": "Person search",
        "Part of a policing operation": "False",
        "Policing operation": truths()["label"],
        "Legislation": "Misuse of Drugs Act 1971 (section 23)",
        "Outcome linked to object of search": None,
        "Removal of more than just outer clothing": "False",
    }
    renamed = rows.rename(
        {"sex": "Gender", "age_range": "Age range", "ethnicity": "Officer-defined ethnicity",
         "object": "Object of search", "outcome": "Outcome"}
    ).with_columns(pl.lit(value, dtype=pl.String).alias(column) for column, value in fixed.items())  # fmt: skip
    own = pl.col("Officer-defined ethnicity").alias("Self-defined ethnicity")
    renamed.with_columns(own).select(STOP_COLUMNS).write_csv(path)
    return path


def _neighbours_file(table: pl.DataFrame, path: Path) -> None:
    """Months across, as regional spreadsheets have them."""
    months = history_months()
    wide = table.pivot(on="month", index=["borough", "group", "offence"], values="count", maintain_order=True)
    headings = [date(month // 100, month % 100, 1).strftime("%b %Y") for month in months]
    wide = wide.select("borough", "group", "offence", *[str(month) for month in months])
    _workbook(path, "Recorded crime", ["Borough", "Offence group", "Offence", *headings], wide.rows())


def _layers(borough: Borough) -> list[tuple[Places, Places | None]]:
    town = borough.town
    return [
        (town.boroughs, None),
        (town.wards, town.boroughs),
        (town.old_small_areas, town.wards),
        (town.small_areas, town.wards),
    ]


def _boundary_file(places: Places, above: Places | None, folder: Path) -> Path:
    path = folder / f"boundaries-{places.level}-{places.vintage}-{MARK}.gpkg"
    path.unlink(missing_ok=True)
    parents = [above.codes[parent] if above else "" for parent in places.parents]
    columns = {"code": places.codes, "name": places.names, "parent_code": parents}
    pyogrio.raw.write(
        path,
        geometry=np.array(shapely.to_wkb(places.shapes), dtype=object),
        field_data=[np.array(values, dtype=object) for values in columns.values()],
        fields=list(columns),
        geometry_type="Polygon",
        crs="EPSG:27700",
        driver="GPKG",
    )
    return path


def _population_files(populations: pl.DataFrame, folder: Path) -> dict[tuple[str, str], Path]:
    """A file a level and vintage; one row a number."""
    paths = {}
    for (level, vintage), rows in populations.partition_by("level", "vintage", as_dict=True, include_key=False).items():
        paths[str(level), str(vintage)] = path = folder / f"populations-{level}-{vintage}-{MARK}.csv"
        rows.drop("source").with_columns(pl.lit(truths()["label"]).alias("notes")).write_csv(path)
    return paths


def _premises(borough: Borough) -> pl.DataFrame:
    premises = borough.premises
    return pl.DataFrame({
        "key": premises.keys,
        "name": premises.names,
        "kind": premises.kinds,
        "members only": ["yes" if closed else "no" for closed in premises.members_only],
        "easting": premises.x,
        "northing": premises.y,
        "notes": truths()["label"],
    })  # fmt: skip
