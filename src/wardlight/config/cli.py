"""The command line: `wardlight …`. Every refusal is one sentence on standard error and exit status 1."""

from __future__ import annotations

import os
import sys

import typer
from rich.console import Console

app = typer.Typer(
    name="wardlight",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="From crime data to an assessment a board can read.",
)


@app.callback()
def wardlight() -> None:
    """From crime data to an assessment a board can read."""


def start_django() -> None:
    """Configure Django. Cheap to call again."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wardlight.config.settings")
    import django

    django.setup()


def main() -> None:
    """Run the command named on the command line."""
    start_django()
    from wardlight.partners.refusal import Refusal

    from .commands import register

    register(app)
    try:
        app()
    except Refusal as refusal:
        Console(stderr=True).print(str(refusal), style="red", highlight=False, markup=False)
        sys.exit(1)
