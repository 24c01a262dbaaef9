"""Where Firehose puts objects: its prefix expressions, for a span of time."""

from datetime import datetime, timedelta, timezone

import pytest

from gcbridge.aws.following.object_prefixes import object_prefixes

SINCE = datetime(2026, 11, 23, 23, 50, tzinfo=timezone.utc)
UNTIL = datetime(2026, 11, 24, 0, 10, tzinfo=timezone.utc)
FOLDERS = {"topic=": ["topic=calls", "topic=presence"], "": ["a", "b"]}

PREFIXES = {
    "": {"2026/11/23/23/", "2026/11/24/00/"},
    "events/": {"events/2026/11/23/23/", "events/2026/11/24/00/"},
    "events/!{timestamp:yyyy/MM/dd}/": {"events/2026/11/23/", "events/2026/11/24/"},
    "y=!{timestamp:yyyy}/m=!{timestamp:MM}/d=!{timestamp:dd}/": {"y=2026/m=11/d=23/", "y=2026/m=11/d=24/"},
    "!{timestamp:'day'dd}/": {"day23/", "day24/"},
    "!{timestamp:yyMMdd}-": {"261123-", "261124-"},
    "topic=!{partitionKeyFromQuery:topic}/!{timestamp:yyyy}/": {
        "topic=calls/2026/",
        "topic=presence/2026/",
    },
    "!{firehose:random-string}/!{timestamp:yyyy}/": {"a/2026/", "b/2026/"},
    # What cannot be evaluated ends the prefix: more is listed than need be, and nothing is left out.
    "events/!{timestamp:yyyy-DDD}/": {"events/"},
    "events/!{timestamp:HH:mm}/": {"events/"},
    "x!{partitionKeyFromQuery:topic}-!{timestamp:yyyy}/": {"x"},
}


@pytest.mark.parametrize(("template", "expected"), PREFIXES.items())
def test_prefixes(template, expected):
    """Every object of that time begins with one of them."""
    assert object_prefixes(template, SINCE, UNTIL, lambda prefix: FOLDERS.get(prefix, [])) == expected


def test_time_zone():
    """A delivery stream may count its days elsewhere."""
    tokyo = timezone(timedelta(hours=9))
    found = object_prefixes("!{timestamp:MM/dd/HH}/", SINCE, UNTIL, lambda _: [], tokyo)

    assert found == {"11/24/08/", "11/24/09/"}


def test_long_ago():
    """No more than two days are listed."""
    found = object_prefixes("!{timestamp:yyyy/MM/dd/HH}/", UNTIL - timedelta(days=90), UNTIL, lambda _: [])

    assert len(found) == 49
