"""Turn a sheet, read by its layout, into one row a cell: what was counted, or why the cell was refused."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from wardlight.partners.refusal import Refusal

from .count_table_grid import Sheet
from .count_table_layout import TOTAL, WITHHELD, Layout, known_category
from .count_table_periods import Period, parse_period

CELL_SCHEMA: dict[str, Any] = {
    "line": pl.UInt32,
    "column": pl.String,
    "value": pl.String,
    "level": pl.String,
    "area_code": pl.String,
    "area_name": pl.String,
    "parent_name": pl.String,
    "category": pl.String,
    "source_category": pl.String,
    "source_group": pl.String,
    "month": pl.UInt32,
    "months": pl.UInt16,
    "count": pl.Int64,
    "reason": pl.String,
}
KEY = ["level", "area_code", "area_name", "parent_name", "source_category", "month", "months"]
UNPLACED = re.compile(
    r"unknown|not known|no fixed (place|abode)|unplaced|not placed|nk|n/k|other ?/ ?nk|unallocated|none", re.IGNORECASE
)
NOT_SAID = {
    "area": "The sheet does not say which area the counts are for: add a column of areas, or name the area.",
    "category": "The sheet does not say what was counted: add a column of categories, or name the category.",
    "period": "The sheet does not say which months or years the counts are for: add them, or name the period.",
}
LONGEST_COUNT = 12  # digits
REPEATED = "An earlier row gives the same area, category and period: keep one of them, or add them up in the sheet."


@dataclass(slots=True)
class Table:
    """All cells of a sheet. `totals`: (line, column heading, what it totals, number) of recognised totals, not imported."""

    cells: pl.DataFrame
    totals: list[tuple[int, str, dict[str, Any], int]] = field(default_factory=list)
    suppressed: list[str] = field(default_factory=list)


def cells_of(sheet: Sheet, layout: Layout, categories: Mapping[str, str], this_month: int) -> Table:
    """Read every cell of counts. Raises Refusal when areas, categories or periods are nowhere to be found."""
    _check_complete(layout)
    rows: list[tuple[Any, ...]] = []
    table = Table(pl.DataFrame(schema=CELL_SCHEMA))
    for line, what, row in _body(sheet, layout):
        for column, heading in layout.values.items():
            cell = row[column] if column < len(row) else ""
            one = _merged(what, heading, layout)
            if heading.get("total") or _is_total(one):
                _note_total(table, line, layout.headings[column], one, cell)
            else:
                rows.append(_cell(line, layout, column, cell, one, this_month))
    cells = pl.DataFrame(rows, schema=CELL_SCHEMA, orient="row")
    table.cells = _without_repeats(_categorised(cells, categories))
    table.suppressed = _not_given(table.cells)
    return table


def _not_given(cells: pl.DataFrame) -> list[str]:
    """“level|area|category|month|months” of every cell without a number: what is not known must never become nought."""
    unknown = cells.filter(
        pl.col("count").is_null() & pl.col("month").is_not_null() & pl.col("area_name").is_not_null()
    )
    what = pl.coalesce("category", "source_category")
    return (
        unknown.select(pl.concat_str("level", "area_name", what, "month", "months", separator="|"))
        .to_series()
        .to_list()
    )


def _check_complete(layout: Layout) -> None:
    missing = missing_part(layout)
    if missing:
        raise Refusal(NOT_SAID[missing])


def missing_part(layout: Layout) -> str:
    """What the sheet does not say of its counts, “area”, “category” or “period”; nothing when it says all."""
    has_values = layout.values.values()
    columns, constants = layout.columns, layout.constants
    if not ({"area", "area_code"} & set(columns) or "area" in constants or any(one.get("area") for one in has_values)):
        return "area"
    if not ("category" in columns or "category" in constants or any(one.get("category") for one in has_values)):
        return "category"
    dated = {"period", "year"} & set(columns) or "period" in constants or any(one.get("period") for one in has_values)
    return "" if dated else "period"


def _body(sheet: Sheet, layout: Layout) -> Iterator[tuple[int, dict[str, str], list[str]]]:
    """(line, what the row is about, its cells) of every row below the headings; a merged area runs on downwards."""
    last: dict[str, str] = {}
    for number, row in enumerate(sheet.rows):
        if number <= layout.heading_rows[-1] or not any(row):
            continue
        what = {role: row[column] if column < len(row) else "" for role, column in layout.columns.items()}
        if not any(column < len(row) and row[column] for column in layout.values):
            last |= {role: words for role, words in what.items() if words}
            continue
        if not any(TOTAL.fullmatch(words) for words in what.values()):
            what = {role: words or last.get(role, "") for role, words in what.items()}
            last = dict(what)
        yield number + 1, what, row


def _merged(what: Mapping[str, str], heading: Mapping[str, Any], layout: Layout) -> dict[str, Any]:
    constants = layout.constants
    return {
        "area": heading.get("area") or what.get("area") or constants.get("area") or what.get("area_code") or "",
        "code": what.get("area_code", ""),
        "parent": what.get("parent", ""),
        "category": heading.get("category") or what.get("category") or constants.get("category") or "",
        "group": what.get("group", ""),
        "period": heading.get("period") or _row_period(what, constants),
        "words": " ".join(filter(None, (what.get("month_name"), what.get("period"), what.get("year")))),
    }


def _row_period(what: Mapping[str, str], constants: Mapping[str, str]) -> Period | None:
    period, year = what.get("period", ""), what.get("year", "")
    month = what.get("month_name") or (period if year else "")
    if year and month:
        number = f"{year}-{int(month):02d}" if month.isdigit() and int(month) <= 12 else f"{month} {year}"
        return parse_period(number) or parse_period(period)
    return parse_period(period or year or constants.get("period", ""))


def _is_total(one: Mapping[str, Any]) -> bool:
    area, category = str(one["area"]), str(one["category"])
    return bool(TOTAL.fullmatch(area) or (TOTAL.fullmatch(category) and not known_category(category)))


def _note_total(table: Table, line: int, heading: str, one: dict[str, Any], cell: str) -> None:
    number = _whole(cell)
    if number is not None:
        table.totals.append((line, heading, one, number))


def _whole(cell: str) -> int | None:
    text = re.sub(r"[,\s]", "", cell)
    match = re.fullmatch(r"(\d+)(\.0*)?", text)
    return int(match[1]) if match and len(match[1]) <= LONGEST_COUNT else None


def _cell(
    line: int, layout: Layout, column: int, cell: str, one: Mapping[str, Any], this_month: int
) -> tuple[Any, ...]:
    count, period = _whole(cell), one["period"]
    reason = _reason(cell, count, one, this_month)
    nowhere = bool(UNPLACED.fullmatch(str(one["area"])))
    level = "unplaced" if nowhere else layout.level
    month, months = period if period else (None, None)
    names = (one["code"] or None, one["area"] or None, one["parent"] or None)
    heading = layout.headings[column]
    return (
        line,
        heading,
        cell,
        level,
        *names,
        None,
        one["category"],
        one["group"] or None,
        month,
        months,
        count,
        reason,
    )


def _reason(cell: str, count: int | None, one: Mapping[str, Any], this_month: int) -> str | None:
    if not one["area"]:
        return "The row names no area: write the area’s name in the sheet."
    if not one["category"]:
        return "The row does not say what was counted: write the category in the sheet."
    if one["period"] is None:
        words = f"“{one['words']}”" if one["words"] else "nothing"
        return f"The period is given as {words}: write a month such as April 2020, a quarter or a year."
    if this_month and one["period"][0] > this_month:
        return "The period is in the future: check the year."
    return None if count is not None else _why_not_a_count(cell)


def _why_not_a_count(cell: str) -> str:
    if not cell:
        return "The cell is empty: write 0 if nothing was counted."
    if WITHHELD.fullmatch(cell):
        return "The number is withheld in the sheet: ask its owner for it, or leave it out of totals."
    if cell.startswith(("-", "−")):
        return "A count cannot be below nought: correct it in the sheet."
    if cell.isdecimal():
        return f"The number has more than {LONGEST_COUNT} digits, and no count is so large: correct it in the sheet."
    return "The cell is not a whole number: write the count in digits."


def _categorised(cells: pl.DataFrame, categories: Mapping[str, str]) -> pl.DataFrame:
    words = cells["source_category"].unique().to_list()
    slugs = [categories[one] or None if one in categories else known_category(one) for one in words]
    found = pl.DataFrame({"source_category": words, "category": slugs}, schema_overrides={"category": pl.String})
    joined = cells.drop("category").join(found, on="source_category", how="left", maintain_order="left")
    return joined.select(list(CELL_SCHEMA))


def _without_repeats(cells: pl.DataFrame) -> pl.DataFrame:
    repeated = pl.col("reason").is_null() & ~pl.struct(KEY).is_first_distinct()
    return cells.with_columns(reason=pl.when(repeated).then(pl.lit(REPEATED)).otherwise("reason"))


def check_totals(table: Table) -> list[str]:
    """Compare recognised totals with the parts that were read: a sentence for each that differs, and one for the rest."""
    sentences, agree = [], 0
    for line, heading, one, number in table.totals:
        parts = _parts(table.cells, one)
        if parts == number:
            agree += 1
        elif parts is not None:
            sentences.append(
                f"The total on line {line}, column “{heading}”, is {number:,} but its parts add up to {parts:,}: "
                "the parts were imported, the total was not."
            )
    if agree:
        words = (
            "1 total agrees with its parts and was"
            if agree == 1
            else f"{agree:,} totals agree with their parts and were"
        )
        sentences.append(f"{words} not imported.")
    return sentences


def _parts(cells: pl.DataFrame, one: Mapping[str, Any]) -> int | None:
    """What the parts of a total add up to; None when there are none, or one of them was refused."""
    rows = cells
    if not TOTAL.fullmatch(str(one["area"])):
        rows = rows.filter(pl.col("area_name") == one["area"])
    if one["category"] and not TOTAL.fullmatch(str(one["category"])):
        rows = rows.filter(pl.col("source_category") == one["category"])
    if one["period"]:
        rows = rows.filter((pl.col("month") == one["period"][0]) & (pl.col("months") == one["period"][1]))
    unknown = rows.is_empty() or rows["reason"].null_count() < rows.height
    return None if unknown else int(rows["count"].sum())
