"""`wardlight assess`: from stored data to a document and findings, without a server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.console import Console

from wardlight.partners.refusal import Refusal

from .database import PartnershipOption, the_partnership

if TYPE_CHECKING:
    from wardlight.assessment.context import Annotation
    from wardlight.assessment.models import Assessment
    from wardlight.assessment.periods import Period
    from wardlight.partners.models import Partnership

AREA = typer.Option(..., "--area", help="The name or code of the area, such as Islington.")
PERIOD = typer.Option(..., "--period", help="The months assessed, such as 2020-04..2021-03.")
AGAINST = typer.Option(
    None,
    "--against",
    help="The earlier months to compare with, of the same length; the same months a year before when left out.",
)
OUT = typer.Option(
    None, "--out", help="The document to write; its ending says the format: .pdf, .docx, .html or .xlsx."
)
JSON_OUT = typer.Option(None, "--json", help="Where to write the findings for other programs.")
ANNOTATE = typer.Option(
    None,
    "--annotate",
    help="A known event for the time axis: 2020-03=“First lockdown”, or 2020-03..2020-06=“First lockdown” where it lasted. "
    "Its months do not count as ordinary variation. May be repeated.",
)
SEED = typer.Option(0, "--seed", help="The seed of whatever is drawn at random; kept in the findings.")


def register(app: typer.Typer) -> None:
    @app.command()
    def assess(
        area: str = AREA,
        period: str = PERIOD,
        against: str | None = AGAINST,
        out: list[Path] | None = OUT,
        json_out: Path | None = JSON_OUT,
        annotate: list[str] | None = ANNOTATE,
        seed: int = SEED,
        partnership: str | None = PartnershipOption,
    ) -> None:
        """Work out the strategic assessment of an area and write it as a document and as findings."""
        from wardlight.assessment.periods import Period

        check_outputs(out or [], json_out)
        notes = [read_annotation(text) for text in annotate or []]
        ours = the_partnership(partnership)
        assessment = work_out(ours, area, Period.parse(period), against, notes, seed)
        write(assessment, out or [], json_out)
        print_summary(assessment, [*(out or []), *([json_out] if json_out else [])])


def check_outputs(out: list[Path], json_out: Path | None) -> None:
    """Refuse endings and folders that cannot be written before the work begins."""
    for path in out:
        if path.suffix.lower() not in (".pdf", ".docx", ".html", ".xlsx"):
            raise Refusal(f"“{path.name}” cannot be written: end the name of --out in .pdf, .docx, .html or .xlsx.")
    for path in [*out, *([json_out] if json_out else [])]:
        if not path.absolute().parent.is_dir():
            raise Refusal(
                f"There is no folder “{path.parent}” to write “{path.name}” in: make it first, or choose another."
            )
        if path.is_dir():
            raise Refusal(f"“{path}” is a folder: give the name of a file to write in it.")


def read_annotation(text: str) -> Annotation:
    """“2020-03=First lockdown” as an annotation."""
    from wardlight.assessment.context import Annotation
    from wardlight.assessment.periods import Period

    month, _, title = text.partition("=")
    title = title.strip().strip('"“”').strip()
    try:
        when = Period.parse(month)
    except Refusal as refusal:
        raise Refusal(f"{_no_annotation(text)}: {refusal}") from refusal
    if not title:
        raise Refusal(f"{_no_annotation(text)}.")
    return Annotation(when.first_month, title, when.last_month if len(when) > 1 else None)


def _no_annotation(text: str) -> str:
    return (
        f"“{text}” is not an annotation; write the month, or the first and the last, and what happened, "
        "as in 2020-03=“First lockdown”"
    )


def work_out(
    ours: Partnership, name: str, period: Period, against: str | None, notes: list[Annotation], seed: int
) -> Assessment:
    """Find the area, choose what to compare with, and work the assessment out under a progress bar."""
    from rich.progress import BarColumn, Progress, TextColumn

    from wardlight.assessment import operations
    from wardlight.assessment.gathering.comparison import earlier_period
    from wardlight.assessment.periods import Period, check_comparable
    from wardlight.partners.actors import COMMAND_LINE
    from wardlight.places.queries import find_area

    earlier = Period.parse(against) if against else None
    if earlier is not None:
        check_comparable(period, earlier)
    area = find_area(name)
    if earlier is None:
        earlier = earlier_period(ours, area, period)
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(f"Assessing {area.name}", total=1.0)
        return operations.assess(
            partnership=ours,
            area=area,
            period=period,
            against=earlier,
            by=COMMAND_LINE,
            seed=seed,
            annotations=notes,
            progress=lambda part, doing: bar.update(task, completed=part, description=doing[:50]),
        )


def write(assessment: Assessment, out: list[Path], json_out: Path | None) -> None:
    """Write the documents and the findings."""
    from wardlight.assessment import queries
    from wardlight.reports import operations as reports

    if json_out is not None:
        text = json.dumps(queries.findings_json(assessment), ensure_ascii=False, indent=1)
        reports.write_file(f"{text}\n".encode(), json_out.absolute())
    if out:
        document = queries.document(assessment)
        for path in out:
            reports.write(document, path.absolute(), accent=assessment.partnership.accent_colour)


def print_summary(assessment: Assessment, written: list[Path]) -> None:
    """The headlines, and what was written where."""
    from wardlight.assessment import queries

    document = queries.document(assessment)
    console = Console(highlight=False)
    compared = f", against {document.against}" if document.against else ""
    console.print(f"{document.title}: {document.period}{compared}", style="bold", markup=False)
    for finding in document.summary:
        console.print(f"• {finding.statement}", markup=False)
    for path in written:
        console.print(f"Wrote {path}", markup=False)
