"""`wardlight places load` takes whole folders, says what it took and what it left."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from wardlight.config.commands import places
from wardlight.partners.refusal import Refusal
from wardlight.places.models import Area, Boundary

pytestmark = pytest.mark.django_db


def run(*words: str):
    app = typer.Typer()
    places.register(app)
    return CliRunner().invoke(app, ["places", *words])


def test_a_folder_is_taken_largest_areas_first(tmp_path: Path) -> None:
    from tests.integration.test_places_boundaries import square, write

    write(tmp_path / "wards.shp", [square(0)], WD22CD=["E05000001"], WD22NM=["Abbey"], LAD22CD=["E09000001"])
    write(tmp_path / "zones-lad.gpkg", [square(0, 0, 9_000)], LAD22CD=["E09000001"], LAD22NM=["Larkmoor"])
    (tmp_path / "people.csv").write_text("borough,year,population\nLarkmoor,2020,5\n", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("hello", encoding="utf-8")
    (tmp_path / "odd.csv").write_text("colour\nred\n", encoding="utf-8")
    result = run("load", str(tmp_path))
    assert result.exit_code == 0, result.output
    said = result.stdout.splitlines()
    assert said[0].startswith("zones-lad.gpkg: 1 loaded. Loaded as 2022 boroughs and districts.")
    assert said[1].startswith("wards.shp: 1 loaded.")
    assert said[2].startswith("people.csv: 1 loaded. 1 numbers for 1 2022 borough or district, 2020.")
    assert "Left: notes.txt is neither a boundary file nor a population file." in said
    assert any(line.startswith("Left: odd.csv has no column of area codes") for line in said)
    assert said[-1] == "3 files taken, 2 left."
    assert Area.objects.get(level="ward").parent.name == "Larkmoor"
    assert Boundary.objects.count() == 2
    assert "2022 wards: 1, 1 with a boundary, 0 with a population" in run("list").stdout


def test_a_single_file_that_is_refused_stops_the_command(tmp_path: Path) -> None:
    odd = tmp_path / "odd.csv"
    odd.write_text("colour\nred\n", encoding="utf-8")
    for words in ([str(odd)], [str(tmp_path / "absent.gpkg")]):
        result = run("load", *words)
        assert isinstance(result.exception, Refusal)
        assert not Area.objects.exists()
