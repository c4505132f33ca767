"""Bring data in: `wardlight import`, `batches`, `undo`, `download`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console
from rich.table import Table

from wardlight.partners.actors import COMMAND_LINE

from .database import PartnershipOption, the_partnership

if TYPE_CHECKING:
    from wardlight.incidents.reports import ImportReport
    from wardlight.partners.models import Partnership

REFUSALS_SHOWN = 10
PathsArgument = typer.Argument(help="Files, folders, or zips as downloaded.")
IntoOption = typer.Option(None, "--into", help="The folder to unpack into (default: downloads in the home).")
MappingOption = typer.Option(None, "--mapping", help="A TOML file that says which column is what.")


def import_command(
    source: str = typer.Argument(help="What the files are, such as police-uk; see “wardlight sources”."),
    paths: list[Path] = PathsArgument,
    mapping: Path | None = MappingOption,
    dry_run: bool = typer.Option(False, "--dry-run", help="Say what would happen, and keep nothing."),
    partnership: str | None = PartnershipOption,
) -> None:
    """Import data: checked, de-duplicated, placed in areas; a whole batch or nothing."""
    from wardlight.incidents.operations import import_files

    with progress_bar() as progress:
        report = import_files(
            partnership=the_partnership(partnership),
            paths=paths,
            source=source,
            by=COMMAND_LINE,
            mapping=read_mapping(mapping),
            dry_run=dry_run,
            progress=progress,
        )
    for each in (report, *report.others):
        print_report(each)
    if dry_run and source == "count-table" and paths[0].is_file():
        print_preview(the_partnership(partnership), paths[0], read_mapping(mapping))


def sources_command() -> None:
    """List what can be imported."""
    from wardlight.incidents.sources import SOURCES

    table = Table("Source", "What it is", box=None)
    for slug, source in SOURCES.items():
        table.add_row(slug, source.describes)
    Console().print(table)


def batches_command(partnership: str | None = PartnershipOption) -> None:
    """List the imports, newest first."""
    from wardlight.incidents.queries import batches

    table = Table("Batch", "Source", "State", "Read", "Kept", "Duplicate", "Refused", "When", "By", box=None)
    for batch in batches(partnership=the_partnership(partnership)):
        numbers = (batch.rows_read, batch.rows_kept, batch.rows_duplicate, batch.rows_refused)
        when = f"{batch.created_at:%Y-%m-%d %H:%M}"
        state = batch.get_status_display()
        table.add_row(str(batch.pk), batch.source, state, *(f"{n:,}" for n in numbers), when, batch.created_by_label)
    Console().print(table)


def undo_command(
    batch: int = typer.Argument(help="The number of the batch, from “wardlight batches”."),
    reason: str = typer.Option(..., "--reason", help="Why: it is kept in the audit trail."),
    partnership: str | None = PartnershipOption,
) -> None:
    """Take an import back. What it had replaced counts again."""
    from wardlight.incidents.operations import undo_batch
    from wardlight.incidents.queries import batches
    from wardlight.partners.refusal import Refusal

    found = batches(partnership=the_partnership(partnership)).filter(pk=batch).first()
    if found is None:
        raise Refusal(f"There is no batch {batch}: “wardlight batches” lists them.")
    undone = undo_batch(batch=found, by=COMMAND_LINE, reason=reason)
    Console().print(f"Batch {undone.pk} is undone: its {undone.rows_kept:,} rows no longer count.", highlight=False)


def download_command(
    source: str = typer.Argument(help="Only police-uk can be fetched."),
    first: str = typer.Option(..., "--from", help="The first month, such as 2022-07."),
    last: str = typer.Option(..., "--to", help="The last month."),
    force: str = typer.Option("", "--force", help="One force, as its files are named: city-of-london. Otherwise all."),
    into: Path | None = IntoOption,
    base: str = typer.Option("", "--base", help="Where the archives are, if not at data.police.uk."),
    checksum: str = typer.Option("", "--checksum", help="The archive's MD5 or SHA-256, if you know it."),
) -> None:
    """Fetch police.uk archives and unpack the months you want, ready to import. Goes on where it stopped."""
    from django.conf import settings

    from wardlight.incidents import download
    from wardlight.partners.refusal import Refusal

    if source != "police-uk":
        raise Refusal(f"“{source}” cannot be fetched: only police-uk can.")
    archives = download.archives_for(first, last)
    if checksum and len(archives) > 1:
        raise Refusal("Several archives are needed, and one checksum cannot fit them all: leave --checksum out.")
    folder = Path(settings.HOME) / "downloads"
    with progress_bar() as progress:
        paths = []
        for month in archives:
            url = f"{(base or download.ARCHIVE_BASE).rstrip('/')}/{month}.zip"
            target = folder / f"{month}.zip"
            if not target.exists():
                download.fetch(url, target, checksum=checksum, progress=progress)
            paths.append(target)
        target = into or folder / "police-uk"
        files = download.extract_months(paths, target, first=first, last=last, force=force)
    out = Console(highlight=False, soft_wrap=True, markup=False)
    out.print(f"{len(files)} files are in {target}. Import them with: wardlight import police-uk {target}")


def read_mapping(path: Path | None) -> dict[str, Any] | None:
    """A TOML mapping file. Raises Refusal that says where it is wrong."""
    import tomllib

    from wardlight.partners.refusal import Refusal

    if path is None:
        return None
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise Refusal(f"The mapping file {path} cannot be read: check its name.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refusal(f"The mapping file {path.name} is not valid TOML: {error}.") from error


@contextmanager
def progress_bar() -> Iterator[Callable[[float, str], None]]:
    """A bar on standard error; nothing when that is not a terminal."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("Looking at the files", total=1.0)
        yield lambda fraction, doing: bar.update(task, completed=fraction, description=doing[:60])


