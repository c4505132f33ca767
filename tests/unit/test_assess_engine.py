"""The chapters on a made-up place: what each finds, and what each says when the data do not allow it."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import pytest

from tests import assess_sample as sample
from wardlight.assessment import headlines, matrix
from wardlight.assessment.annex import method_name
from wardlight.assessment.chapters import (
    harm,
    measured,
    outcomes,
    overview,
    people,
    place,
    quality,
    repeats,
    scopes,
    standing,
    timing,
)
from wardlight.assessment.context import AreaCount, Context
from wardlight.assessment.drafts import ChapterDraft, FindingDraft
from wardlight.assessment.engine import CHAPTERS, run, write_chapter
from wardlight.assessment.figures import work_out


@pytest.fixture(scope="module")
def context() -> Context:
    return sample.context()


@pytest.fixture(scope="module")
def draft(context: Context):
    return run(context)


def finding(chapter: ChapterDraft, key: str) -> FindingDraft:
    return next(item for item in chapter.findings if item.key == key)


def test_keys_are_unique_and_everything_is_json(draft) -> None:
    drafts = [item for chapter in draft.chapters for item in chapter.findings]
    assert len({item.key for item in drafts}) == len(drafts)
    for item in drafts:
        json.dumps(asdict(item), allow_nan=False)
        assert item.statement.endswith((".", ".”"))
        assert "-1" not in item.statement, "a minus is U+2212"
        assert item.chart is None or item.chart_alt


def test_the_same_context_gives_the_same_draft(context: Context, draft) -> None:
    again = run(context)
    assert json.dumps(asdict(again), default=str) == json.dumps(asdict(draft), default=str)


def test_the_summary_holds_at_most_seven_and_theft_is_among_them(draft) -> None:
    assert 3 <= len(draft.headlines) <= headlines.MOST
    assert "theft:change:previous-period" in draft.headlines
    assert len(set(draft.headlines)) == len(draft.headlines)


def test_progress_is_told(context: Context) -> None:
    told: list[tuple[float, str]] = []
    empty = replace(
        context,
        figures=(),
        records=None,
        batches=(),
        category_counts={},
        mix={},
        layers=(),
        outlines={},
        relative_rates=(),
    )
    run(empty, lambda part, doing: told.append((part, doing)))
    assert [doing for _, doing in told] == [chapter.TITLE for chapter in CHAPTERS]
    assert told == sorted(told, key=lambda item: item[0])


def test_a_planted_fall_is_found_and_nothing_else_is(draft) -> None:
    chapters = {chapter.key: chapter for chapter in draft.chapters}
    theft = finding(chapters["crime-types"], "theft:change:previous-period")
    assert theft.result["verdict"] == "fell"
    assert theft.value == pytest.approx(-40, abs=4)
    assert theft.low is not None
    assert theft.high is not None
    assert theft.low < theft.value < theft.high < 0
    assert finding(chapters["crime-types"], "violence:change:previous-period").result["verdict"] == "unclear"
    hate = finding(chapters["scopes"], "hate-crime:change:previous-period")
    assert hate.result["verdict"] == "unclear"


def test_every_comparator_has_its_own_finding(draft) -> None:
    chapter = next(item for item in draft.chapters if item.key == "crime-types")
    for comparator in ("force-total", "boroughs-8"):
        found = finding(chapter, f"theft:change:{comparator}")
        assert found.comparator == comparator
        assert found.tabled
        assert set(found.result) == {"count_before", "count_after"}


def test_a_small_count_has_no_percentage_and_no_rate(draft) -> None:
    chapter = next(item for item in draft.chapters if item.key == "crime-types")
    homicide = finding(chapter, "homicide:change:previous-period")
    assert "%" not in homicide.statement
    assert "rate_per_1000" not in homicide.result
    assert finding(chapter, "theft:change:previous-period").result["rate_per_1000"] > 0


def test_the_house_table(context: Context) -> None:
    table = standing.house_table(context)
    assert [column.key for column in table.columns] == [
        "offence", "after", "before", "difference", "percent", "interval", "force-total", "boroughs-8", "rank", "fits",
    ]  # fmt: skip
    rows = {row[0]: row for row in table.rows}
    assert "Hate crime" not in rows
    theft = rows["Theft"]
    assert theft[3] == theft[1] - theft[2]
    homicide = rows["Homicide"]
    assert homicide[4] is None
    assert homicide[5] is None


def test_without_an_earlier_period_columns_of_change_are_left_out(context: Context) -> None:
    alone = tuple(
        work_out(item.series, area="Sample", period=sample.PERIOD, against=None, seed=0) for item in context.figures
    )
    table = standing.house_table(replace(context, figures=alone, against=None))
    assert [column.key for column in table.columns] == ["offence", "after", "rank", "fits"]
    (first, *_) = overview.findings(replace(context, figures=alone, against=None))
    assert first.method == "rates.count"
    assert first.comparator == ""


def test_rows_that_are_not_placed_are_shown_and_add_up(context: Context) -> None:
    chapter = write_chapter(place, context)
    wards = finding(chapter, "place:ward")
    assert wards.table is not None
    names = [row[0] for row in wards.table.rows]
    assert "Not placed" in names
    assert sum(row[1] for row in wards.table.rows) == len(context.records.within(sample.PERIOD))


def test_the_force_of_the_area_counts_every_record(context: Context) -> None:
    force = replace(context.records, is_force=True, not_placed=50, elsewhere=30)
    placing = finding(write_chapter(place, replace(context, records=force)), "place:placing")
    assert placing.result["inside"] + 80 == placing.n == len(force.within(sample.PERIOD))


def test_the_planted_hotspot_is_found(context: Context) -> None:
    found = finding(write_chapter(place, context), "place:hotspots")
    assert found.value is not None
    assert 1 <= found.value <= 40
    assert "Station Street" in found.statement
    assert found.parameters["inference"] == "exact"


def test_counts_by_ward_are_shown_without_records(context: Context) -> None:
    wards = tuple(AreaCount(f"Ward {at}", 300 - 40 * at, 310 - 40 * at, "ward-counts") for at in range(5))
    chapter = write_chapter(place, replace(context, records=None, ward_counts=wards))
    found = finding(chapter, "place:ward-counts")
    assert found.statement == "Ward 0 had the most recorded crime of any ward: 300, 27% of all."
    assert found.result["churn"] < 1
    assert "coordinates" in chapter.missing


def test_no_boundary_no_map_and_says_how_to_get_it(context: Context) -> None:
    chapter = write_chapter(place, replace(context, outlines={}, layers=()))
    assert "wardlight places load" in chapter.missing
    assert "hotspot map" in chapter.missing
    assert not any(item.key == "place:hotspots" for item in chapter.findings)


def test_month_only_records_have_no_hour_and_say_why(context: Context) -> None:
    chapter = write_chapter(timing, replace(context, records=sample.records(months_only=True)))
    assert chapter.findings == ()
    assert chapter.missing.startswith("Hour of day is not shown: these records carry the month only.")


@pytest.mark.parametrize("module", [place, timing, repeats, people, outcomes])
def test_counts_alone_say_what_is_missing(context: Context, module) -> None:
    chapter = write_chapter(module, replace(context, records=None, relative_rates=()))
    assert chapter.findings == ()
    assert len(chapter.missing) > 40


def test_disproportionality_is_said_where_the_interval_leaves_out_one(context: Context) -> None:
    stops = finding(write_chapter(people, context), "people:stops")
    assert (
        stops.statement == "Black people were stopped and searched at 2.1 times the rate of white people (1.7 to 2.6). "
        "For Asian people there is no clear difference."
    )
    level = replace(context, relative_rates=context.relative_rates[1:])
    assert finding(write_chapter(people, level), "people:stops").title.startswith("No group's rate")
    assert "stop and search files" in write_chapter(people, replace(context, relative_rates=())).missing


@pytest.mark.parametrize("module", [repeats, people, outcomes])
def test_records_without_the_field_say_so(context: Context, module) -> None:
    blank = replace(context, records=sample.records(months_only=True), relative_rates=())
    chapter = write_chapter(module, blank)
    assert chapter.findings == ()
    assert chapter.missing


def test_hours_are_counted_in_the_week(context: Context) -> None:
    week = finding(write_chapter(timing, context), "time:week")
    assert week.table is not None
    assert sum(row[-1] for row in week.table.rows) == week.n


def test_repeat_victims_add_up(context: Context) -> None:
    found = finding(write_chapter(repeats, context), "repeats:victims")
    assert found.table is not None
    assert sum(row[1] for row in found.table.rows) == found.n
    assert sum(row[2] for row in found.table.rows) == found.result["incidents"]


def test_harm_says_what_is_left_unweighted(context: Context) -> None:
    chapter = write_chapter(harm, context)
    days = finding(chapter, "harm:days")
    assert days.value == 600 * 1 + 400 * 100 + 3 * 5000
    assert days.result["left_unweighted"] == {"other": 20}
    assert days.result["percent_left_unweighted"] == pytest.approx(100 * 20 / 1023)
    assert days.notes, "weights nobody has checked say so"
    costs = finding(chapter, "harm:costs")
    assert costs.value is None
    assert "Too few offences have a weight" in costs.title


def test_themes_that_nobody_can_answer_are_named(context: Context) -> None:
    assert "Knife crime" in write_chapter(scopes, context).missing


def test_quality_adds_up(context: Context) -> None:
    rows = finding(write_chapter(quality, context), "quality:rows").result
    assert rows["read"] == rows["kept"] + rows["duplicate"] + rows["refused"]


def test_a_missing_month_is_named_and_not_compared(context: Context) -> None:
    theft = next(item for item in context.figures if item.about.slug == "theft").series
    keep = [at for at, month in enumerate(theft.months) if month != 202306]
    short = replace(
        theft,
        months=tuple(theft.months[at] for at in keep),
        own=theft.own[keep],
        others=theft.others[:, keep],
        not_placed=theft.not_placed[keep],
    )
    figures = work_out(short, area="Sample", period=sample.PERIOD, against=sample.AGAINST, seed=0)
    assert figures.change is None
    assert "June 2023" in figures.not_compared
    chapter = write_chapter(quality, replace(context, figures=(figures,)))
    assert "June 2023" in finding(chapter, "quality:gaps:counts").statement


def test_a_month_that_never_came_and_a_label_that_changed_are_said(context: Context) -> None:
    chapter = write_chapter(quality, context)
    assert "no record at all for May 2023" in finding(chapter, "quality:months:record-extract").statement
    assert "“Old words” is last used in May 2023" in finding(chapter, "quality:labels:1:new-words").statement


def test_the_matrix_names_what_it_does_not_know(context: Context) -> None:
    rows = matrix.priorities(context)
    assert rows
    for row in rows:
        assert set(row.matrix) == set(matrix.AXES)
        for cell in row.matrix.values():
            assert cell["score"] in (0, 1, 2, 3, None)
            assert cell["says"]
        assert row.matrix["concern"]["score"] is None
    assert matrix.harm(None)["score"] is None
    assert [matrix.volume(count, 1000)["score"] for count in (5, 10, 30, 100)] == [0, 1, 2, 3]


def test_nothing_at_all_is_said_in_sentences(context: Context) -> None:
    empty = replace(
        context,
        figures=(),
        records=None,
        batches=(),
        category_counts={},
        mix={},
        layers=(),
        outlines={},
        relative_rates=(),
    )
    draft = run(empty)
    assert all(chapter.missing and not chapter.findings for chapter in draft.chapters)
    assert len(draft.not_seen) >= len(draft.chapters)
    assert draft.headlines == ()


def draft_of(key: str, weight: float, **more: object) -> FindingDraft:
    return FindingDraft(key=key, title=key, statement=key, method=str(more.pop("method", "m")), weight=weight, **more)


def test_the_summary_is_varied_and_in_the_boards_order() -> None:
    drafts = [
        draft_of("outcomes:mix", 3.0, theme="outcomes"),
        draft_of("theft:change", 2.0, theme="theft"),
        draft_of("theft:rank", 1.9, theme="theft", method="comparison.rank"),
        draft_of("acquisitive:change", 1.8, theme="acquisitive", overlaps=("burglary", "theft")),
        draft_of("violence:rank", 0.9, theme="violence", method="comparison.rank"),
        draft_of("place:hotspots", 1.0, theme="hotspots"),
        draft_of("all:change", 0.8, theme="all"),
        draft_of("repeats:victims", 0.7, theme="repeats"),
        draft_of("harm:days", 0.6, theme="harm"),
        draft_of("hidden", 9.0, theme="x", tabled=True),
        draft_of("light", 0.1, theme="y"),
    ]
    assert headlines.choose(drafts) == [
        "all:change", "theft:change", "violence:rank", "harm:days", "place:hotspots", "repeats:victims", "outcomes:mix",
    ]  # fmt: skip


def test_a_chart_says_what_it_measures_once_and_its_heading_not_again(draft) -> None:
    charted = [item for chapter in draft.chapters for item in chapter.findings if item.chart is not None]
    assert len(charted) > 5
    for item in charted:
        assert item.chart is not None
        assert "title" not in item.chart
        assert item.chart["usermeta"]["caption"] != item.title


def test_empty_squares_beside_busy_ones_are_not_counted_or_listed(context: Context) -> None:
    found = finding(write_chapter(place, context), "place:hotspots")
    assert found.table is not None
    assert found.value == sum(row[1] for row in found.table.rows)
    assert all(row[2] >= row[1] for row in found.table.rows), "every square counted holds a record"
    assert sum(row[2] for row in found.table.rows) == found.result["records_in_them"]
    assert not any("easting" in str(row[0]) for row in found.table.rows)
    assert any("Only squares with records" in note for note in found.notes)


def test_a_rank_by_rate_stands_beside_the_rank_by_count_where_all_residents_are_known(context: Context) -> None:
    theft = context.of("theft")
    assert theft is not None
    assert measured.rate_place(theft, context) is None
    people = dict.fromkeys(sample.OTHERS, 1_000_000.0) | {"Sample": 10_000.0}
    known = replace(context, residents_of_others=people)
    found = measured.rank_finding(theft, known)
    assert found is not None
    assert found.result["rank_by_rate"] == 1
    assert found.result["rank"] > 1
    assert "By rate it was highest, with " in found.statement
    assert not any("Ranked by count" in note for note in found.notes)


def test_no_theme_is_suggested_beside_the_offences_it_is_made_of(context: Context) -> None:
    theft = context.of("theft")
    assert theft is not None
    about = replace(theft.about, slug="acquisitive", title="Acquisitive crime", kind="scope", family="acquisitive")
    about = replace(about, overlaps=("burglary", "theft"))
    theme = replace(theft, series=replace(theft.series, about=about), after=theft.after + 90)
    rows = matrix.priorities(replace(context, figures=(*context.figures, theme)))
    assert "theft" in {row.measure for row in rows}
    assert "acquisitive" not in {row.measure for row in rows}
    assert [row.standing for row in rows] == sorted(row.standing for row in rows)


def test_gaps_are_told_in_plain_words(context: Context) -> None:
    blanks = finding(write_chapter(quality, context), "quality:blanks")
    assert blanks.table is not None
    assert [row[1] for row in blanks.table.rows] == ["No area given"]
    assert "blank area" not in blanks.statement


def test_no_function_is_named_to_a_reader() -> None:
    assert method_name("change.compare_counts") == "Change between two periods"
    assert "." not in method_name("coverage.rows")
