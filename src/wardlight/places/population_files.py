"""Read population files of the layouts they come in into plain rows: code, name, year, ages, sex, ethnicity, value.

Layouts: one row an area with a column for each sex and age band (`Males_16-29`); one row an area with a column for
each ethnic group (census tables, a sheet a year); one row a number (`code, year, age_from, …, value`).
"""

from __future__ import annotations

import gzip
import re
import tempfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import fastexcel
import polars as pl

from wardlight.partners.refusal import Refusal
from wardlight.partners.text_files import read_text
from wardlight.partners.workbooks import check_workbook

from .levels import level_of_code, level_slug, read_heading, year_in
from .models import NO_UPPER_AGE

ENDINGS = (".csv", ".csv.gz", ".tsv", ".xlsx")
SEXES = {
    **dict.fromkeys(("persons", "person", "all", "total", "both", "people", ""), ""),
    **dict.fromkeys(("males", "male", "m", "men"), "male"),
    **dict.fromkeys(("females", "female", "f", "women"), "female"),
}
BAND = re.compile(r"^(persons|males|females|all|total)[ _-]+(all[ _-]?ages|\d+\s*[-–]\s*\d+|\d+\+|\d+)$", re.IGNORECASE)
GROUP_WORDS = ("white", "mixed", "asian", "black", "other", "chinese", "arab", "gypsy")
BAND_WORDS = re.compile(r"(\d{1,3})(?:\s*(?:-|–|to)\s*(\d{1,3})|\+)?")
ALL_AGES = ("", "all", "all ages", "total")
TOTALS = ("all usual residents", "all residents", "all people", "total", "all")
CODES = ("code", "area_code", "gss_code", "lsoa_code", "msoa_code", "ward_code", "borough_code", "lad_code")
NAMES = ("ward_name", "lsoa_name", "msoa_name", "area_name", "name", "area", "borough_name", "borough", "district")
PARENTS = ("borough", "borough_name", "local_authority_name", "district", "parent")
VALUES = ("value", "population", "count", "persons", "residents", "people", "number")
NAMED_LEVELS = {"borough": "borough", "district": "borough", "ward": "ward", "lsoa": "lsoa", "msoa": "msoa"}
LARGEST = 4_000_000_000
FIRST_YEAR, LAST_YEAR = 1801, 2200
AGE_BANDS = ("age", "ages", "age_band", "age_group", "age_range")
PIECE = 1 << 20
MOST_UNPACKED = 1 << 30


@dataclass(frozen=True, slots=True)
class PopulationRow:
    """One number and whom it counts, with the line it stands on."""

    code: str
    name: str
    parent: str
    year: int
    value: int
    line: int
    age_from: int = 0
    age_to: int = NO_UPPER_AGE
    sex: str = ""
    ethnicity: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class PopulationFile:
    """The numbers of a file. `vintage` is None when the file does not say which boundaries its codes are of."""

    source: str
    level: str
    vintage: str | None
    read: int
    rows: list[PopulationRow]
    refused: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Sheet:
    """One table of text, with what its headings say of its areas."""

    where: str
    frame: pl.DataFrame
    year: int | None
    level: str = ""
    vintage: str | None = None
    code: str = ""
    name: str = ""
    parent: str = ""
    refused: list[str] = field(default_factory=list)

    def column(self, names: Sequence[str]) -> str:
        tidy = {_tidy(column): column for column in self.frame.columns}
        return next((tidy[name] for name in names if name in tidy), "")

    def texts(self, column: str) -> list[str]:
        if not column:
            return [""] * self.frame.height
        return [(value or "").strip() for value in self.frame.get_column(column).to_list()]


