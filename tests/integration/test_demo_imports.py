"""The demo's files go through the real imports: what is kept, refused and left out is exactly what was planted."""

from __future__ import annotations

import polars as pl
import pytest

from tests.demo_borough import small_larkmoor
from wardlight.config.demo import accounts, borough, loading, steps
from wardlight.config.demo.truths import record_months, truths
from wardlight.incidents import queries, store
from wardlight.incidents.models import Batch
from wardlight.incidents.sources import SOURCES

KINDS = {
    "recorded-crime": "crime",
    "antisocial-behaviour": "asb",
    "ambulance": "ambulance",
    "emergency-department": "ed",
}


def quietly(_doing: str, _share: float) -> None:
    """Progress for nobody."""


@pytest.fixture
def imported(db, monkeypatch: pytest.MonkeyPatch, settings) -> dict[str, Batch]:
    """Every file of the small borough imported, as batches by task."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.setattr(borough, "generate", small_larkmoor)
    for step in steps.steps():
        if not step.key.startswith("assessment"):
            step.run(quietly)
            steps.finished(step)
    return {task.slug: _batch(task) for task in loading.TASKS}


def _batch(task: loading.Task) -> Batch:
    return Batch.objects.get(source=task.source, status=Batch.Status.LANDED)


def _records(source: str, areas: tuple[str, ...] = ()) -> pl.DataFrame:
    partnership = accounts.the_demo_partnership()
    return queries.records(partnership=partnership, sources=[source], areas=areas).collect()


def test_what_is_kept_is_what_happened(imported: dict[str, Batch]) -> None:
    _totals_add_up_and_flaws_are_counted(imported)
    _every_word_has_a_category()
    _records_lie_where_they_happened()
    _times_victims_and_flags_come_through()
    _the_missing_month_and_the_changed_label_are_there_to_see(imported)
    _counts_of_the_neighbours_match_the_records()
    _a_second_run_imports_nothing(imported)


def _totals_add_up_and_flaws_are_counted(imported: dict[str, Batch]) -> None:
    extracts = {extract.slug: extract for extract in small_larkmoor().extracts}
    for slug, kind in KINDS.items():
        batch = imported[slug]
        true = small_larkmoor().incidents[kind]
        lacking = (
            true.filter(pl.col("month") == truths()["flaws"]["missing_month"]).height if kind == "ambulance" else 0
        )
        assert batch.rows_kept == len(true) - lacking
        assert batch.rows_duplicate == round(truths()["flaws"]["duplicate_share"] * batch.rows_kept)
        assert batch.rows_refused >= 4
        assert batch.rows_read == len(extracts[slug].frame)
        assert batch.rows_read == batch.rows_kept + batch.rows_duplicate + batch.rows_refused
        refusals = pl.read_parquet(store.refusals_path(batch.pk))
        assert extracts[slug].date in set(refusals["column"]) <= {extracts[slug].date, "Committed to"}
        assert refusals["reason"].str.ends_with(".").all()
    assert imported["stop-and-search"].rows_kept == len(small_larkmoor().stops)


def _every_word_has_a_category() -> None:
    for task in loading.TASKS:
        if task.mapped:
            assert _records(task.source)["category"].null_count() == 0, task.slug


def _records_lie_where_they_happened() -> None:
    crime = _records("record-extract", ("borough", "ward", "lsoa"))
    blank = crime["x"].is_null()
    assert blank.mean() == pytest.approx(truths()["flaws"]["blank_area_share"], abs=0.012)
    assert (crime["area_borough"].is_null() == blank).mean() > 0.999
    placed = crime.filter(~blank, pl.col("month") >= truths()["flaws"]["vintage_month"])
    assert (placed["area_lsoa"] == placed["source_area"]).mean() > 0.995
    hospital = _records("emergency-department-extract", ("borough", "ward"))
    assert hospital["x"].null_count() == len(hospital)
    assert hospital["area_borough"].null_count() == hospital["source_area"].null_count()
    assert hospital["area_ward"].null_count() == hospital["source_area"].null_count()


def _times_victims_and_flags_come_through() -> None:
    crime, true = _records("record-extract"), small_larkmoor().incidents["crime"]
    assert sorted(crime["month"].to_list()) == sorted(true["month"].to_list())
    assert (crime["precision"] == "minute").all()
    assert crime["victim_key"].n_unique() == true["victim_key"].n_unique()
    hate = crime.filter(pl.col("flags").str.contains("|hate|", literal=True))
    assert len(hate) == true["hate"].sum()
    windows = crime.filter(pl.col("end") > pl.col("start"))
    assert set(windows["category"]) >= {"burglary-residential", "theft-from-vehicle"}
    assert crime["premises_key"].drop_nulls().len() == (true["premises"] >= 0).sum()


def _the_missing_month_and_the_changed_label_are_there_to_see(imported: dict[str, Batch]) -> None:
    flaws = truths()["flaws"]
    for slug in ("recorded-crime", "antisocial-behaviour", "ambulance"):  # the hospital sees none in some months
        by_month = imported[slug].quality["by_month"]
        lacking = {str(month) for month in record_months()} - set(by_month)
        assert lacking == ({str(flaws["missing_month"])} if slug == flaws["missing_source"] else set())
    reports = _records("asb-extract").group_by("source_category").agg(pl.min("month"), pl.max("month").alias("last"))
    spans = {words: (first, last) for words, first, last in reports.iter_rows()}
    assert spans[flaws["relabelled_from"]][1] < flaws["relabelled_month"] <= spans[flaws["relabelled_to"]][0]


def _counts_of_the_neighbours_match_the_records() -> None:
    counts = queries.counts(partnership=accounts.the_demo_partnership(), sources=["count-table"]).collect()
    assert counts["category"].null_count() == 0
    assert counts["level"].unique().to_list() == ["borough"]
    own = counts.filter(pl.col("area_name") == "Larkmoor", pl.col("month") >= record_months()[0])
    kept = _records("record-extract").group_by("category").len()
    for category, number in kept.iter_rows():
        assert own.filter(category=category)["count"].sum() == number, category
    assert own.filter(category="crime")["count"].sum() == kept["len"].sum()


def _a_second_run_imports_nothing(imported: dict[str, Batch]) -> None:
    again = loading.bring_in(loading.TASKS[1], steps._written(), quietly)
    assert again == "already here"
    assert Batch.objects.count() == len(imported)
    assert [step.key for step in steps.waiting()] == ["assessment last year", "assessment this year"]


def test_every_task_names_a_source_there_is() -> None:
    assert {task.source for task in loading.TASKS} <= set(SOURCES)
    assert len({task.source for task in loading.TASKS}) == len(loading.TASKS)
