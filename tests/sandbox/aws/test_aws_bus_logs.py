"""The log of an event bus: one line for each step of an event's way."""

from __future__ import annotations

import json
from typing import Any

import pytest
from control_endpoint import control
from customer_world import wait_for

CUSTOMER = "123456789012"
GROUP = "/aws/vendedlogs/bus"
QUEUE_ARN = f"arn:aws:sqs:eu-west-1:{CUSTOMER}:"


def start_logging(bridge: Any, level: str, *types: str, detail: str = "NONE") -> None:
    """The log of the bus at that level, and deliveries of these levels' lines into the log group."""
    logs, arn = bridge.connect("logs"), f"arn:aws:events:eu-west-1:{CUSTOMER}:event-bus/{bridge.source}"
    bridge.events.update_event_bus(Name=bridge.source, LogConfig={"Level": level, "IncludeDetail": detail})
    logs.create_log_group(logGroupName=GROUP)
    group = {"destinationResourceArn": f"arn:aws:logs:eu-west-1:{CUSTOMER}:log-group:{GROUP}:*"}
    made = logs.put_delivery_destination(name="group", deliveryDestinationConfiguration=group)
    for each in types or (level,):
        logs.put_delivery_source(name=each, resourceArn=arn, logType=f"{each}_LOGS")
        logs.create_delivery(
            deliverySourceName=each, deliveryDestinationArn=made["deliveryDestination"]["arn"]
        )


def lines(bridge: Any) -> list[dict[str, Any]]:
    """What was logged, in order."""
    found = bridge.connect("logs").filter_log_events(logGroupName=GROUP)["events"]
    return [json.loads(line["message"]) for line in found]


def steps(bridge: Any) -> list[str]:
    """The message types."""
    return [line["message_type"] for line in lines(bridge)]


def add_rule(bridge: Any, queue: str = "q", dead: str | None = "dead") -> None:
    """A rule that sends to one of two queues, of which only ``q`` exists."""
    bridge.add_queue("q", "all")
    bridge.add_queue("dead", "all")
    letters = {"DeadLetterConfig": {"Arn": f"{QUEUE_ARN}{dead}"}} if dead else {}
    bridge.add_rule("all", {"Id": "q", "Arn": f"{QUEUE_ARN}{queue}", **letters})


TRACED = [
    "EVENT_RECEIPT",
    "EVENT_INGEST_SUCCESS",
    "RULE_MATCH_START",
    "RULE_MATCH",
    "INVOCATION_START",
    "INVOCATION_ATTEMPT_START",
]
FAILED = "INVOCATION_ATTEMPT_PERMANENT_FAILURE"
ALL = ("ERROR", "INFO", "TRACE")
WAYS = {
    "INFO, delivered": ("INFO", "q", "dead", ["EVENT_INGEST_SUCCESS", "RULE_MATCH", "INVOCATION_SUCCESS"]),
    "INFO, buried": (
        "INFO",
        "none",
        "dead",
        ["EVENT_INGEST_SUCCESS", "RULE_MATCH", FAILED, "INVOCATION_DLQ"],
    ),
    "ERROR, delivered": ("ERROR", "q", "dead", []),
    "ERROR, lost": ("ERROR", "none", None, [FAILED, "INVOCATION_FAILURE"]),
    "TRACE, delivered": (
        "TRACE",
        "q",
        "dead",
        [*TRACED, "INVOCATION_ATTEMPT_SUCCESS", "INVOCATION_SUCCESS"],
    ),
    "OFF": ("OFF", "none", None, []),
}


@pytest.mark.parametrize(("level", "queue", "dead", "expected"), WAYS.values(), ids=WAYS)
def test_the_steps_of_an_event(
    bridge: Any, level: str, queue: str, dead: str | None, expected: list[str]
) -> None:
    """The level decides how many of them are logged."""
    start_logging(bridge, level, *ALL)
    add_rule(bridge, queue, dead)
    bridge.send()
    assert steps(bridge) == expected


def test_lines(bridge: Any) -> None:
    """Fields as AWS documents them: the event, the rule, the target, the invocation, and the error if there is one."""
    start_logging(bridge, "INFO", *ALL)
    add_rule(bridge, "none")
    event_id = bridge.send({"n": 1})["EventId"]
    ingested, matched, failed, buried = lines(bridge)
    assert {line["event_id"] for line in lines(bridge)} == {event_id}
    assert ingested["resource_arn"].endswith(f":event-bus/{bridge.source}")
    assert ingested["details"]["source"] == bridge.source
    assert matched["details"] == {
        "rule_arn": bridge.rule_arn("all"),
        "target_arns": [f"{QUEUE_ARN}none"],
        "invocation_ids": [buried["invocation_id"]],
    }
    assert buried["details"]["target_arn"] == f"{QUEUE_ARN}none"
    assert buried["details"]["total_attempts"] == 1
    assert failed["error"]["aws_service"] == "sqs"
    assert "NO_RESOURCE" in failed["error"]["error_message"]
    assert "error" not in matched
    assert isinstance(buried["message_timestamp_ms"], int)


@pytest.mark.parametrize(("detail", "told"), [("NONE", False), ("FULL", True)])
def test_details_are_told_only_where_wanted(bridge: Any, detail: str, told: bool) -> None:
    """``IncludeDetail``: what is in the event, and what the target receives."""
    start_logging(bridge, "INFO", detail=detail)
    add_rule(bridge)
    bridge.send({"secret": 1})
    ingested, *_, delivered = lines(bridge)
    assert ("event_detail" in ingested["details"]) is told
    assert ("target_input" in delivered["details"]) is told


def test_no_rule(bridge: Any) -> None:
    """An event of a partner is logged whether or not it matches any rule."""
    start_logging(bridge, "INFO")
    bridge.send()
    assert steps(bridge) == ["EVENT_INGEST_SUCCESS", "NO_STANDARD_RULES_MATCHED"]


def test_what_only_an_archive_wants_is_not_logged(bridge: Any) -> None:
    """An archive has a managed rule, and what matches nothing else is not logged."""
    start_logging(bridge, "INFO")
    bus = f"arn:aws:events:eu-west-1:{CUSTOMER}:event-bus/{bridge.source}"
    bridge.events.create_archive(ArchiveName="all", EventSourceArn=bus)
    bridge.send()
    assert steps(bridge) == []


def test_a_source_is_for_one_level(bridge: Any) -> None:
    """Without a delivery source for INFO, the lines of that level go nowhere."""
    start_logging(bridge, "INFO", "ERROR")
    add_rule(bridge, "none")
    bridge.send()
    assert steps(bridge) == [FAILED, "INVOCATION_DLQ"]


def test_retries(aws: Any, bridge: Any) -> None:
    """An attempt that will be repeated is told from the last one."""
    start_logging(bridge, "ERROR")
    queue, dead = bridge.add_queue("q", "all"), bridge.add_queue("dead", "all")
    retry = {"RetryPolicy": {"MaximumRetryAttempts": 1}, "DeadLetterConfig": {"Arn": dead}}
    bridge.add_rule("all", {"Id": "q", "Arn": queue, **retry})
    control(aws, "POST", {"target_arn": queue, "failure_rate": 1})
    bridge.send()
    assert wait_for(lambda: bridge.receive("dead"))
    assert steps(bridge) == ["INVOCATION_ATTEMPT_RETRYABLE_FAILURE", FAILED, "INVOCATION_DLQ"]
