"""FilterLogEvents with terms of which any one is enough."""

from __future__ import annotations

from typing import Any

import pytest

LINES = ('{"id":"a-1"}', '{"id":"b-2"}', "neither")


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ('?"a-1"', LINES[:1]),
        ('?"a-1" ?"b-2"', LINES[:2]),
        ('?"none" ?"b-2"', LINES[1:2]),
        ("?a-1 ?neither", (LINES[0], LINES[2])),
        ('"a-1"', LINES[:1]),
        ("", LINES),
    ],
)
def test_patterns(connect: Any, pattern: str, found: tuple[str, ...]) -> None:
    """A question mark before every term; anything else is as before."""
    logs = connect("logs")
    logs.create_log_group(logGroupName="g")
    logs.create_log_stream(logGroupName="g", logStreamName="s")
    entries = [{"timestamp": 1_700_000_000_000 + n, "message": line} for n, line in enumerate(LINES)]
    logs.put_log_events(logGroupName="g", logStreamName="s", logEvents=entries)
    events = logs.filter_log_events(logGroupName="g", filterPattern=pattern)["events"]
    assert tuple(event["message"] for event in events) == found
