"""Points in time, in both of Genesys Cloud's ways of writing them."""

from datetime import datetime, timedelta, timezone

import pytest

from gcbridge.study.notifications.moments import milliseconds, newest, written

NOON = 1767355200000


@pytest.mark.parametrize(
    "value",
    [
        NOON,
        "2026-01-02T12:00:00.000Z",
        "2026-01-02T12:00:00Z",
        "2026-01-02T12:00Z",
        "2026-01-02T12:00:00.000+0000",
        "2026-01-02T13:00:00.000+01:00",
        "2026-01-02T12:00:00.0000000Z",
        "2026-01-02T12:00:00",
    ],
)
def test_points_in_time_are_read(value):
    """Text and numbers of one moment are one."""
    assert milliseconds(value) == NOON


@pytest.mark.parametrize(
    "value", [None, True, 42, 1767355200, "", "Busy", "2026-01-02", "2026-13-45T99:00:00Z", 1.5, {}]
)
def test_other_values_are_none(value):
    """A count, a duration, a date without a time."""
    assert milliseconds(value) is None


def test_the_newest_point_in_time_of_a_body():
    """However deep it lies."""
    body = {"a": "2026-01-02T11:59:59.999Z", "b": [{"c": {"d": NOON}}, "text"], "count": 3}

    assert newest(body) == NOON
    assert newest({"joined": True}) is None


def test_points_in_time_are_written_as_genesys_cloud_does():
    """UTC, whatever the zone was."""
    moment = datetime(2026, 1, 2, 13, 0, 0, 5678, tzinfo=timezone(timedelta(hours=1)))

    assert written(moment) == "2026-01-02T12:00:00.005Z"
