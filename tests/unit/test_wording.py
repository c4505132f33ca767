"""The sentences: how much, compared with what, how sure. “Fell” and “rose” only when the interval says so."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safety_analysis.methods import change as changes
from wardlight.assessment import numerals as n
from wardlight.assessment import wording
from wardlight.assessment.wording import Change, Place


def made(before: int, after: int, dispersion: float | None = None) -> Change:
    """A change as the methods give it."""
    result = changes.compare_counts(before, after, dispersion=dispersion or 1.0)
    return Change(
        before=before,
        after=after,
        percent=result.percent,
        low=result.percent_low,
        high=result.percent_high if result.percent_high < float("inf") else None,
        low_chance=100 * (result.low_chance - 1),
        high_chance=100 * (result.high_chance - 1) if result.high_chance < float("inf") else None,
        p_value=result.p_value,
        p_chance=result.p_chance,
        p_e_test=result.p_e_test,
        dispersion=dispersion,
        history_months=36 if dispersion else 0,
    )


@pytest.mark.parametrize(
    ("before", "after", "dispersion", "sentence"),
    [
        (
            1553, 922, 4.2057,
            "Theft fell by two fifths, from 1,553 to 922 (41%; 30% to 50% as months ordinarily vary): a clear fall.",
        ),
        (1553, 922, None, "Theft fell by two fifths, from 1,553 to 922 (41%; 36% to 45% assuming ordinary chance "
            "only): a clear fall."),
        (100, 145, None, "Theft rose by 45%, from 100 to 145 (12% to 89% assuming ordinary chance only): a clear rise."),
        (20, 60, None, "Theft rose, from 20 to 60, 3.0 times over (200% more; 78% to 425% assuming ordinary chance "
            "only): a clear rise."),
        (
            100, 104, 2.0,
            "No clear change in theft: 100 before and 104 after (4% more; anywhere from 29% fewer to 53% more as "
                "months ordinarily vary).",
        ),
        (4, 2, None, "Theft: cannot tell. 4 before and 2 after is what chance alone gives about one time in two."),
        (2, 14, None, "Theft rose from 2 to 14: more than chance alone gives."),
        (0, 0, None, "Theft: none in either period."),
        (7, 7, 1.5, "Theft: 7 in each period, no change."),
    ],
)  # fmt: skip
def test_a_change_in_one_sentence(before: int, after: int, dispersion: float | None, sentence: str) -> None:
    assert wording.change_statement("Theft", made(before, after, dispersion)) == sentence


def test_a_fall_by_chance_alone_is_not_called_a_fall_when_months_vary_more() -> None:
    assert made(200, 160).verdict == "fell"
    assert made(200, 160, 4.0).verdict == "unclear"
    assert "fell" not in wording.change_statement("Theft", made(200, 160, 4.0))


@given(st.integers(0, 3000), st.integers(0, 3000), st.one_of(st.none(), st.floats(1, 12)))
def test_fell_and_rose_need_an_interval_without_no_change_and_small_bases_have_no_percentages(
    before: int, after: int, dispersion: float | None
) -> None:
    change = made(before, after, dispersion)
    sentence = wording.change_statement("Theft", change)
    if " fell " in sentence or " rose" in sentence:
        assert change.p_value < 0.05
    if before < n.SMALL_BASE:
        assert "%" not in sentence
    assert "-" not in sentence
    assert "spike" not in sentence


def test_both_intervals_are_printed() -> None:
    text = wording.change_how_sure(made(1553, 922, 4.2057))
    assert text.startswith("As months ordinarily vary: 30% to 50% fewer. By chance alone: 36% to 45% fewer.")
    assert text.endswith("as months vary p < 0.001; by chance alone p < 0.001 (exact), p < 0.001 (E-test)."), text
    assert "4.2 times as much as chance" in text
    assert "too little history" in wording.change_how_sure(made(1553, 922))


@pytest.mark.parametrize(
    ("before", "after", "percent", "sentence"),
    [
        (20213, 18679, -7.589, "Across the whole force, sexual offences fell by 7.6%, from 20,213 to 18,679."),
        (1000, 1000, 0.0, "Across the whole force, sexual offences stayed level, from 1,000 to 1,000."),
        (5, 9, 80.0, "Across the whole force, sexual offences went from 5 to 9."),
    ],
)
def test_the_comparator(before: int, after: int, percent: float, sentence: str) -> None:
    assert wording.comparator_statement("Sexual offences", "the whole force", before, after, percent) == sentence


def test_keeping_pace() -> None:
    who = "the other 31 boroughs"
    within = wording.keeping_pace_statement(who, 922, 858.1, 723.1, 993.2)
    assert within == "Keeping pace with the other 31 boroughs would have given 858; no clear difference."
    assert wording.keeping_pace_statement(who, 435, 552.4, 464.9, 640.0).endswith(
        "would have given 552; there were 117 fewer, a clear difference."
    )
    assert wording.pace_how_sure(858.1, 723.1, 993.2) == "Keeping pace: 858 (723 to 993)."


def test_a_rank_says_which_places_fit() -> None:
    place = Place("Islington", 6, 32, 6, 10, 922, next_value=917)
    assert wording.rank_statement("Personal robbery", place, areas="boroughs") == (
        "Islington was 6th highest of 32 boroughs for personal robbery, with 922. The data fit anywhere from 6th to about 10th, "
        "and it cannot be told apart from 7th (917)."
    )
    clear = Place("Islington", 1, 32, 1, 1, 922, next_value=100, separable_from_next=True)
    assert wording.rank_statement("Personal robbery", clear, areas="boroughs") == (
        "Islington was highest of 32 boroughs for personal robbery, with 922. The data fit no other place."
    )


def test_a_shared_rank_names_the_next_place_after_the_tie() -> None:
    place = Place("Islington", 12, 32, 4, 26, 4, ties=4, next_value=3)
    sentence = wording.rank_statement("Homicide", place, areas="boroughs")
    assert "12th highest (shared)" in sentence
    assert "17th (3)" in sentence


@pytest.mark.parametrize(
    ("years", "words"),
    [
        ([("2019/20", 10), ("2020/21", 5)], "the lowest of two years; the year before averaged 10"),
        ([("a", 9), ("b", 8), ("c", 12)], "the highest of three years; the two years before averaged 9"),
        ([("a", 9), ("b", 12), ("c", 10)], "between the lowest (9) and the highest (12) of three years"),
        ([("c", 10)], "Theft: 10 in c."),
    ],
)
def test_the_level_over_the_years(years: list[tuple[str, int]], words: str) -> None:
    assert words in wording.level_statement("Theft", years)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (1553, "1,553"), (-3, "\u22123"), (2.5, "3"), (-0.4, "0")],
)
def test_counts(value: float, text: str) -> None:
    assert n.count(value) == text


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [(40.6, 0, "41%"), (-7.589, 1, "\u22127.6%"), (305.88, 0, "306%"), (-0.01, 1, "0.0%")],
)
def test_percentages_have_a_true_minus_and_round_as_people_do(value: float, places: int, text: str) -> None:
    assert n.percent(value, places) == text


@pytest.mark.parametrize(
    ("number", "text"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (11, "11th"), (22, "22nd"), (113, "113th")]
)
def test_ordinals(number: int, text: str) -> None:
    assert n.ordinal(number) == text


@pytest.mark.parametrize(
    ("size", "name"),
    [(40.6, "two fifths"), (26.4, "a quarter"), (22.4, None), (33.0, "a third"), (49.0, "half"), (92.0, None)],
)
def test_fractions_have_names_only_when_near(size: float, name: str | None) -> None:
    assert n.fraction(size) == name


@pytest.mark.parametrize(
    ("p", "words"),
    [
        (1.0, "nearly every time"), (0.69, "about two times in three"), (0.5, "about one time in two"),
        (0.1, "about one time in ten"), (0.05, "about one time in 20"), (0.001, "less than one time in a hundred"),
    ],
)  # fmt: skip
def test_how_often_chance_gives_it(p: float, words: str) -> None:
    assert n.how_often(p) == words


@pytest.mark.parametrize(
    ("title", "inside"), [("Personal robbery", "personal robbery"), ("ASB reports", "ASB reports"), ("A", "a")]
)
def test_titles_inside_a_sentence(title: str, inside: str) -> None:
    assert wording.lower_first(title) == inside


@pytest.mark.parametrize(
    ("title", "direction", "spoken"),
    [
        ("Hate crime", "monitor", "Recorded hate crime"), ("Personal robbery", "down", "Personal robbery"),
        ("All recorded crime", "monitor", "All recorded crime"),
        ("Domestic abuse offences", "up", "Recorded domestic abuse offences"),
    ],
)  # fmt: skip
def test_what_follows_reporting_is_called_recorded(title: str, direction: str, spoken: str) -> None:
    assert wording.spoken_title(title, direction) == spoken


@pytest.mark.parametrize(
    ("direction", "verdict", "says"),
    [
        ("monitor", "rose", "good news"),
        ("up", "fell", "need not be less harm"),
        ("down", "rose", ""),
        ("monitor", "unclear", ""),
    ],
)
def test_more_reports_can_be_good_news(direction: str, verdict: wording.Verdict, says: str) -> None:
    caveat = wording.reporting_caveat(direction, verdict)
    assert (says in caveat) if says else caveat == ""


def test_what_the_police_find_follows_how_much_they_look() -> None:
    assert wording.reporting_caveat("monitor", "fell", found_by_police=True) == (
        "It follows police activity: fewer searches and operations find fewer offences."
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.4, "0.4%"), (0.04, "0.04%"), (0.0004, "less than 0.01%"), (0.0, "0%"), (-0.3, "\u22120.3%"), (19.6, "20%")],
)
def test_the_end_of_an_interval_never_reads_nought_unless_it_is(value: float, text: str) -> None:
    assert n.end_percent(value) == text


@given(st.integers(20, 60_000), st.integers(0, 60_000), st.one_of(st.none(), st.floats(1, 12)))
def test_no_clear_change_is_said_with_an_interval_that_touches_none(
    before: int, after: int, dispersion: float | None
) -> None:
    sentence = wording.change_statement("Theft", made(before, after, dispersion))
    if "a clear " in sentence:
        assert " 0% " not in sentence
        assert "(0%" not in sentence
    assert " 0% fewer" not in sentence
    assert " 0% more" not in sentence


def test_months_of_a_known_event_are_named_where_they_are_left_out() -> None:
    change = replace(made(1553, 922, 4.2057), left_out="April 2020 to June 2020")
    assert "(from 36 earlier months, leaving out April 2020 to June 2020)" in wording.change_how_sure(change)
