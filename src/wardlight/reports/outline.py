"""The order and numbering of a printed assessment, the same in PDF, Word, Excel and HTML.

`outline(document)` decides what is a section, what number each figure and table carries and which words stand
where. The four formats lay it out and add no words of their own beyond labels defined here.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from wardlight.assessment.document import ChapterView, Document, FindingView, PriorityView, Table
from wardlight.partners.refusal import Refusal
from wardlight.reports.formatting import PrintedTable, first_sentence, printed

CRITERIA = ("volume", "harm", "trend", "comparison", "concern")
PRIORITY_STATUS = {"suggested": "Suggested", "proposed": "Proposed", "dropped": "Left out"}
DEFINITION_DIFFERS = "definition differs"
SYNTHETIC = "Synthetic data: every record is made up"
SYNTHETIC_SHORT = "Synthetic data"
DRAFT = "Draft – not for publication"
DRAFT_SHORT = "Draft"
ASKED = "The board is asked to decide"
ASKED_WORDS = "Whether each of these should be a priority:"
SUGGESTED_WORDS = "Nothing is proposed yet. The matrix suggests these first; which of them should be priorities?"
MOST_SUGGESTED = 5
TOP_SCORE = 3
NOT_KNOWN = "Not known"
TESTS = "Tests of no change:"
CONTENTS_LINES = 40


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart with its number, words and alternative text; `name` is the drawn file's name without ending."""

    number: int
    name: str
    caption: str
    alt: str
    source: FindingView = field(repr=False)


@dataclass(frozen=True, slots=True)
class FindingBlock:
    number: str
    title: str
    statement: str
    how_sure: str
    tests: str  # p values: the last sentence of "how sure", printed small
    notes: list[str]
    definitions: list[str]  # "definition differs" notes, set apart
    figure: Figure | None
    table: PrintedTable | None
    raw: Table | None = field(repr=False)

    @property
    def sure_in_full(self) -> str:
        """How sure, the tests at the end."""
        return f"{self.how_sure} {self.tests}".strip()


@dataclass(frozen=True, slots=True)
class Mark:
    """One cell of the matrix: `score` of 3, or None when it is not known, and the words for it."""

    criterion: str
    score: int | None
    score_text: str  # "2 of 3", "not known"
    says: str
    shapes: str  # filled and empty circles, for the formats whose typefaces have them

    @property
    def text(self) -> str:
        """Shapes, score and words on one line."""
        head = f"{self.shapes} {self.score_text}".strip()
        return f"{head}: {self.says}" if self.says else head


@dataclass(frozen=True, slots=True)
class MatrixRow:
    title: str
    status: str  # the key
    status_text: str
    reason: str
    marks: list[Mark]


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered part. Annexes are lettered. Any of its parts may be empty."""

    key: str
    number: str
    title: str
    annex: bool = False
    words: list[str] = field(default_factory=list)
    missing: str = ""
    findings: list[FindingBlock] = field(default_factory=list)
    table: PrintedTable | None = None
    raw: Table | None = field(default=None, repr=False)
    matrix: list[MatrixRow] = field(default_factory=list)
    items: list[str] = field(default_factory=list)
    methods: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SummaryLine:
    title: str
    statement: str
    how_sure: str
    where: str  # the number of the finding in its chapter, or ""


@dataclass(frozen=True, slots=True)
class Outline:
    title: str
    partnership: str
    area: str
    period: str
    against: str
    draft: bool
    synthetic: bool
    status: str
    version: str
    data_cut: str
    facts: list[tuple[str, str]]
    summary: list[SummaryLine]
    asked_words: str
    asked: list[MatrixRow]  # what is proposed, else what the matrix suggests first
    left_out: list[MatrixRow]
    sections: list[Section]

    @property
    def findings(self) -> Iterator[FindingBlock]:
        return (finding for section in self.sections for finding in section.findings)

    @property
    def figures(self) -> Iterator[Figure]:
        return (finding.figure for finding in self.findings if finding.figure)


def _caption(finding: FindingView) -> str:
    """What the chart shows: its own subtitle where that is one line, since its title repeats the finding's."""
    caption = (finding.chart or {}).get("usermeta", {}).get("caption")
    if caption:
        return str(caption)
    title = (finding.chart or {}).get("title")
    given = title.get("subtitle") if isinstance(title, dict) else None
    lines = [given] if isinstance(given, str) else given or []
    return str(lines[0]) if len(lines) == 1 else finding.title


