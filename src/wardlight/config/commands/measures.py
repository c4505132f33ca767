"""Measures: list them, compute their readings again, write their reference pages."""

from __future__ import annotations

from pathlib import Path

import typer
from rich.console import Console

from .database import PartnershipOption, the_partnership

FolderArgument = typer.Argument(Path("docs/reference"), help="Where to write the pages.")


def register(app: typer.Typer) -> None:
    """Add `wardlight measures …`."""
    family = typer.Typer(no_args_is_help=True, help="What is measured, and the readings of it.")
    app.add_typer(family, name="measures")

    @family.command("list")
    def list_measures() -> None:
        """List every measure with its short name."""
        from wardlight.measures import definition_files

        console = Console()
        for one in definition_files.load().measures.values():
            console.print(f"{one.slug:45} {one.title}", highlight=False, markup=False, soft_wrap=True)

    @family.command()
    def recompute(partnership: str | None = PartnershipOption) -> None:
        """Compute every reading again from what has been imported."""
        from wardlight.measures import operations
        from wardlight.partners.actors import COMMAND_LINE

        the = the_partnership(partnership)
        operations.sync_definitions(COMMAND_LINE)
        stored = operations.recompute(partnership=the, by=COMMAND_LINE)
        Console().print(f"{stored:,} readings were stored.", highlight=False)

    @family.command()
    def reference(folder: Path = FolderArgument) -> None:
        """Write the reference pages of measures and of the taxonomy."""
        from wardlight.measures.reference import measures_page, taxonomy_page

        folder.mkdir(parents=True, exist_ok=True)
        (folder / "measures.md").write_text(measures_page(), encoding="utf-8")
        (folder / "taxonomy.md").write_text(taxonomy_page(), encoding="utf-8")
