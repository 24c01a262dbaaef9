"""Figures that can be checked by hand, or in a table of somebody else's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gcbridge.study.proof.statistics import latency, percentile, wilson_interval

WILSON = [
    # lost, expected, low, high: computed with R's prop.test(correct = FALSE)
    (0, 10, 0.0, 0.2775),
    (1, 10, 0.0179, 0.4042),
    (10, 200, 0.0274, 0.0896),
    (20, 400, 0.0326, 0.0760),
    (5, 5, 0.5655, 1.0),
]


@pytest.mark.parametrize(("lost", "expected", "low", "high"), WILSON)
def test_wilson_interval(lost, expected, low, high):
    """The interval that statistics packages give."""
    assert wilson_interval(lost, expected) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_rate_lies_in_its_interval(counted):
    """Also at both ends, where a normal interval fails."""
    lost, expected = counted
    low, high = wilson_interval(lost, expected)

    assert 0.0 <= low <= lost / expected + 1e-12
    assert lost / expected - 1e-12 <= high <= 1.0


@pytest.mark.parametrize(("share", "value"), [(0.5, 5), (0.95, 10), (0.9, 9), (0.0, 1), (1.0, 10)])
def test_percentile(share, value):
    """Nearest rank: always a value that was measured."""
    assert percentile([10, 1, 9, 2, 8, 3, 7, 4, 6, 5], share) == value


def test_latency_of_nothing_is_nothing():
    """No figure is made up."""
    assert latency("event bus", []) is None
    assert latency("event bus", [1.0, 3.0]).maximum == 3.0
