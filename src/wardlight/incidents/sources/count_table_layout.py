"""Recognise how a table of counts is laid out. Nothing is decided in secret: every guess comes with its reason."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from wardlight.incidents import taxonomy

from .count_table_grid import Sheet
from .count_table_periods import NAMES, Period, parse_period, parse_periods

ROWS_LOOKED_AT = 40
HEADING_WORDS = {
    "area_code": r"(area|ward|lsoa|msoa|borough|district|la|lad|ons|gss|geography) ?(code|cd)( ?\d\d)?|"
    r"(code|gss|ladcd|wdcd|lsoacd)( ?\d\d)?",
    "parent": r"(lookup ?borough|parent|borough ?snt).*",
    "area": r"(area|borough|district|ward|lsoa|msoa|force|police force|place|locality|neighbourhood|local authority|csp|"
    r"community safety partnership|council|geography|lad|ladnm|beat)( ?(area|name|nm))?( ?\d\d)?",
    "group": r"(major|crime|offence|category) ?(text|category|group|heading)|major|offence group|group",
    "category": r"(minor|sub|crime|offence|incident) ?(text|category|type|sub ?type|description)?|category|offences?|type|"
    r"indicator|measure|minor",
    "year": r"(calendar|financial)? ?year|fy",
    "month_name": r"month ?name",
    "period": r"(month|date|period|quarter|month ?year|year ?month|recorded month|reporting period)( ?(name|commencing|start))?",
    "count": r"(count|number|no|value|n|total|crimes|offences|incidents|recorded|volume|frequency|sum)"
    r"( ?of)? ?(crimes?|offences?|incidents?|records?|count)?",
}
LEVEL_WORDS = (
    ("lsoa", "lsoa"),
    ("msoa", "msoa"),
    ("ward", "ward"),
    ("beat", "beat"),
    ("force", "force"),
    ("borough", "borough"),
    ("district", "borough"),
    ("local authority", "borough"),
    ("lad", "borough"),
    ("csp", "borough"),
    ("council", "borough"),
)
CODE_LEVELS = {"E01": "lsoa", "W01": "lsoa", "E02": "msoa", "W02": "msoa", "E05": "ward", "W05": "ward", "E23": "force"}
CODE_LEVELS |= dict.fromkeys(("E06", "E07", "E08", "E09", "W06", "S12", "N09"), "borough")
OFFICIAL_CODE = re.compile(r"[EWSN]\d{8}")
TOTAL = re.compile(
    r"(grand |sub ?|overall )?totals?( .*)?|all (areas|boroughs|wards|districts|offences|categories)|.* total|sum",
    re.IGNORECASE,
)
NOT_COUNTS = re.compile(r".*(%|per cent|percent|change|difference|rate|rank|average|variance|\bper 1).*", re.IGNORECASE)
NUMBER = re.compile(r"-?[\d, ]*\d(\.\d+)?")
WITHHELD = re.compile(r"<\s*\d+|\*+|[-–—]+|\.{1,3}|:|#|[csxz]|n/?a|suppressed|withheld|\[\w\]", re.IGNORECASE)


@dataclass(slots=True)
class Layout:
    """Where everything is. `heading_rows` are row numbers (0-based); `columns` maps a role to a column number.

    `values` are the columns of counts: each has a period, a category or an area where its heading gives one.
    """

    sheet: str
    heading_rows: list[int]
    headings: list[str]
    columns: dict[str, int]
    values: dict[int, dict[str, Any]]
    level: str = ""
    constants: dict[str, str] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)


def is_number(cell: str) -> bool:
    return bool(NUMBER.fullmatch(cell))


def known_category(words: str) -> str | None:
    return taxonomy.load().map("count-table", words)


def role_of(heading: str) -> str | None:
    """What a column is by its heading alone."""
    words = re.sub(r"[^a-z0-9]+", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading).casefold()).strip()
    return next((role for role, pattern in HEADING_WORDS.items() if re.fullmatch(pattern, words)), None)


def recognise(sheet: Sheet, heading_rows: list[int] | None = None) -> Layout | None:
    """How a sheet is laid out, with its headings on these rows if given; None when no table of counts can be found in it."""
    top = _heading_row(sheet.rows)
    if heading_rows is None and top is not None:
        heading_rows = _with_neighbours(sheet.rows, top)
    if heading_rows is None:
        return None
    body = [row for row in sheet.rows[heading_rows[-1] + 1 :] if any(row)][:500]
    width = max((len(row) for row in sheet.rows), default=0)
    stacks = _stacked(sheet.rows, heading_rows, width)
    layout = Layout(sheet.name, heading_rows, [" ".join(dict.fromkeys(filter(None, one))) for one in stacks], {}, {})
    _assign_roles(layout, body, width)
    _assign_values(layout, stacks, body)
    _drop_unused(layout)
    if not layout.values:
        return None
    _say_values(layout)
    _constants(layout, sheet)
    _level(layout, body)
    return layout


def _score(row: Sequence[str]) -> int:
    filled = [cell for cell in row if cell]
    if len(filled) < 2:
        return 0
    named = sum(1 for cell in filled if parse_period(cell) or role_of(cell) or known_category(cell))
    texts = sum(1 for cell in filled if not is_number(cell))
    numbers = sum(1 for cell in filled if is_number(cell) and not parse_period(cell))
    return 4 * named + texts - 4 * numbers


def _heading_row(rows: Sequence[Sequence[str]]) -> int | None:
    scores = [_score(row) for row in rows[:ROWS_LOOKED_AT]]
    best = max(scores, default=0)
    return scores.index(best) if best > 0 else None


def _with_neighbours(rows: Sequence[Sequence[str]], top: int) -> list[int]:
    """The heading row, with the row above or below it when that holds headings as well."""
    found = [top]
    if top > 0 and _is_upper(rows[top - 1]):
        found.insert(0, top - 1)
    if top + 1 < len(rows) and _is_upper(rows[top + 1]) and not any(_is_plain_number(cell) for cell in rows[top + 1]):
        found.append(top + 1)
    return found


def _is_plain_number(cell: str) -> bool:
    return is_number(cell) and parse_period(cell) is None


def _is_upper(row: Sequence[str]) -> bool:
    later = [cell for cell in row[1:] if cell]
    return bool(later) and all(parse_period(cell) or known_category(cell) or cell.casefold() in NAMES for cell in later)


def _stacked(rows: Sequence[Sequence[str]], heading_rows: Sequence[int], width: int) -> list[tuple[str, ...]]:
    """Each column's heading cells, top down; upper cells run on to the right, as merged cells do."""
    lines = []
    for number in heading_rows:
        line = list(rows[number]) + [""] * (width - len(rows[number]))
        if number != heading_rows[-1]:
            for column in range(1, width):
                line[column] = line[column] or line[column - 1]
        lines.append(line)
    return [tuple(line[column] for line in lines) for column in range(width)]


