"""Looks for an event in a CloudWatch log group."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from gcbridge.aws.door import aws_call
from gcbridge.aws.session import Aws
from gcbridge.aws.sighting import Sighting

EARLIER = timedelta(minutes=15)
"""How far before the event's own time to look; the clocks of two clouds differ, and audit events come late."""


def find_in_log_group(aws: Aws, name: str, event: Mapping[str, Any]) -> Sighting:
    """An event is in a log group when a line of it holds the event's id.

    Args:
        aws: where the log group is.
        name: name of the log group.
        event: whole EventBridge event.

    Raises:
        AwsError: CloudWatch Logs refused or could not be reached.

    IAM actions: logs:FilterLogEvents.
    """
    start = datetime.fromisoformat(event["time"].replace("Z", "+00:00")) - EARLIER
    with aws_call(aws.logs, "looking for an event in a log group", where=name):
        try:
            pages = aws.logs.get_paginator("filter_log_events").paginate(
                logGroupName=name,
                startTime=int(start.timestamp() * 1000),
                filterPattern=f'"{event["id"]}"',
            )
            # A page may be empty and still be followed by one that is not.
            found = any(page.get("events") for page in pages)
        except aws.logs.exceptions.ResourceNotFoundException:
            return Sighting(delivered=False, detail=f"log group {name} does not exist")
    detail = f"in log group {name}" if found else f"not in log group {name}"
    return Sighting(delivered=found, detail=detail, final=found)
