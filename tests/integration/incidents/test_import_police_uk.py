"""Police.uk files: what is read, kept, told apart and placed."""

from __future__ import annotations

import gzip
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from wardlight.incidents import operations, queries
from wardlight.incidents.models import Batch
from wardlight.incidents.schema import RECORD_SCHEMA, STOP_SCHEMA
from wardlight.partners.actors import COMMAND_LINE
from wardlight.partners.models import AuditEvent
from wardlight.partners.refusal import Refusal

from .street_files import FORCE, crime_id, row, write_outcomes, write_stops, write_street

JULY = "2022-07/2022-07-city-of-london-street.csv"


def files_under(home: Path) -> set[str]:
    return {path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file()}


def test_the_city_of_london_adds_up(bring_in, partnership, shared_data):
    report = bring_in(shared_data / "police_uk")

    assert (report.rows_read, report.rows_kept, report.rows_duplicate, report.rows_refused) == (9_019, 9_016, 3, 0)
    assert report.quality["repeated_ids"] == 115
    assert report.quality["blank_area"] == report.quality["not_placed"] == 611
    assert (report.batch.first_month, report.batch.last_month) == (202207, 202306)
    records = queries.records(partnership=partnership, areas=("borough", "lsoa")).collect()
    assert records.height == 9_016
    assert dict(zip(records.columns, records.dtypes, strict=True)) == {
        **RECORD_SCHEMA,
        "batch": pl.Int64(),
        "source": pl.String(),
        "area_borough": pl.String(),
        "area_lsoa": pl.String(),
    }
    assert records.filter(area_borough="City of London").height == 8_002
    assert records["x"].drop_nulls().is_between(528_000, 536_000).mean() > 0.98
    assert records["start"].null_count() == records.height


def test_importing_twice_changes_nothing(bring_in, partnership, tmp_path, home):
    path = write_street(tmp_path / JULY, [row(1), row(2)])
    bring_in(path)
    before = queries.records(partnership=partnership).collect()

    again = bring_in(path)

    assert again.batch is None
    assert (again.rows_read, again.rows_duplicate, again.rows_kept) == (2, 2, 0)
    assert "nothing new" in again.messages[0]
    assert queries.records(partnership=partnership).collect().equals(before)


def test_exact_copies_are_dropped_but_repeated_ids_and_alike_rows_without_ids_stay(bring_in, tmp_path):
    rows = [row(1), row(1), row(1, outcome="Local resolution"), row(0, crime_id_text=""), row(0, crime_id_text="")]
    report = bring_in(write_street(tmp_path / JULY, rows))
    assert (report.rows_kept, report.rows_duplicate) == (4, 1)
    assert report.quality["repeated_ids"] == 2


def test_copies_are_found_across_blocks_and_files(bring_in, tmp_path, monkeypatch):
    monkeypatch.setattr("wardlight.incidents.sources.csv_blocks.BLOCK_BYTES", 600)
    first = write_street(tmp_path / "a" / "one.csv", [row(n) for n in range(20)])
    second = write_street(tmp_path / "a" / "two.csv", [row(n) for n in range(15, 30)])
    report = bring_in(first, second)
    assert (report.rows_read, report.rows_kept, report.rows_duplicate) == (35, 30, 5)
    assert sum(file["rows"] for file in report.files) == 35


def test_lines_are_right_across_blocks(bring_in, partnership, tmp_path, monkeypatch):
    monkeypatch.setattr("wardlight.incidents.sources.csv_blocks.BLOCK_BYTES", 500)
    rows = [row(n) for n in range(12)]
    rows[7] = row(7, month="2022-13")
    report = bring_in(write_street(tmp_path / JULY, rows))
    assert [(r.line, r.column, r.value) for r in report.refusals] == [(9, "Month", "2022-13")]
    lines = queries.records(partnership=partnership).collect()["line"].to_list()
    assert lines == [line for line in range(2, 14) if line != 9]


