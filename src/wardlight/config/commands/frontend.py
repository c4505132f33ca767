"""`wardlight frontend`: build the styles and scripts."""

from __future__ import annotations

import typer
from rich.console import Console

AgainOption = typer.Option(False, "--again", help="Build even if nothing has changed.")


def register(app: typer.Typer) -> None:
    @app.command()
    def frontend(again: bool = AgainOption) -> None:
        """Build the styles and scripts. Needs Node only when something has changed."""
        from wardlight.config.front_end import build_front_end

        console = Console()
        built = build_front_end(say=console.print, again=again)
        console.print("Built." if built else "Nothing has changed: the front end is as it was built.")
