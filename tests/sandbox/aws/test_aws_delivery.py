"""Delivery to SQS and CloudWatch Logs, and what happens when it is not possible."""

from __future__ import annotations

import json
from typing import Any

import pytest

CUSTOMER = "123456789012"
QUEUE_ARN = f"arn:aws:sqs:eu-west-1:{CUSTOMER}:"
GROUP = "/aws/events/bridge"
GROUP_ARN = f"arn:aws:logs:eu-west-1:{CUSTOMER}:log-group:{GROUP}"


def attributes(message: dict[str, Any]) -> dict[str, str]:
    """A message's attributes, as plain text."""
    return {name: value["StringValue"] for name, value in message["MessageAttributes"].items()}


def allow_logs(bridge: Any, *principals: str, resource: str = f"{GROUP_ARN}:*") -> None:
    """The log resource policy that a rule's target needs."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": list(principals)},
        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": resource,
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    bridge.connect("logs").put_resource_policy(policyName="events", policyDocument=document)


def logged(bridge: Any) -> list[str]:
    """What stands in the log group."""
    return [e["message"] for e in bridge.connect("logs").filter_log_events(logGroupName=GROUP)["events"]]


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({"Input": '{"fixed": 1}'}, {"fixed": 1}),
        ({"InputPath": "$.detail.user"}, {"id": "u1"}),
        (
            {
                "InputTransformer": {
                    "InputPathsMap": {"who": "$.detail.user.id"},
                    "InputTemplate": '{"user": <who>, "rule": <aws.events.rule-name>}',
                }
            },
            {"user": "u1", "rule": "all"},
        ),
    ],
)
def test_what_the_target_receives(bridge: Any, inputs: dict[str, Any], expected: Any) -> None:
    """Constant, part of the event, or transformed."""
    bridge.add_rule("all", {"Id": "q", "Arn": bridge.add_queue("q", "all"), **inputs})
    bridge.send({"user": {"id": "u1"}})
    assert json.loads(bridge.receive("q")[0]["Body"]) == expected


def test_a_fifo_queue_needs_a_group(bridge: Any) -> None:
    """With ``SqsParameters`` the message has its group; without, it is a dead letter."""
    fifo = bridge.add_queue("q.fifo", "all", FifoQueue="true", ContentBasedDeduplication="true")
    dead = {"DeadLetterConfig": {"Arn": bridge.add_queue("dead", "all")}}
    bridge.add_rule(
        "all",
        {"Id": "a", "Arn": fifo, **dead},
        {"Id": "b", "Arn": fifo, **dead, "SqsParameters": {"MessageGroupId": "calls"}},
    )
    bridge.send()
    assert len(bridge.receive("q.fifo")) == 1
    assert attributes(bridge.receive("dead")[0])["ERROR_CODE"] == "INVALID_PARAMETER"


@pytest.mark.parametrize(
    ("target", "code"),
    [
        (f"{QUEUE_ARN}none", "NO_RESOURCE"),
        (f"{QUEUE_ARN}closed", "NO_PERMISSIONS"),
        (f"{QUEUE_ARN}other-rules", "NO_PERMISSIONS"),
        (f"{QUEUE_ARN}aws-key", "NO_PERMISSIONS"),
        (f"arn:aws:sqs:us-east-1:{CUSTOMER}:open", "NO_RESOURCE"),
        (f"{GROUP_ARN}", "NO_PERMISSIONS"),
        (f"{GROUP_ARN}-none", "NO_RESOURCE"),
    ],
)
def test_what_cannot_be_delivered_is_a_dead_letter_at_once(bridge: Any, target: str, code: str) -> None:
    """The untransformed event, with AWS's attributes; nothing is retried."""
    bridge.add_queue("closed")
    bridge.add_queue("other-rules", "another")
    bridge.add_queue("aws-key", "all", KmsMasterKeyId="alias/aws/sqs")
    bridge.connect("logs").create_log_group(logGroupName=GROUP)
    dead = bridge.add_queue("dead", "all")
    bridge.add_rule("all", {"Id": "q", "Arn": target, "Input": "{}", "DeadLetterConfig": {"Arn": dead}})
    bridge.send({"n": 1})
    (letter,) = bridge.receive("dead")
    assert json.loads(letter["Body"])["detail"] == {"n": 1}
    found = attributes(letter)
    assert found.pop("ERROR_MESSAGE")
    assert found == {
        "RULE_ARN": bridge.rule_arn("all"),
        "TARGET_ARN": target,
        "ERROR_CODE": code,
        "RETRY_ATTEMPTS": "0",
    }


