"""The City of London from 9,019 real street-level records (data.police.uk, City of London Police, 2022-07 to 2023-06)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from wardlight.assessment import charts
from wardlight.assessment.models import Assessment
from wardlight.config.cli import app
from wardlight.config.commands import register
from wardlight.incidents.operations import import_files
from wardlight.measures.operations import sync_definitions
from wardlight.partners.actors import COMMAND_LINE
from wardlight.partners.refusal import Refusal

pytestmark = [pytest.mark.real_data, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def command(partnership, shared_data: Path, monkeypatch: pytest.MonkeyPatch):
    """`wardlight assess …` with the City's year imported and no boundaries."""
    sync_definitions()
    import_files(partnership=partnership, paths=[shared_data / "police_uk"], source="police-uk", by=COMMAND_LINE)
    monkeypatch.setattr(charts, "_draw", lambda spec: "<svg/>")
    if not app.registered_commands:
        register(app)

    def run(*words: str):
        return CliRunner().invoke(app, ["assess", *words])

    return run


def test_the_city_by_name_alone(command, tmp_path: Path) -> None:
    out = tmp_path / "findings.json"
    result = command("--area", "City of London", "--period", "2022-07..2023-06", "--json", str(out))
    assert result.exit_code == 0, result.output
    findings = {item["key"]: item for item in json.loads(out.read_text(encoding="utf-8"))}
    placing = findings["place:placing"]
    assert placing["n"] == 9016
    assert placing["inside"] + placing["elsewhere"] + placing["not_placed"] == 9016
    crime, asb = findings["all-recorded-crime:count:"], findings["asb:count:"]
    assert crime["value"] + asb["value"] == 9016
    assert crime["against"] is None
    assert sum(findings["overview:mix"]["counts"].values()) == crime["value"]
    outcomes = findings["outcomes:mix"]
    assert sum(outcomes["outcomes"].values()) + outcomes["without"] == crime["value"]
    assert findings["quality:rows"]["read"] == 9019
    assert findings["quality:rows"]["duplicate"] == 3
    chapters = {chapter.key: chapter for chapter in Assessment.objects.get().chapters.all()}
    assert chapters["time"].missing.startswith("Hour of day is not shown: these records carry the month only.")
    assert "wardlight places load" in chapters["place"].missing
    refused(command)


def refused(command) -> None:
    """Each a sentence with what to do, and nothing half-written."""
    held = Assessment.objects.count()
    cases = [
        (("--area", "City of Londn", "--period", "2022-07..2023-06"), "Did you mean City of London"),
        (("--area", "City of London", "--period", "2021-07..2022-06"), "it has July 2022 to June 2023"),
        (
            ("--area", "City of London", "--period", "2023-01..2023-06", "--against", "2022-08..2022-12"),
            "use 2022-07..2022-12",
        ),
        (("--area", "City of London", "--period", "lately"), "as in 2020-04..2021-03"),
        (("--area", "City of London", "--period", "2022-07..2023-06", "--out", "a.odt"), ".pdf, .docx"),
        (("--area", "City of London", "--period", "2022-07..2023-06", "--annotate", "2020"), "First lockdown"),
        (
            ("--area", "City of London", "--period", "2022-07..2023-06", "--against", "2021-07..2022-06"),
            "nothing for July 2021 to June 2022",
        ),
    ]
    for words, sentence in cases:
        result = command(*words)
        assert isinstance(result.exception, Refusal), words
        assert sentence in str(result.exception)
    assert Assessment.objects.filter(status="ready").count() == 1
    assert Assessment.objects.count() <= held + 2
