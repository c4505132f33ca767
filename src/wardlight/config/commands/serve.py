"""`wardlight serve` and the worker it looks after."""

from __future__ import annotations

import typer
from rich.console import Console

HostOption = typer.Option("127.0.0.1", "--host", help="The address to listen on.")
PortOption = typer.Option(None, "--port", min=1, max=65535, help="The port; 8000 unless WARDLIGHT_PORT says otherwise.")
PipeOption = typer.Option(False, "--until-input-ends", hidden=True)


def prepare_to_serve(console: Console) -> None:
    """Database up to date, front end built, static files collected: all of it quick when nothing has changed."""
    from wardlight.config.front_end import build_front_end
    from wardlight.config.static_files import collect_static

    from .database import prepare_home

    prepare_home()
    build_front_end(say=console.print)
    collect_static()


def register(app: typer.Typer) -> None:
    @app.command()
    def serve(host: str = HostOption, port: int | None = PortOption) -> None:
        """Serve the pages and do the work in the background, until Ctrl-C."""
        from django.conf import settings

        from wardlight.config.serving import serve as serve_pages

        console = Console()
        prepare_to_serve(console)
        chosen = port or settings.PORT
        ready = f"Wardlight is at http://localhost:{chosen} – stop it with Ctrl-C"
        serve_pages(host=host, port=chosen, ready=lambda: console.print(ready, highlight=False))

    @app.command()
    def worker(until_input_ends: bool = PipeOption) -> None:
        """Do queued work. `wardlight serve` runs one; run more for speed with PostgreSQL."""
        from django.core.management import call_command

        from wardlight.config.recovery import recover
        from wardlight.config.serving import stop_when_input_ends

        recover()
        if until_input_ends:
            stop_when_input_ends()
        call_command("db_worker", "--no-reload", verbosity=0)
