"""Medians from classes are right to five percent, whatever the durations."""

from statistics import quantiles

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crew_app.reports.durations import SHORTEST, WIDTH, bounds, class_of, quantile


@given(st.integers(0, 90 * 24 * 3600))
def test_a_duration_lies_within_its_class(seconds):
    low, high = bounds(class_of(seconds))
    assert low - 0.01 <= seconds <= high + 0.01


@given(st.lists(st.integers(SHORTEST, 10**7), min_size=1, max_size=200), st.sampled_from([0.5, 0.9]))
def test_quantiles_are_right_to_five_percent(durations, share):
    counts: dict[int, int] = {}
    for one in durations:
        counts[class_of(one)] = counts.get(class_of(one), 0) + 1
    found = quantile(counts, share)
    place = sorted(durations)[max(-(-int(len(durations) * share * 1000) // 1000) - 1, 0)]
    neighbours = sorted(durations)
    low = neighbours[max(neighbours.index(place) - 1, 0)]
    high = neighbours[min(neighbours.index(place) + 1, len(neighbours) - 1)]
    assert found is not None
    assert low / WIDTH <= found <= high * WIDTH


def test_the_median_of_many_is_close_to_the_exact_one():
    durations = [60 + 37 * number for number in range(2000)]
    counts: dict[int, int] = {}
    for one in durations:
        counts[class_of(one)] = counts.get(class_of(one), 0) + 1
    exact = quantiles(durations, n=10)
    assert quantile(counts, 0.5) == pytest.approx(exact[4], rel=0.05)
    assert quantile(counts, 0.9) == pytest.approx(exact[8], rel=0.05)


def test_without_durations_there_is_none():
    assert quantile({}, 0.5) is None
    assert quantile({3: 0}, 0.5) is None
