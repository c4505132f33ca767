"""Read a heading or a cell as a period: a month, a quarter, a year, in the ways people write them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

Period = tuple[int, int]  # first month (YYYYMM), length in months

NAMES = {
    name: number
    for number, names in enumerate(
        (
            ("jan", "january"),
            ("feb", "february"),
            ("mar", "march"),
            ("apr", "april"),
            ("may",),
            ("jun", "june"),
            ("jul", "july"),
            ("aug", "august"),
            ("sep", "sept", "september"),
            ("oct", "october"),
            ("nov", "november"),
            ("dec", "december"),
        ),
        start=1,
    )
    for name in names
}
MONTH = "(" + "|".join(sorted(NAMES, key=len, reverse=True)) + r")\.?"
YEAR = r"((?:19|20)\d{2}|\d{2})"
FULL_YEAR = r"((?:19|20)\d{2})"


def parse_period(text: str, *, hyphen_is_year: bool = False) -> Period | None:
    """The period a text names, or None. `hyphen_is_year` reads “2010-11” as the financial year, not as November."""
    words = re.sub(r"\s+", " ", text.strip().casefold().replace("–", "-").replace("—", "-"))
    words = re.sub(
        r"^(fy|financial year|calendar year|year|month of)\s*:?\s*(?=\d)|\s*(financial year|\(fy\))$", "", words
    )
    for reader in (_financial_year(hyphen_is_year), _numeric_month, _named_month, _quarter, _span, _year_ending, _year):
        found = reader(words)
        if found is not None:
            return found
    return None


def parse_periods(texts: Iterable[str]) -> list[Period | None]:
    """Periods of headings that belong together: if one of “2010-11”, “2019-20” can only be a year, all are years."""
    several = list(texts)
    years = any(re.fullmatch(r"\s*20\d{2}\s*[-–]\s*(1[3-9]|[2-9]\d)\s*", text) for text in several)
    return [parse_period(text, hyphen_is_year=years) for text in several]


def _month(year: int, month: int, months: int = 1) -> Period | None:
    full = year + 2000 if year < 100 else year
    return (full * 100 + month, months) if 1 <= month <= 12 and 1950 <= full <= 2100 else None


def _financial_year(hyphen_is_year: bool) -> Callable[[str], Period | None]:
    def read(words: str) -> Period | None:
        match = re.fullmatch(r"((?:19|20)?\d{2})\s*([/-])\s*((?:19|20)?\d{2})", words)
        if not match:
            return None
        first, last = int(match[1]) % 100, int(match[3]) % 100
        if (first + 1) % 100 != last or len(match[3]) > len(match[1]) or (len(match[1]) == 2 and match[2] == "-"):
            return None
        could_be_month = match[2] == "-" and len(match[3]) == 2 and last <= 12
        return None if could_be_month and not hyphen_is_year else _month(int(match[1]), 4, 12)

    return read


def _numeric_month(words: str) -> Period | None:
    if match := re.fullmatch(FULL_YEAR + r"[-/ ]?(0[1-9]|1[0-2])", words):
        return _month(int(match[1]), int(match[2]))
    if match := re.fullmatch(FULL_YEAR + r"[-/](\d{1,2})[-/](\d{1,2})(?:[t ][\d:.]+z?)?", words):
        return _month(int(match[1]), int(match[2]))
    if match := re.fullmatch(r"(0?[1-9]|1[0-2])[/.-]" + FULL_YEAR, words):
        return _month(int(match[2]), int(match[1]))
    if match := re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-]" + YEAR + r"(?: [\d:]+)?", words):
        return _month(int(match[3]), int(match[2])) if int(match[1]) <= 31 else None
    return None


def _named_month(words: str) -> Period | None:
    if match := re.fullmatch(r"(?:\d{1,2}[ -])?" + MONTH + r"[ ,'’/_-]*" + YEAR, words):
        return _month(int(match[2]), NAMES[match[1]])
    if match := re.fullmatch(FULL_YEAR + r"[ /_-]*" + MONTH, words):
        return _month(int(match[1]), NAMES[match[2]])
    return None


def _quarter(words: str) -> Period | None:
    quarter = r"(?:q|qtr|quarter)\s*([1-4])"
    financial = FULL_YEAR + r"\s*[/-]\s*(?:20)?\d{2}"
    match = re.fullmatch(quarter + r"[ ,_-]*(?:fy\s*)?" + financial, words)
    turned = re.fullmatch("(?:fy ?)?" + financial + r"[ ,_-]*" + quarter, words)
    if match or turned:
        number, year = (match[1], match[2]) if match else (turned[2], turned[1])  # type: ignore[index]
        first = 4 + 3 * (int(number) - 1)
        return _month(int(year) + (first > 12), first - 12 * (first > 12), 3)
    match = re.fullmatch(quarter + r"[ ,_-]*" + FULL_YEAR, words)
    turned = re.fullmatch(FULL_YEAR + r"[ ,_-]*" + quarter, words)
    if match or turned:
        number, year = (match[1], match[2]) if match else (turned[2], turned[1])  # type: ignore[index]
        return _month(int(year), 3 * int(number) - 2, 3)
    return None


def _span(words: str) -> Period | None:
    match = re.fullmatch(MONTH + r"\s*" + YEAR + r"?\s*(?:-|to)\s*" + MONTH + r"\s*" + YEAR, words)
    if not match:
        return None
    first, last = NAMES[match[1]], NAMES[match[3]]
    end_year = int(match[4]) + (2000 if len(match[4]) == 2 else 0)
    start_year = (int(match[2]) + (2000 if len(match[2]) == 2 else 0)) if match[2] else end_year - (first > last)
    months = (end_year - start_year) * 12 + last - first + 1
    return _month(start_year, first, months) if months > 0 else None


def _year_ending(words: str) -> Period | None:
    match = re.fullmatch(
        r"(?:year (?:ending|to)|12 months (?:to|ending))\s*(?:\d{1,2} )?" + MONTH + r"\s*" + FULL_YEAR, words
    )
    if not match:
        return None
    last, year = NAMES[match[1]], int(match[2])
    return _month(year - (last < 12), last % 12 + 1, 12)


def _year(words: str) -> Period | None:
    match = re.fullmatch(FULL_YEAR, words)
    return _month(int(match[1]), 1, 12) if match else None
