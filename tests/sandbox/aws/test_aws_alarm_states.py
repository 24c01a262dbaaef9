"""When an alarm is in which state."""

from __future__ import annotations

from typing import Any

import pytest

from gcbridge.sandbox.aws.telemetry.alarm_states import Terms, state_now

NOW = 1_000_030.0 - 1_000_030.0 % 60 + 30
"""In the middle of a minute."""
MINUTE = int(NOW // 60) * 60


def terms(**fields: Any) -> Terms:
    """An alarm on one event a minute, where nothing is well."""
    usual = {
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "Threshold": 1,
        "Period": 60,
        "EvaluationPeriods": 1,
        "TreatMissingData": "notBreaching",
    }
    return Terms.of({**usual, **fields})


# What was counted, by how many minutes ago, and the state that follows from it.
CASES: dict[str, tuple[dict[str, Any], dict[int, float], str | None]] = {
    "nothing happened": ({}, {}, "OK"),
    "it happened in this minute": ({}, {0: 1}, "ALARM"),
    "it happened in the minute before": ({}, {1: 1}, "ALARM"),
    "the period has passed": ({}, {2: 1}, "OK"),
    "not often enough": ({"Threshold": 2}, {0: 1}, "OK"),
    "above, not at": ({"ComparisonOperator": "GreaterThanThreshold"}, {0: 1}, "OK"),
    "two of three, as wanted": ({"EvaluationPeriods": 3, "DatapointsToAlarm": 2}, {1: 1, 3: 1}, "ALARM"),
    "one of three, two wanted": ({"EvaluationPeriods": 3, "DatapointsToAlarm": 2}, {2: 1}, "OK"),
    "all of two": ({"EvaluationPeriods": 2}, {0: 1, 1: 1}, "ALARM"),
    "one of two": ({"EvaluationPeriods": 2}, {1: 1}, "OK"),
    "no data": ({"TreatMissingData": "missing"}, {}, "INSUFFICIENT_DATA"),
    "first data": ({"TreatMissingData": "missing", "Threshold": 2}, {0: 1}, "OK"),
    "no data leaves it": ({"TreatMissingData": "ignore"}, {}, None),
    "no data breaches": ({"TreatMissingData": "breaching"}, {}, "ALARM"),
    "too few, in a whole minute": ({"ComparisonOperator": "LessThanThreshold"}, {1: 0}, "ALARM"),
    "a minute that still runs is not too few": (
        {"ComparisonOperator": "LessThanThreshold"},
        {0: 0, 1: 5},
        "OK",
    ),
    "anomaly detection is not judged": (
        {"ComparisonOperator": "LessThanLowerOrGreaterThanUpperThreshold"},
        {0: 9},
        None,
    ),
}


@pytest.mark.parametrize(("fields", "counted", "expected"), CASES.values(), ids=CASES)
def test_states(fields: dict[str, Any], counted: dict[int, float], expected: str | None) -> None:
    """A breach counts at once, and until a whole period has passed without one."""
    values = {MINUTE - 60 * ago: value for ago, value in counted.items()}
    assert state_now(terms(**fields), values, NOW) == expected