def read_populations(path: Path, *, year: int | None = None, level: str | None = None) -> PopulationFile:
    """Read a CSV (also gzipped) or an Excel workbook. Raises Refusal when its layout is not one that is known."""
    if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refusal(f"The year {year} cannot be that of a population: choose one from {FIRST_YEAR} to {LAST_YEAR}.")
    sheets, skipped = _sheets(path, year)
    parts: list[PopulationFile] = []
    reasons: list[str] = []
    for sheet in sheets:
        try:
            parts.append(_read_sheet(sheet, level))
        except Refusal as refusal:
            reasons.append(str(refusal))
    if not parts:
        raise Refusal(reasons[0] if reasons else f"{path.name} is empty: it has no rows to load.")
    messages = [*skipped, *(reasons if len(sheets) > 1 else [])]
    return replace(
        parts[0],
        source=path.name,
        read=sum(part.read for part in parts),
        rows=[row for part in parts for row in part.rows],
        refused=[reason for part in parts for reason in part.refused],
        messages=messages,
    )


def _sheets(path: Path, year: int | None) -> tuple[list[_Sheet], list[str]]:
    if not path.is_file():
        raise Refusal(f"There is no file {path.name}: check its name and folder.")
    if not path.name.lower().endswith(ENDINGS):
        raise Refusal(f"{path.name} is not a population file: use one that ends in {', '.join(ENDINGS)}.")
    if path.suffix.lower() == ".xlsx":
        return _workbook(path, year)
    frame = _text_table(path)
    stated = year or _number(year_in(re.sub(r"mid[-_ ]?(?=\d{4})", " ", path.name, flags=re.IGNORECASE)))
    return [_Sheet(path.name, frame, stated)], []


def _text_table(path: Path) -> pl.DataFrame:
    with tempfile.TemporaryDirectory() as folder:
        text = read_text(_unpacked(path, Path(folder)), path.name)
    separator = "\t" if path.suffix.lower() == ".tsv" else ","
    try:
        return pl.read_csv(text.encode(), infer_schema=False, separator=separator, truncate_ragged_lines=False)
    except pl.exceptions.PolarsError as error:
        raise Refusal(
            f"{path.name} cannot be read as a table: save it again as CSV (UTF-8), with as many cells in each row as "
            "there are headings."
        ) from error


def _unpacked(path: Path, folder: Path) -> Path:
    """The file itself, or what a .gz file holds."""
    if path.suffix.lower() != ".gz":
        return path
    plain = folder / path.stem
    try:
        with gzip.open(path) as packed, plain.open("wb") as out:
            while piece := packed.read(PIECE):
                out.write(piece)
                if out.tell() > MOST_UNPACKED:
                    raise Refusal(f"{path.name} unpacks to more than 1 GB: use a smaller file.")
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise Refusal(f"{path.name} is not a whole gz file: download it again.") from error
    return plain


def _is_a_table(frame: pl.DataFrame) -> bool:
    """Whether the first row looks like headings: three columns or more, and hardly any without one."""
    nameless = sum(column.startswith("__UNNAMED__") for column in frame.columns)
    return frame.width > 2 and frame.height > 0 and nameless * 2 <= frame.width


def _workbook(path: Path, year: int | None) -> tuple[list[_Sheet], list[str]]:
    check_workbook(path, path.name)
    try:
        book = fastexcel.read_excel(path)
        frames = {name: book.load_sheet(name, dtypes="string").to_polars() for name in book.sheet_names}
    except fastexcel.FastExcelError as error:
        raise Refusal(f"{path.name} cannot be read as an Excel workbook: save it again as .xlsx or as CSV.") from error
    sheets = []
    skipped = []
    for name, frame in frames.items():
        if re.search(r"change|difference", name, re.IGNORECASE):
            skipped.append(f"Sheet “{name}” was left: it holds changes, not numbers of people.")
        elif _is_a_table(frame):
            stated = year or _number(year_in(name)) or _number(year_in(path.name))
            sheets.append(_Sheet(f"{path.name}, sheet “{name}”", frame, stated))
    return sheets, skipped


def _read_sheet(sheet: _Sheet, level: str | None) -> PopulationFile:
    _find_area_columns(sheet, level)
    layouts: list[Callable[[_Sheet], list[PopulationRow] | None]] = [_wide_bands, _wide_groups, _long]
    for layout in layouts:
        rows = layout(sheet)
        if rows is not None:
            rows = [row for row in rows if row.code or row.name]
            return PopulationFile(sheet.where, sheet.level, sheet.vintage, sheet.frame.height, rows, sheet.refused)
    raise Refusal(
        f"{sheet.where} has no numbers that are recognised among {', '.join(sheet.frame.columns[:12])}: use columns "
        "code (or name), year, value and, where they differ, age_from, age_to, sex, ethnicity and kind."
    )


