"""Many events are followed at once, quickly, and none of them is mixed up with another."""

import json
import time
from collections import Counter
from datetime import datetime, timedelta, timezone
from threading import Lock

import pytest
from target_kinds import ACCOUNT, SPECS, Builder, make_event, several_targets

from gcbridge.aws.delivery import match_rules, observe_deliveries
from gcbridge.aws.session import open_aws
from gcbridge.model.result import MatchObservation

pytestmark = pytest.mark.sandbox

KEYS = {"AWS_ACCESS_KEY_ID": ACCOUNT, "AWS_SECRET_ACCESS_KEY": "unused"}
STREAM, LINES, FILES, OLD = (SPECS[kind] for kind in ("kinesis", "log_group", "firehose", "existing"))


class Followed:
    """A bridge with several targets, the partner that sends, and what is found of the events."""

    def __init__(self, world, bridge):
        self.world, self.bridge = world, bridge
        self.aws = open_aws(bridge.aws, environ=KEYS)
        self.builders = {target.name: Builder(self.aws, bridge, target.name) for target in bridge.targets}
        for builder in self.builders.values():
            builder.build()

    def send(self, count):
        """Events that the rule matches."""
        return [self.event(self.world.send()) for _ in range(count)]

    def event(self, event_id):
        """One that the rule matches."""
        return make_event(id=event_id, source=self.bridge.event_source_name)

    def follow(self, events, seconds=20):
        """What is found, and how long that took."""
        matches, started = match_rules(self.aws, self.bridge, events), time.monotonic()
        found = observe_deliveries(self.aws, self.bridge, events, matches, timeout_seconds=seconds)
        return found, time.monotonic() - started

    def queue_url(self, name):
        """Address of a target's queue."""
        return self.aws.sqs.get_queue_url(QueueName=self.bridge.target(name).queue_name)["QueueUrl"]


@pytest.fixture
def follow_into(emulated_aws, world):
    """``follow_into(crm={"type": "sqs"}, ...)``: a whole bridge with these targets."""

    def build(**targets):
        bridge = several_targets(emulated_aws.endpoint, **targets)
        world.create_source()
        world.create_bus()
        return Followed(world, bridge)

    return build


@pytest.mark.parametrize(("count", "limit"), [(1, 3), (50, 10)])
def test_every_event_in_every_target(follow_into, record_property, count, limit):
    """One look at each target finds all events, with the time by the target's own clock."""
    followed = follow_into(stream=STREAM, lines=LINES, files=FILES, old=OLD)
    before = datetime.now(timezone.utc).replace(microsecond=0)
    events = followed.send(count)

    found, seconds = followed.follow(events)

    after = datetime.now(timezone.utc) + timedelta(seconds=1)
    record_property("figures", f"{count} events followed into 4 targets in {seconds:.2f} s")
    assert {(each.event_id, each.target) for each in found} == {
        (event["id"], target) for event in events for target in ("stream", "lines", "files", "old")
    }
    assert Counter(each.delivered for each in found) == {True: 4 * count}
    assert all(before <= each.seen_at <= after for each in found)
    assert seconds < limit


def test_one_is_missing(follow_into):
    """An event that is in no target is told apart from those that are, however many they are."""
    followed = follow_into(stream=STREAM, lines=LINES, files=FILES)
    missing = followed.event("5b0e0000-0000-4000-8000-000000000000")

    found, _ = followed.follow([*followed.send(30), missing], seconds=1)

    assert {each.event_id for each in found if not each.delivered} == {missing["id"]}
    assert {each.target: (each.delivered, each.seen_at) for each in found if not each.delivered} == {
        "stream": (False, None),
        "lines": (False, None),
        "files": (None, None),
    }


def test_a_late_one(follow_into):
    """What comes while gcbridge looks is found by a later look, and what was found is not looked for again."""
    followed = follow_into(stream=STREAM, lines=LINES)
    events = followed.send(5)
    late = followed.event("5b0e0000-0000-4000-8000-000000000000")
    text, paused, one_at_a_time = json.dumps(late), [], Lock()

    def arrive_then_wait(seconds):
        # Each target is looked into in a thread of its own.
        with one_at_a_time:
            if not paused:
                arrive()
            paused.append(seconds)
        time.sleep(seconds)

    def arrive():
        stream = followed.bridge.target("stream").stream_name
        followed.aws.client("kinesis").put_record(StreamName=stream, Data=text.encode(), PartitionKey="1")
        group = {"logGroupName": followed.bridge.target("lines").log_group_name, "logStreamName": "late"}
        followed.aws.logs.create_log_stream(**group)
        entry = {"timestamp": int(time.time() * 1000), "message": text}
        followed.aws.logs.put_log_events(**group, logEvents=[entry])

    matches = match_rules(followed.aws, followed.bridge, [*events, late])
    found = observe_deliveries(
        followed.aws, followed.bridge, [*events, late], matches, timeout_seconds=10, sleep=arrive_then_wait
    )

    assert all(each.delivered for each in found)
    assert max(paused) < 1


