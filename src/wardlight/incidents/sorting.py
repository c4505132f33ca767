"""Which of the files found belong to which source, and a plain sentence for those that belong to none."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from wardlight.partners import text_files
from wardlight.partners.refusal import Refusal
from wardlight.partners.workbooks import check_workbook

from .incoming import Found
from .reading import InputFile, checksum, count_rows
from .sources import SOURCES, csv_blocks
from .sources.base import Source

MONTHLY_NAME = re.compile(r"\d{4}-\d{2}-.")
BOOK_ENDINGS = (".xlsx", ".xlsm")
TEXT_ENDINGS = (".csv", ".tsv", ".txt")
KINDS_IN_ORDER = ("records", "counts", "outcomes", "stops")


@dataclass(frozen=True, slots=True)
class Landed:
    """A file that a landed batch holds."""

    batch: int
    rows: int
    bytes: int


def source_named(slug: str) -> Source:
    """The source of that name. Raises Refusal that lists the names there are."""
    if slug not in SOURCES:
        raise Refusal(f"There is no source “{slug}”: choose one of {', '.join(sorted(SOURCES))}.")
    return SOURCES[slug]


def sort_out(found: Sequence[Found], main: Source) -> tuple[dict[str, list[Found]], list[str]]:
    """The files by the slug of their source (`main` or a companion, records first), and sentences on those passed over.

    Raises Refusal for a file that was named and fits neither, and when nothing at all fits.
    """
    candidates = [main, *(SOURCES[slug] for slug in main.companions if slug in SOURCES)]
    groups: dict[str, list[Found]] = {}
    problems: list[str] = []
    for file in found:
        fits = next(
            (source for source in candidates if source.accepts(file.path) and not _no_table(file, source)), None
        )
        if fits is not None:
            groups.setdefault(fits.slug, []).append(file)
            continue
        problem = _why_not(file, main)
        if file.chosen:
            raise Refusal(problem)
        problems.append(f"Passed over: {problem}")
    if not groups:
        raise Refusal(problems[0].removeprefix("Passed over: "))
    order = sorted(groups, key=lambda slug: KINDS_IN_ORDER.index(SOURCES[slug].kind))
    return {slug: groups[slug] for slug in order}, problems


def _why_not(file: Found, main: Source) -> str:
    if problem := _no_table(file, main):
        return problem
    others = [source for source in SOURCES.values() if source.slug != main.slug and source.accepts(file.path)]
    remedy = "choose the file as it was downloaded"
    if others:
        remedy = f"it looks like {_in_a_sentence(others[0])}, so import it with “wardlight import {others[0].slug}”"
    what = _in_a_sentence(main)
    what = what if what != main.title else f"a file of {what}"
    return f"{file.name} is not {what}: {main.explain(file.path)}; {remedy}."


def _no_table(file: Found, main: Source) -> str:
    """Why the file is no table at all, whichever source it is meant for; "" when it may be one."""
    if set(main.endings) == {".csv"}:
        return csv_blocks.why_not_text(file.path, file.name)
    if file.path.suffix.lower() in TEXT_ENDINGS:
        return text_files.why_not_text(file.path, file.name)
    if file.path.suffix.lower() not in BOOK_ENDINGS:
        return ""
    try:
        check_workbook(file.path, file.name)
    except Refusal as refusal:
        return str(refusal)
    return ""


def _in_a_sentence(source: Source) -> str:
    """“A table of counts” within a sentence."""
    return source.title[0].lower() + source.title[1:] if source.title.startswith(("A ", "An ")) else source.title


def inputs(found: Sequence[Found], source: Source, landed: Mapping[str, Landed]) -> list[InputFile]:
    """The files to read, in order; those imported before or given twice are marked `left_out`, with their rows.

    `landed`: by checksum, the files that landed batches of the source hold. Checksums are worked out now only for files
    that might be known by their size; for the rest they are worked out while they are read.
    """
    files = [InputFile(file.path, file.name, file.path.stat().st_size) for file in found]
    sizes = Counter(file.bytes for file in files) + Counter({file.bytes for file in landed.values()})
    for file in files:
        if sizes[file.bytes] > 1:
            file.sha256 = checksum(file.path)
    _mark_landed(files, landed)
    _mark_twins(files)
    if source.snapshot:
        _mark_older_versions(files)
    return files


def _mark_landed(files: Sequence[InputFile], landed: Mapping[str, Landed]) -> None:
    for file in files:
        if file.sha256 in landed:
            held = landed[file.sha256]
            file.left_out, file.rows = f"imported before, in batch {held.batch}", held.rows


def _mark_twins(files: Sequence[InputFile]) -> None:
    first: dict[str, str] = {}
    for file in files:
        if file.left_out or not file.sha256:
            continue
        if file.sha256 in first:
            file.left_out, file.rows = f"the same as {first[file.sha256]}", count_rows(file.path)
        first.setdefault(file.sha256, file.name)


def _mark_older_versions(files: Sequence[InputFile]) -> None:
    """Two archives may each hold the file of the same month: the one whose archive sorts last is the newer."""
    newest: dict[str, InputFile] = {}
    for file in files:
        base = Path(file.name).name
        if file.left_out or not MONTHLY_NAME.match(base):
            continue
        if base in newest:
            older = newest[base]
            older.left_out, older.rows = f"replaced by {file.name}", count_rows(older.path)
        newest[base] = file