def _find_area_columns(sheet: _Sheet, level: str | None) -> None:
    headings = [heading for heading in map(read_heading, sheet.frame.columns) if heading]
    if headings:
        sizes = {h.level: sheet.frame.get_column(h.column).n_unique() for h in headings}
        own = level_slug(level) if level else max(sizes, key=lambda one: sizes[one])
        mine = [h for h in headings if h.level == own]
        sheet.vintage = mine[0].vintage if mine else None
        sheet.code = next((h.column for h in mine if h.holds == "CD"), "")
        sheet.name = next((h.column for h in mine if h.holds == "NM"), "")
        sheet.parent = next((h.column for h in headings if h.level == "borough" and h.holds == "NM" != own), "")
        sheet.level = own
    sheet.code = sheet.code or sheet.column(CODES)
    sheet.name = sheet.name or sheet.column(NAMES)
    if not sheet.code and not sheet.name:
        raise Refusal(
            f"{sheet.where} has no column of area codes or names among {', '.join(sheet.frame.columns[:12])}: call one "
            "of them “code” or “name”."
        )
    parent = sheet.parent or sheet.column(PARENTS)
    sheet.parent = "" if parent == sheet.name else parent
    sheet.level = level_slug(level or "") or sheet.level or _level_said(sheet)


def _level_said(sheet: _Sheet) -> str:
    codes = [code for code in sheet.texts(sheet.code) if code]
    from_code = level_of_code(codes[0]) if codes else None
    words = _tidy(sheet.code or sheet.name).split("_") + _tidy(sheet.name).split("_")
    from_heading = next((NAMED_LEVELS[word] for word in words if word in NAMED_LEVELS), None)
    if from_code is None and from_heading is None:
        raise Refusal(f"{sheet.where} does not say what kind of area it counts: add --level ward (or borough, lsoa…).")
    return from_code or str(from_heading)


def _wide_bands(sheet: _Sheet) -> list[PopulationRow] | None:
    """A column for each sex and age band, such as `Persons_All-Ages`, `Males_16-29`, `Females_65+`."""
    bands = {column: found for column in sheet.frame.columns if (found := BAND.match(column.strip()))}
    if not bands:
        return None
    year = _year_of(sheet)
    rows: list[PopulationRow] = []
    for column, found in bands.items():
        low, high = _ages(found[2])
        template = PopulationRow("", "", "", year, 0, 0, low, high, SEXES[found[1].casefold()])
        rows.extend(_column_rows(sheet, column, template))
    return rows


def _wide_groups(sheet: _Sheet) -> list[PopulationRow] | None:
    """A column for each ethnic group beside one for everybody."""
    everybody = sheet.column([_tidy(total) for total in TOTALS])
    groups = [column for column in sheet.frame.columns if _tidy(column).split("_")[0] in GROUP_WORDS]
    if not everybody or len(groups) < 3:
        return None
    year = _year_of(sheet)
    rows = _column_rows(sheet, everybody, PopulationRow("", "", "", year, 0, 0))
    for column in groups:
        rows.extend(_column_rows(sheet, column, PopulationRow("", "", "", year, 0, 0, ethnicity=column.strip()[:60])))
    return rows


def _column_rows(sheet: _Sheet, column: str, template: PopulationRow) -> list[PopulationRow]:
    codes, names, parents = sheet.texts(sheet.code), sheet.texts(sheet.name), sheet.texts(sheet.parent)
    rows = []
    for position, text in enumerate(sheet.texts(column)):
        if not text:
            continue
        value = _whole(sheet, text, position, column)
        if value is not None:
            area = {"code": codes[position], "name": names[position], "parent": parents[position]}
            rows.append(replace(template, value=value, line=position + 2, **_any(area)))
    return rows


