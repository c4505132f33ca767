"""When what is around Wardlight fails, a person gets one sentence and a status, never a traceback."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.db import DatabaseError, OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder

from wardlight.config import cli
from wardlight.config.commands.database import prepare_home
from wardlight.partners import faults
from wardlight.partners.refusal import Refusal

SURROUNDINGS = {
    "a switch that is neither on nor off": ({"WARDLIGHT_DEBUG": "maybe"}, "WARDLIGHT_DEBUG is “maybe”"),
    "no database address": ({"DATABASE_URL": "nonsense"}, "DATABASE_URL is not the address of a database"),
    "a database nobody answers for": ({"DATABASE_URL": "postgres://x:secret@127.0.0.1:1/x"}, "does not answer"),
    "a home that is a file": ({"WARDLIGHT_HOME": __file__}, "cannot be used"),
}


@pytest.mark.parametrize("case", SURROUNDINGS)
def test_the_command_line_says_one_sentence_and_ends_with_1(case: str, home: Path) -> None:
    surroundings, sentence = SURROUNDINGS[case]
    done = subprocess.run(
        [sys.executable, "-m", "wardlight", "batches"],
        env={**os.environ, "WARDLIGHT_HOME": str(home), **surroundings},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 1
    assert sentence in done.stderr
    assert done.stderr.strip().count("\n") == 0
    assert "Traceback" not in done.stderr
    assert "secret" not in done.stderr


def test_a_damaged_database_is_said(home: Path) -> None:
    (home / "wardlight.sqlite3").write_bytes(b"this is no database" * 500)
    done = subprocess.run(
        [sys.executable, "-m", "wardlight", "batches"],
        env={key: value for key, value in os.environ.items() if key != "DATABASE_URL"} | {"WARDLIGHT_HOME": str(home)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr.strip()) == (1, faults.explain(DatabaseError("file is not a database")))


@pytest.mark.django_db
def test_a_database_of_a_newer_version_is_left_alone() -> None:
    MigrationRecorder(connection).record_applied("incidents", "0999_later")
    with pytest.raises(Refusal, match=r"made by a newer version of Wardlight \(it has “incidents 0999_later”\)"):
        prepare_home()


def test_a_fault_of_our_own_is_one_sentence_and_keeps_no_data(monkeypatch, home: Path, capsys) -> None:
    monkeypatch.setattr(cli, "start_django", lambda: {}["Jane Doe, 1 High Street"])
    with pytest.raises(SystemExit) as leaving:
        cli.main()
    assert leaving.value.code == 1
    said = capsys.readouterr().err
    (kept,) = (home / "faults").iterdir()
    assert "a fault of its own (KeyError in test_bad_surroundings.py, line" in said
    assert kept.name in said
    assert "Traceback" not in said
    assert "Jane" not in kept.read_text(encoding="utf-8").replace('"Jane Doe, 1 High Street"', "")


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (OperationalError("unable to open database file"), "cannot be opened"),
        (OSError(errno.ENOSPC, "No space left on device"), faults.FULL),
        (OperationalError("database or disk is full"), faults.FULL),
        (OperationalError("database is locked"), "busy"),
        (OperationalError("attempt to write a readonly database"), "cannot be written"),
        (PermissionError(errno.EACCES, "denied", "x.pdf"), "x.pdf cannot be opened"),
    ],
)
def test_what_an_administrator_can_mend_is_explained(error: Exception, sentence: str) -> None:
    assert sentence in (faults.explain(error) or "")


def test_a_fault_of_our_own_is_not_explained_away() -> None:
    assert faults.explain(KeyError("x")) is None


@pytest.mark.django_db
@pytest.mark.parametrize(("error", "status"), [(OperationalError("database is locked"), 503), (KeyError("x"), 500)])
def test_the_web_shows_a_page_of_words(client, monkeypatch, error: Exception, status: int) -> None:
    def fail(*args: object, **more: object) -> None:
        raise error

    client.raise_request_exception = False
    client.force_login(get_user_model().objects.create_user(email="a@example.org", password="x", name="A"))
    monkeypatch.setattr("wardlight.partners.access.current_partnership", fail)
    response = client.get("/home/")
    assert response.status_code == status
    shown = response.content.decode()
    assert ("The database is busy" in shown) == (status == 503)
    assert "Traceback" not in shown
