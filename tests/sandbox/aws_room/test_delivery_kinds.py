"""Where an event can be seen in a target, and what is said where it cannot."""

import json
import time
from datetime import datetime, timedelta, timezone

import pytest
from target_kinds import follow, make_event

from gcbridge.aws.delivery import observe_deliveries
from gcbridge.model.result import MatchObservation

pytestmark = pytest.mark.sandbox


def put_record(builder, event):
    builder.aws.client("kinesis").put_record(
        StreamName=builder.target.stream_name, Data=json.dumps(event).encode(), PartitionKey=event["id"]
    )


def test_stream(build):
    """A record of a stream is found by the event's id, wherever in the stream it is."""
    builder, event = build("kinesis"), make_event()
    for _ in range(20):
        put_record(builder, make_event())
    absent = follow(builder, event)
    put_record(builder, event)

    assert (absent.delivered, absent.detail) == (False, f"not in stream {builder.target.stream_name}")
    assert follow(builder, event).delivered is True


def test_stream_while_it_is_being_written(build):
    """A record that comes while gcbridge looks is found by a later look."""
    builder, event = build("kinesis"), make_event()

    def write_then_wait(seconds):
        put_record(builder, event)
        time.sleep(min(seconds, 0.1))

    match = MatchObservation(rule="audits", event_id=event["id"], matched=True)
    (found,) = observe_deliveries(
        builder.aws, builder.bridge, [event], [match], timeout_seconds=20, sleep=write_then_wait
    )

    assert found.delivered is True


def test_stream_gone(build):
    """A stream that is gone has received nothing."""
    builder = build("kinesis")
    builder.aws.client("kinesis").delete_stream(StreamName=builder.target.stream_name)

    found = follow(builder, make_event(), seconds=0)

    assert (found.delivered, found.detail) == (
        False,
        f"stream {builder.target.stream_name} does not exist",
    )


def put_item(builder, event, event_time):
    item = {"pk": event["detail"]["topicName"], "event_id": event["id"], "event_time": event_time}
    builder.aws.client("dynamodb").put_item(
        TableName=builder.target.table_name, Item={name: {"S": value} for name, value in item.items()}
    )


def test_table(build):
    """The item of the event's entity is the event's own, or a newer one's, or tells nothing."""
    builder, event = build("dynamodb"), make_event()
    assert follow(builder, event).delivered is False

    put_item(builder, event, event["time"])
    assert follow(builder, event).delivered is True

    now = datetime.now(timezone.utc)
    put_item(builder, make_event(), (now + timedelta(minutes=1)).isoformat(timespec="milliseconds"))
    newer = follow(builder, event)
    assert newer.delivered is True
    assert newer.detail.startswith("or a newer one")

    put_item(builder, make_event(), (now - timedelta(minutes=1)).isoformat(timespec="milliseconds"))
    assert follow(builder, event).delivered is None


def test_table_without_a_key_in_the_event(build):
    """The function refuses an event that names no entity, so there is nothing to look for."""
    builder = build("dynamodb")

    found = follow(builder, make_event(detail={}))

    assert found.delivered is False
    assert "names no entity at $.detail.topicName" in found.detail


UNTOLD = {
    "sns": ("sns", {}, "NumberOfMessagesPublished"),
    "lambda": ("lambda", {}, "AWS/Lambda Invocations"),
    "step functions": ("step_functions", {}, "executions"),
    "API destination": ("api_destination", {}, "InvocationAttempts"),
    "event bus": ("event_bus", {}, "InvocationAttempts"),
    "FIFO queue": ("fifo", {}, "message group"),
    "constant input": ("sqs", {"input": {"constant": "something happened"}}, "leaves the event's id out"),
    "a part only": ("kinesis", {"input": {"path": "$.detail"}}, "leaves the event's id out"),
}


@pytest.mark.parametrize(("kind", "options", "words"), UNTOLD.values(), ids=UNTOLD)
def test_cannot_be_told(build, kind, options, words):
    """Where looking is impossible or would do harm, that is said, with what would tell."""
    found = follow(build(kind, **options), make_event(), seconds=0)

    assert found.delivered is None
    assert words in found.detail


def test_input_that_keeps_the_id(build):
    """A transformed event is found as long as its id is in what the target receives."""
    transformer = {"paths": {"event": "$.id"}, "template": {"was": "<event>"}}
    builder, event = build("sqs", input={"transformer": transformer}), make_event()
    url = builder.aws.sqs.get_queue_url(QueueName=builder.target.queue_name)["QueueUrl"]
    builder.aws.sqs.send_message(QueueUrl=url, MessageBody=json.dumps({"was": event["id"]}))

    assert follow(builder, event).delivered is True


def bury(builder, event, **attributes):
    url = builder.aws.sqs.get_queue_url(QueueName=builder.letters.rpartition(":")[2])["QueueUrl"]
    builder.aws.sqs.send_message(
        QueueUrl=url,
        MessageBody=json.dumps(event),
        MessageAttributes={
            name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()
        },
    )


@pytest.mark.parametrize("kind", ["sqs", "fifo", "kinesis", "sns", "lambda"])
def test_dead_letter(build, kind):
    """What EventBridge gave up is found with its reason, also where the target itself cannot be looked into."""
    builder, event = build(kind), make_event()
    rule = builder.bridge.rules[0]
    bury(
        builder,
        event,
        RULE_ARN=rule.arn,
        TARGET_ARN=builder.target.arn,
        ERROR_CODE="NO_PERMISSIONS",
        ERROR_MESSAGE="not allowed",
        RETRY_ATTEMPTS="0",
    )

    found = follow(builder, event)

    assert (found.delivered, found.error_code) == (False, "NO_PERMISSIONS")
    assert found.detail.endswith("-dead-letter: NO_PERMISSIONS not allowed")


def test_dead_letter_of_a_function(build):
    """What a function failed on was put there by Lambda, under other names."""
    builder, event = build("lambda"), make_event()
    bury(builder, event, RequestID="1", ErrorCode="200", ErrorMessage="division by zero")

    found = follow(builder, event)

    assert (found.delivered, found.error_code) == (False, "200")


def test_dead_letters_stay(build):
    """Whoever reads the dead-letter queue still gets what was looked at."""
    builder, event = build("sns"), make_event()
    bury(builder, event, ERROR_CODE="NO_PERMISSIONS")
    follow(builder, event)

    url = builder.aws.sqs.get_queue_url(QueueName=builder.letters.rpartition(":")[2])["QueueUrl"]
    messages = builder.aws.sqs.receive_message(QueueUrl=url, WaitTimeSeconds=1).get("Messages", [])

    assert [json.loads(message["Body"])["id"] for message in messages] == [event["id"]]