def _assign_roles(layout: Layout, body: Sequence[Sequence[str]], width: int) -> None:
    for column in range(width):
        heading = layout.headings[column]
        role = None if parse_period(heading) else role_of(heading)
        cells = [row[column] for row in body if column < len(row) and row[column]]
        if role == "count" and (not cells or not _mostly(cells, _countlike)):
            role = "category" if cells and _mostly(cells, known_category) else None
        if role in ("category", "group") and cells and _mostly(cells, is_number):
            role = None
        if role is None:
            role = _role_by_cells(heading, cells)
        if role and role not in layout.columns:
            layout.columns[role] = column
            layout.reasons.append(
                f"Column {column + 1}, “{heading or 'no heading'}”, is read as the {ROLE_WORDS[role]}."
            )
    if "group" in layout.columns and "category" not in layout.columns:
        layout.columns["category"] = layout.columns.pop("group")
    if "parent" in layout.columns and "area" not in layout.columns:
        layout.columns["area"] = layout.columns.pop("parent")


ROLE_WORDS = {
    "area": "area",
    "area_code": "area’s code",
    "parent": "area that it lies in",
    "category": "category",
    "group": "group of categories",
    "period": "period",
    "year": "year",
    "month_name": "month",
    "count": "count",
}


def _role_by_cells(heading: str, cells: Sequence[str]) -> str | None:
    if not cells or parse_period(heading) or known_category(heading):
        return None
    if _mostly(cells, OFFICIAL_CODE.fullmatch):
        return "area_code"
    if _mostly(cells, known_category):
        return "category"
    if _mostly(cells, lambda cell: parse_period(cell) if not re.fullmatch(r"\d{1,4}", cell) else None):
        return "period"
    return None if _mostly(cells, _countlike) else "area"


def _mostly(cells: Sequence[str], test: Any) -> bool:
    return sum(1 for cell in cells if test(cell)) * 2 > len(cells)


def _countlike(cell: str) -> bool:
    return is_number(cell) or bool(WITHHELD.fullmatch(cell))


def _assign_values(layout: Layout, stacks: Sequence[tuple[str, ...]], body: Sequence[Sequence[str]]) -> None:
    taken = {column for role, column in layout.columns.items() if role != "count"}
    periods = parse_periods([stack[-1] for stack in stacks])
    for column, stack in enumerate(stacks):
        cells = [row[column] for row in body if column < len(row) and row[column]]
        heading = layout.headings[column]
        period, category = _heading_period(stack, periods[column]), _heading_category(stack)
        named = period is not None or category is not None
        if column in taken or not (any(map(_countlike, cells)) if named else cells and _mostly(cells, _countlike)):
            continue
        no_count = NOT_COUNTS.fullmatch(heading) or TOTAL.fullmatch(heading)
        if no_count and period is None and category is None and layout.columns.get("count") != column:
            layout.values[column] = {"total": bool(TOTAL.fullmatch(heading))}
        else:
            layout.values[column] = {"period": list(period) if period else None, "category": category}


