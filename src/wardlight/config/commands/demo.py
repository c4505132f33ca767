"""`wardlight demo`: the fictional borough of Larkmoor, ready to look at."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

if TYPE_CHECKING:
    from wardlight.config.demo.steps import Step

Port = Annotated[
    int | None, typer.Option(help="The port; 8000 unless WARDLIGHT_PORT says otherwise.", min=1, max=65535)
]
Serve = Annotated[bool, typer.Option("--serve/--no-serve", help="Serve it when it is ready.")]


def register(app: typer.Typer) -> None:
    @app.command()
    def demo(port: Port = None, serve: Serve = True) -> None:
        """Make the fictional borough of Larkmoor in WARDLIGHT_HOME, and serve it."""
        console = Console(highlight=False)
        prepare(console)
        show_sign_ins(console)
        if serve:
            _serve(port, console)


def prepare(console: Console) -> None:
    """Do every step that is not done yet, saying what is being done."""
    from wardlight.config.demo.steps import finished, waiting

    from .database import prepare_home

    console.print("Larkmoor does not exist: everything in this demonstration is made up.")
    prepare_home()
    for step in waiting():
        _do(step, console)
        finished(step)


def show_sign_ins(console: Console) -> None:
    """Print who can sign in, and where that is written."""
    from wardlight.config.demo.accounts import sign_ins, sign_ins_path

    console.print(f"\nSign-ins (also in {sign_ins_path()}):", soft_wrap=True)
    for one in sign_ins():
        console.print(f"  {one.role:<30} {one.email:<34} {one.password}", markup=False, soft_wrap=True)


def _do(step: Step, console: Console) -> None:
    began = time.monotonic()
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=24), TextColumn("{task.fields[doing]}"))
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(step.title, total=1.0, doing="")
        result = step.run(lambda doing, share: bar.update(task, completed=share, doing=doing))
    console.print(f"{step.title}: {result} ({time.monotonic() - began:.1f} s)", markup=False, soft_wrap=True)


def _serve(port: int | None, console: Console) -> None:
    from django.conf import settings

    from wardlight.config.serving import serve as serve_pages

    from .serve import prepare_to_serve

    prepare_to_serve(console)
    chosen = port or settings.PORT
    address = f"http://localhost:{chosen}"
    serve_pages(
        host="127.0.0.1", port=chosen, ready=lambda: console.print(f"\nLarkmoor is at {address} (Ctrl-C stops it)")
    )
