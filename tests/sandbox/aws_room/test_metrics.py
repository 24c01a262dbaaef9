"""What CloudWatch counted of the bridge's events, rule by rule."""

from datetime import datetime, timedelta, timezone

import pytest

from gcbridge.aws.metrics import observe_metrics
from gcbridge.aws.probe import open_probe
from gcbridge.model.proof import RuleMetrics

pytestmark = pytest.mark.sandbox

AUDITS = "v2.audits.entitytype.{id}.entityid.{id}"
PRESENCE = "v2.users.{id}.presence"


def observe(aws, bridge, minutes=5):
    now = datetime.now(timezone.utc)
    return observe_metrics(aws, bridge, now - timedelta(minutes=minutes), now)


def close(built, name):
    """Somebody removed the policy of a queue."""
    built.aws.sqs.set_queue_attributes(QueueUrl=built.queue_url(name), Attributes={"Policy": ""})


def test_healthy(aws, bridge, built):
    """Events of the source, and for each rule what matched and how often its targets were called."""
    for topic in (AUDITS, AUDITS, PRESENCE):
        built.send(topic)

    found = observe(aws, bridge)

    assert (found.events, found.detail) == (3, "")
    assert found.rules == (
        RuleMetrics(rule="audits", matched_events=2, triggered=2, invocations=4),
        RuleMetrics(rule="paused"),
        RuleMetrics(rule="presence", matched_events=1, triggered=1, invocations=1),
    )


BROKEN = {
    "dead letters": ([], RuleMetrics(rule="presence", sent_to_dlq=2)),
    "lost": (["dead"], RuleMetrics(rule="presence", not_sent_to_dlq=2)),
}


@pytest.mark.parametrize(("closed", "letters"), BROKEN.values(), ids=BROKEN)
def test_a_target_that_may_not_be_written_to(aws, bridge, built, closed, letters):
    """Failures are counted, and what became of them."""
    queue = bridge.target("queue")
    for name in [queue.queue_name, *([queue.dead_letter_queue_name] if closed else [])]:
        close(built, name)
    for _ in range(2):
        built.send(PRESENCE)

    counted = {"matched_events": 2, "triggered": 2, "invocations": 2, "failed_invocations": 2}
    assert observe(aws, bridge).rule("presence") == letters.model_copy(update=counted)


def test_a_probe_is_not_counted(aws, bridge, built, journal):
    """The rule of a probe matches everything, and has figures of its own."""
    with open_probe(aws, bridge, journal):
        built.send(PRESENCE)

    assert observe(aws, bridge).rule("presence").invocations == 1


def test_before_anything_happened(aws, bridge, built):
    """What CloudWatch does not know is zero."""
    found = observe(aws, bridge)

    assert (found.events, found.detail) == (0, "")
    assert {rule.rule for rule in found.rules} == {"audits", "paused", "presence"}
    assert found.rule("audits") == RuleMetrics(rule="audits")


def test_another_time(aws, bridge, built):
    """Only what happened in the span counts."""
    built.send(PRESENCE)
    now = datetime.now(timezone.utc)

    earlier = observe_metrics(aws, bridge, now - timedelta(minutes=30), now - timedelta(minutes=10))

    assert (earlier.events, earlier.rule("presence").triggered) == (0, 0)


def test_a_rule_of_that_name_on_another_bus(aws, bridge, built):
    """Is another rule."""
    aws.events.put_rule(Name="presence", EventPattern='{"source": ["mine"]}')
    aws.events.put_events(Entries=[{"Source": "mine", "DetailType": "t", "Detail": "{}"}])

    assert observe(aws, bridge).rule("presence").triggered == 0
