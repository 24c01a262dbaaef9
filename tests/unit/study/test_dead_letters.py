"""Letters of both makers are read, grouped, and refused where no target could take them."""

import json
from datetime import datetime, timedelta, timezone

import pytest

from gcbridge.model.dead_letter import Selection
from gcbridge.model.spec import EnvironmentSpec
from gcbridge.study.dead_letters import event_of, group_letters, payload_for, read_letter, reason_to_refuse
from gcbridge.study.resolve import resolve

REGION, ACCOUNT = "eu-central-1", "123456789012"
TOPIC = "v2.users.{id}.presence"
NOW = datetime(2026, 1, 2, tzinfo=timezone.utc)
EVENT = {
    "id": "e-1",
    "source": "aws.partner/genesys.com/cloud/x/dev",
    "detail-type": TOPIC,
    "detail": {"a": 1},
}
TARGETS = {
    "queue": {"type": "sqs", "input": {"path": "$.detail"}},
    "writer": {"type": "dynamodb", "input": {"path": "$.detail"}},
    "bus": {"type": "event_bus"},
    "elsewhere": {"type": "existing", "arn": f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/other"},
    "log": {"type": "log_group"},
    "api": {
        "type": "api_destination",
        "url": "https://example.com/",
        "authorization": {"type": "api_key", "secret": {"environment_variable": "KEY"}},
    },
}


@pytest.fixture(scope="module")
def bridge():
    spec = {
        "genesys": {
            "region": REGION,
            "org_id": "0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11",
            "event_source_suffix": "dev",
            "topics": [TOPIC],
        },
        "aws": {"region": REGION, "account_id": ACCOUNT},
        "rules": {
            "first": {"targets": ["queue", "writer", "bus", "elsewhere", "log"]},
            "second": {"targets": ["queue", "api"]},
        },
        "targets": TARGETS,
    }
    return resolve("dev", EnvironmentSpec.model_validate(spec))


def message(number=1, body=None, age=timedelta(), **attributes):
    return {
        "MessageId": f"m-{number}",
        "Body": json.dumps(EVENT) if body is None else body,
        "Attributes": {
            "SentTimestamp": str(int((NOW - age).timestamp() * 1000)),
            "ApproximateReceiveCount": "2",
        },
        "MessageAttributes": {
            name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()
        },
    }


def by_eventbridge(bridge, rule="first", target="queue", code="NO_PERMISSIONS", **more):
    arn = bridge.target(target).arn
    return {
        "RULE_ARN": bridge.rule_arn(rule),
        "TARGET_ARN": arn,
        "ERROR_CODE": code,
        "ERROR_MESSAGE": "said no",
        **more,
    }


def test_a_letter_of_eventbridge(bridge):
    """Its attributes say rule, target and reason."""
    letter = read_letter(bridge.target("queue"), message(**by_eventbridge(bridge, RETRY_ATTEMPTS="185")))

    assert (letter.made_by, letter.rule, letter.error_code) == ("eventbridge", "first", "NO_PERMISSIONS")
    assert (letter.error_message, letter.receive_count, letter.sent_at) == ("said no", 2, NOW)
    assert letter.attributes["RETRY_ATTEMPTS"] == "185"


def test_a_letter_of_lambda(bridge):
    """It does not say the rule; where the target has one only, it is that."""
    attributes = {"RequestID": "r-1", "ErrorCode": "200", "ErrorMessage": "the function failed"}
    letter = read_letter(bridge.target("writer"), message(**attributes))

    assert (letter.made_by, letter.rule, letter.error_code) == ("lambda", "first", "200")
    assert read_letter(bridge.target("queue"), message(**attributes)).rule == "unknown"


def test_a_letter_without_attributes(bridge):
    """Somebody put it there."""
    letter = read_letter(bridge.target("writer"), message())

    assert (letter.made_by, letter.rule, letter.error_code) == ("unknown", "unknown", "unknown")


def test_groups(bridge):
    """By target, rule and code; the largest first, with the oldest letter's age and message."""
    queue = bridge.target("queue")
    letters = [
        read_letter(queue, message(1, **by_eventbridge(bridge))),
        read_letter(queue, message(2, age=timedelta(hours=1), **by_eventbridge(bridge, code="THROTTLING"))),
        read_letter(
            queue,
            message(
                3, age=timedelta(days=1), **by_eventbridge(bridge, code="THROTTLING", ERROR_MESSAGE="slow")
            ),
        ),
        read_letter(queue, message(4, **by_eventbridge(bridge, rule="second"))),
    ]
    groups = group_letters(letters, NOW)

    assert [(group.rule, group.error_code, group.count) for group in groups] == [
        ("first", "THROTTLING", 2),
        ("first", "NO_PERMISSIONS", 1),
        ("second", "NO_PERMISSIONS", 1),
    ]
    assert (groups[0].oldest_age_seconds, groups[0].error_message) == (86400.0, "slow")


def test_selection(bridge):
    """All that is given must fit."""
    letter = read_letter(bridge.target("queue"), message(**by_eventbridge(bridge)))

    assert Selection().picks(letter)
    assert Selection(target="queue", rule="first", code="NO_PERMISSIONS").picks(letter)
    assert not Selection(rule="second").picks(letter)
    assert not Selection(code="THROTTLING").picks(letter)
    assert not Selection(target="log").picks(letter)


def test_only_an_event_is_one(bridge):
    """Whatever else lies in the queue is none."""
    queue = bridge.target("queue")

    assert event_of(read_letter(queue, message())) == EVENT
    assert event_of(read_letter(queue, message(body="no JSON"))) is None
    assert event_of(read_letter(queue, message(body='{"id": "only"}'))) is None


def test_the_input_is_applied_once(bridge):
    """EventBridge keeps the event; Lambda keeps what has passed the input already; other bodies stay as they are."""

    def payload(target, text):
        return payload_for(bridge, bridge.target(target), read_letter(bridge.target(target), text))

    whole = message()["Body"]

    assert payload("queue", message(**by_eventbridge(bridge))) == '{"a":1}'
    assert payload("writer", message(RequestID="r-1", ErrorCode="200")) == whole
    assert payload("log", message(**by_eventbridge(bridge, target="log"))) == whole
    assert payload("queue", message(body="no JSON")) == "no JSON"


@pytest.mark.parametrize("target", ["bus", "elsewhere"])
def test_an_event_bus_is_refused_with_the_way(bridge, target):
    """A customer cannot put partner events."""
    letter = read_letter(bridge.target(target), message(**by_eventbridge(bridge, target=target)))

    assert "gcbridge replay dev --from <time> --to <time> --rule first" in reason_to_refuse(
        bridge, bridge.target(target), letter
    )


def test_a_target_that_has_changed_is_refused(bridge):
    """The letter was meant for something else."""
    queue = bridge.target("queue")
    other = f"arn:aws:sqs:{REGION}:{ACCOUNT}:removed"
    letter = read_letter(queue, message(**{**by_eventbridge(bridge), "TARGET_ARN": other}))

    assert other in reason_to_refuse(bridge, queue, letter)


def test_nothing_is_in_the_way(bridge):
    """ARNs of log groups come with and without `:*`; that of an API destination is known in part."""
    log, api = bridge.target("log"), bridge.target("api")
    destination = f"arn:aws:events:{REGION}:{ACCOUNT}:api-destination/{api.destination_name}/0c6b1f6e"

    for target, arn in ((log, f"{log.arn}:*"), (log, log.arn), (api, destination), (api, "")):
        assert reason_to_refuse(bridge, target, read_letter(target, message(TARGET_ARN=arn))) == ""
