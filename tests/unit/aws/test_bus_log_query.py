"""The query of the event bus's log: what is asked, how its end is waited for, and lines as AWS documents them."""

import json
from datetime import datetime, timezone

import pytest
from botocore.stub import Stubber

from gcbridge.aws.bus_log import observe_bus_log
from gcbridge.aws.bus_log_query import Timing, query_text, read_lines
from gcbridge.aws.session import open_aws
from gcbridge.model.bridge import AwsAccount
from gcbridge.model.spec import EnvironmentSpec
from gcbridge.study.resolve import resolve

SINCE = datetime(2026, 11, 23, 10, 0, tzinfo=timezone.utc)
EVENT = "17793124-05d4-b198-2fde-7ededc63b103"
RULE = "arn:aws:events:eu-central-1:123456789012:rule/aws.partner/genesys.com/cloud/o/dev/presence"
QUEUE = "arn:aws:sqs:eu-central-1:123456789012:crm"


@pytest.fixture
def aws():
    account = AwsAccount(account_id="123456789012", region="eu-central-1")
    return open_aws(account, environ={"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "y"})


class Time:
    """Passes only while somebody sleeps."""

    def __init__(self):
        self.now = 0.0

    def sleep(self, seconds):
        """Let it pass."""
        self.now += seconds

    def clock(self):
        """Seconds so far."""
        return self.now


def read(aws, *ids, seconds=10):
    time = Time()
    return read_lines(aws, ["bus"], ids or [EVENT], Timing(SINCE, seconds, time.sleep, time.clock))


def row(line, timestamp="2026-11-23 10:00:01.500"):
    text = line if isinstance(line, str) else json.dumps(line)
    return [{"field": "@timestamp", "value": timestamp}, {"field": "@message", "value": text}]


def answer(logs, *answers):
    logs.add_response("start_query", {"queryId": "q"})
    for status, *rows in answers:
        logs.add_response("get_query_results", {"status": status, "results": rows})


def test_the_text_of_a_query_is_short_enough():
    """900 events fit into the 10,000 characters that a query may have."""
    ids = [f"{number:08x}-05d4-b198-2fde-7ededc63b103" for number in range(900)]

    assert len(query_text(ids)) < 10_000


@pytest.mark.parametrize(("event_id", "expected"), [(EVENT, "17793124"), ("a.b/c", r"a\.b\/c")])
def test_ids_in_the_query(event_id, expected):
    """As a part of a regular expression."""
    assert f"like /{expected}/\n" in query_text([event_id])


LINES = {
    "a match": (
        {"message_type": "RULE_MATCH", "details": {"rule_arn": RULE, "target_arns": [QUEUE]}},
        ("RULE_MATCH", "presence", QUEUE, ""),
    ),
    "a match with two targets": (
        {"message_type": "RULE_MATCH", "details": {"rule_arn": RULE, "target_arns": [QUEUE, QUEUE + "2"]}},
        ("RULE_MATCH", "presence", "", ""),
    ),
    "a failure with its error": (
        {
            "message_type": "INVOCATION_DLQ",
            "details": {"rule_arn": RULE, "target_arn": QUEUE, "final_invocation_status": "SDK_CLIENT_ERROR"},
            "error": {"error_message": "Access denied", "aws_service": "AWSSqs"},
        },
        ("INVOCATION_DLQ", "presence", QUEUE, "Access denied"),
    ),
    "a failure without one": (
        {
            "message_type": "INVOCATION_FAILURE",
            "details": {"rule_arn": RULE, "target_arn": QUEUE, "final_invocation_status": "RETRY_EXHAUSTED"},
        },
        ("INVOCATION_FAILURE", "presence", QUEUE, "RETRY_EXHAUSTED"),
    ),
    "a success": (
        {
            "message_type": "INVOCATION_SUCCESS",
            "details": {"rule_arn": RULE, "target_arn": f"{QUEUE}:*", "final_invocation_status": "SUCCESS"},
        },
        ("INVOCATION_SUCCESS", "presence", QUEUE, ""),
    ),
    "no details": ({"message_type": "NO_STANDARD_RULES_MATCHED"}, ("NO_STANDARD_RULES_MATCHED", "", "", "")),
}


@pytest.mark.parametrize(("line", "expected"), LINES.values(), ids=LINES)
def test_lines(aws, line, expected):
    """Rule, target and error, where a line names them."""
    with Stubber(aws.logs) as logs:
        answer(logs, ("Complete", row({"event_id": EVENT, **line})))
        (entry,), detail = read(aws)

    assert (entry.message_type, entry.rule, entry.target, entry.error) == expected
    assert (entry.at, detail) == (datetime(2026, 11, 23, 10, 0, 1, 500_000, timezone.utc), "")


def test_the_order_of_lines(aws):
    """By their own times; within one millisecond as the steps follow each other."""
    lines = [
        ("INVOCATION_SUCCESS", 1_000),
        ("RULE_MATCH", 1_000),
        ("EVENT_INGEST_SUCCESS", 1_000),
        ("INVOCATION_DLQ", 999),
    ]
    with Stubber(aws.logs) as logs:
        rows = [
            row({"event_id": EVENT, "message_type": step, "message_timestamp_ms": ms}) for step, ms in lines
        ]
        answer(logs, ("Complete", *rows))
        entries, _ = read(aws)

    assert [entry.message_type for entry in entries] == [
        "INVOCATION_DLQ",
        "EVENT_INGEST_SUCCESS",
        "RULE_MATCH",
        "INVOCATION_SUCCESS",
    ]


OTHERS = [
    "no JSON",
    "[]",
    {"event_id": EVENT[:8] + "-0000-4000-8000-000000000000", "message_type": "RULE_MATCH"},
]


@pytest.mark.parametrize("line", OTHERS)
def test_lines_of_others(aws, line):
    """What only looks like a line of the event is left out."""
    with Stubber(aws.logs) as logs:
        answer(logs, ("Complete", row(line)))
        assert read(aws) == ((), "")


def test_waiting_for_the_end(aws):
    """A query runs for a while."""
    with Stubber(aws.logs) as logs:
        answer(logs, ("Scheduled",), ("Running",), ("Complete", row({"event_id": EVENT})))
        entries, _ = read(aws)

    assert len(entries) == 1


def test_too_slow(aws):
    """A query that takes too long is stopped, and that is said."""
    with Stubber(aws.logs) as logs:
        answer(logs, ("Running",), ("Running",), ("Running",))
        logs.add_response("stop_query", {"success": True}, {"queryId": "q"})
        found = read(aws, seconds=1)
        logs.assert_no_pending_responses()

    assert found == ((), "the query of the event bus's log did not end in 1 s")


def test_interrupted(aws):
    """Ctrl-C stops the query."""

    def interrupt(_):
        raise KeyboardInterrupt

    with Stubber(aws.logs) as logs:
        answer(logs, ("Running",))
        logs.add_response("stop_query", {"success": True}, {"queryId": "q"})
        with pytest.raises(KeyboardInterrupt):
            read_lines(aws, ["bus"], [EVENT], Timing(SINCE, 10, interrupt, Time().clock))
        logs.assert_no_pending_responses()


@pytest.mark.parametrize("status", ["Failed", "Cancelled", "Timeout"])
def test_a_query_that_fails(aws, status):
    """Nothing was read, and that is said."""
    with Stubber(aws.logs) as logs:
        answer(logs, (status,))
        entries, detail = read(aws)

    assert entries == ()
    assert detail.startswith("the query of the event bus's log ")


def make_bridge():
    spec = {
        "genesys": {
            "region": "eu-central-1",
            "org_id": "0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11",
            "event_source_suffix": "dev",
            "topics": ["v2.users.{id}.presence"],
        },
        "aws": {"region": "eu-central-1", "account_id": "123456789012"},
        "rules": {"presence": {"targets": ["queue"]}},
        "targets": {"queue": {"type": "sqs"}},
    }
    return resolve("dev", EnvironmentSpec.model_validate(spec))


def where_it_goes(bridge):
    """What CloudWatch Logs answers of a bus that logs into the group `bus`."""
    group = "arn:aws:logs:eu-central-1:123456789012:log-group:bus:*"
    source = {"name": "of-bus", "resourceArns": [bridge.event_bus_arn]}
    destination = {
        "arn": "there",
        "deliveryDestinationType": "CWL",
        "deliveryDestinationConfiguration": {"destinationResourceArn": group},
    }
    return {
        "describe_delivery_sources": {"deliverySources": [source]},
        "describe_deliveries": {
            "deliveries": [{"deliverySourceName": "of-bus", "deliveryDestinationArn": "there"}]
        },
        "describe_delivery_destinations": {"deliveryDestinations": [destination]},
        "start_query": {"queryId": "q"},
    }


NOT_ALLOWED = {
    "describe_event_bus": "events:DescribeEventBus",
    "describe_delivery_sources": "logs:DescribeDeliverySources",
    "describe_deliveries": "logs:DescribeDeliveries",
    "describe_delivery_destinations": "logs:DescribeDeliveryDestinations",
    "start_query": "logs:StartQuery",
    "get_query_results": "logs:GetQueryResults",
}


@pytest.mark.parametrize(("call", "action"), NOT_ALLOWED.items())
def test_not_allowed(aws, call, action):
    """What IAM does not allow is said with the missing action, and breaks nothing."""
    bridge = make_bridge()
    with Stubber(aws.events) as events, Stubber(aws.logs) as logs:
        if call == "describe_event_bus":
            events.add_client_error(call, "AccessDeniedException", "no")
        else:
            events.add_response("describe_event_bus", {"LogConfig": {"Level": "INFO"}})
            for asked, given in where_it_goes(bridge).items():
                if asked == call:
                    break
                logs.add_response(asked, given)
            logs.add_client_error(call, "AccessDeniedException", "no")
            if call == "get_query_results":
                logs.add_response("stop_query", {"success": True})
        found = observe_bus_log(aws, bridge, [EVENT], SINCE)

    assert found.entries == ()
    assert f"allow the IAM action {action}" in found.detail