def _any(fields: Mapping[str, int | str]) -> dict[str, Any]:
    return dict(fields)


def _long(sheet: _Sheet) -> list[PopulationRow] | None:
    """One number a row: code or name, year, value and, where given, age_from, age_to, sex, ethnicity, kind."""
    value = sheet.column(VALUES)
    if not value:
        return None
    year = sheet.column(("year",))
    default = 0 if year else _year_of(sheet)
    columns = {name: sheet.texts(sheet.column((name,))) for name in ("age_from", "age_to", "sex", "ethnicity", "kind")}
    years = sheet.texts(year)
    _split_bands(sheet, columns)
    rows = []
    for row in _column_rows(sheet, value, PopulationRow("", "", "", default, 0, 0)):
        position = row.line - 2
        stated = _whole(sheet, years[position], position, year, low=FIRST_YEAR, high=LAST_YEAR) if year else default
        group = _group(sheet, {name: texts[position] for name, texts in columns.items()}, position)
        if stated is not None and group is not None:
            rows.append(replace(row, year=stated, **_any(group)))
    return rows


def _split_bands(sheet: _Sheet, columns: dict[str, list[str]]) -> None:
    """Fill `age_from` and `age_to` from one column of bands such as 0-17, 65+ or all."""
    heading = sheet.column(AGE_BANDS)
    if not heading or any(columns["age_from"]):
        return
    for position, words in enumerate(sheet.texts(heading)):
        found = BAND_WORDS.fullmatch(words)
        low, high = ("", "") if words.casefold() in ALL_AGES else (words, "")
        if found is not None:
            low, high = found[1], found[2] or ("" if words.endswith("+") else found[1])
        columns["age_from"][position], columns["age_to"][position] = low, high


def _group(sheet: _Sheet, cells: dict[str, str], position: int) -> dict[str, int | str] | None:
    low = _whole(sheet, cells["age_from"] or "0", position, "age_from", high=150)
    high = _whole(sheet, cells["age_to"] or str(NO_UPPER_AGE), position, "age_to", high=NO_UPPER_AGE)
    sex = SEXES.get(cells["sex"].casefold())
    if sex is None:
        _refuse(sheet, position, "sex", cells["sex"], "use female, male or leave it empty for everybody")
    if low is None or high is None or sex is None:
        return None
    if low > high:
        _refuse(sheet, position, "age_to", str(high), "an age band must end at or after the age it begins at")
        return None
    ethnicity, kind = cells["ethnicity"][:60], cells["kind"].casefold()[:30]
    return {"age_from": low, "age_to": high, "sex": sex, "ethnicity": ethnicity, "kind": kind}


def _whole(sheet: _Sheet, text: str, position: int, column: str, low: int = 0, high: int = LARGEST) -> int | None:
    """The text as a whole number (estimates with decimals are rounded), or None and the reason noted."""
    try:
        number = float(text.replace(",", ""))
        if low <= number <= high:
            return round(number)
    except ValueError:
        pass
    limits = f"from {low} to {high}" if (low, high) != (0, LARGEST) else "of 0 or more"
    _refuse(sheet, position, column, text, f"it should be a number {limits}")
    return None


def _refuse(sheet: _Sheet, position: int, column: str, value: str, why: str) -> None:
    sheet.refused.append(f"{sheet.where}, line {position + 2}, column {column}, “{value[:40]}”: {why}.")


def _ages(words: str) -> tuple[int, int]:
    numbers = [int(number) for number in re.findall(r"\d+", words)]
    if not numbers:
        return 0, NO_UPPER_AGE
    if "+" in words:
        return numbers[0], NO_UPPER_AGE
    return numbers[0], numbers[-1]


def _year_of(sheet: _Sheet) -> int:
    if sheet.year is None:
        raise Refusal(f"{sheet.where} does not say which year its numbers are for: add --year 2021 (or whichever).")
    return sheet.year


def _tidy(heading: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", heading.strip().casefold()).strip("_")


def _number(text: str) -> int | None:
    return int(text) if text else None
