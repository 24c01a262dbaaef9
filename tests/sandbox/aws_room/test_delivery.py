"""An event is followed from the bus to the targets of the rules that match it."""

import json
import time

import pytest

from gcbridge.aws.delivery import match_rules, observe_dead_letters, observe_deliveries
from gcbridge.aws.probe import open_probe

pytestmark = pytest.mark.sandbox

AUDITS = "v2.audits.entitytype.{id}.entityid.{id}"
PRESENCE = "v2.users.{id}.presence"


@pytest.fixture
def seen(aws, bridge, built, journal):
    """``seen(topic)``: an event of that topic, as a probe saw it."""

    def send_and_see(topic=AUDITS):
        with open_probe(aws, bridge, journal) as probe:
            built.send(topic)
            return next(probe.receive(time.monotonic() + 10)).event

    return send_and_see


def test_matches(aws, bridge, seen):
    """AWS's own matcher tells which enabled rules match."""
    event = seen(AUDITS)

    matches = match_rules(aws, bridge, [event])

    assert {match.rule: match.matched for match in matches} == {"audits": True, "presence": False}
    assert {match.event_id for match in matches} == {event["id"]}


def follow(aws, bridge, events, seconds=5):
    found = observe_deliveries(aws, bridge, events, match_rules(aws, bridge, events), timeout_seconds=seconds)
    return {(seen.rule, seen.target): (seen.delivered, seen.detail) for seen in found}


def test_delivered(aws, bridge, seen):
    """An event is found in every target of its rule, and only there."""
    assert follow(aws, bridge, [seen(AUDITS)]) == {
        ("audits", "log"): (True, f"in log group {bridge.target('log').log_group_name}"),
        ("audits", "queue"): (True, f"in queue {bridge.target('queue').queue_name}"),
    }


def test_several_events(aws, bridge, seen):
    """Every event is followed to every target of the rules that match it, and no further."""
    presence, first, second = seen(PRESENCE), seen(AUDITS), seen(AUDITS)
    events = [presence, first, second, first]

    found = observe_deliveries(aws, bridge, events, iter(match_rules(aws, bridge, events)), timeout_seconds=5)

    assert [(each.rule, each.event_id, each.target) for each in found] == [
        ("audits", first["id"], "log"),
        ("audits", first["id"], "queue"),
        ("audits", second["id"], "log"),
        ("audits", second["id"], "queue"),
        ("presence", presence["id"], "queue"),
    ]
    assert all(each.delivered for each in found)


def test_nothing_to_follow(aws, bridge, built):
    """No event, or none that a rule matches, is no work."""
    assert observe_deliveries(aws, bridge, [], [], timeout_seconds=5) == ()


def test_peeking_takes_nothing(aws, bridge, built, seen):
    """A reader of the queue still gets what was looked at."""
    event = seen(AUDITS)
    follow(aws, bridge, [event])

    url = built.queue_url(bridge.target("queue").queue_name)
    messages = aws.sqs.receive_message(QueueUrl=url, WaitTimeSeconds=1)["Messages"]

    assert [json.loads(message["Body"])["id"] for message in messages] == [event["id"]]


def queue_url(built):
    return built.queue_url(built.bridge.target("queue").queue_name)


def test_not_delivered(aws, bridge, built, seen):
    """An event that a log group does not hold was not delivered; of a queue nobody knows who reads it."""
    event = {**seen(AUDITS), "id": "00000000-0000-4000-8000-000000000000"}

    found = follow(aws, bridge, [event], seconds=1)

    assert {way: delivered for way, (delivered, _) in found.items()} == {
        ("audits", "log"): False,
        ("audits", "queue"): None,
    }
    assert "taken by a reader already" in found["audits", "queue"][1]


def test_undeliverable(aws, bridge, built, seen):
    """An event in the dead-letter queue was not delivered, however busy the readers of the queue are."""
    event, dead = seen(PRESENCE), bridge.target("queue").dead_letter_queue_name
    url = queue_url(built)
    for message in aws.sqs.receive_message(QueueUrl=url, WaitTimeSeconds=1)["Messages"]:
        aws.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    assert follow(aws, bridge, [event], seconds=1)["presence", "queue"][0] is None

    aws.sqs.send_message(QueueUrl=built.queue_url(dead), MessageBody=json.dumps(event))

    assert follow(aws, bridge, [event], seconds=1)["presence", "queue"] == (
        False,
        f"is in dead-letter queue {dead}",
    )


def test_somebody_is_reading(aws, bridge, built, seen):
    """Where a reader has messages in flight, nothing can be told."""
    event = seen(AUDITS)
    aws.sqs.receive_message(QueueUrl=queue_url(built), WaitTimeSeconds=1, VisibilityTimeout=60)

    delivered, detail = follow(aws, bridge, [event], seconds=0)["audits", "queue"]

    assert delivered is None
    assert "1 messages are in flight" in detail


def test_redrive_policy(aws, bridge, built, seen):
    """A queue that counts receives is not looked into, and nobody waits for it."""
    event = seen(AUDITS)
    dead = bridge.target("queue").dead_letter_queue_name
    arn = f"arn:aws:sqs:{bridge.aws.region}:{bridge.aws.account_id}:{dead}"
    policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 3})
    aws.sqs.set_queue_attributes(QueueUrl=queue_url(built), Attributes={"RedrivePolicy": policy})

    started = time.monotonic()
    assert follow(aws, bridge, [event], seconds=30)["audits", "queue"][0] is None
    assert time.monotonic() - started < 10


def test_missing_targets(aws, bridge, built, seen):
    """A target that is gone has received nothing."""
    event = seen(AUDITS)
    aws.sqs.delete_queue(QueueUrl=queue_url(built))
    aws.logs.delete_log_group(logGroupName=bridge.target("log").log_group_name)

    found = follow(aws, bridge, [event], seconds=0)

    assert [delivered for delivered, _ in found.values()] == [False, False]


def test_dead_letters(aws, bridge, built):
    """Dead-letter queues are counted, and a missing one is told apart from an empty one."""
    names = {target.name: target.dead_letter_queue_name for target in bridge.targets}
    aws.sqs.send_message(QueueUrl=built.queue_url(names["queue"]), MessageBody="lost")
    aws.sqs.delete_queue(QueueUrl=built.queue_url(names["log"]))

    letters = {letter.target: letter for letter in observe_dead_letters(aws, bridge)}

    assert (letters["queue"].exists, letters["queue"].depth) == (True, 1)
    assert letters["log"].exists is False
