"""What is a line of CloudWatch's embedded metric format, and what is none."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gcbridge.sandbox.aws.telemetry.metric_lines import Datum, read_metrics

LINE: dict[str, Any] = {
    "_aws": {
        "Timestamp": 1_700_000_000_000,
        "CloudWatchMetrics": [
            {
                "Namespace": "Genesys",
                "Dimensions": [["queue"], ["queue", "media"]],
                "Metrics": [{"Name": "Waiting", "Unit": "Count"}, {"Name": "Seconds", "Unit": "Seconds"}],
            }
        ],
    },
    "queue": "support",
    "media": "chat",
    "Waiting": 3,
    "Seconds": [1.5, 2],
}
BY_QUEUE = (("queue", "support"),)
BY_BOTH = (("media", "chat"), ("queue", "support"))


def of(name: str, unit: str, dimensions: Any, *values: float) -> Datum:
    """A metric of the line above."""
    return Datum("Genesys", name, unit, dimensions, values, 1_700_000_000.0)


def changed(*path: str | int, value: Any) -> str:
    """The line with another value in one place."""
    document = json.loads(json.dumps(LINE))
    place = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return json.dumps(document)


DIRECTIVE = ("_aws", "CloudWatchMetrics", 0)


def test_each_metric_with_each_set_of_dimensions() -> None:
    """Values may be many."""
    assert read_metrics(json.dumps(LINE)) == [
        of("Waiting", "Count", BY_QUEUE, 3),
        of("Waiting", "Count", BY_BOTH, 3),
        of("Seconds", "Seconds", BY_QUEUE, 1.5, 2),
        of("Seconds", "Seconds", BY_BOTH, 1.5, 2),
    ]


READABLE: dict[str, tuple[str, list[Datum]]] = {
    "a metric without a value": (
        changed("Waiting", value=None),
        [of("Seconds", "Seconds", BY_QUEUE, 1.5, 2), of("Seconds", "Seconds", BY_BOTH, 1.5, 2)],
    ),
    "a set that names what is not there": (
        changed("media", value=7),
        [of("Waiting", "Count", BY_QUEUE, 3), of("Seconds", "Seconds", BY_QUEUE, 1.5, 2)],
    ),
    "no dimensions": (
        changed(*DIRECTIVE, "Dimensions", value=[[]]),
        [of("Waiting", "Count", (), 3), of("Seconds", "Seconds", (), 1.5, 2)],
    ),
    "no unit": (
        changed(*DIRECTIVE, value={"Namespace": "Genesys", "Metrics": [{"Name": "Waiting"}]}),
        [of("Waiting", "None", (), 3)],
    ),
}


@pytest.mark.parametrize(("text", "expected"), READABLE.values(), ids=READABLE)
def test_what_can_be_read_is(text: str, expected: list[Datum]) -> None:
    """A part that names nothing makes no metric; the rest does."""
    assert read_metrics(text) == expected


MALFORMED = {
    "plain text": "_aws is mentioned",
    "no JSON": '{"_aws": {"Timestamp"',
    "behind something else": f"[INFO] {json.dumps(LINE)}",
    "a list": '["_aws"]',
    "metadata that is no object": '{"_aws": 1}',
    "no time": changed("_aws", value={"CloudWatchMetrics": LINE["_aws"]["CloudWatchMetrics"]}),
    "a time that is text": changed("_aws", "Timestamp", value="now"),
    "no directives": changed("_aws", "CloudWatchMetrics", value={}),
    "a directive that is text": changed(*DIRECTIVE, value="Genesys"),
    "no namespace": changed(*DIRECTIVE, "Namespace", value=""),
    "metrics that are no list": changed(*DIRECTIVE, "Metrics", value={"Name": "Waiting"}),
    "metrics that are no objects": changed(*DIRECTIVE, "Metrics", value=["Waiting", {"Name": 1}]),
    "dimensions that are no list": changed(*DIRECTIVE, "Dimensions", value="queue"),
    "dimensions in one list only": changed(*DIRECTIVE, "Dimensions", value=["queue"]),
    "more than thirty dimensions": changed(*DIRECTIVE, "Dimensions", value=[["queue"] * 31]),
    "values that are none": changed(
        *DIRECTIVE, "Metrics", value=[{"Name": "queue"}, {"Name": "none"}, {"Name": "_aws"}]
    ),
}


@pytest.mark.parametrize("text", MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_line_makes_no_metric(text: str) -> None:
    """And no failure."""
    assert read_metrics(text) == []
