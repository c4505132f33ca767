"""Who was harmed, without saying who: age, sex, ethnicity, pseudonyms. Columns that identify people are refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import blake2b

import polars as pl
from django.conf import settings

from wardlight.partners.refusal import Refusal

from .record_extract_mapping import ExtractMapping

LOOKED_AT = 1_000
FULL_POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}", re.IGNORECASE)
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
PERSON_NAME = re.compile(r"[A-Z][a-z'’-]+,? [A-Z][a-z'’-]+( [A-Z][a-z'’-]+)?")
PSEUDONYM_BYTES = 8
OLDEST = 120


def is_nhs_number(text: str) -> bool:
    """Whether ten digits satisfy the NHS number's check digit (modulus 11)."""
    digits = re.sub(r"[ -]", "", text)
    if not re.fullmatch(r"\d{10}", digits):
        return False
    check = 11 - sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    return check % 11 == int(digits[9]) and check != 10


KINDS: tuple[tuple[str, Callable[[str], object], frozenset[str]], ...] = (
    ("e-mail addresses", EMAIL.fullmatch, frozenset()),
    ("NHS numbers", is_nhs_number, frozenset({"id", "premises_key"})),
    ("full postcodes", FULL_POSTCODE.fullmatch, frozenset({"premises_key"})),
    ("names of people", PERSON_NAME.fullmatch, frozenset()),
)
NAMED = {"victim_key", "id"}
WORDY = {
    "place",
    "area_name",
    "reported_by",
    "outcome",
    "category",
    "victim_ethnicity",
    "suspect_ethnicity",
    "premises_key",
}


def check_no_people(frame: pl.DataFrame, mapping: ExtractMapping) -> None:
    """Raises Refusal when most values of a column in use look like something that identifies a person."""
    for role, heading in mapping.columns.used().items():
        values = frame[heading].drop_nulls().unique().head(LOOKED_AT).to_list()
        values = [value.strip() for value in values if value.strip()]
        for kind, test, allowed in KINDS:
            if role in allowed or (kind == "names of people" and role in WORDY):
                continue
            if values and sum(1 for value in values if test(value)) * 2 > len(values):
                raise Refusal(
                    f"The column “{heading}” looks as if it holds {kind}: Wardlight keeps nothing that identifies a person, "
                    "so map a pseudonymous reference, or the outward half of a postcode such as N1."
                )


def pseudonym(text: str) -> str:
    """The same short pseudonym for the same key on this installation, and not the key itself."""
    key = settings.SECRET_KEY.encode()[:64]
    return blake2b(text.encode(), digest_size=PSEUDONYM_BYTES, key=key).hexdigest()


def record_key(text: str) -> int:
    """A record's own id as a number: the first eight bytes of its BLAKE2b hash; never 0, which means none."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little") or 1


def looked_up(values: pl.Series, find: Callable[[str], object], kind: pl.DataType) -> pl.Series:
    """`find` of each value, called once for each distinct one; null stays null."""
    distinct = values.drop_nulls().unique()
    known = pl.DataFrame({"value": distinct, "found": pl.Series([find(one) for one in distinct], dtype=kind)})
    return pl.DataFrame({"value": values}).join(known, on="value", how="left", maintain_order="left")["found"]


def add_people(frame: pl.DataFrame, mapping: ExtractMapping) -> tuple[pl.DataFrame, dict[str, int]]:
    """`frame` with victim_age, victim_sex, ethnicities and pseudonyms; counts of values that could not be read."""
    columns = mapping.columns
    ages = _text(frame, columns.victim_age).str.strip_suffix(".0").cast(pl.Int16, strict=False)
    ages = ages.set((ages < 0) | (ages > OLDEST), None)
    sexes = looked_up(_text(frame, columns.victim_sex), lambda one: mapping.sexes.get(one.casefold()), pl.String())
    unread = {
        "unread_age": _text(frame, columns.victim_age).count() - ages.count(),
        "unread_sex": _text(frame, columns.victim_sex).count() - sexes.count(),
    }
    added = frame.with_columns(
        ages.alias("victim_age"),
        sexes.alias("victim_sex"),
        _text(frame, columns.victim_ethnicity).alias("victim_ethnicity"),
        _text(frame, columns.suspect_ethnicity).alias("suspect_ethnicity"),
        looked_up(_text(frame, columns.victim_key), pseudonym, pl.String()).alias("victim_key"),
        _text(frame, columns.premises_key).alias("premises_key"),
    )
    return added, {name: count for name, count in unread.items() if count}


def _text(frame: pl.DataFrame, column: str) -> pl.Series:
    """A column's trimmed text, null where empty; all null where the extract has no such column."""
    if not column:
        return pl.Series([None] * frame.height, dtype=pl.String)
    return frame.select(pl.col(column).str.strip_chars().replace("", None)).to_series()
