"""`wardlight audit`: seal the trail of who did what, and show that nobody tampered with it."""

from __future__ import annotations

import typer
from rich.console import Console

LagOption = typer.Option(60, "--lag", min=0, help="Leave events younger than this many seconds for next time.")
ExpectOption = typer.Option("", "--expect", help="A digest noted earlier, which must still be in the chain.")

audit = typer.Typer(no_args_is_help=True, help="Seal and verify the audit trail.")


@audit.command()
def seal(lag: int = LagOption) -> None:
    """Chain the events that are not sealed yet."""
    from datetime import timedelta

    from wardlight.partners.seals import head
    from wardlight.partners.seals import seal as seal_events

    from .database import prepare_home

    prepare_home()
    sealed = seal_events(lag=timedelta(seconds=lag))
    Console().print(f"{sealed} sealed. The newest digest is {head()}: note it somewhere else.", soft_wrap=True)


@audit.command()
def verify(expect: str = ExpectOption) -> None:
    """Check every link of the chain. Ends with status 1 when one is broken."""
    from wardlight.partners.seals import verify as verify_chain

    from .database import prepare_home

    prepare_home()
    found = verify_chain(expect=expect)
    console = Console()
    console.print(f"{found.sealed} sealed, {found.unsealed} not sealed yet, {found.late} sealed late.")
    for problem in found.broken:
        Console(stderr=True).print(problem, style="red", highlight=False, soft_wrap=True)
    if found.broken:
        raise typer.Exit(1)
    console.print(f"The chain is whole. Its newest digest is {found.head}.", soft_wrap=True)


def register(app: typer.Typer) -> None:
    app.add_typer(audit, name="audit")
