"""`wardlight places …`: load boundaries, populations and premises; say what is here."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from wardlight.partners.refusal import Refusal

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


Level = typer.Option(None, help="What the areas are: borough, ward, lsoa… Read from the file when left out.")
Vintage = typer.Option(None, help="The year of the boundaries. Read from the file when left out.")


@app.command()
def load(
    files: list[Path] = typer.Argument(..., help="Boundary or population files, or folders of them."),
    level: str | None = Level,
    vintage: str | None = Vintage,
    kind: Kind | None = typer.Option(None, help="Read from the file's ending when left out."),
    year: int | None = typer.Option(None, help="The year of the population, where the file does not say."),
    counts: str = typer.Option("residents", help="What a population file counts: residents, workday, households…"),
    code_field: str | None = typer.Option(None, help="The column of codes."),
    name_field: str | None = typer.Option(None, help="The column of names."),
    parent_level: str | None = typer.Option(None, help="The level of the area that each one lies in."),
    parent_field: str | None = typer.Option(None, help="The column of the codes of those areas."),
    partnership: str | None = typer.Option(None, "--partnership", help="Whose premises these are."),
) -> None:
    """Load boundaries (GeoPackage, GeoJSON, Shapefile, zip) and populations (CSV, Excel). Twice does no harm."""
    from .database import prepare_home

    prepare_home()
    options = _Options(level, vintage, year, counts, code_field, name_field, parent_level, parent_field, partnership)
    taken = 0
    left: list[str] = []
    for path, named in _in_order(files):
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


class _Options:
    """What was said on the command line, applied to each file."""

    def __init__(
        self,
        level: str | None,
        vintage: str | None,
        year: int | None,
        counts: str,
        code_field: str | None,
        name_field: str | None,
        parent_level: str | None,
        parent_field: str | None,
        partnership: str | None,
    ) -> None:
        self.boundaries = {
            "level": level,
            "vintage": vintage,
            "code_field": code_field,
            "name_field": name_field,
            "parent_level": parent_level,
            "parent_field": parent_field,
        }
        self.populations = (counts, year, level)
        self.partnership = partnership

    def load(self, path: Path, kind: Kind) -> LoadReport:
        from wardlight.partners.actors import COMMAND_LINE
        from wardlight.places import operations

        from .database import the_partnership

        if kind is Kind.boundaries:
            return operations.load_boundaries(path=path, by=COMMAND_LINE, **self.boundaries)
        if kind is Kind.premises:
            whose = the_partnership(self.partnership)
            return operations.load_premises(partnership=whose, path=path, by=COMMAND_LINE)
        counts, year, level = self.populations
        return operations.load_populations(path=path, by=COMMAND_LINE, kind=counts, year=year, level=level)


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

    from .database import prepare_home

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