def test_a_later_file_of_the_same_month_replaces_the_earlier_and_undo_brings_it_back(bring_in, partnership, tmp_path):
    old = bring_in(write_street(tmp_path / "old" / JULY, [row(1), row(2), row(3, month="2022-08")]))
    new = bring_in(write_street(tmp_path / "new" / JULY, [row(1, outcome="Local resolution")]))
    assert any("replaced" in message for message in new.messages)

    now = queries.records(partnership=partnership).sort("month").collect()
    assert now.select("batch", "month").rows() == [(new.batch.pk, 202207), (old.batch.pk, 202208)]
    ledger = queries.coverage(partnership=partnership)
    assert ledger.select("month", "rows").rows() == [(202207, 1), (202208, 1)]

    operations.undo_batch(batch=new.batch, by=COMMAND_LINE, reason="The wrong download")
    back = queries.records(partnership=partnership).collect()
    assert back.height == 3
    assert set(back["batch"]) == {old.batch.pk}


def test_the_newer_of_two_archives_wins_inside_one_import(bring_in, tmp_path):
    for month, outcome in (("2022-12", "Under investigation"), ("2023-06", "Local resolution")):
        inner = write_street(tmp_path / month / JULY, [row(1, outcome=outcome)])
        with zipfile.ZipFile(tmp_path / f"{month}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(inner, JULY)
    report = bring_in(tmp_path / "2022-12.zip", tmp_path / "2023-06.zip")
    assert (report.rows_read, report.rows_kept, report.rows_duplicate) == (2, 1, 1)
    assert "replaced by 2023-06.zip" in " ".join(report.messages)


@pytest.mark.parametrize("pack", ["plain", "gz", "zip", "folder", "zip of gz"])
def test_files_are_read_however_they_are_packed(bring_in, tmp_path, pack):
    plain = write_street(tmp_path / JULY, [row(1), row(2)])
    packed = tmp_path / f"{plain.name}.gz"
    if pack in {"gz", "zip of gz"}:
        packed.write_bytes(gzip.compress(plain.read_bytes()))
    if pack.startswith("zip"):
        with zipfile.ZipFile(tmp_path / "2023-06.zip", "w") as archive:
            archive.write(packed if "gz" in pack else plain, f"2022-07/{(packed if 'gz' in pack else plain).name}")
    path = {"plain": plain, "gz": packed, "folder": plain.parent}.get(pack, tmp_path / "2023-06.zip")
    report = bring_in(path)
    assert report.rows_kept == 2
    assert report.files[0]["name"].endswith("city-of-london-street.csv")


def test_all_three_kinds_are_picked_up_and_outcomes_joined(bring_in, partnership, tmp_path):
    folder = tmp_path / "2022-07"
    write_street(folder / "2022-07-city-of-london-street.csv", [row(1), row(2, outcome="")])
    write_outcomes(
        folder / "2022-07-city-of-london-outcomes.csv",
        [(1, "2022-09", "Offender given a caution"), (1, "2022-08", "Under investigation")],
    )
    write_stops(folder / "2022-07-city-of-london-stop-and-search.csv", ["2022-07-01T00:30:00+00:00"])
    report = bring_in(folder)

    assert [each.source for each in (report, *report.others)] == ["police-uk", "police-uk-outcomes", "police-uk-stops"]
    records = queries.records(partnership=partnership).sort("line").collect()
    assert records["outcome"].to_list() == ["Offender given a caution", None]
    bare = queries.records(partnership=partnership, with_outcomes=False).sort("line").collect()
    assert bare["outcome"].to_list() == ["Under investigation", None]
    stop = queries.stops(partnership=partnership).collect()
    assert dict(stop.schema) == {**STOP_SCHEMA, "batch": pl.Int64(), "source": pl.String()}
    assert stop.select("at", "local_date", "hour_of_week", "reported_by").row(0) == (
        datetime(2022, 7, 1, 0, 30, tzinfo=UTC),
        date(2022, 7, 1),
        4 * 24 + 1,
        "city-of-london",
    )


def test_a_stop_late_on_the_last_evening_in_utc_belongs_to_the_next_local_month(bring_in, partnership, tmp_path):
    bring_in(write_stops(tmp_path / "2022-07-city-of-london-stop-and-search.csv", ["2022-06-30T23:05:00+00:00"]))
    assert queries.stops(partnership=partnership).collect().select("month", "local_date").row(0) == (
        202207,
        date(2022, 7, 1),
    )


def test_a_record_imported_after_its_outcome_keeps_its_own(bring_in, partnership, tmp_path):
    bring_in(write_outcomes(tmp_path / "2022-08-city-of-london-outcomes.csv", [(1, "2022-08", "Under investigation")]))
    bring_in(write_street(tmp_path / JULY, [row(1, outcome="Local resolution")]))
    assert queries.records(partnership=partnership).collect()["outcome"].to_list() == ["Local resolution"]


def test_a_dry_run_says_the_same_and_leaves_no_trace(bring_in, tmp_path, home, partnership):
    path = write_street(tmp_path / "in" / JULY, [row(1), row(1), row(2, month="never"), row(3)])
    before = files_under(home)
    dry = bring_in(path, dry_run=True)
    assert files_under(home) == before
    assert not Batch.objects.exists()
    assert not AuditEvent.objects.exists()
    real = bring_in(path)
    for what in ("rows_read", "rows_kept", "rows_duplicate", "rows_refused", "refusals", "files", "quality"):
        assert getattr(dry, what) == getattr(real, what), what


def test_provenance_and_audit(bring_in, tmp_path):
    path = write_street(tmp_path / JULY, [row(1)])
    batch = bring_in(path).batch
    (file,) = batch.files
    assert (file["name"], file["bytes"], file["rows"]) == (path.name, path.stat().st_size, 1)
    assert len(file["sha256"]) == 64
    assert batch.slices == [{"file": 0, "of": [FORCE, 202207], "rows": 1}]
    event = AuditEvent.objects.get(verb="import")
    assert (event.object_id, event.actor_label) == (str(batch.pk), "command line")
    assert crime_id(1) not in str(event.after)


def test_progress_never_goes_back(bring_in, tmp_path):
    seen: list[float] = []
    bring_in(
        write_street(tmp_path / "a.csv", [row(1)]),
        write_street(tmp_path / "b.csv", [row(2)]),
        progress=lambda fraction, doing: seen.append(fraction),
    )
    assert seen == sorted(seen)
    assert seen[-1] > 0


def test_another_partnership_sees_nothing(bring_in, tmp_path):
    from tests.factories import PartnershipFactory

    bring_in(write_street(tmp_path / JULY, [row(1)]))
    assert queries.records(partnership=PartnershipFactory()).collect().is_empty()
    assert queries.coverage(partnership=PartnershipFactory()).is_empty()


def test_undo_needs_a_reason_and_happens_once(bring_in, tmp_path):
    batch = bring_in(write_street(tmp_path / JULY, [row(1)])).batch
    with pytest.raises(Refusal, match="Say why"):
        operations.undo_batch(batch=batch, by=COMMAND_LINE, reason="  ")
    operations.undo_batch(batch=batch, by=COMMAND_LINE, reason="Wrong month")
    with pytest.raises(Refusal, match="cannot be undone"):
        operations.undo_batch(batch=batch, by=COMMAND_LINE, reason="Wrong month")
    assert AuditEvent.objects.get(verb="undo import").reason == "Wrong month"


def test_an_undone_file_can_be_imported_again(bring_in, tmp_path, partnership):
    path = write_street(tmp_path / JULY, [row(1)])
    operations.undo_batch(batch=bring_in(path).batch, by=COMMAND_LINE, reason="Once more")
    assert queries.records(partnership=partnership).collect().is_empty()
    assert bring_in(path).rows_kept == 1


def test_reading_asks_as_many_questions_of_the_database_for_many_batches(
    bring_in, tmp_path, partnership, django_assert_max_num_queries
):
    for month in range(1, 7):
        bring_in(write_street(tmp_path / f"2022-{month:02d}-city-street.csv", [row(month, month=f"2022-{month:02d}")]))
    with django_assert_max_num_queries(6):
        assert queries.records(partnership=partnership, areas=("ward",)).collect().height == 6
