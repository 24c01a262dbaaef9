"""Logs of event buses: a line for each step of an event's way, in the log groups that the bus delivers to.

ministack keeps a bus's ``LogConfig`` and the deliveries of CloudWatch Logs, and writes nothing.

Lines and their fields: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-logs-schema.html
A published log shows the first two steps of LEVELS as INFO, and the name of the log stream. The other levels are
guesses after CDK's words for them: errors; errors and major steps; all steps.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ministack.core.responses import new_uuid
from ministack.services import cloudwatch_logs, eventbridge

from gcbridge.sandbox.aws.telemetry.log_entries import group_name, now_milliseconds, write_entry

LEVELS = {
    "EVENT_INGEST_SUCCESS": "INFO",
    "NO_STANDARD_RULES_MATCHED": "INFO",
    "RULE_MATCH": "INFO",
    "INVOCATION_SUCCESS": "INFO",
    "INVOCATION_ATTEMPT_PERMANENT_FAILURE": "ERROR",
    "INVOCATION_ATTEMPT_RETRYABLE_FAILURE": "ERROR",
    "INVOCATION_FAILURE": "ERROR",
    "INVOCATION_DLQ": "ERROR",
    "EVENT_RECEIPT": "TRACE",
    "RULE_MATCH_START": "TRACE",
    "INVOCATION_START": "TRACE",
    "INVOCATION_ATTEMPT_START": "TRACE",
    "INVOCATION_ATTEMPT_SUCCESS": "TRACE",
}
DETAIL = ("OFF", "ERROR", "INFO", "TRACE")
LOG_STREAM = "EventBridgeEventBusLogs"


def level_of(bus: dict[str, Any] | None) -> str:
    """How much a bus logs; a bus without ``LogConfig`` logs nothing."""
    return str(((bus or {}).get("LogConfig") or {}).get("Level") or "OFF")


def is_full(record: dict[str, Any]) -> bool:
    """Whether the bus of an event logs the event's detail and what targets receive, too."""
    bus = eventbridge._event_buses.get(record["EventBusName"]) or {}
    return (bus.get("LogConfig") or {}).get("IncludeDetail") == "FULL"


def destinations(bus_arn: str, level: str) -> Iterator[str]:
    """Log groups that the bus's lines of a level are delivered to; a delivery source is for one level."""
    sources = {
        source["name"]
        for source in cloudwatch_logs._delivery_sources.values()
        if bus_arn in source["resourceArns"] and source["logType"] == f"{level}_LOGS"
    }
    configured = {
        destination["arn"]: destination["deliveryDestinationConfiguration"]["destinationResourceArn"]
        for destination in cloudwatch_logs._delivery_destinations.values()
        if destination["deliveryDestinationType"] == "CWL"
    }
    for delivery in cloudwatch_logs._deliveries.values():
        arn = configured.get(delivery["deliveryDestinationArn"])
        if arn and delivery["deliverySourceName"] in sources:
            yield group_name(arn)


def log_step(record: dict[str, Any], step: str, details: dict[str, Any], **fields: Any) -> None:
    """Write a step of an event's way, if its bus logs steps of that level.

    ``record`` is the event in ministack's form; ``fields`` are ``invocation_id`` and ``error`` of the line.
    """
    bus, level = eventbridge._event_buses.get(record["EventBusName"]), LEVELS[step]
    if bus is None or DETAIL.index(level) > DETAIL.index(level_of(bus)):
        return
    now = now_milliseconds()
    line = {
        "resource_arn": bus["Arn"],
        "message_timestamp_ms": now,
        "event_bus_name": bus["Name"],
        "request_id": new_uuid(),
        "event_id": record["EventId"],
        "message_type": step,
        "log_level": level,
        "details": details,
        **fields,
    }
    for group in destinations(bus["Arn"], level):
        if group in cloudwatch_logs._log_groups:
            write_entry(group, LOG_STREAM, {"timestamp": now, "message": json.dumps(line)})