def test_a_crowded_queue(follow_into):
    """A queue shows ten messages at a time: what it does not show stays unknown, visible, and where it is."""
    followed = follow_into(crm=SPECS["sqs"])
    events = followed.send(25)

    found, seconds = followed.follow(events)

    assert Counter(each.delivered for each in found) == {True: 10, None: 15}
    (why,) = {each.detail for each in found if each.delivered is None}
    assert (
        why
        == "10 of 25 events were seen in queue gcbridge-dev-crm: it holds about 25 messages, and shows ten at a time"
    )
    assert all(each.seen_at for each in found if each.delivered)
    assert seconds < 15
    visible = "ApproximateNumberOfMessages"
    counts = followed.aws.sqs.get_queue_attributes(
        QueueUrl=followed.queue_url("crm"), AttributeNames=[visible]
    )
    assert counts["Attributes"][visible] == "25"


def test_dead_letters_of_many(follow_into):
    """Where the permission is gone, all dead letters are found in one pass, long before patience ends."""
    followed = follow_into(crm=SPECS["sqs"], stream=STREAM)
    followed.aws.sqs.set_queue_attributes(QueueUrl=followed.queue_url("crm"), Attributes={"Policy": ""})
    events = followed.send(25)

    found, seconds = followed.follow(events, seconds=60)

    assert Counter((each.target, each.delivered, each.error_code) for each in found) == {
        ("crm", False, "NO_PERMISSIONS"): 25,
        ("stream", True, ""): 25,
    }
    assert seconds < 20
    letters = followed.aws.sqs.get_queue_url(QueueName=followed.bridge.target("crm").dead_letter_queue_name)
    visible = "ApproximateNumberOfMessages"
    counts = followed.aws.sqs.get_queue_attributes(QueueUrl=letters["QueueUrl"], AttributeNames=[visible])
    assert counts["Attributes"][visible] == "25"


def test_two_rules_and_one_queue(aws, bridge, built):
    """An event that two rules send to one queue was delivered for the rule that may, and not for the other."""
    audits = next(rule for rule in bridge.rules if rule.name == "audits")
    both = bridge.model_copy(update={"rules": (audits, audits.model_copy(update={"name": "all"}))})
    queue, bus = bridge.target("queue"), bridge.event_bus_name
    everyone = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": "*",
    }
    aws.sqs.set_queue_attributes(
        QueueUrl=built.queue_url(queue.dead_letter_queue_name),
        Attributes={"Policy": json.dumps({"Version": "2012-10-17", "Statement": [everyone]})},
    )
    aws.events.put_rule(Name="all", EventBusName=bus, EventPattern=audits.pattern_json)
    aws.events.put_targets(Rule="all", EventBusName=bus, Targets=[built.rule_target(queue)])
    event = {"id": built.send(), "time": datetime.now(timezone.utc).isoformat(), "detail": {}}
    matches = [MatchObservation(rule=name, event_id=event["id"], matched=True) for name in ("audits", "all")]

    found = observe_deliveries(aws, both, [event], matches, timeout_seconds=5)

    told = {each.rule: (each.delivered, each.error_code) for each in found if each.target == "queue"}
    assert told == {"audits": (True, ""), "all": (False, "NO_PERMISSIONS")}


def test_what_a_look_raises_ends_all_others(follow_into):
    """An error in one target is passed on at once; the searches in the others end with it."""
    followed = follow_into(stream=STREAM, lines=LINES)
    missing = followed.event("5b0e0000-0000-4000-8000-000000000000")
    matches = match_rules(followed.aws, followed.bridge, [missing])

    def interrupt(_):
        raise KeyboardInterrupt

    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        observe_deliveries(
            followed.aws, followed.bridge, [missing], matches, timeout_seconds=60, sleep=interrupt
        )
    assert time.monotonic() - started < 10
