"""Three classes at most, and words that match them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardlight.assessment.map_presenters import COUNT, RATE, breaks, key, shade
from wardlight.assessment.map_queries import chosen_months


@pytest.mark.parametrize(
    ("values", "edges"),
    [([], []), ([0, 0], []), ([4], [4]), ([1, 1, 1, 1], [1]), ([1, 9], [9]), ([1, 2, 3, 4, 5, 6], [2, 4, 6])],
)
def test_about_a_third_of_the_areas_in_each(values: list[float], edges: list[float]) -> None:
    assert breaks(values) == edges


@given(st.lists(st.integers(0, 10_000), max_size=200))
def test_every_count_has_a_class_and_a_larger_one_is_never_lighter(values: list[int]) -> None:
    edges = breaks([float(value) for value in values])
    shades = [shade(value, edges) for value in sorted(values)]
    assert len(edges) <= 3
    assert shades == sorted(shades)
    assert all((found == 0) == (value == 0) for found, value in zip(shades, sorted(values), strict=True))


def test_the_key_says_the_classes() -> None:
    assert key([2, 4, 1_500], COUNT) == [("1 to 2", 1), ("3 to 4", 2), ("5 to 1,500", 3)]
    assert key([1], COUNT) == [("1", 3)]
    assert key([1.94, 3.2], RATE) == [("up to 1.9", 1), ("over 1.9, up to 3.2", 3)]


def test_months_default_to_the_latest_year() -> None:
    every = [202201 + month for month in range(12)] + [202301, 202302]
    assert chosen_months(every, None, None) == every[-12:]
    assert chosen_months(every, 202302, None) == [202302]
    assert chosen_months(every, 203001, 203002) == every[-12:]
