"""How an assessment is laid out as web pages: figures, tables and summary rows from the neutral document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.text import slugify

from wardlight.govuk.components import Cell, Column, Figure, Link, Row, Table, TableLike, Tag
from wardlight.govuk.numbers import long_time

from .annex import method_name
from .charts import svg_path
from .document import ChapterView, Document, FindingView, PriorityView
from .models import Assessment, Chapter, Finding, ProposedPriority, PublishedVersion
from .periods import Period
from .queries import Change

STATUS_COLOURS = {
    Assessment.Status.QUEUED: "blue",
    Assessment.Status.RUNNING: "blue",
    Assessment.Status.READY: "teal",
    Assessment.Status.FAILED: "red",
}
MATRIX = [
    ("volume", "Volume"),
    ("harm", "Harm"),
    ("trend", "Trend"),
    ("comparison", "Comparison"),
    ("concern", "Concern"),
]
SCORE_SHAPES = {0: "○○○", 1: "●○○", 2: "●●○", 3: "●●●"}
CHANGE_TAGS = {"appeared": Tag("New", "teal"), "went": Tag("Gone", "grey"), "changed": Tag("Changed", "blue")}
PRIORITY_TAGS = {
    ProposedPriority.Status.SUGGESTED: Tag("Suggested", "grey"),
    ProposedPriority.Status.PROPOSED: Tag("Proposed", "teal"),
    ProposedPriority.Status.DROPPED: Tag("Left out", "yellow"),
}


@dataclass(frozen=True, slots=True)
class FindingBlock:
    """A finding on a page. The table stands in the figure when there is one, else by itself."""

    anchor: str
    finding: FindingView
    figure: Figure | None
    table: TableLike | None
    method_rows: list[Row]


@dataclass(frozen=True, slots=True)
class ChapterBlock:
    anchor: str
    number: int
    chapter: ChapterView
    findings: list[FindingBlock]


def assessments_table(assessments: Iterable[Assessment]) -> Table:
    """Every assessment, newest first. `published_count` is annotated by the query."""
    return Table(
        "Assessments",
        [
            Column("title", "Assessment"),
            Column("period", "Period"),
            Column("made", "Worked out"),
            Column("status", "Status"),
        ],
        [
            [
                Link(assessment.title, reverse("assessment", args=[assessment.pk])),
                Period(assessment.first_month, assessment.last_month).title,
                long_time(assessment.worked_out_at) if assessment.worked_out_at else "",
                status_tag(assessment),
            ]
            for assessment in assessments
        ],
    )


def status_tag(assessment: Assessment) -> Tag:
    """“Published” once a version is, otherwise where the working-out stands."""
    if getattr(assessment, "published_count", 0):
        return Tag("Published", "green")
    status = Assessment.Status(assessment.status)
    return Tag(status.label, STATUS_COLOURS[status])


def chapter_blocks(document: Document, *, interactive: bool) -> list[ChapterBlock]:
    """The chapters with their findings; `interactive` adds the chart specifications for readers with JavaScript."""
    return [
        ChapterBlock(
            anchor=slugify(chapter.key),
            number=number,
            chapter=chapter,
            findings=[_block(finding, interactive=interactive) for finding in chapter.findings],
        )
        for number, chapter in enumerate(document.chapters, start=1)
    ]


def _block(finding: FindingView, *, interactive: bool) -> FindingBlock:
    anchor = slugify(finding.key.replace(".", "-"))
    figure = _figure(finding, anchor, interactive=interactive)
    return FindingBlock(
        anchor=anchor,
        finding=finding,
        figure=figure,
        table=None if figure else finding.table,
        method_rows=[Row("Method", method_name(finding.method)), Row("Parameters", _parameters(finding))]
        if finding.method
        else [],
    )


def _figure(finding: FindingView, anchor: str, *, interactive: bool) -> Figure | None:
    if not finding.chart_digest:
        return None
    path = svg_path(finding.chart_digest)
    return Figure(
        key=f"figure-{anchor}",
        title=(finding.chart or {}).get("usermeta", {}).get("caption") or finding.title,
        alt=finding.chart_alt,
        svg=path.read_text(encoding="utf-8") if path.is_file() else "",
        spec=finding.chart if interactive else None,
        table=finding.table,
        told=True,
    )


def _parameters(finding: FindingView) -> str:
    return "; ".join(f"{name.replace('_', ' ')} {value}" for name, value in finding.parameters.items())


def priorities_table(priorities: list[PriorityView]) -> Table:
    """The open matrix: every theme, its scores as shapes and what each says."""
    return Table(
        "How each theme scores",
        [Column("title", "Theme"), *(Column(key, title) for key, title in MATRIX), Column("status", "Proposal")],
        [_priority_row(priority) for priority in priorities],
        note="Each mark is out of three. A dash means that there are no data to say.",
    )


def _priority_row(priority: PriorityView) -> list[Cell]:
    marks: list[Cell] = [_mark(priority, key) for key, _ in MATRIX]
    return [priority.title, *marks, PRIORITY_TAGS[ProposedPriority.Status(priority.status)]]


def _mark(priority: PriorityView, key: str) -> str:
    score = priority.matrix.get(key, {}).get("score")
    says = priority.matrix.get(key, {}).get("says", "")
    return f"{SCORE_SHAPES[score]} {says}".strip() if score is not None else f"– {says}".strip(" –") or "–"


def cover_rows(document: Document, *, newest: int = 0) -> list[Row]:
    """What stands on the cover; `newest` is the number of the newest published version of a draft."""
    rows = [Row("Area", document.area), Row("Period", document.period)]
    if document.against:
        rows.append(Row("Compared with", document.against))
    rows += [
        Row("Status", _standing(document, newest)),
        Row("Data as at", document.data_cut),
    ]
    return rows


def _standing(document: Document, newest: int) -> str:
    if document.status == "published":
        return f"Published, version {document.version}"
    return f"Draft; version {newest} is published" if newest else "Draft, not yet published"


def versions_table(versions: Iterable[PublishedVersion]) -> Table:
    """The versions published so far."""
    return Table(
        "Published versions",
        [
            Column("number", "Version"),
            Column("when", "Published"),
            Column("public", "Public site"),
            Column("digest", "Checksum"),
        ],
        [
            [
                f"Version {version.number}",
                long_time(version.published_at),
                Link("On the public site", public_address(version)) if version.public else "Members only",
                version.digest[:16],
            ]
            for version in versions
        ],
    )


def public_address(version: PublishedVersion) -> str:
    return reverse("public-assessment", args=[version.partnership.slug, version.assessment_id, version.number])


def priority_links(priorities: Iterable[ProposedPriority]) -> Table:
    """Every theme with its proposal, each a link to change it."""
    return Table(
        "Proposed priorities",
        [Column("title", "Theme"), Column("status", "Proposal"), Column("reason", "Why")],
        [
            [
                Link(item.title, reverse("assessment-priority", args=[item.assessment_id, item.pk])),
                PRIORITY_TAGS[ProposedPriority.Status(item.status)],
                item.reason,
            ]
            for item in priorities
        ],
    )


def matrix_sentences(priority: ProposedPriority) -> list[str]:
    """What the matrix says of a theme, a sentence a criterion."""
    return [
        f"{title}: {priority.matrix[key]['says']}" for key, title in MATRIX if priority.matrix.get(key, {}).get("says")
    ]


def editing_tables(chapters: Iterable[Chapter]) -> list[Table]:
    """For each chapter, its findings with where they appear. Findings are prefetched."""
    return [
        Table(
            chapter.title,
            [Column("finding", "Finding"), Column("shown", "Where"), Column("words", "Words")],
            [_chapter_row(chapter), *(_finding_row(finding) for finding in chapter.findings.all())],
        )
        for chapter in chapters
    ]


def _chapter_row(chapter: Chapter) -> list[Cell]:
    address = reverse("assessment-chapter", args=[chapter.assessment_id, chapter.pk])
    return [Link("Words at the head of the chapter", address), "", "Yours" if chapter.words else "None"]


def _finding_row(finding: Finding) -> list[Cell]:
    address = reverse("assessment-finding", args=[finding.assessment_id, finding.pk])
    shown = (
        Tag("Left out", "yellow")
        if finding.hidden
        else Tag("In the summary", "teal")
        if finding.headline
        else "Chapter"
    )
    return [Link(finding.title, address), shown, "Yours" if finding.analyst_words else "As worked out"]


def compare_answer(older: Assessment | None, changes: Sequence[Change]) -> str:
    """The first sentence of a comparison."""
    if older is None:
        return "There is no earlier assessment of this area to compare with."
    made = long_time(older.worked_out_at)
    if not changes:
        return f"Nothing: every finding says the same as in “{older.title}”, worked out on {made}."
    return f"{len(changes)} findings differ from “{older.title}”, worked out on {made}."


def changes_table(changes: Sequence[Change]) -> Table:
    """Every difference, with both sentences."""
    return Table(
        "What differs",
        [
            Column("finding", "Finding"),
            Column("kind", "What happened"),
            Column("before", "Before"),
            Column("after", "Now"),
        ],
        [[change.title, CHANGE_TAGS[change.kind], change.before, change.after or change.says] for change in changes],
    )
