"""A bridge on which one thing is broken: what becomes of an event, as it would in AWS."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from customer_world import CUSTOMER, RULE, World, policy

OTHER_ACCOUNT = "210987654321"
EVENTS = {"Service": "events.amazonaws.com"}


@pytest.fixture
def healthy(world: World) -> World:
    """A rule, a queue with a customer's key, and a dead-letter queue."""
    arn = world.bridge.add_queue("q", RULE, KmsMasterKeyId=add_key(world))
    world.bridge.add_rule(RULE, {"Id": "q", "Arn": arn, **world.add_dead_letter_queue()})
    return world


def key_policy(*, lets_events_in: bool) -> str:
    """The owner may everything; EventBridge what a queue needs, or nothing."""
    root = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{CUSTOMER}:root"}, "Action": "kms:*"}
    events = {"Effect": "Allow", "Principal": EVENTS, "Action": ["kms:GenerateDataKey", "kms:Decrypt"]}
    statements = [root, events] if lets_events_in else [root]
    return policy(*({**statement, "Resource": "*"} for statement in statements))


def add_key(world: World) -> str:
    """A key that lets EventBridge in, under an alias."""
    kms = world.aws("kms")
    key = kms.create_key(Policy=key_policy(lets_events_in=True))["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName="alias/bridge", TargetKeyId=key)
    return str(key)


def key_id(world: World) -> str:
    """Of the queue's key."""
    return str(world.aws("kms").describe_key(KeyId="alias/bridge")["KeyMetadata"]["KeyId"])


def queue_url(world: World) -> str:
    """Of the target."""
    return str(world.aws("sqs").get_queue_url(QueueName="q")["QueueUrl"])


def set_queue(world: World, **attributes: str) -> None:
    """Change the target."""
    world.aws("sqs").set_queue_attributes(QueueUrl=queue_url(world), Attributes=attributes)


def put_pattern(world: World, pattern: dict[str, Any]) -> None:
    """Let the rule ask for something else."""
    bus = world.bridge.source
    world.bridge.events.put_rule(Name=RULE, EventBusName=bus, EventPattern=json.dumps(pattern))


def disable_rule(world: World) -> None:
    world.bridge.events.disable_rule(Name=RULE, EventBusName=world.bridge.source)


def remove_target(world: World) -> None:
    world.bridge.events.remove_targets(Rule=RULE, EventBusName=world.bridge.source, Ids=["q"])


def delete_bus(world: World) -> None:
    world.bridge.events.delete_event_bus(Name=world.bridge.source)


def delete_source(world: World) -> None:
    partner = world.aws("events", account="999988887777")
    partner.delete_partner_event_source(Name=world.bridge.source, Account=CUSTOMER)


LOST, DELIVERED = "lost", "delivered"
BREAKS: dict[str, tuple[Callable[[World], Any], str]] = {
    "nothing": (queue_url, DELIVERED),
    "the source is deactivated": (
        lambda world: world.bridge.events.deactivate_event_source(Name=world.bridge.source),
        LOST,
    ),
    "the bus is deleted": (delete_bus, LOST),
    "the source is deleted": (delete_source, "ResourceNotFoundException"),
    "the rule is disabled": (disable_rule, LOST),
    "the pattern cannot match": (lambda world: put_pattern(world, {"source": ["another"]}), LOST),
    "the rule has no target": (remove_target, LOST),
    "the queue is gone": (
        lambda world: world.aws("sqs").delete_queue(QueueUrl=queue_url(world)),
        "NO_RESOURCE",
    ),
    "the queue's policy is gone": (lambda world: set_queue(world, Policy=""), "NO_PERMISSIONS"),
    "the queue's policy is for another rule": (
        lambda world: set_queue(world, Policy=world.for_rule("sqs:SendMessage", "*").replace(RULE, "other")),
        "NO_PERMISSIONS",
    ),
    "the key lets nobody in": (
        lambda world: world.aws("kms").put_key_policy(
            KeyId=key_id(world), PolicyName="default", Policy=key_policy(lets_events_in=False)
        ),
        "NO_PERMISSIONS",
    ),
    "the key is disabled": (
        lambda world: world.aws("kms").disable_key(KeyId=key_id(world)),
        "NO_PERMISSIONS",
    ),
    "the key is about to be deleted": (
        lambda world: world.aws("kms").schedule_key_deletion(KeyId=key_id(world)),
        "NO_PERMISSIONS",
    ),
    "the key is AWS's own": (
        lambda world: set_queue(world, KmsMasterKeyId="alias/aws/sqs"),
        "NO_PERMISSIONS",
    ),
}


@pytest.mark.parametrize(("break_it", "expected"), BREAKS.values(), ids=BREAKS)
def test_what_becomes_of_an_event(healthy: World, break_it: Callable[[World], Any], expected: str) -> None:
    """It is delivered, it is a dead letter with AWS's code, or nobody ever hears of it."""
    break_it(healthy)
    result = healthy.bridge.send()
    letters = [letter["ERROR_CODE"] for letter in healthy.dead_letters()]
    try:
        delivered = healthy.messages("q")
    except ClientError:
        delivered = []
    outcome = letters[0] if letters else DELIVERED if delivered else LOST
    assert result.get("ErrorCode", outcome) == expected


def test_keys_of_another_account_see_nothing_of_it(healthy: World) -> None:
    """Who has an access key of another account is told that there is no such source, bus or queue."""
    events, source = healthy.aws("events", account=OTHER_ACCOUNT), healthy.bridge.source
    assert healthy.aws("sts", account=OTHER_ACCOUNT).get_caller_identity()["Account"] == OTHER_ACCOUNT
    with pytest.raises(events.exceptions.ResourceNotFoundException):
        events.describe_event_source(Name=source)
    with pytest.raises(events.exceptions.ResourceNotFoundException):
        events.describe_event_bus(Name=source)
    assert events.list_rules(EventBusName=source)["Rules"] == []
    assert healthy.aws("sqs", account=OTHER_ACCOUNT).list_queues().get("QueueUrls", []) == []
