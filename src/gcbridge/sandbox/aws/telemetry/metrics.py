"""Metrics of the namespace AWS/Events, which ministack does not keep.

As in AWS, a count is kept for each minute, and nothing is kept of what did not happen: a failure metric
that is zero does not exist.

Names and dimensions: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
"Metrics that specify only the RuleName dimension refer to the default event bus. Metrics that specify
both the EventBusName and RuleName dimensions refer to a custom event bus."
"""

from __future__ import annotations

import functools
import time
from typing import Any

from ministack.services import cloudwatch

from gcbridge.sandbox.aws import background, faults

NAMESPACE = "AWS/Events"
PERIOD_SECONDS = 60


def rule_dimensions(rule: dict[str, Any]) -> dict[str, str]:
    """The dimensions that metrics of a rule have."""
    bus, name = rule.get("EventBusName") or "default", rule["Name"]
    return {"RuleName": name} if bus == "default" else {"EventBusName": bus, "RuleName": name}


def count(metric: str, dimensions: dict[str, str]) -> None:
    """Count one more, as of now; CloudWatch shows it at once, or as late as the fault says."""
    minute = float(time.time() // PERIOD_SECONDS * PERIOD_SECONDS)
    work = functools.partial(add, metric, dimensions, minute)
    late = faults.metrics_late_seconds()
    background.run_unnoticed(late, work) if late else work()


def add(metric: str, dimensions: dict[str, str], minute: float) -> None:
    """Add one to what was counted in a minute."""
    points = cloudwatch._metric_bucket((NAMESPACE, metric, cloudwatch._dims_key(dimensions)))
    for point in reversed(points):
        if point["Timestamp"] == minute:
            point["Count"] += 1.0
            return
    points.append(
        {"Timestamp": minute, "Value": 1.0, "Count": 1.0, "Unit": "Count", "Dimensions": dict(dimensions)}
    )
