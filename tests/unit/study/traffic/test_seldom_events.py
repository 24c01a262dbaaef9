"""Events that JSON allows and hardly anybody writes are counted like all others, and end no simulation."""

import pytest
from recorded import counted

from gcbridge.study.traffic.counting import seconds_of


def nested(levels):
    value = 1
    for _ in range(levels):
        value = {"a": value}
    return value


@pytest.mark.parametrize("value", ["\ud800", 10**30, nested(300)])
def test_what_orjson_does_not_write_is_counted(value):
    """One such event among a million must not end the run."""
    tally = counted([{"detail-type": "a", "detail": {"value": value}}])

    assert tally.events == 1
    assert tally.bytes > 0


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_time_that_no_calendar_shows_is_none(time):
    """In UTC it lies before the year 1, or after 9999."""
    assert seconds_of(time) is None
    assert seconds_of(time[:19] + "Z") is not None