def print_report(report: ImportReport) -> None:
    """What was read and kept, in plain lines that add up."""
    out = Console(highlight=False, soft_wrap=True, markup=False)
    if report.dry_run:
        out.print(f"{report.source}: a dry run, nothing was kept.")
    elif report.batch is not None:
        out.print(f"{report.source}: batch {report.batch.pk}.")
    else:
        out.print(f"{report.source}: nothing new.")
    out.print(
        f"  {report.rows_read:,} rows read: {report.rows_kept:,} kept, {report.rows_duplicate:,} duplicate, "
        f"{report.rows_refused:,} refused."
    )
    for message in report.messages:
        out.print(f"  {message}")
    for row in report.refusals[:REFUSALS_SHOWN]:
        where = f"{report.files[row.file]['name']}, line {row.line}" + (f", column {row.column}" if row.column else "")
        out.print(f"  Refused: {where}{f', “{row.value}”' if row.value else ''}: {row.reason}")
    if report.rows_refused > REFUSALS_SHOWN:
        out.print(f"  … and {report.rows_refused - REFUSALS_SHOWN:,} more.")


def print_preview(partnership: Partnership, path: Path, mapping: dict[str, Any] | None) -> None:
    """The first counts of a table as they would be imported, and the mapping file that reads it so."""
    from wardlight.incidents import mapping_presenters, queries
    from wardlight.incidents.sources.count_table import COUNT_TABLE

    if not path.name.lower().endswith(COUNT_TABLE.endings):
        return
    proposal = queries.table_preview(partnership=partnership, path=path, mapping=mapping)
    out = Console(highlight=False, soft_wrap=True, markup=False)
    out.print(f"\n{path.name} is read so (area, in the sheet, in Wardlight, period, count):")
    for line in mapping_presenters.first_lines(proposal):
        out.print(f"  {line}")
    out.print("\nTo read it otherwise, change these lines, save them as a file and give it with --mapping:\n")
    out.print(mapping_presenters.mapping_file(proposal))


def register(app: typer.Typer) -> None:
    app.command("import")(import_command)
    app.command("sources")(sources_command)
    app.command("batches")(batches_command)
    app.command("undo")(undo_command)
    app.command("download")(download_command)
