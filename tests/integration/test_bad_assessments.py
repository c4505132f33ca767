"""Whatever was asked for or imported: an assessment, or one sentence that says what is missing and what to do."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from wardlight.assessment.models import Assessment
from wardlight.config import cli
from wardlight.incidents.operations import import_files
from wardlight.partners.actors import COMMAND_LINE
from wardlight.partners.models import Partnership

pytestmark = pytest.mark.django_db
MONTHS = [f"{year}-{month:02d}" for year in (2021, 2022) for month in range(1, 13)]
QUARTER = "2022-01..2022-03"


def sheet(path: Path, *, of: int = 5, categories: tuple[str, ...] = ("Robbery", "Burglary"), heads=MONTHS) -> Path:
    rows = [",".join(("Camden", category, *(str(of) for _ in heads))) for category in categories]
    path.write_text("\n".join((",".join(("Borough", "Offence", *heads)), *rows)) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def held(partnership: Partnership, tmp_path: Path, django_capture_on_commit_callbacks):
    def bring(**more: object) -> None:
        path = sheet(tmp_path / "counts.csv", **more)
        with django_capture_on_commit_callbacks(execute=True):
            import_files(partnership=partnership, paths=[path], source="count-table", by=COMMAND_LINE)

    return bring


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """What `wardlight assess` says when it refuses."""

    def run(*arguments: object) -> str:
        monkeypatch.setattr(sys, "argv", ["wardlight", "assess", "--area", "Camden", *map(str, arguments)])
        with pytest.raises(SystemExit) as leaving:
            cli.main()
        lines = [line for line in capsys.readouterr().err.splitlines() if line.strip()]
        assert leaving.value.code == (1 if lines else 0)
        assert len(lines) <= 1
        return lines[0] if lines else ""

    return run


ASKED = {
    "a later period": ((QUARTER, "--against", "2022-04..2022-06"), "comes after 2022-01..2022-03"),
    "month 13": (("2022-13",), "has a month 13: months go from 01 to 12"),
    "a seed below nought": ((QUARTER, "--seed", "-1"), "The seed -1 cannot be used"),
    "an endless seed": ((QUARTER, "--seed", "9" * 30), "cannot be used: choose a whole number"),
    "an event without a month": ((QUARTER, "--annotate", "=x"), "“=x” is not an annotation"),
    "an event without words": ((QUARTER, "--annotate", "2022-01=“”"), "is not an annotation"),
}


@pytest.mark.parametrize("case", ASKED)
def test_what_is_asked_for_wrongly_gets_one_sentence(case: str, held, said) -> None:
    held()
    arguments, sentence = ASKED[case]
    assert sentence in said("--period", *arguments)
    assert not Assessment.objects.exists()


def test_findings_are_not_written_over_a_folder_and_never_half(held, said, tmp_path: Path) -> None:
    held()
    assert "is a folder: give the name of a file" in said("--period", QUARTER, "--json", tmp_path)
    assert said("--period", QUARTER, "--json", tmp_path / "findings.json") == ""
    assert json.loads((tmp_path / "findings.json").read_text(encoding="utf-8"))
    assert not list(tmp_path.glob("*.part"))


HOLDINGS = {
    "years only": ({"heads": ["2021", "2022"]}, "is counted"),
    "words that nobody knows": ({"categories": ("Zorbing", "Flarn")}, "categories that Wardlight does not know"),
}


@pytest.mark.parametrize("case", HOLDINGS)
def test_data_that_cannot_be_assessed_are_told_apart_from_none(case: str, held, said) -> None:
    holding, sentence = HOLDINGS[case]
    held(**holding)
    assert sentence in said("--period", QUARTER)


def test_kinds_too_few_for_a_percentage_are_still_assessed(held, said) -> None:
    held(of=1)
    assert said("--period", QUARTER, "--against", "2021-01..2021-03") == ""
    assert Assessment.objects.get().status == Assessment.Status.READY