def _heading_period(stack: tuple[str, ...], last: Period | None) -> Period | None:
    together = parse_period(" ".join(dict.fromkeys(filter(None, reversed(stack)))))
    return together or last or next((found for cell in stack if (found := parse_period(cell))), None)


def _heading_category(stack: tuple[str, ...]) -> str | None:
    return next((cell for cell in reversed(stack) if cell and not parse_period(cell) and known_category(cell)), None)


def count_column(layout: Layout, column: int) -> dict[str, Any]:
    """What a column is a count of, by its heading, when a person says that it holds counts."""
    heading = layout.headings[column]
    period = parse_period(heading)
    found = known_category(heading) is not None or not ({"category"} & set(layout.columns) or period)
    return {"period": list(period) if period else None, "category": heading if found else None}


def _drop_unused(layout: Layout) -> None:
    """Leave out columns that are no counts, and let unnamed ones be areas, or the single count."""
    plain = {column: one for column, one in layout.values.items() if "total" not in one}
    dated = {column: one for column, one in plain.items() if one["period"] or one["category"]}
    counted = layout.columns.pop("count", None)
    for column, one in list(layout.values.items()):
        heading = layout.headings[column] or "no heading"
        if dated and column not in dated and TOTAL.fullmatch(heading):
            layout.values[column] = {"total": True}
        if "total" in layout.values[column]:
            one = layout.values[column]
            layout.reasons = [one for one in layout.reasons if not one.startswith(f"Column {column + 1}, ")]
            layout.reasons.append(f"Column {column + 1}, “{heading}”, is no count of its own: it is not imported.")
            if not one["total"]:
                del layout.values[column]
        elif (dated and column not in dated) or (not dated and counted is not None and column != counted):
            del layout.values[column]
        elif not dated and counted is None and "area" not in layout.columns and "area_code" not in layout.columns:
            one["area"] = layout.headings[column]
    if not dated and counted is None and "area" in layout.columns and len(plain) > 1:
        for column in plain:
            layout.values[column]["category"] = layout.headings[column]


def _say_values(layout: Layout) -> None:
    """Which columns hold the counts, by their headings."""
    dated = [column for column, one in sorted(layout.values.items()) if one.get("period") or one.get("category")]
    if len(dated) == 1:
        layout.reasons.append(f"Column {dated[0] + 1}, “{layout.headings[dated[0]]}”, is read as counts.")
    elif dated:
        first, last = layout.headings[dated[0]], layout.headings[dated[-1]]
        layout.reasons.append(f"{len(dated)} columns, “{first}” to “{last}”, are read as counts.")


def _constants(layout: Layout, sheet: Sheet) -> None:
    """What the title rows or the sheet's name say of the whole table."""
    titles = [cell for row in sheet.rows[: layout.heading_rows[0]] for cell in row if cell] + [sheet.name]
    if "category" not in layout.columns and not any(one.get("category") for one in layout.values.values()):
        found = next((words for title in titles for words in _phrases(title) if known_category(words)), None)
        if found:
            layout.constants["category"] = found
            layout.reasons.append(f"The title says “{found}”, so every count is read as that.")
    dated = {"period", "year"} & set(layout.columns) or any(one.get("period") for one in layout.values.values())
    if not dated:
        found = next((words for title in titles for words in _phrases(title) if parse_period(words)), None)
        if found:
            layout.constants["period"] = found
            layout.reasons.append(f"The title says “{found}”, so every count is read as of that period.")


def _phrases(title: str) -> list[str]:
    """The title and its runs of words, longest first."""
    words = re.split(r"[\s,:;]+", title.strip())[:20]
    runs = [
        " ".join(words[start : start + size])
        for size in range(len(words), 0, -1)
        for start in range(len(words) - size + 1)
    ]
    return [run for run in runs if run]


def _level(layout: Layout, body: Sequence[Sequence[str]]) -> None:
    column = layout.columns.get("area_code")
    codes = [row[column] for row in body if column < len(row)] if column is not None else []
    by_code = next((CODE_LEVELS[code[:3]] for code in codes if code[:3] in CODE_LEVELS), "")
    heading = layout.headings[layout.columns["area"]].casefold() if "area" in layout.columns else ""
    by_heading = next((level for word, level in LEVEL_WORDS if word in heading), "")
    layout.level = by_code or by_heading or "borough"
    if not (by_code or by_heading):
        layout.reasons.append("The sheet does not say what kind of area it lists: boroughs or districts are assumed.")
