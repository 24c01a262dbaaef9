"""Entries of log groups, written by services of AWS."""

from __future__ import annotations

import time
from typing import Any

from ministack.core.arn import parse_arn
from ministack.services import cloudwatch_logs


def group_name(arn: str) -> str:
    """The log group's name in its ARN, with or without the trailing ``:*``."""
    return str(parse_arn(arn).resource).removeprefix("log-group:").removesuffix(":*")


def now_milliseconds() -> int:
    """The present, as CloudWatch Logs counts time."""
    return int(time.time() * 1000)


def write_entry(group: str, stream: str, entry: dict[str, Any]) -> None:
    """Append one entry to the stream, which is made if need be."""
    if stream not in cloudwatch_logs._log_groups[group]["streams"]:
        cloudwatch_logs._create_log_stream({"logGroupName": group, "logStreamName": stream})
    cloudwatch_logs._put_log_events({"logGroupName": group, "logStreamName": stream, "logEvents": [entry]})
