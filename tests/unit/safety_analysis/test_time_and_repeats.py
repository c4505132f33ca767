"""Hours of the week, repeat victims and near repeats."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safety_analysis.inputs import BadInput
from safety_analysis.methods import repeats, timing

MONDAY = np.datetime64("2020-01-06T00:00")


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 30_000)), min_size=1, max_size=20))
def test_every_event_weighs_one(windows: list[tuple[int, int]]) -> None:
    start = MONDAY + np.array([first for first, _ in windows], dtype="timedelta64[m]")
    end = start + np.array([length for _, length in windows], dtype="timedelta64[m]")
    weights = timing.aoristic(start, end)
    assert weights.sum(axis=1) == pytest.approx(np.ones(len(windows)))
    assert (weights >= 0).all()
    later = timing.aoristic(start + np.timedelta64(7, "D"), end + np.timedelta64(7, "D"))
    assert later == pytest.approx(weights)


def test_an_instant_falls_whole_into_its_hour() -> None:
    weights = timing.aoristic(["2020-01-12T23:59"], ["2020-01-12T23:59"])
    assert weights[0, 167] == 1


def test_a_window_crosses_midnight_and_the_weeks_end() -> None:
    profile = timing.weekly_profile(["2020-01-12T23:30"], ["2020-01-13T01:00"])
    assert profile.hours[6, 23] == pytest.approx(1 / 3)
    assert profile.hours[0, 0] == pytest.approx(2 / 3)
    assert (profile.exact, profile.spread, profile.left_out) == (0, 1, 0)


def test_a_window_longer_than_a_week_says_nothing() -> None:
    profile = timing.weekly_profile(["2020-01-01", "2020-01-03T20:10"], ["2020-02-01", "2020-01-03T20:10"])
    assert (profile.exact, profile.left_out) == (1, 1)
    assert profile.busiest == (4, 20)
    assert str(profile) == "The busiest hour of the week is Friday 20:00 to 21:00 (100.0% of 1 events)."


def test_an_end_before_its_start_is_named() -> None:
    with pytest.raises(BadInput, match=r"end\[1\] \(2020-01-06 09:00\) is before start\[1\] \(2020-01-06 10:00\)"):
        timing.aoristic(["2020-01-06T10:00"] * 2, ["2020-01-06T11:00", "2020-01-06T09:00"])


def test_a_missing_time_is_named() -> None:
    with pytest.raises(BadInput, match=r"start\[1\] is missing"):
        timing.weekly_profile(np.array(["2020-01-06", "NaT"], dtype="datetime64[m]"))


def test_repeat_victims_are_counted_within_the_time() -> None:
    keys = ["a", "b", "a", None, "c", "c", "c", ""]
    dates = [
        "2020-01-01",
        "2020-01-02",
        "2020-12-30",
        "2020-01-01",
        "2020-01-01",
        "2021-01-01",
        "2021-01-01",
        "2020-05-05",
    ]
    result = repeats.repeat_victims(keys, dates, within=365)
    assert (result.victims, result.events, result.unknown) == (3, 6, 2)
    assert (result.repeat_victims, result.repeat_events, result.events_of_repeat_victims) == (2, 2, 5)


def test_no_repeats_says_so() -> None:
    assert str(repeats.repeat_victims(["a", "b"], [1, 2])) == "None of 2 victims was harmed again within 365 days."


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from(["euclidean", "manhattan"]))
def test_knox_counts_every_pair_once(seed: int, metric) -> None:
    generator = np.random.default_rng(seed)
    points, day = generator.integers(0, 8, (25, 2)).astype(float), generator.integers(0, 12, 25).astype(float)
    space, time = [0, 1, 3, np.inf], [0, 2, 5, np.inf]
    result = repeats.knox(*points.T, day, space_breaks=space, time_breaks=time, metric=metric, permutations=9)
    expected = np.zeros((3, 3), dtype=int)
    for first, second in combinations(range(25), 2):
        gap = np.abs(points[first] - points[second])
        distance = gap.sum() if metric == "manhattan" else np.hypot(*gap)
        row, column = (
            np.searchsorted(space, distance, "right") - 1,
            np.searchsorted(time, abs(day[first] - day[second]), "right") - 1,
        )
        expected[row, column] += 1
    assert (result.pairs == expected).all()
    assert result.expected.sum() == pytest.approx(25 * 24 / 2)


def test_knox_repeats_with_its_seed_and_finds_planted_repeats() -> None:
    generator = np.random.default_rng(0)
    x, y, day = (generator.uniform(0, size, 400) for size in (5000, 5000, 365))
    x, y = np.append(x, x[:60] + 20), np.append(y, y[:60] + 20)
    day = np.append(day, day[:60] + 2)
    bands = {"space_breaks": [0, 100, 200], "time_breaks": [0, 7, 14], "permutations": 199}
    first, second = (repeats.knox(x, y, day, seed=5, **bands) for _ in range(2))
    assert (first.p_value == second.p_value).all()
    assert first.p_value[0, 0] == pytest.approx(0.005)
    assert first.ratio[0, 0] > 5
    assert str(first).startswith("Pairs within [0, 100) m and [0, 7) days are")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"space_breaks": [0]}, "at least two rising numbers"),
        ({"time_breaks": [7, 0]}, "at least two rising numbers"),
        ({"metric": "crow"}, "“crow”"),
        ({"day": ["2020-01-01", "NaT"]}, r"day\[1\] is missing"),
        ({"x": [0, float("nan")]}, r"x\[1\] is nan"),
    ],
)
def test_knox_refuses(change: dict, says: str) -> None:
    good = {"x": [0, 1], "y": [0, 1], "day": [0, 1], "space_breaks": [0, 5], "time_breaks": [0, 5], "permutations": 9}
    arguments = {**good, **change}
    with pytest.raises(BadInput, match=says):
        repeats.knox(arguments.pop("x"), arguments.pop("y"), arguments.pop("day"), **arguments)
