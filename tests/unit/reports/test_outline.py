"""Order, numbers and marks of the printed document."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.reports_sample import finding, sample
from wardlight.assessment.document import ChapterView, PriorityView
from wardlight.reports.outline import as_data, outline


def test_parts_are_numbered_in_order_and_annexes_lettered() -> None:
    numbers = [section.number for section in outline(sample(many=4)).sections]
    assert numbers == [*"12345678", "Annex A", "Annex B", "Annex C", "Annex D"]


def test_figures_and_tables_count_through_the_document() -> None:
    made = outline(sample(many=6))
    assert [figure.number for figure in made.figures] == list(range(1, len(list(made.figures)) + 1))
    tables = [table.number for section in made.sections
              for table in [section.table, *(finding.table for finding in section.findings)] if table]  # fmt: skip
    assert tables == list(range(1, len(tables) + 1))


def test_the_summary_holds_seven_and_says_where_each_stands() -> None:
    many = sample(many=8)
    made = outline(replace(many, summary=[*many.summary, *many.summary]))
    assert len(made.summary) == 7
    assert made.summary[0].where == "3.1"
    elsewhere = finding("nowhere", "t", "s")
    assert outline(replace(many, summary=[elsewhere])).summary[0].where == ""


def test_definition_notes_are_set_apart() -> None:
    block = next(outline(sample(many=2)).findings)
    assert len(block.definitions) == 1
    assert block.definitions[0].startswith("Definition differs")
    assert all("efinition differs" not in note for note in block.notes)


def test_scores_are_shapes_and_words() -> None:
    row = outline(sample(many=2)).asked[0]
    assert [mark.shapes for mark in row.marks] == ["●●●", "●●●", "●●○", "●○○", ""]
    assert [mark.score_text for mark in row.marks][-2:] == ["1 of 3", "Not known"]
    assert row.marks[0].text == "●●● 3 of 3: 2,188 a year"


def test_an_empty_matrix_is_not_known_and_a_wild_score_is_held_in() -> None:
    rows = [PriorityView("m", "M", "suggested", "", {"volume": {"score": 9, "says": ""}})]
    marks = outline(sample(many=2, priorities=rows)).asked[0].marks
    assert [mark.score for mark in marks] == [3, None, None, None, None]


def test_a_document_with_almost_nothing_has_an_outline() -> None:
    bare = sample(many=2, summary=[], house_table=None, chapters=[ChapterView("a", "A", "", "Nothing.", [])],
                  priorities=[], coverage=None, refusals=None, methods=[], not_seen=[], against="")  # fmt: skip
    made = outline(bare)
    assert [section.title for section in made.sections] == ["A", "Sources", "Coverage", "Rows refused at import"]
    assert ("Compared with", "No earlier period") in made.facts


def test_words_are_split_at_blank_lines() -> None:
    assert outline(sample(many=2)).sections[2].words[0] == "Recorded crime fell in a year of lockdowns."
    assert len(outline(sample(many=2)).sections[2].words) == 2


def test_data_for_printing_carries_no_specification() -> None:
    assert "vega" not in str(as_data(outline(sample(many=3))))


def test_the_mark_is_the_one_of_the_pages() -> None:
    root = Path(__file__).resolve().parents[3]
    mark = (root / "src/wardlight/reports/typst/mark.svg").read_text(encoding="utf-8")
    assert mark == (root / "frontend/mark.svg").read_text(encoding="utf-8")


def test_what_is_proposed_is_asked_else_what_the_matrix_suggests_first() -> None:
    rows = [PriorityView("m", f"M{index}", "suggested", "", {}) for index in range(9)]
    suggested = outline(sample(many=2, priorities=rows))
    assert [row.title for row in suggested.asked] == ["M0", "M1", "M2", "M3", "M4"]
    assert "Nothing is proposed yet" in suggested.asked_words
    assert [row.title for row in outline(sample(many=2)).asked] == ["Violence with injury", "Personal robbery"]


def test_what_is_not_known_is_said_once() -> None:
    rows = [PriorityView("m", "M", "suggested", "", {"harm": {"score": None, "says": "Not known: no weight for it."}})]
    harm = outline(sample(many=2, priorities=rows)).asked[0].marks[1]
    assert (harm.score_text, harm.says) == ("Not known", "No weight for it.")


def test_no_refused_row_is_good_news_not_something_missing() -> None:
    refused = next(part for part in outline(sample(many=2, refusals=None)).sections if part.key == "refusals")
    assert refused.missing == ""
    assert refused.words == ["No row of the files was refused."]