def test_a_dead_letter_queue_needs_its_own_policy(bridge: Any) -> None:
    """Without one the event is lost, and the other target of the rule still gets its own."""
    lost = {"Id": "a", "Arn": f"{QUEUE_ARN}none", "DeadLetterConfig": {"Arn": bridge.add_queue("dead")}}
    bridge.add_rule("all", lost, {"Id": "b", "Arn": bridge.add_queue("q", "all")})
    assert "EventId" in bridge.send()
    assert bridge.receive("dead") == []
    assert len(bridge.receive("q")) == 1


def test_a_dead_letter_queue_is_a_standard_queue(bridge: Any) -> None:
    """What can't be delivered is lost if it is FIFO."""
    attributes = {"FifoQueue": "true", "ContentBasedDeduplication": "true"}
    dead = bridge.add_queue("dead.fifo", "all", **attributes)
    bridge.add_rule("all", {"Id": "a", "Arn": f"{QUEUE_ARN}none", "DeadLetterConfig": {"Arn": dead}})
    bridge.send()
    assert bridge.receive("dead.fifo") == []


def test_a_queue_of_another_account(bridge: Any) -> None:
    """It receives if its own policy lets the rule send."""
    theirs = "arn:aws:sqs:eu-west-1:210987654321:theirs"
    policy = bridge.connect("sqs", "210987654321")
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:*",
        "Resource": theirs,
        "Condition": {"StringEquals": {"aws:SourceAccount": CUSTOMER}},
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    url = policy.create_queue(QueueName="theirs", Attributes={"Policy": document})["QueueUrl"]
    bridge.add_rule("all", {"Id": "q", "Arn": theirs})
    bridge.send()
    assert len(policy.receive_message(QueueUrl=url)["Messages"]) == 1


@pytest.mark.parametrize("principal", ["events.amazonaws.com", "delivery.logs.amazonaws.com"])
@pytest.mark.parametrize("target", [GROUP_ARN, f"{GROUP_ARN}:*"])
def test_a_log_group_receives(bridge: Any, principal: str, target: str) -> None:
    """With a log resource policy for either of the services that AWS's examples name."""
    bridge.connect("logs").create_log_group(logGroupName=GROUP)
    allow_logs(bridge, principal)
    bridge.add_rule("all", {"Id": "logs", "Arn": target})
    bridge.send({"n": 1})
    bridge.send({"n": 2})
    assert [json.loads(message)["detail"]["n"] for message in logged(bridge)] == [1, 2]


def test_a_policy_without_the_streams_does_not_allow_writing(bridge: Any) -> None:
    """``Resource`` has to end in ``:*``: the ARN of the group alone does not cover its streams."""
    bridge.connect("logs").create_log_group(logGroupName=GROUP)
    allow_logs(bridge, "events.amazonaws.com", resource=GROUP_ARN)
    bridge.add_rule("all", {"Id": "logs", "Arn": GROUP_ARN})
    bridge.send()
    assert logged(bridge) == []


def test_a_rule_of_the_default_bus_needs_the_queue_policy_too(bridge: Any) -> None:
    """Delivery is the same for every bus."""
    bridge.events.put_rule(Name="own", EventPattern=json.dumps({"source": ["my.app"]}))
    bridge.events.put_targets(Rule="own", Targets=[{"Id": "q", "Arn": bridge.add_queue("closed")}])
    bridge.events.put_events(Entries=[{"Source": "my.app", "DetailType": "t", "Detail": "{}"}])
    assert bridge.receive("closed") == []


def test_a_kind_of_target_that_is_not_emulated(bridge: Any) -> None:
    """Receives nothing; the dead letter says so."""
    dead = {"DeadLetterConfig": {"Arn": bridge.add_queue("dead", "all")}}
    target = f"arn:aws:codebuild:eu-west-1:{CUSTOMER}:project/p"
    bridge.add_rule("all", {"Id": "t", "Arn": target, **dead})
    bridge.send()
    assert attributes(bridge.receive("dead")[0])["ERROR_CODE"] == "UNKNOWN"
