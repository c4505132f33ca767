"""`wardlight places …`: load boundaries, populations and premises; say what is here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from wardlight.partners.actors import COMMAND_LINE
from wardlight.partners.refusal import Refusal

from .database import prepare_home, the_partnership

if TYPE_CHECKING:
    from wardlight.places.operations import LoadReport

SIDECARS = {".dbf", ".shx", ".prj", ".cpg", ".sbn", ".sbx", ".qpj", ".qmd"}
SHOWN = 5
app = typer.Typer(name="places", no_args_is_help=True, help="Areas, their boundaries and populations.")


class Kind(StrEnum):
    """What a file holds."""

    boundaries = "boundaries"
    population = "population"
    premises = "premises"


Files = Annotated[list[Path], typer.Argument(help="Boundary or population files, or folders of them.")]
Level = Annotated[str | None, typer.Option(help="What the areas are: borough, ward, lsoa… Else read from the file.")]
Vintage = Annotated[str | None, typer.Option(help="The year of the boundaries. Else read from the file.")]
KindOption = Annotated[Kind | None, typer.Option(help="What the files hold. Else told by the file's ending.")]
Year = Annotated[int | None, typer.Option(help="The year of the population, where the file does not say.")]
Counts = Annotated[str, typer.Option(help="What a population file counts: residents, workday, premises…")]
CodeField = Annotated[str | None, typer.Option(help="The column of codes.")]
NameField = Annotated[str | None, typer.Option(help="The column of names.")]
ParentLevel = Annotated[str | None, typer.Option(help="The level of the area that each one lies in.")]
ParentField = Annotated[str | None, typer.Option(help="The column of the codes of those areas.")]
Whose = Annotated[str | None, typer.Option("--partnership", help="Whose premises these are.")]


@dataclass(frozen=True, slots=True)
class _Options:
    """What was said on the command line, applied to each file."""

    level: str | None
    vintage: str | None
    year: int | None
    counts: str
    code_field: str | None
    name_field: str | None
    parent_level: str | None
    parent_field: str | None
    partnership: str | None

    def load(self, path: Path, kind: Kind) -> LoadReport:
        """Load one file as what it is."""
        if kind is Kind.boundaries:
            return self._boundaries(path)
        return self._premises(path) if kind is Kind.premises else self._populations(path)

    def _boundaries(self, path: Path) -> LoadReport:
        from wardlight.places.operations import load_boundaries

        return load_boundaries(
            path=path,
            level=self.level,
            vintage=self.vintage,
            by=COMMAND_LINE,
            code_field=self.code_field,
            name_field=self.name_field,
            parent_level=self.parent_level,
            parent_field=self.parent_field,
        )

    def _populations(self, path: Path) -> LoadReport:
        from wardlight.places.operations import load_populations

        return load_populations(path=path, by=COMMAND_LINE, kind=self.counts, year=self.year, level=self.level)

    def _premises(self, path: Path) -> LoadReport:
        from wardlight.places.operations import load_premises

        return load_premises(partnership=the_partnership(self.partnership), path=path, by=COMMAND_LINE)


@app.command()
def load(
    files: Files,
    level: Level = None,
    vintage: Vintage = None,
    kind: KindOption = None,
    year: Year = None,
    counts: Counts = "residents",
    code_field: CodeField = None,
    name_field: NameField = None,
    parent_level: ParentLevel = None,
    parent_field: ParentField = None,
    partnership: Whose = None,
) -> None:
    """Load boundaries (GeoPackage, GeoJSON, Shapefile, zip) and populations (CSV, Excel). Twice does no harm."""
    from wardlight.places.operations import told_once

    prepare_home()
    options = _Options(level, vintage, year, counts, code_field, name_field, parent_level, parent_field, partnership)
    taken = 0
    left: list[str] = []
    with told_once(), Progress(console=Console(stderr=True), transient=True) as bar:
        for path, named in bar.track(_in_order(files), description="Loading"):
            try:
                report = options.load(path, kind or _kind(path))
            except Refusal as refusal:
                if named and len(files) == 1:
                    raise
                left.append(str(refusal))
                continue
            taken += 1
            _say(report)
    _close(taken, left)


def _in_order(files: Iterable[Path]) -> list[tuple[Path, bool]]:
    """Every file, and whether it was named itself. Boundaries first, the larger areas before those inside them."""
    found: dict[Path, bool] = {}
    for path in files:
        if not path.exists():
            raise Refusal(f"There is no file or folder {path}: check its name.")
        inside = sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else []
        found |= {one: False for one in inside if one.suffix.lower() not in SIDECARS and not one.name.startswith(".")}
        if not path.is_dir():
            found[path] = True
    return sorted(found.items(), key=lambda item: (_rank(item[0]), item[0].name))


def _rank(path: Path) -> tuple[bool, bool, bool]:
    from wardlight.places.levels import year_in

    name = path.name.lower()
    small = any(word in name for word in ("lsoa", "msoa", "ward", "oa"))
    return _kind_or_none(path) is not Kind.boundaries, small, not year_in(name)


def _kind_or_none(path: Path) -> Kind | None:
    from wardlight.places import boundary_files, population_files

    name = path.name.lower()
    if name.endswith(boundary_files.ENDINGS):
        return Kind.boundaries
    return Kind.population if name.endswith(population_files.ENDINGS) else None


def _kind(path: Path) -> Kind:
    kind = _kind_or_none(path)
    if kind is None:
        raise Refusal(f"{path.name} is neither a boundary file nor a population file.")
    return kind


def _say(report: LoadReport) -> None:
    typer.echo(f"{report.source}: {report.loaded:,} loaded. {' '.join(report.messages)}")
    for words, notes in (("repaired", report.repaired), ("left out", report.refused)):
        for note in notes[:SHOWN]:
            typer.echo(f"  {words}: {note}")
        if len(notes) > SHOWN:
            typer.echo(f"  and {len(notes) - SHOWN:,} more {words}")


def _close(taken: int, left: list[str]) -> None:
    for reason in left:
        typer.echo(f"Left: {reason}")
    if not taken:
        raise Refusal("Nothing was loaded.")
    typer.echo(f"{taken} file{'s' if taken != 1 else ''} taken, {len(left)} left.")


@app.command(name="list")
def list_layers() -> None:
    """Say which areas are here and what they have."""
    from wardlight.places.levels import level_title
    from wardlight.places.queries import layers

    prepare_home()
    found = layers()
    if not found:
        typer.echo("No areas yet: load boundaries with “wardlight places load FILE”.")
    for layer in found:
        title = f"{layer.vintage} {level_title(layer.level, plural=True)}".strip()
        typer.echo(
            f"{title}: {layer.areas:,}, {layer.with_boundary:,} with a boundary, "
            f"{layer.with_population:,} with a population"
        )


def register(cli: typer.Typer) -> None:
    """Add `wardlight places` to the command line."""
    cli.add_typer(app)