class _Numbers:
    """Counts sections, annexes, figures and tables as they are met."""

    def __init__(self, area: str) -> None:
        self.area = area
        self.sections = self.annexes = self.figures = self.tables = 0

    def section(self) -> str:
        self.sections += 1
        return str(self.sections)

    def annex(self) -> str:
        self.annexes += 1
        return f"Annex {chr(ord('A') + self.annexes - 1)}"

    def table(self, table: Table) -> PrintedTable:
        self.tables += 1
        return printed(table, self.tables, self.area)

    def figure(self, finding: FindingView) -> Figure | None:
        if finding.chart is None and not finding.chart_digest:
            return None
        if not finding.chart_alt.strip():
            raise Refusal(f"The chart of “{finding.title}” has no alternative text and cannot be printed; describe it.")
        self.figures += 1
        return Figure(self.figures, f"figure-{self.figures}", _caption(finding), finding.chart_alt, finding)


def _is_definition(note: str) -> bool:
    return note.casefold().startswith(DEFINITION_DIFFERS)


def _finding(finding: FindingView, number: str, numbers: _Numbers) -> FindingBlock:
    figure = numbers.figure(finding)
    sure, cut, tests = finding.how_sure.partition(TESTS)
    sure, tests = sure.rstrip(), f"{cut}{tests}"
    return FindingBlock(
        number=number,
        title=finding.title,
        statement=finding.statement,
        how_sure=sure,
        tests=tests,
        notes=[note for note in finding.notes if not _is_definition(note)],
        definitions=[note for note in finding.notes if _is_definition(note)],
        figure=figure,
        table=numbers.table(finding.table) if finding.table else None,
        raw=finding.table,
    )


def _chapter(chapter: ChapterView, numbers: _Numbers) -> Section:
    number = numbers.section()
    return Section(
        key=chapter.key,
        number=number,
        title=chapter.title,
        words=paragraphs(chapter.words),
        missing=chapter.missing,
        findings=[
            _finding(finding, f"{number}.{place}", numbers) for place, finding in enumerate(chapter.findings, start=1)
        ],
    )


def paragraphs(words: str) -> list[str]:
    """Split the analyst's words at blank lines."""
    return [" ".join(part.split()) for part in words.replace("\r\n", "\n").split("\n\n") if part.strip()]


def _says(words: str) -> str:
    """The words of a cell, without repeating the "Not known" that stands above them."""
    head, _, rest = words.partition(": ")
    return rest[:1].upper() + rest[1:] if rest and head == NOT_KNOWN else words


def _mark(priority: PriorityView, criterion: str) -> Mark:
    cell = priority.matrix.get(criterion) or {}
    given = cell.get("score")
    score = None if given is None else max(0, min(TOP_SCORE, round(given)))
    return Mark(
        criterion=criterion.capitalize(),
        score=score,
        score_text=NOT_KNOWN if score is None else f"{score} of {TOP_SCORE}",
        says=_says(str(cell.get("says") or "")),
        shapes="" if score is None else "●" * score + "○" * (TOP_SCORE - score),
    )


def _matrix_row(priority: PriorityView) -> MatrixRow:
    return MatrixRow(
        title=priority.title,
        status=priority.status,
        status_text=PRIORITY_STATUS.get(priority.status, priority.status.capitalize()),
        reason=priority.reason,
        marks=[_mark(priority, criterion) for criterion in CRITERIA],
    )


MATRIX_WORDS = (
    "Each theme is scored from 0 to 3 on five questions: how much of it there is, how much harm it does, which way it "
    "is going, how the area compares with others, and how much it concerns people. The scores are an aid to a "
    "decision and are never added up: the reasons are beside them, and the board decides."
)


def _priorities(rows: list[MatrixRow], numbers: _Numbers) -> list[Section]:
    if not rows:
        return []
    return [Section("priorities", numbers.section(), "Proposed priorities", words=[MATRIX_WORDS], matrix=rows)]


def _table_section(
    key: str, title: str, table: Table | None, numbers: _Numbers, *, annex: bool = True, otherwise: str = ""
) -> Section:
    """A part that is one table; `otherwise` is said in its place when there is none."""
    return Section(
        key,
        numbers.annex() if annex else numbers.section(),
        title,
        annex=annex,
        words=[] if table else [otherwise],
        table=numbers.table(table) if table else None,
        raw=table,
    )


