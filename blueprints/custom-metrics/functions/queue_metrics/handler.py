"""Makes CloudWatch metrics from events of queues, agents and flows, by writing them to the function's log.

CloudWatch Logs reads the embedded metric format: no call is made, and no permission is needed.
Environment: NAMESPACE, of the metrics; COUNT_REPLAYED, `yes` counts events of a replay too.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

UNKNOWN = "unknown"
QUEUE_OUTCOMES = {
    "ANSWERED": ("ConversationsAnswered", "TimeToAnswer"),
    "ABANDON": ("ConversationsAbandoned", "TimeToAbandon"),
    "FLOW_OUT": ("ConversationsFlowedOut", "TimeToFlowOut"),
}
"""`acdOutcome` -> metrics for how often and how long."""

Event = Mapping[str, Any]
Body = Mapping[str, Any]


class EventRefusedError(ValueError):
    """An event without a time: Lambda retries, then hands it to the function's dead-letter queue."""


@dataclass(frozen=True)
class Settings:
    """What the function's environment says.

    Args:
        namespace: of all metrics.
        counts_replayed: whether events of a replay count.
    """

    namespace: str = "GenesysCloud"
    counts_replayed: bool = False

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Settings from environment variables."""
        return cls(
            environment.get("NAMESPACE") or cls.namespace,
            environment.get("COUNT_REPLAYED", "").lower() == "yes",
        )


@dataclass(frozen=True)
class Measurement:
    """What one event adds to the metrics.

    Args:
        dimensions: few values each, never an id of a conversation or person: each combination is a metric of its own, and paid for.
        counts: metrics that grow by one.
        milliseconds: metrics of durations.
    """

    dimensions: Mapping[str, str]
    counts: tuple[str, ...]
    milliseconds: Mapping[str, int]


def handle(event: Event, context: object) -> dict[str, bool]:  # noqa: ARG001
    """Lambda's way in; what it prints is in the log, and so in the metrics."""
    document = make_document(event, Settings.from_environment(os.environ))
    if document is not None:
        print(json.dumps(document), flush=True)
    return {"counted": document is not None}


def make_document(event: Event, settings: Settings) -> dict[str, Any] | None:
    """The event in the embedded metric format, or None where it adds nothing to any metric.

    Raises:
        EventRefusedError: the event has no time.
    """
    if "replay-name" in event and not settings.counts_replayed:
        return None
    measurement = measure(event)
    if measurement is None:
        return None
    units = dict.fromkeys(measurement.counts, "Count")
    units |= dict.fromkeys(measurement.milliseconds, "Milliseconds")
    return {
        "_aws": {
            "Timestamp": find_time(event),
            "CloudWatchMetrics": [
                {
                    "Namespace": settings.namespace,
                    "Dimensions": [list(measurement.dimensions)],
                    "Metrics": [{"Name": name, "Unit": unit} for name, unit in units.items()],
                }
            ],
        },
        **measurement.dimensions,
        **dict.fromkeys(measurement.counts, 1),
        **measurement.milliseconds,
        "EventId": str(event.get("id", "")),
    }


def measure(event: Event) -> Measurement | None:
    """What the event adds, by its topic; None for other topics and for an outcome that is not known."""
    read = READERS.get(str(event.get("detail-type")))
    return read(event.get("detail", {}).get("eventBody", {})) if read else None


def _read_acd_start(body: Body) -> Measurement:
    return Measurement(_queue(body), ("ConversationsQueued",), {})


def _read_acd_end(body: Body) -> Measurement | None:
    names = QUEUE_OUTCOMES.get(str(body.get("acdOutcome")))
    if names is None:
        return None
    count, duration = names
    return Measurement(_queue(body), (count,), _durations({duration: body.get("connectedDurationMs")}))


def _read_routing_status(body: Body) -> Measurement:
    status = _routing(body).get("status")
    return Measurement({"Status": str(status or UNKNOWN)}, ("RoutingStatusChanges",), {})


def _read_flow_outcome(body: Body) -> Measurement:
    start, end = body.get("flowOutcomeStartTime"), body.get("flowOutcomeEndTime")
    took = end - start if isinstance(start, int) and isinstance(end, int) else None
    dimensions = {
        "FlowOutcomeId": str(body.get("flowOutcomeId") or UNKNOWN),
        "Value": str(body.get("flowOutcomeValue") or UNKNOWN),
    }
    return Measurement(dimensions, ("FlowOutcomes",), _durations({"TimeToFlowOutcome": took}))


READERS: dict[str, Callable[[Body], Measurement | None]] = {
    "v2.detail.events.conversation.{id}.acd.start": _read_acd_start,
    "v2.detail.events.conversation.{id}.acd.end": _read_acd_end,
    "v2.detail.events.conversation.{id}.flow.outcome": _read_flow_outcome,
    "v2.users.{id}.routingStatus": _read_routing_status,
}
"""Topic -> what its events add."""


def _routing(body: Body) -> Body:
    """The new routing status; empty where the event holds none."""
    return body.get("routingStatus") or {}


def _queue(body: Body) -> dict[str, str]:
    return {
        "QueueId": str(body.get("queueId") or UNKNOWN),
        "MediaType": str(body.get("mediaType") or UNKNOWN),
    }


def _durations(given: Mapping[str, object]) -> dict[str, int]:
    """Those that are durations."""
    return {name: value for name, value in given.items() if isinstance(value, int) and value >= 0}


def find_time(event: Event) -> int:
    """When it happened, in milliseconds since 1970: the body's time, else Genesys's, else EventBridge's.

    Raises:
        EventRefusedError: there is none.
    """
    detail = event.get("detail", {})
    body = detail.get("eventBody", {})
    told = (
        body.get("eventTime"),
        _routing(body).get("startTime"),
        detail.get("timestamp"),
        event.get("time"),
    )
    times = (_milliseconds(time) for time in told)
    found = next((time for time in times if time is not None), None)
    if found is None:
        raise EventRefusedError(f"event {event.get('id')} has no time")
    return found


def _milliseconds(time: object) -> int | None:
    if isinstance(time, int):
        return time
    try:
        # Python before 3.11 does not read 'Z'.
        moment = datetime.fromisoformat(re.sub("[Zz]$", "+00:00", str(time)))
    except ValueError:
        return None
    return int(moment.replace(tzinfo=moment.tzinfo or timezone.utc).timestamp() * 1000)
