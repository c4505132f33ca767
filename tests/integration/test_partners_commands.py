"""`wardlight people` and `wardlight audit` from the command line."""

from __future__ import annotations

import pytest
import typer
from django.db import connection
from typer.testing import CliRunner

from wardlight.config.commands import audit, people
from wardlight.partners import operations, seals
from wardlight.partners.actors import COMMAND_LINE
from wardlight.partners.models import Membership
from wardlight.partners.refusal import Refusal

pytestmark = pytest.mark.django_db
ADA = ["people", "add", "--email", "Ada@example.org", "--name", "Ada Marsh", "--agency", "Larkmoor Council"]


def run(*arguments: str, typed: str = ""):
    app = typer.Typer()
    audit.register(app)
    people.register(app)
    result = CliRunner().invoke(app, list(arguments), input=typed)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_the_first_person_is_an_administrator_with_the_password_typed(partnership) -> None:
    result = run(*ADA, typed="four words for ada\nfour words for ada\n")
    assert result.exit_code == 0
    membership = Membership.objects.get()
    assert membership.roles == ["administrator"]
    assert membership.user.email == "ada@example.org"
    assert membership.user.check_password("four words for ada")
    assert "ada@example.org" not in result.stdout.lower().partition("password")[2]


def test_a_password_is_made_and_printed_once(partnership) -> None:
    result = run(*ADA, "--role", "analyst", "--role", "board_member", "--make-password")
    password = result.stdout.partition("once: ")[2].split()[0]
    assert Membership.objects.get().user.check_password(password)
    assert Membership.objects.get().roles == ["analyst", "board_member"]


def test_a_weak_password_is_refused(partnership) -> None:
    with pytest.raises(Refusal, match="too short"):
        run(*ADA, typed="short\nshort\n")
    assert not Membership.objects.exists()


def test_somebody_known_keeps_their_password(partnership) -> None:
    run(*ADA, typed="four words for ada\nfour words for ada\n")
    result = run(*ADA[:-1], "Larkmoor Police", "--kind", "police")
    assert "keep their password" in result.stdout
    assert Membership.objects.count() == 2


def test_a_whole_chain_is_reported_and_a_broken_one_ends_with_1(partnership) -> None:
    operations.add_agency(partnership=partnership, name="Council", kind="council", by=COMMAND_LINE)
    run("audit", "seal", "--lag", "0")
    assert seals.verify().unsealed == 0
    whole = run("audit", "verify", "--expect", seals.head())
    assert (whole.exit_code, "The chain is whole" in whole.stdout) == (0, True)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE partners_auditevent SET verb = 'other' WHERE verb = 'add'")
    broken = run("audit", "verify")
    assert broken.exit_code == 1
    assert "was changed" in broken.output