def _house_table(document: Document, numbers: _Numbers) -> list[Section]:
    if document.house_table is None:
        return []
    return [_table_section("house-table", "The year at a glance", document.house_table, numbers, annex=False)]


def _not_seen(document: Document, numbers: _Numbers) -> list[Section]:
    if not document.not_seen:
        return []
    return [Section("not-seen", numbers.section(), "What we could not see", items=list(document.not_seen))]


def _annexes(document: Document, numbers: _Numbers) -> list[Section]:
    nothing_refused = "No row of the files was refused."
    sections = [
        _table_section("sources", "Sources", document.sources, numbers),
        _table_section(
            "coverage",
            "Coverage",
            document.coverage,
            numbers,
            otherwise="Coverage was not worked out for these sources.",
        ),
        _table_section("refusals", "Rows refused at import", document.refusals, numbers, otherwise=nothing_refused),
    ]
    if document.methods:
        methods = [
            {part: str(method.get(part, "")) for part in ("name", "says", "source")} for method in document.methods
        ]
        sections.append(Section("methods", numbers.annex(), "Methods", annex=True, methods=methods))
    return sections


def _facts(document: Document) -> list[tuple[str, str]]:
    return [
        ("Area", document.area),
        ("Period", document.period),
        ("Compared with", document.against or "No earlier period"),
        ("Status", status_text(document)),
        ("Version", version_text(document)),
        ("Data cut", document.data_cut),
    ]


def status_text(document: Document) -> str:
    return "Draft for discussion" if document.status == "draft" else "Published"


def version_text(document: Document) -> str:
    return "Draft" if document.status == "draft" else f"Version {document.version}"


def _summary(document: Document, chapters: list[Section]) -> list[SummaryLine]:
    places = {
        finding.key: block.number
        for chapter, section in zip(document.chapters, chapters, strict=True)
        for finding, block in zip(chapter.findings, section.findings, strict=True)
    }
    return [
        SummaryLine(finding.title, finding.statement, first_sentence(finding.how_sure), places.get(finding.key, ""))
        for finding in document.summary[:7]
    ]


def contents_depth(printed: Outline) -> int:
    """2 where the contents take one page with every finding named, else 1."""
    return 2 if len(printed.sections) + len(list(printed.findings)) <= CONTENTS_LINES else 1


def as_data(value: Any) -> Any:
    """The outline as dictionaries, lists and text; what is not for printing (`repr=False`) is left out."""
    if isinstance(value, list | tuple):
        return [as_data(item) for item in value]
    if isinstance(value, dict):
        return {key: as_data(item) for key, item in value.items()}
    if dataclasses.is_dataclass(value):
        return {part.name: as_data(getattr(value, part.name)) for part in dataclasses.fields(value) if part.repr}
    return value


def left_out_words(printed: Outline) -> str:
    """The sentence that names what was considered and left out, or ""."""
    titles = [row.title for row in printed.left_out]
    if not titles:
        return ""
    named = " and ".join(part for part in (", ".join(titles[:-1]), titles[-1]) if part)
    return f"Considered and left out: {named}."


def outline(document: Document) -> Outline:
    """Everything a document prints, in order and numbered."""
    numbers = _Numbers(document.area)
    rows = [_matrix_row(priority) for priority in document.priorities]
    proposed = [row for row in rows if row.status == "proposed"]
    opening = [*_priorities(rows, numbers), *_house_table(document, numbers)]
    chapters = [_chapter(chapter, numbers) for chapter in document.chapters]
    sections = [*opening, *chapters, *_not_seen(document, numbers), *_annexes(document, numbers)]
    return Outline(
        title=document.title,
        partnership=document.partnership,
        area=document.area,
        period=document.period,
        against=document.against,
        draft=document.status == "draft",
        synthetic=document.synthetic,
        status=status_text(document),
        version=version_text(document),
        data_cut=document.data_cut,
        facts=_facts(document),
        summary=_summary(document, chapters),
        asked_words=ASKED_WORDS if proposed else SUGGESTED_WORDS,
        asked=proposed or [row for row in rows if row.status == "suggested"][:MOST_SUGGESTED],
        left_out=[row for row in rows if row.status == "dropped"],
        sections=sections,
    )
