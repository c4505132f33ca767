"""Readings follow when populations or boundaries are loaded, and when the home area changes: once each time."""

from __future__ import annotations

import pytest
import typer
from typer.testing import CliRunner

from wardlight.config.commands import places as places_commands
from wardlight.incidents.operations import import_files
from wardlight.measures import operations as measures
from wardlight.measures.models import Reading
from wardlight.partners import operations as partners
from wardlight.partners.actors import SYSTEM
from wardlight.places import operations as places
from wardlight.places.signals import denominators_changed

SHEET = "Borough,Offence,Apr-20,May-20\nLarkmoor,Burglary,17,18\nFernhall,Burglary,11,12\n"
PEOPLE = "Area code,Area name,Year,Population\nE09000101,Larkmoor,2020,{}\nE09000102,Fernhall,2020,90000\n"


@pytest.fixture
def landed(partnership, tmp_path, django_capture_on_commit_callbacks):
    path = tmp_path / "counts.csv"
    path.write_text(SHEET, encoding="utf-8")
    measures.sync_definitions()
    with django_capture_on_commit_callbacks(execute=True):
        import_files(partnership=partnership, paths=[path], source="count-table", by=SYSTEM)
    return partnership


@pytest.fixture
def told():
    """How often denominators were said to have changed."""
    times: list[bool] = []

    def listen(**_):
        times.append(True)

    denominators_changed.connect(listen)
    yield times
    denominators_changed.disconnect(listen)


def people(folder, number: int, name: str = "people.csv"):
    path = folder / name
    path.write_text(PEOPLE.format(number), encoding="utf-8")
    return path


def test_rates_appear_when_populations_are_loaded(landed, tmp_path, told, django_capture_on_commit_callbacks):
    rate = Reading.objects.filter(measure__statistic="rate")
    assert not rate.exists()
    with django_capture_on_commit_callbacks(execute=True):
        places.load_populations(path=people(tmp_path, 80000), by=SYSTEM, level="borough")
    assert set(rate.filter(area__name="Larkmoor").values_list("denominator", flat=True)) == {80000}
    with django_capture_on_commit_callbacks(execute=True):
        places.load_populations(path=people(tmp_path, 81000), by=SYSTEM, level="borough")
    assert set(rate.filter(area__name="Larkmoor").values_list("denominator", flat=True)) == {81000}
    assert len(told) == 2


def test_files_loaded_together_are_told_once(landed, tmp_path, told, django_capture_on_commit_callbacks):
    with places.told_once():
        for number in (1, 2, 3):
            with django_capture_on_commit_callbacks(execute=True):
                path = people(tmp_path, 80000 + number, f"people-{number}.csv")
                places.load_populations(path=path, by=SYSTEM, level="borough")
        assert told == []
    assert told == [True]
    with places.told_once():
        pass
    assert told == [True]


@pytest.mark.django_db(transaction=True)
def test_the_command_tells_once_for_a_folder(tmp_path, told):
    app = typer.Typer()
    places_commands.register(app)
    folder = tmp_path / "folder"
    folder.mkdir()
    for number in (1, 2):
        people(folder, 80000 + number, f"borough-people-{number}.csv")
    result = CliRunner().invoke(app, ["places", "load", str(folder), "--level", "borough"])
    assert result.exit_code == 0, result.output
    assert "2 files taken" in result.output
    assert told == [True]


def test_the_whole_history_of_a_new_home_area_is_kept(partnership, tmp_path, django_capture_on_commit_callbacks):
    months = [f"{year}-{month:02d}" for year in (2019, 2020, 2021, 2022, 2023) for month in range(1, 13)]
    rows = [f"{area},Burglary,{month},{7}" for area in ("Larkmoor", "Fernhall") for month in months]
    path = tmp_path / "long.csv"
    path.write_text("Borough,Offence,Month,Count\n" + "\n".join(rows) + "\n", encoding="utf-8")
    measures.sync_definitions()
    with django_capture_on_commit_callbacks(execute=True):
        import_files(partnership=partnership, paths=[path], source="count-table", by=SYSTEM)
    kept = Reading.objects.filter(area__name="Larkmoor", measure__slug="burglary")
    assert kept.count() == 36
    with django_capture_on_commit_callbacks(execute=True):
        partners.set_home_area(partnership=partnership, level="borough", name="Larkmoor", by=SYSTEM)
    assert kept.count() == 60
    with django_capture_on_commit_callbacks(execute=True) as later:
        partners.set_home_area(partnership=partnership, level="borough", name="Larkmoor", by=SYSTEM)
    assert later == []


def test_without_data_nothing_is_computed(partnership, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        partners.set_home_area(partnership=partnership, level="borough", name="Larkmoor", by=SYSTEM)
    assert not Reading.objects.exists()
