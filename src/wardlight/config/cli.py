"""The command line: `wardlight …`. Every refusal is one sentence on standard error and exit status 1."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

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
    """Run the command named on the command line. Whatever goes wrong: one sentence, and exit status 1."""
    from wardlight.partners.refusal import Refusal

    try:
        start_django()
        from .commands import register

        register(app)
        app()
    except Refusal as refusal:
        _leave(str(refusal))
    except Exception as error:  # noqa: BLE001 - the last resort: a person at a command line never meets a traceback
        _leave(_sentence(error))


def _sentence(error: Exception) -> str:
    from wardlight.partners import faults

    from .home import home

    return faults.explain(error) or faults.own_fault(error, home() / "faults")


def _leave(sentence: str) -> NoReturn:
    Console(stderr=True).print(sentence, style="red", highlight=False, markup=False, soft_wrap=True)
    sys.exit(1)
