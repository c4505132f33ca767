"""Any extract of incidents, a row each, through a mapping that says which column holds what (docs/reference/sources.md)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import time
from pathlib import Path
from typing import Any

import polars as pl

from wardlight.incidents import taxonomy
from wardlight.incidents.schema import RECORD_SCHEMA
from wardlight.partners.refusal import Refusal, about
from wardlight.partners.text_files import first_line

from .base import Chunk, ReadContext, SourceFile, conform, refused
from .count_table_grid import WORKBOOKS, open_sheets, split_text
from .keys import NO_KEY
from .record_extract_mapping import LOCAL_ZONE, ExtractMapping, FlagRule, read_mapping
from .record_extract_people import add_people, check_no_people, looked_up, record_key
from .record_extract_places import add_places
from .record_extract_times import add_times
from .refusals import refusals_where
from .text_tables import named_once, read_table

ROWS_A_CHUNK = 200_000
PREFIX = "\N{SECTION SIGN}"  # keeps the file's own headings apart from the record's columns
HOMICIDE = "homicide"


def read_rows(path: Path, name: str, sheet: str = "", file: int = 0) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The file as text columns by its headings, with the `line` of each row; and the rows that were refused as ragged.

    Raises Refusal when it is no table.
    """
    if path.suffix.lower() in WORKBOOKS:
        return _from_sheet(path, name, sheet), refused([])
    return read_table(path, name, file)


def _from_sheet(path: Path, name: str, wanted: str) -> pl.DataFrame:
    sheets = [one for one in open_sheets(path, name) if not wanted or one.name == wanted]
    if not sheets:
        raise Refusal(f"{name} has no sheet “{wanted}”: correct the mapping’s sheet.")
    rows = sheets[0].rows
    top = next(number for number, row in enumerate(rows) if any(row))
    headings = named_once(rows[top], name, top + 1)
    body = [[cell or None for cell in row] for row in rows[top + 1 :]]
    frame = pl.DataFrame(body, schema=dict.fromkeys(headings, pl.String), orient="row")
    return frame.with_row_index("line", offset=top + 2)


def headings(path: Path, name: str = "") -> list[str]:
    """The headings of an extract."""
    if path.suffix.lower() in WORKBOOKS:
        return [cell for cell in next(row for row in open_sheets(path, name or path.name)[0].rows if any(row)) if cell]
    return [cell for row in split_text(first_line(path), name or path.name)[:1] for cell in row if cell]


BY_MAPPING = (
    "any CSV or Excel file with a row for each incident, read by a mapping file that says what its columns are."
)


@dataclass(slots=True)
class RecordExtract:
    """The source. `context.mapping` is the mapping file's content, or what is remembered for these headings."""

    slug: str = "record-extract"
    title: str = "An extract of incidents"
    kind: str = "records"
    describes: str = f"A{BY_MAPPING[1:]}"
    endings: tuple[str, ...] = (".csv", ".tsv", ".txt", *WORKBOOKS)
    snapshot: bool = False
    slice_columns: tuple[str, ...] = ()
    unique_keys: bool = True
    companions: tuple[str, ...] = ()

    def accepts(self, path: Path) -> bool:
        return self.explain(path) == ""

    def explain(self, path: Path) -> str:
        """Why the file cannot be read, as half a sentence; empty when it can."""
        try:
            columns = headings(path)
        except (Refusal, OSError):
            return "it is not a table that can be read"
        return "" if len(columns) > 1 else "it has fewer than two columns"

    def read(self, files: Sequence[SourceFile], context: ReadContext) -> Iterator[Chunk]:
        given = dict(context.mapping)
        for file in files:
            rows, ragged = read_rows(file.path, file.name, str(given.get("sheet", "")), file.index)
            names = [column for column in rows.columns if column != "line"]
            with about(file.name):
                mapping = read_mapping(_mapping(given, names, file, context), names)
                check_no_people(rows, mapping)
            if rows.is_empty() and ragged.is_empty():
                raise Refusal(f"{file.name} has headings but no rows: export it again.")
            if len(ragged):
                yield Chunk(pl.DataFrame(schema=RECORD_SCHEMA), ragged)
            for start in range(0, rows.height, ROWS_A_CHUNK):
                yield read_chunk(rows.slice(start, ROWS_A_CHUNK), mapping, file, context)
                context.progress(min(1.0, (start + ROWS_A_CHUNK) / rows.height), f"Reading {file.name}")


def _mapping(given: dict[str, Any], names: list[str], file: SourceFile, context: ReadContext) -> Mapping[str, Any]:
    found = given if "columns" in given else context.recall(names)
    if not found:
        raise Refusal(
            f"{file.name} needs a mapping file that says what its columns are: write one as docs/reference/sources.md shows, "
            "and give it with --mapping."
        )
    context.mapping.update({**found, "headings": names})
    return found


