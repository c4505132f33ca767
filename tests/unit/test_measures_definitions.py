"""The definitions fit together, and those that do not are refused by file and line."""

import shutil
from pathlib import Path

import pytest

from wardlight.measures import definition_files
from wardlight.measures.definition_files import FOLDER
from wardlight.measures.reference import measures_page, taxonomy_page
from wardlight.partners.refusal import Refusal


def test_there_are_at_least_forty_measures_with_the_names_others_rely_on():
    found = definition_files.load()
    assert len(found.measures) >= 40
    assert {"robbery-personal", "sexual-offences", "all-recorded-crime", "violence-with-injury"} <= set(found.measures)
    assert all(one.caveat and one.unit and one.title for one in found.measures.values())


def test_more_reports_are_good_news_only_where_a_pair_or_caveat_says_how_to_read_them():
    for one in definition_files.load().measures.values():
        if one.direction == "up":
            assert one.paired_with or "report" in one.caveat or "Outcomes" in one.caveat, one.slug


def test_two_definitions_of_serious_violence_stand_side_by_side():
    scopes = definition_files.load().scopes
    assert scopes["serious-violence-home-office"].owner == "Home Office"
    assert scopes["serious-violence-city"].owner == "City of London Corporation"


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("scopes.toml", '["rape"]', '["witchcraft"]', r"scopes\.toml, line \d+: “rape” names .* “witchcraft”"),
        ("scopes.toml", 'flags_any = ["hate"]', 'flags_any = ["magic"]', r"line \d+: “hate-crime” names the flag “magic”"),
        ("scopes.toml", 'victim_sex = "female"', 'victim_shoe = "female"', r"“vawg” is not a filter"),
        ("measures.toml", 'denominator = "workday"', 'denominator = "pigeons"', r"line \d+: .* denominator “pigeons”"),
        ("measures.toml", 'scope = "asb"', 'scope = "bsa"', r"scope “bsa”"),
        ("measures.toml", 'direction = "parity"', 'direction = "sideways"', r"direction “sideways”"),
        ("measures.toml", 'statistic = "distinct-victims"', 'statistic = "guess"', r"statistic “guess”"),
        ("measures.toml", '[measure.violence]', '[measure.violence', r"measures\.toml cannot be read"),
    ],
)  # fmt: skip
def test_a_definition_that_does_not_fit_is_refused_by_file_and_line(tmp_path, file, old, new, words):
    folder = tmp_path / "definitions"
    shutil.copytree(FOLDER, folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(Refusal, match=words):
        definition_files.load(folder)


def test_the_line_named_is_the_line_at_fault(tmp_path):
    folder = tmp_path / "definitions"
    shutil.copytree(FOLDER, folder)
    path = folder / "scopes.toml"
    lines = path.read_text(encoding="utf-8").splitlines()
    at = next(n for n, line in enumerate(lines) if line == 'categories = ["rape"]')
    lines[at] = 'categories = ["witchcraft"]'
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(Refusal, match=f"line {at + 1}:"):
        definition_files.load(folder)


def test_differences_name_measures_that_exist():
    measures = definition_files.load().measures
    for one in definition_files.load_differences():
        assert one.measure in measures
        assert one.sentence.endswith(".")


@pytest.mark.parametrize(("page", "name"), [(measures_page, "measures.md"), (taxonomy_page, "taxonomy.md")])
def test_the_reference_pages_say_what_the_data_say(page, name):
    path = Path(__file__).resolve().parents[2] / "docs" / "reference" / name
    assert path.read_text(encoding="utf-8") == page(), "run `wardlight measures reference`"
