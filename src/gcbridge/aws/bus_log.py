"""Reads the event bus's own log: what became of single events, step by step.

Sources: "Configuring logs for Amazon EventBridge event buses" and "Amazon EventBridge event bus log schema" in the
EventBridge user guide. Logging is best-effort there, and events that match managed rules only (those of archives) are
not logged, so that a line which is missing proves nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gcbridge.aws.bus_log_query import Timing, read_lines
from gcbridge.aws.door import AwsDeniedError, aws_call
from gcbridge.aws.session import Aws
from gcbridge.model.bridge import Bridge
from gcbridge.model.proof import BusLogObservation

OFF = "OFF"
LOG_GROUP = "CWL"
"""Type of a delivery destination: CloudWatch Logs."""


def observe_bus_log(
    aws: Aws,
    bridge: Bridge,
    event_ids: Collection[str],
    since: datetime,
    *,
    timeout_seconds: float = 30.0,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> BusLogObservation:
    """One Logs Insights query finds the lines of all these events, in the order of time.

    Where the bus does not log, logs elsewhere, or where something is not allowed, `detail` says so and there are no
    entries. CloudWatch bills a query by what it scans: the bus's log group since `since`.

    Args:
        aws: where the bus is.
        bridge: whose event bus.
        event_ids: ids of the events.
        since: time of the first line to look at, with its time zone.
        timeout_seconds: how long the query may take.
        sleep: what waits between two looks at it.
        clock: what tells the time, in seconds.

    Raises:
        AwsError: AWS failed or could not be reached; "not allowed" is part of the answer.

    IAM actions: events:DescribeEventBus, logs:DescribeDeliverySources, logs:DescribeDeliveries,
        logs:DescribeDeliveryDestinations, logs:StartQuery, logs:GetQueryResults, logs:StopQuery.
    """
    level = ""
    try:
        level = _level(aws, bridge.event_bus_name)
        if level == OFF:
            return BusLogObservation(level=OFF, detail="the event bus does not log")
        destinations = list(_destinations(aws, bridge.event_bus_arn))
        groups = sorted({each.name for each in destinations if each.is_log_group})
        if not groups:
            return BusLogObservation(level=level, detail=_elsewhere(destinations))
        timing = Timing(since, timeout_seconds, sleep, clock)
        entries, detail = read_lines(aws, groups, event_ids, timing)
    except AwsDeniedError as error:
        return BusLogObservation(level=level, detail=f"{error.detail}; {error.hint}")
    return BusLogObservation(level=level, log_group=", ".join(groups), entries=entries, detail=detail)


def _level(aws: Aws, bus_name: str) -> str:
    with aws_call(aws.events, "reading the event bus", where=bus_name):
        try:
            bus: Any = aws.events.describe_event_bus(Name=bus_name)
        except aws.events.exceptions.ResourceNotFoundException:
            return OFF
    return str((bus.get("LogConfig") or {}).get("Level") or OFF)


@dataclass(frozen=True, slots=True)
class _Destination:
    arn: str
    is_log_group: bool

    @property
    def name(self) -> str:
        """Of the log group."""
        return self.arn.partition(":log-group:")[2].removesuffix(":*")


def _destinations(aws: Aws, bus_arn: str) -> Iterator[_Destination]:
    """Where the bus's log goes: a delivery connects a source, which is the bus, with a destination."""
    with aws_call(aws.logs, "reading where the event bus's log goes", where=bus_arn):
        sources = {
            source["name"]
            for page in aws.logs.get_paginator("describe_delivery_sources").paginate()
            for source in page["deliverySources"]
            if bus_arn in source.get("resourceArns", [])
        }
        wanted = {
            delivery["deliveryDestinationArn"]
            for page in aws.logs.get_paginator("describe_deliveries").paginate()
            for delivery in page["deliveries"]
            if delivery["deliverySourceName"] in sources
        }
        for page in aws.logs.get_paginator("describe_delivery_destinations").paginate():
            for each in page["deliveryDestinations"]:
                if each["arn"] in wanted:
                    arn = each["deliveryDestinationConfiguration"]["destinationResourceArn"]
                    yield _Destination(arn, each.get("deliveryDestinationType") == LOG_GROUP)


def _elsewhere(destinations: Collection[_Destination]) -> str:
    if not destinations:
        return "the event bus's log is not delivered anywhere"
    return "the event bus's log goes to " + ", ".join(sorted(each.arn for each in destinations))
