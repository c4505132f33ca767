"""The commands of `wardlight`, one module a family. Each has a Typer app or function that `config.cli` registers."""

from __future__ import annotations

import typer


def register(app: typer.Typer) -> None:
    """Add every command to `app`."""
    from . import assess, audit, database, demo, frontend, imports, measures, people, places, serve

    assess.register(app)
    audit.register(app)
    database.register(app)
    demo.register(app)
    frontend.register(app)
    people.register(app)
    serve.register(app)
    imports.register(app)
    measures.register(app)
    places.register(app)
