"""What the event bus itself logged of single events."""

from datetime import datetime, timedelta, timezone

import pytest

from gcbridge.aws.bus_log import observe_bus_log

pytestmark = pytest.mark.sandbox

AUDITS = "v2.audits.entitytype.{id}.entityid.{id}"
PRESENCE = "v2.users.{id}.presence"
UNKNOWN = "v2.users.{id}.nobody"
GROUP = "/aws/vendedlogs/bus"


def deliver(aws, bridge, resource_arn, *levels):
    """Lines of these levels go there."""
    made = aws.logs.put_delivery_destination(
        name="there", deliveryDestinationConfiguration={"destinationResourceArn": resource_arn}
    )["deliveryDestination"]["arn"]
    for level in levels:
        aws.logs.put_delivery_source(name=level, resourceArn=bridge.event_bus_arn, logType=f"{level}_LOGS")
        aws.logs.create_delivery(deliverySourceName=level, deliveryDestinationArn=made)


def group_arn(bridge):
    return f"arn:aws:logs:{bridge.aws.region}:{bridge.aws.account_id}:log-group:{GROUP}:*"


def set_level(aws, bridge, level):
    aws.events.update_event_bus(Name=bridge.event_bus_name, LogConfig={"Level": level})


@pytest.fixture
def logging(aws, bridge, built):
    """The same bridge, whose bus logs into a log group."""
    set_level(aws, bridge, "INFO")
    aws.logs.create_log_group(logGroupName=GROUP)
    deliver(aws, bridge, group_arn(bridge), "ERROR", "INFO")
    return built


def observe(aws, bridge, event_ids):
    return observe_bus_log(aws, bridge, event_ids, datetime.now(timezone.utc) - timedelta(minutes=5))


def steps(found, event_id):
    return [(line.message_type, line.rule) for line in found.entries if line.event_id == event_id]


def test_the_way_of_events(aws, bridge, logging):
    """One query gives every event's own steps, and nothing of other events."""
    audit, presence, unmatched = (logging.send(topic) for topic in (AUDITS, PRESENCE, UNKNOWN))
    logging.send(PRESENCE)

    found = observe(aws, bridge, [audit, presence, unmatched])

    assert (found.level, found.log_group, found.detail) == ("INFO", GROUP, "")
    assert {line.event_id for line in found.entries} == {audit, presence, unmatched}
    assert steps(found, unmatched) == [("EVENT_INGEST_SUCCESS", ""), ("NO_STANDARD_RULES_MATCHED", "")]
    assert steps(found, presence) == [
        ("EVENT_INGEST_SUCCESS", ""),
        ("RULE_MATCH", "presence"),
        ("INVOCATION_SUCCESS", "presence"),
    ]
    assert sorted(steps(found, audit)[2:]) == [("INVOCATION_SUCCESS", "audits")] * 2
    targets = {line.target for line in found.entries if line.message_type == "INVOCATION_SUCCESS"}
    assert targets == {bridge.target("queue").arn, bridge.target("log").arn}
    assert [line.at for line in found.entries] == sorted(line.at for line in found.entries)


def test_a_dead_letter(aws, bridge, logging):
    """The line says which target failed, and why."""
    queue = bridge.target("queue")
    aws.sqs.set_queue_attributes(QueueUrl=logging.queue_url(queue.queue_name), Attributes={"Policy": ""})

    found = observe(aws, bridge, [logging.send(PRESENCE)])

    (buried,) = (line for line in found.entries if line.message_type == "INVOCATION_DLQ")
    assert (buried.rule, buried.target) == ("presence", queue.arn)
    assert "NO_PERMISSIONS" in buried.error


def test_many_events(aws, bridge, logging, record_property):
    """Hundreds of events are one query, too."""
    ids = [logging.send(PRESENCE) for _ in range(120)]
    asked = [*ids, *(f"{number:08x}-0000-4000-8000-000000000000" for number in range(700))]

    started = datetime.now(timezone.utc)
    found = observe(aws, bridge, asked)
    seconds = (datetime.now(timezone.utc) - started).total_seconds()

    record_property("figures", f"lines of {len(ids)} events in {seconds:.2f} s")
    assert {line.event_id for line in found.entries} == set(ids)
    assert len(found.entries) == 3 * len(ids)


def test_off(aws, bridge, built):
    """A bus logs nothing unless it is told to."""
    found = observe(aws, bridge, [built.send()])

    assert (found.level, found.entries, found.detail) == ("OFF", (), "the event bus does not log")


def test_no_bus(aws, bridge, world):
    """A bus that is not there has no log."""
    assert observe(aws, bridge, ["x"]).level == "OFF"


def test_nowhere(aws, bridge, built):
    """A level alone delivers nothing."""
    set_level(aws, bridge, "ERROR")

    found = observe(aws, bridge, [built.send()])

    assert (found.level, found.log_group) == ("ERROR", "")
    assert found.detail == "the event bus's log is not delivered anywhere"


def test_elsewhere(aws, bridge, built):
    """A log in S3 is not read, and it is said where it is."""
    set_level(aws, bridge, "INFO")
    deliver(aws, bridge, "arn:aws:s3:::logs-of-buses", "INFO")

    found = observe(aws, bridge, [built.send()])

    assert found.detail == "the event bus's log goes to arn:aws:s3:::logs-of-buses"


def test_a_group_that_is_gone(aws, bridge, logging):
    """Somebody deleted the log group: that is said, and nothing breaks."""
    aws.logs.delete_log_group(logGroupName=GROUP)

    found = observe(aws, bridge, ["x"])

    assert (found.entries, found.detail) == ((), f"log group {GROUP} does not exist")
