"""Categories nest, sources' words map onto them by date, and weights say what they leave out."""

import pytest

from wardlight.incidents import taxonomy
from wardlight.incidents.taxonomy.tree import load

TREE = taxonomy.load()


def test_every_category_has_a_known_parent_and_a_harm_class():
    for category in TREE.categories.values():
        assert not category.parent or category.parent in TREE.categories
        assert category.harm in {"", "low", "medium", "high", "serious", "highest"}
        assert category.slug not in TREE.above(category.slug)


def test_a_category_includes_what_is_below_it():
    assert {"robbery", "robbery-personal", "robbery-business"} == TREE.below("robbery")
    assert "anti-social-behaviour" not in TREE.below("crime")
    assert "nfib-fraud" not in TREE.below("crime")


def test_a_coarse_category_may_hold_what_it_covers_and_no_more():
    assert TREE.leaves("burglary-not-a-home") == {"burglary-unconnected-building", "burglary-business"}
    assert TREE.leaves("burglary") == {"burglary-home", "burglary-unconnected-building", "burglary-business"}


@pytest.mark.parametrize(
    ("month", "category"),
    [(201703, "burglary-home"), (201704, "burglary-residential"), (202307, "burglary-residential")],
)
def test_a_label_means_what_it_meant_at_the_time(month, category):
    assert TREE.map("mps-borough-counts", "DOMESTIC BURGLARY", "BURGLARY", month) == category


@pytest.mark.parametrize(
    "words", ["Personal robbery", "ROBBERY OF PERSONAL PROPERTY", "robbery – personal", "personal robberies"]
)
def test_everyday_words_are_known_however_they_are_spelt(words):
    assert TREE.map("count-table", words) == "robbery-personal"


def test_everyday_words_are_never_ambiguous():
    for source in ("count-table", "record-extract"):
        for words, labels in TREE.mappings[source].by_words.items():
            assert len({label.category for label in labels}) == 1, words


def test_unknown_words_have_no_category():
    assert TREE.map("count-table", "Witchcraft") is None
    assert TREE.map("no-such-source", "Robbery") is None


def test_sources_say_what_they_publish_in_a_month():
    assert "burglary-home" not in TREE.published("mps-borough-counts", 202001)
    assert "burglary-home" in TREE.published("mps-borough-counts", 202308)
    assert "rape" not in TREE.published("mps-lsoa-counts", 202405)


def test_breaks_have_a_sentence():
    assert any(one.month == 201704 for one in TREE.breaks("mps-borough-counts"))
    assert all(one.sentence.endswith(".") for source in TREE.mappings for one in TREE.breaks(source))


def test_weights_fall_back_to_the_category_above_and_say_what_has_none():
    table = taxonomy.load_weights()["cambridge-2026"]
    assert table.weight("robbery-personal") == 365
    assert table.weight("anti-social-behaviour") is None
    assert table.missing({"homicide", "anti-social-behaviour"}) == ["anti-social-behaviour"]
    assert not table.checked


def test_an_unknown_parent_is_refused_by_name(tmp_path):
    (tmp_path / "mappings").mkdir()
    (tmp_path / "categories.toml").write_text('[category.a]\ntitle = "A"\nparent = "b"\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"categories\.toml.*“a” names “b”"):
        load(tmp_path)
