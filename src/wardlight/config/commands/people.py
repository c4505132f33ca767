"""`wardlight people`: the first people of an installation, before anyone can sign in to add others."""

from __future__ import annotations

import secrets

import typer
from rich.console import Console

from .database import PartnershipOption, the_partnership

EmailOption = typer.Option(..., "--email", prompt="E-mail address", help="They sign in with it.")
NameOption = typer.Option(..., "--name", prompt="Full name")
AgencyOption = typer.Option(..., "--agency", prompt="Agency", help="Added when the partnership does not have it yet.")
KindOption = typer.Option("council", "--kind", help="Of a new agency: council, police, fire, health, probation…")
RoleOption = typer.Option(["administrator"], "--role", help="May be given several times.")
MakeOption = typer.Option(
    False, "--make-password", help="Make a password and print it once, instead of asking for one."
)

people = typer.Typer(no_args_is_help=True, help="Add people from the command line.")


def _password(make: bool) -> tuple[str, bool]:
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    from wardlight.partners.refusal import Refusal

    if make:
        return secrets.token_urlsafe(15), True
    password = typer.prompt("Password (at least 12 characters)", hide_input=True, confirmation_prompt=True)
    try:
        validate_password(password)
    except ValidationError as error:
        raise Refusal(" ".join(error.messages)) from error
    return password, False


@people.command()
def add(
    email: str = EmailOption,
    name: str = NameOption,
    agency: str = AgencyOption,
    kind: str = KindOption,
    role: list[str] = RoleOption,
    make_password: bool = MakeOption,
    partnership: str | None = PartnershipOption,
) -> None:
    """Add a person to an agency, with one or more roles."""
    from wardlight.partners import operations
    from wardlight.partners.actors import COMMAND_LINE
    from wardlight.partners.models import User

    where = the_partnership(partnership)
    known = User.objects.filter(email=email.strip().lower()).exists()
    password, made = (None, False) if known else _password(make_password)
    found = where.agencies.filter(name__iexact=agency).first()
    found = found or operations.add_agency(partnership=where, name=agency, kind=kind, by=COMMAND_LINE)
    operations.add_member(agency=found, email=email, name=name, roles=role, by=COMMAND_LINE, password=password)
    console = Console()
    console.print(f"{name} was added to {found.name}, {where.name}.", highlight=False)
    if made:
        console.print(f"Password, shown this once: {password}", highlight=False, markup=False)
    if known:
        console.print("They already had an account and keep their password.")


def register(app: typer.Typer) -> None:
    app.add_typer(people, name="people")