def read_chunk(rows: pl.DataFrame, mapping: ExtractMapping, file: SourceFile, context: ReadContext) -> Chunk:
    """Records of some rows, with the rows that were refused."""
    named = rows.rename({column: PREFIX + column for column in rows.columns if column != "line"})
    named = named.with_columns(rows.drop("line").hash_rows().alias("digest"))
    mapping = _prefixed(mapping)
    frame = add_times(named, mapping, context.today)
    frame, unplaced = add_places(frame, mapping)
    frame, unread = add_people(frame, mapping)
    frame = _add_words(frame, mapping)
    frame = _add_category(frame, mapping).with_columns(_flags(mapping), reason=pl.col("time_reason"))
    frame = frame.with_columns(_at_fault(mapping))
    good = frame.filter(pl.col("reason").is_null()).with_columns(file=pl.lit(file.index, pl.UInt16))
    records = conform(good, RECORD_SCHEMA)
    quality = {**unplaced, **unread, **_quality(good, records)}
    digest = good.select(pl.when(records["record_key"] != NO_KEY).then("digest")).to_series()
    held = {what: number for what, number in quality.items() if number}
    return Chunk(records, refusals_where(frame, file.index), quality=held, row_digest=digest)


def _at_fault(mapping: ExtractMapping) -> list[pl.Expr]:
    """The column and value that a refused row's reason is about."""
    start = mapping.columns.start or mapping.columns.month
    end = mapping.columns.end or start
    about_end = pl.col("reason").str.starts_with("The end")
    names = [pl.lit(name.removeprefix(PREFIX)) for name in (end, start)]
    return [
        pl.when(about_end).then(names[0]).otherwise(names[1]).alias("column"),
        pl.when(about_end).then(pl.col(end)).otherwise(pl.col(start)).alias("value"),
    ]


def _prefixed(mapping: ExtractMapping) -> ExtractMapping:
    columns = replace(mapping.columns, **{role: PREFIX + name for role, name in mapping.columns.used().items()})
    flags = tuple(replace(rule, column=PREFIX + rule.column) for rule in mapping.flags)
    return replace(mapping, columns=columns, flags=flags)


def _add_words(frame: pl.DataFrame, mapping: ExtractMapping) -> pl.DataFrame:
    columns = mapping.columns
    plain = {
        "place": columns.place,
        "source_area": columns.area_code,
        "source_area_name": columns.area_name,
        "reported_by": columns.reported_by,
        "outcome": columns.outcome,
        "source_category": columns.category,
    }
    added = frame.with_columns(_words(column).alias(name) for name, column in plain.items())
    if mapping.reported_by:
        added = added.with_columns(reported_by=pl.lit(mapping.reported_by))
    ids = added.with_columns(_words(columns.id).alias("id"))["id"]
    return added.with_columns(looked_up(ids, record_key, pl.UInt64()).fill_null(0).alias("record_key"))


def _words(column: str) -> pl.Expr:
    return pl.col(column).str.strip_chars().replace("", None) if column else pl.lit(None, pl.String)


def _add_category(frame: pl.DataFrame, mapping: ExtractMapping) -> pl.DataFrame:
    if not mapping.columns.category:
        title = taxonomy.load().title(mapping.category)
        return frame.with_columns(category=pl.lit(mapping.category), source_category=pl.lit(title))
    tree = taxonomy.load()
    keys = frame.select("source_category", "month").unique()
    slugs = [
        None
        if words is None
        else mapping.categories.get(taxonomy.spelling(words)) or tree.map(mapping.category_source, words, month=month)
        for words, month in keys.iter_rows()
    ]
    found = keys.with_columns(pl.Series("category", slugs, dtype=pl.String))
    joined = frame.join(found, on=["source_category", "month"], how="left", nulls_equal=True, maintain_order="left")
    return joined.with_columns(pl.col("category").fill_null(mapping.category or None)) if mapping.category else joined


def _flags(mapping: ExtractMapping) -> pl.Expr:
    """“|injury|knife|”, in the order of the alphabet, or null. Homicides are flagged as such."""
    rules: dict[str, pl.Expr] = {HOMICIDE: (pl.col("category") == HOMICIDE).fill_null(False)}
    for rule in mapping.flags:
        met = _met(rule)
        rules[rule.flag] = rules[rule.flag] | met if rule.flag in rules else met
    parts = [pl.when(met).then(pl.lit(f"{flag}|")).otherwise(pl.lit("")) for flag, met in sorted(rules.items())]
    text = pl.concat_str(parts)
    return pl.when(text != "").then(pl.lit("|") + text).alias("flags")


def _met(rule: FlagRule) -> pl.Expr:
    text = pl.col(rule.column).str.strip_chars().str.to_lowercase()
    met = text.str.contains_any(list(rule.words)) if rule.contains else text.is_in(list(rule.words))
    return met.fill_null(False)


def _quality(good: pl.DataFrame, records: pl.DataFrame) -> dict[str, Any]:
    clock = good["start"].dt.convert_time_zone(LOCAL_ZONE).dt.time()
    midnight = (records["precision"] == "minute") & (clock == time(0))
    return {
        "unknown_category": taxonomy.unknown_words(records),
        "ambiguous_times": int((good["start_twice"] | good["end_twice"]).sum()),
        "at_midnight": int(midnight.sum()),
    }


RECORD_EXTRACT = RecordExtract()
# Services send extracts of their own, each with its own months and gaps: kept apart so that a month that one of them
# did not send is never read as a month in which nothing happened.
SERVICE_EXTRACTS = tuple(
    RecordExtract(f"{slug}-extract", title, describes=f"{title}: {BY_MAPPING}")
    for slug, title in (
        ("asb", "Anti-social behaviour reports"),
        ("ambulance", "Ambulance call-outs"),
        ("emergency-department", "Emergency department attendances"),
    )
)
