"""What counters and the bus's log tell of targets that cannot be looked into."""

from datetime import datetime, timezone

import pytest

from gcbridge.model.proof import BusLogEntry, BusLogObservation, MetricsObservation, RuleMetrics
from gcbridge.model.result import DeliveryObservation
from gcbridge.model.spec import EnvironmentSpec
from gcbridge.study.proof.deliveries import are_counted, tell_by_log, tell_by_metrics
from gcbridge.study.resolve import resolve

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=timezone.utc)
AUDITS = "v2.audits.entitytype.{id}.entityid.{id}"
BRIDGE = resolve(
    "dev",
    EnvironmentSpec.model_validate(
        {
            "genesys": {
                "region": "eu-central-1",
                "org_id": "0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11",
                "event_source_suffix": "dev",
                "topics": [AUDITS],
            },
            "aws": {"region": "eu-central-1", "account_id": "123456789012"},
            "rules": {"audits": {"targets": ["topic", "queue"]}},
            "targets": {"queue": {"type": "sqs"}, "topic": {"type": "sns"}},
        }
    ),
)
QUEUE = DeliveryObservation(rule="audits", target="queue", event_id="e1", delivered=True, detail="in queue")
TOPIC = DeliveryObservation(
    rule="audits", target="topic", event_id="e1", delivered=None, detail="cannot be looked into"
)


def counted(**figures):
    return MetricsObservation(since=NOW, until=NOW, rules=(RuleMetrics(rule="audits", **figures),))


COUNTERS = [
    # counters of the rule, is the wait over, what is said of the topic
    ({}, False, None),
    ({"invocations": 1}, False, None),
    ({"invocations": 2}, True, True),
    ({"invocations": 9}, True, True),
    ({"invocations": 9, "matched_events": 5}, False, None),
    ({"invocations": 10, "matched_events": 5, "triggered": 5}, True, True),
    ({"invocations": 2, "failed_invocations": 1}, True, None),
    ({"invocations": 2, "sent_to_dlq": 1}, True, None),
]


@pytest.mark.parametrize(("figures", "is_over", "delivered"), COUNTERS)
def test_counters(figures, is_over, delivered):
    """As many invocations as all matched events need in all targets of the rule, and none failed, tell of a delivery."""
    metrics = counted(**figures)

    told = tell_by_metrics(BRIDGE, (QUEUE, TOPIC), metrics)

    assert are_counted(BRIDGE, (QUEUE, TOPIC), metrics) is is_over
    assert [one.delivered for one in told] == [True, delivered]
    assert told[0].detail == "in queue"


def test_failures_are_told_beside_what_is_unknown():
    """A counter names no event, so that a failure may be another event's."""
    (told,) = tell_by_metrics(BRIDGE, (TOPIC,), counted(invocations=1, failed_invocations=1))

    assert told.detail == (
        "cannot be looked into; CloudWatch: Invocations 1, FailedInvocations 1, InvocationsSentToDlq 0"
    )


def line(message_type, *, event="e1", target=None, error=""):
    arn = BRIDGE.target("topic").arn if target is None else target
    return BusLogEntry(
        at=NOW, event_id=event, message_type=message_type, rule="audits", target=arn, error=error
    )


LINES = [
    ([], None),
    ([line("INVOCATION_SUCCESS")], True),
    ([line("INVOCATION_SUCCESS", event="e2")], None),
    ([line("INVOCATION_SUCCESS", target="arn:aws:sqs:eu-central-1:1:other")], None),
    ([line("INVOCATION_ATTEMPT_PERMANENT_FAILURE", error="denied"), line("INVOCATION_DLQ")], False),
]


@pytest.mark.parametrize(("lines", "delivered"), LINES)
def test_the_bus_s_log(lines, delivered):
    """A line of this event, rule and target decides."""
    told = tell_by_log(BRIDGE, (QUEUE, TOPIC), BusLogObservation(level="INFO", entries=tuple(lines)))

    assert [one.delivered for one in told] == [True, delivered]
