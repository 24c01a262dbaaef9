"""Another bus as a target: the same account, another region, another account; once and not again."""

from __future__ import annotations

import json
from typing import Any

import pytest
from customer_world import CUSTOMER, REGION, RULE, Fields, World, arn, policy
from kinds_of_target import make_bus, received_by_bus

OTHER = "210987654321"
DETAIL = {"user": "u1"}
PLACES = {
    "same account and region": {},
    "another region": {"region": "us-east-1"},
    "another account": {"account": OTHER},
    "another account and region": {"account": OTHER, "region": "us-east-1"},
}


def let_in(world: World, bus: str, principal: str, **conditions: Any) -> None:
    """Let a principal put events on a bus of the other account."""
    owner = dict(zip(("region", "account"), bus.split(":")[3:5], strict=True))
    statement = {
        "Sid": "in",
        "Effect": "Allow",
        "Principal": {"AWS": principal},
        "Action": "events:PutEvents",
        "Resource": bus,
        "Condition": conditions,
    }
    world.aws("events", **owner).put_permission(EventBusName="b", Policy=policy(statement))


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_the_event_arrives_as_it_was(world: World, place: dict[str, str]) -> None:
    """Source, detail, account, region and time of the partner's event are kept."""
    target = make_bus(world, **place)
    if place.get("account"):
        let_in(world, target["Arn"], target["RoleArn"])
    world.bridge.add_rule(RULE, {"Id": "t", **target, **world.add_dead_letter_queue()})
    event_id = world.bridge.send(DETAIL, Time=1700000000)["EventId"]
    (event,) = (json.loads(body) for body in received_by_bus(world, **place))
    assert event == {
        "version": "0",
        "id": event_id,
        "source": world.bridge.source,
        "account": CUSTOMER,
        "region": REGION,
        "time": "2023-11-14T22:13:20Z",
        "resources": [],
        "detail-type": "v2.detail.events.conversation.{id}.user.end",
        "detail": DETAIL,
    }


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_without_a_role_it_is_a_dead_letter(world: World, place: dict[str, str]) -> None:
    """PutTargets refuses a bus elsewhere without a role; a bus of the same account and region gets nothing."""
    target = make_bus(world, **place)
    del target["RoleArn"]
    fields = {"Id": "t", **target, **world.add_dead_letter_queue()}
    if place:
        with pytest.raises(world.aws("events").exceptions.ClientError, match="RoleArn is required"):
            world.bridge.add_rule(RULE, fields)
        return
    world.bridge.add_rule(RULE, fields)
    world.bridge.send(DETAIL)
    assert [letter["ERROR_CODE"] for letter in world.dead_letters()] == ["NO_PERMISSIONS"]


ROLE = f"arn:aws:iam::{CUSTOMER}:role/invoke"
ROOT = f"arn:aws:iam::{CUSTOMER}:root"


@pytest.mark.parametrize(
    ("principal", "conditions", "allowed"),
    [
        (ROLE, {}, True),
        (ROOT, {}, True),
        (f"arn:aws:iam::{CUSTOMER}:role/other", {}, False),
        ("arn:aws:iam::999999999999:root", {}, False),
        (ROOT, {"StringEquals": {"events:source": "aws.partner/other"}}, False),
        (ROOT, {"ArnEquals": {"aws:SourceArn": arn("events", "rule/other")}}, False),
    ],
)
def test_a_bus_of_another_account_must_let_the_role_in(
    world: World, principal: str, conditions: Fields, allowed: bool
) -> None:
    """Its policy names the role or the account; conditions on rule and source are judged."""
    target = make_bus(world, account=OTHER)
    let_in(world, target["Arn"], principal, **conditions)
    world.bridge.add_rule(RULE, {"Id": "t", **target, **world.add_dead_letter_queue()})
    world.bridge.send(DETAIL)
    codes = [letter["ERROR_CODE"] for letter in world.dead_letters()]
    assert codes == ([] if allowed else ["NO_PERMISSIONS"])
    assert len(received_by_bus(world, account=OTHER)) == allowed


def test_a_rule_cannot_change_what_it_sends_to_a_bus(world: World) -> None:
    """AWS does not support an input for a bus."""
    target = {**make_bus(world), "InputPath": "$.detail"}
    world.bridge.add_rule(RULE, {"Id": "t", **target, **world.add_dead_letter_queue()})
    world.bridge.send(DETAIL)
    assert [letter["ERROR_CODE"] for letter in world.dead_letters()] == ["INVALID_PARAMETER"]


def send_on(world: World, region: str, to: str) -> None:
    """A rule on bus ``b`` of a region that sends all on to another bus."""
    rule = arn("events", "rule/b/on", region=region)
    role = world.add_role("on", ("events:PutEvents", to), trust=world.trust())
    events, sqs = world.aws("events", region=region), world.aws("sqs", region=region)
    queue = arn("sqs", "dead-on", region=region)
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue,
        "Condition": {"ArnEquals": {"aws:SourceArn": rule}},
    }
    sqs.create_queue(QueueName="dead-on", Attributes={"Policy": policy(statement)})
    pattern = json.dumps({"source": [{"prefix": "aws.partner/"}]})
    events.put_rule(Name="on", EventBusName="b", EventPattern=pattern)
    target = {"Id": "t", "Arn": to, "RoleArn": role, "DeadLetterConfig": {"Arn": queue}}
    events.put_targets(Rule="on", EventBusName="b", Targets=[target])


@pytest.mark.parametrize(
    ("first", "to_region", "code"),
    [
        (REGION, REGION, "THIRD_ACCOUNT_HOP_DETECTED"),
        ("us-east-1", "us-west-2", "THIRD_REGION_HOP_DETECTED"),
    ],
    ids=["within the region", "across regions"],
)
def test_what_came_from_a_bus_is_not_sent_on_to_a_third(
    world: World, first: str, to_region: str, code: str
) -> None:
    """Nor back, so that there is no loop: a dead letter of the second rule."""
    target = make_bus(world, region=first)
    world.bridge.add_rule(RULE, {"Id": "t", **target})
    world.aws("events", region=to_region).create_event_bus(Name="c")
    send_on(world, first, arn("events", "event-bus/c", region=to_region))
    world.bridge.send(DETAIL)
    sqs = world.aws("sqs", region=first)
    url = sqs.get_queue_url(QueueName="dead-on")["QueueUrl"]
    (letter,) = sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"])["Messages"]
    assert letter["MessageAttributes"]["ERROR_CODE"]["StringValue"] == code
