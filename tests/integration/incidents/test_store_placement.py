"""Areas of rows: whichever comes first, the records or the boundaries."""

from __future__ import annotations

import pytest
import shapely
from django.test import TestCase

from tests.factories import AreaFactory
from wardlight.incidents import operations, placement, queries, store
from wardlight.partners.actors import COMMAND_LINE
from wardlight.places.models import Boundary
from wardlight.places.signals import boundaries_loaded

from .street_files import row, write_stops, write_street

JULY = "2022-07-city-of-london-street.csv"
EAST_HALF, WEST_HALF = (531_400.0, 181_000.0, 532_000.0, 182_000.0), (531_000.0, 181_000.0, 531_400.0, 182_000.0)


def ward(code: str, box: tuple[float, float, float, float], *, level: str = "ward", vintage: str = "2022") -> None:
    area = AreaFactory(level=level, code=code, vintage=vintage, name=f"Area {code}")
    shape = shapely.box(*box)
    edges = dict(zip(("min_x", "min_y", "max_x", "max_y"), box, strict=True))
    Boundary.objects.create(area=area, wkb=shape.wkb, square_metres=shape.area, source="test", **edges)


def street(tmp_path):
    rows = [row(1), row(2, lon="-0.100000"), row(3, lon="", lat=""), row(4, lon="-3.0", lat="55.0")]
    return write_street(tmp_path / JULY, rows)


def areas_of(partnership, level: str) -> list[str | None]:
    records = queries.records(partnership=partnership, areas=(level,)).sort("line").collect()
    return records[f"area_{level}"].to_list()


@pytest.mark.parametrize("boundaries_first", [True, False])
def test_the_order_of_boundaries_and_records_does_not_matter(boundaries_first, bring_in, partnership, tmp_path):
    if boundaries_first:
        ward("W", WEST_HALF), ward("E", EAST_HALF)
    report = bring_in(street(tmp_path))
    if not boundaries_first:
        assert areas_of(partnership, "ward") == [None] * 4
        ward("W", WEST_HALF), ward("E", EAST_HALF)
        boundaries_loaded.send(sender=None, level="ward", vintage="2022")
    layer = placement.loaded_layers(("ward",))["ward"]
    assert placement.path_of(report.batch.pk, layer).exists()
    assert areas_of(partnership, "ward") == ["W", "E", None, None]


def test_the_latest_vintage_unless_one_is_named(bring_in, partnership, tmp_path):
    ward("old", WEST_HALF, vintage="2011"), ward("new", WEST_HALF, vintage="2022")
    bring_in(street(tmp_path))
    assert areas_of(partnership, "ward")[0] == "new"
    assert areas_of(partnership, "ward@2011")[0] == "old"


def test_new_boundaries_replace_the_old_and_stale_files_go(bring_in, partnership, tmp_path):
    ward("W", WEST_HALF)
    batch = bring_in(street(tmp_path)).batch
    before = placement.path_of(batch.pk, placement.loaded_layers()["ward"])
    ward("E", EAST_HALF)
    assert areas_of(partnership, "ward")[:2] == ["W", "E"]  # made on reading, even before the signal
    operations.place_all_batches()
    assert not before.exists()


def test_an_area_code_the_source_gives_goes_before_the_point(bring_in, partnership, tmp_path):
    ward("E01000001", EAST_HALF, level="lsoa"), ward("E01000002", WEST_HALF, level="lsoa")
    bring_in(street(tmp_path))
    assert areas_of(partnership, "lsoa") == ["E01000001"] * 4


def test_without_boundaries_the_source_is_believed(bring_in, partnership, tmp_path):
    rows = [row(1), row(2, lsoa=","), row(3, lsoa="E01000936,Camden 024A")]
    bring_in(write_street(tmp_path / JULY, rows))
    assert areas_of(partnership, "borough") == ["City of London", None, "Camden"]
    assert areas_of(partnership, "lsoa") == ["E01000001", None, "E01000936"]
    assert areas_of(partnership, "ward") == [None] * 3


def test_stops_have_areas_too(bring_in, partnership, tmp_path):
    ward("W", WEST_HALF)
    bring_in(write_stops(tmp_path / "2022-07-city-of-london-stop-and-search.csv", ["2022-07-01T10:00:00+00:00"]))
    assert queries.stops(partnership=partnership, areas=("ward",)).collect()["area_ward"].to_list() == ["W"]


def test_half_replaced_batches_keep_rows_and_areas_together(bring_in, partnership, tmp_path):
    ward("W", WEST_HALF), ward("E", EAST_HALF)
    both = [row(1), row(2, month="2022-08", lon="-0.100000")]
    bring_in(write_street(tmp_path / "everything.csv", both))
    bring_in(write_street(tmp_path / JULY, [row(1, outcome="Local resolution")]))
    found = queries.records(partnership=partnership, areas=("ward",)).sort("month").collect()
    assert found.select("month", "outcome", "area_ward").rows() == [
        (202207, "Local resolution", "W"),
        (202208, "Under investigation", "E"),
    ]


def test_queued_uploads_are_imported_by_the_worker(partnership, tmp_path, home):
    path = street(tmp_path)
    upload = operations.Upload(f"C:\\fakepath\\{path.name}", [path.read_bytes()])
    batch = operations.queue_import(partnership=partnership, source="police-uk", uploads=[upload], by=COMMAND_LINE)
    assert batch.status == "queued"
    assert [file.name for file in store.uploads_folder(batch.pk).iterdir()] == [path.name]
    report = operations.run_batch(batch.pk)
    batch.refresh_from_db()
    assert (batch.status, batch.rows_kept, report.rows_kept) == ("landed", 4, 4)
    assert not store.uploads_folder(batch.pk).exists()
    assert operations.run_batch(batch.pk) is None


def test_a_refusal_in_the_worker_becomes_the_batch_message(partnership):
    upload = operations.Upload("report.pdf", [b"%PDF-1.7"])
    batch = operations.queue_import(partnership=partnership, source="police-uk", uploads=[upload], by=COMMAND_LINE)
    assert operations.run_batch(batch.pk) is None
    batch.refresh_from_db()
    assert batch.status == "failed"
    assert batch.message.startswith("report.pdf is a PDF document")


def test_the_worker_is_told_once_the_upload_is_committed(partnership):
    from django_tasks_db.models import DBTaskResult

    upload = operations.Upload("a.csv", [b"x"])
    with TestCase.captureOnCommitCallbacks(execute=True):
        batch = operations.queue_import(partnership=partnership, source="police-uk", uploads=[upload], by=COMMAND_LINE)
        assert not DBTaskResult.objects.exists()
    assert DBTaskResult.objects.get().args_kwargs["args"] == [batch.pk]
