"""AWS/Events: what CloudWatch counts of a partner's events and of their deliveries."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from control_endpoint import control

CUSTOMER = "123456789012"
QUEUE_ARN = f"arn:aws:sqs:eu-west-1:{CUSTOMER}:"
OF_RULE = ("TriggeredRules", "MatchedEvents", "Invocations")
FAILURES = ("FailedInvocations", "InvocationsSentToDlq", "InvocationsFailedToBeSentToDlq")


def counted(bridge: Any, metric: str, **dimensions: str) -> float:
    """The sum of a metric in the last minutes."""
    now = datetime.now(timezone.utc)
    answer = bridge.connect("cloudwatch").get_metric_statistics(
        Namespace="AWS/Events",
        MetricName=metric,
        Dimensions=[{"Name": name, "Value": value} for name, value in dimensions.items()],
        StartTime=now - timedelta(minutes=10),
        EndTime=now + timedelta(minutes=1),
        Period=60,
        Statistics=["Sum"],
    )
    return float(sum(point["Sum"] for point in answer["Datapoints"]))


def of_rule(bridge: Any, rule: str = "all") -> dict[str, float]:
    """Every metric of a rule that is not zero."""
    found = {
        name: counted(bridge, name, EventBusName=bridge.source, RuleName=rule)
        for name in (*OF_RULE, *FAILURES)
    }
    return {name: value for name, value in found.items() if value}


def names(bridge: Any) -> set[str]:
    """The metrics that exist."""
    metrics = bridge.connect("cloudwatch").list_metrics(Namespace="AWS/Events")["Metrics"]
    return {metric["MetricName"] for metric in metrics}


DELIVERED = {"TriggeredRules": 3, "MatchedEvents": 3, "Invocations": 3}
FAILED = {**DELIVERED, "FailedInvocations": 3}
WAYS = {
    "delivered": ("q", "dead", DELIVERED),
    "to the dead-letter queue": ("none", "dead", {**FAILED, "InvocationsSentToDlq": 3}),
    "to a dead-letter queue that refuses": (
        "none",
        "closed",
        {**FAILED, "InvocationsFailedToBeSentToDlq": 3},
    ),
    "lost, since there is none": ("none", None, FAILED),
}


@pytest.mark.parametrize(("queue", "dead", "expected"), WAYS.values(), ids=WAYS)
def test_what_is_counted(bridge: Any, queue: str, dead: str | None, expected: dict[str, int]) -> None:
    """Matches and invocations of a rule, and what became of those that failed."""
    bridge.add_queue("q", "all")
    bridge.add_queue("dead", "all")
    bridge.add_queue("closed")
    letters = {"DeadLetterConfig": {"Arn": f"{QUEUE_ARN}{dead}"}} if dead else {}
    bridge.add_rule("all", {"Id": "q", "Arn": f"{QUEUE_ARN}{queue}", **letters})
    for _ in range(3):
        bridge.send()
    assert of_rule(bridge) == expected
    assert counted(bridge, "Events", EventSourceName=bridge.source) == 3


def test_what_did_not_happen_does_not_exist(bridge: Any) -> None:
    """A failure metric that is zero is not emitted."""
    bridge.add_rule("all", {"Id": "q", "Arn": bridge.add_queue("q", "all")})
    bridge.send()
    assert names(bridge) == {"Events", *OF_RULE}


def test_each_target_is_an_invocation(bridge: Any) -> None:
    """A rule with two targets is triggered once and invokes twice."""
    queues = [bridge.add_queue(name, "all") for name in ("a", "b")]
    bridge.add_rule("all", *({"Id": arn[-1], "Arn": arn} for arn in queues))
    bridge.send()
    assert of_rule(bridge) == {"TriggeredRules": 1, "MatchedEvents": 1, "Invocations": 2}


def test_a_disabled_rule_counts_nothing(bridge: Any) -> None:
    """And neither does one whose pattern does not match; the event has arrived all the same."""
    bridge.add_rule("all", {"Id": "q", "Arn": bridge.add_queue("q", "all")}, State="DISABLED")
    bridge.send()
    assert of_rule(bridge) == {}
    assert counted(bridge, "Events", EventSourceName=bridge.source) == 1


def test_a_rule_of_the_default_bus_has_its_name_only(bridge: Any) -> None:
    """As AWS documents it: with EventBusName for a custom bus, without for the default bus."""
    events = bridge.events
    events.put_rule(Name="mine", EventPattern='{"source": ["mine"]}')
    events.put_events(Entries=[{"Source": "mine", "DetailType": "t", "Detail": "{}"}])
    assert counted(bridge, "TriggeredRules", RuleName="mine") == 1


def test_events_that_are_not_delivered_are_not_counted(bridge: Any) -> None:
    """While the source is not ACTIVE nothing arrives."""
    bridge.events.deactivate_event_source(Name=bridge.source)
    bridge.send()
    assert names(bridge) == set()


def test_metrics_may_come_late(aws: Any, bridge: Any) -> None:
    """As CloudWatch's do; what was counted is then of the minute in which it happened."""
    control(aws, "POST", {"metrics_late_seconds": 0.4})
    bridge.send()
    early = counted(bridge, "Events", EventSourceName=bridge.source)
    time.sleep(0.6)
    assert (early, counted(bridge, "Events", EventSourceName=bridge.source)) == (0, 1)


def test_lateness_ends(aws: Any, bridge: Any) -> None:
    """With the other faults."""
    control(aws, "POST", {"metrics_late_seconds": 60})
    control(aws, "DELETE")
    bridge.send()
    assert counted(bridge, "Events", EventSourceName=bridge.source) == 1
