"""Who may deliver: resource policies, invoke roles, and the keys of encrypted targets."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from customer_world import CUSTOMER, REGION, RULE, Fields, World, arn, policy
from kinds_of_target import (
    make_cluster,
    make_delivery_stream,
    make_function,
    make_stream,
    make_topic,
    objects_in_bucket,
)

OTHER = "210987654321"
QUEUE = arn("sqs", "q")
STREAM = arn("kinesis", "stream/s")


def outcome(world: World, target: Fields) -> str:
    """The error code of the dead letter; empty if the target took the event."""
    world.bridge.add_rule(RULE, {"Id": "t", **target, **world.add_dead_letter_queue()})
    world.bridge.send({"user": "u1"})
    return "".join(letter["ERROR_CODE"] for letter in world.dead_letters())


def trusting(source_arn: str, account: str = CUSTOMER) -> Callable[[World], str]:
    """A trust policy with the two conditions that AWS recommends."""
    conditions = {
        "ArnEquals": {"aws:SourceArn": source_arn},
        "StringEquals": {"aws:SourceAccount": account},
    }
    return lambda world: world.trust(**conditions)


@pytest.mark.parametrize(
    ("trust", "code"),
    [
        (World.rule_trust, ""),
        (World.trust, ""),
        (lambda world: world.trust("scheduler.amazonaws.com"), "FAILED_TO_ASSUME_ROLE"),
        (trusting(arn("events", "rule/other")), "FAILED_TO_ASSUME_ROLE"),
        (trusting("*", OTHER), "FAILED_TO_ASSUME_ROLE"),
    ],
    ids=["this rule", "any rule", "another service", "another rule", "another account's rule"],
)
def test_the_role_must_trust_eventbridge_with_this_rule(
    world: World, trust: Callable[[World], str], code: str
) -> None:
    """``aws:SourceArn`` and ``aws:SourceAccount`` are the rule's."""
    target = make_stream(world)
    world.aws("iam").update_assume_role_policy(RoleName="invoke", PolicyDocument=trust(world))
    assert outcome(world, target) == code


@pytest.mark.parametrize(
    ("role", "code"),
    [
        (f"arn:aws:iam::{CUSTOMER}:role/none", "FAILED_TO_ASSUME_ROLE"),
        (f"arn:aws:iam::{OTHER}:role/invoke", "FAILED_TO_ASSUME_ROLE"),
        (None, "NO_PERMISSIONS"),
    ],
)
def test_a_target_that_needs_a_role_needs_one_of_the_rule_s_account(
    world: World, role: str | None, code: str
) -> None:
    """Missing, of another account, or not named at all."""
    target = make_stream(world)
    del target["RoleArn"]
    assert outcome(world, {**target, **({"RoleArn": role} if role else {})}) == code


@pytest.mark.parametrize(
    ("action", "resource", "code"),
    [
        ("kinesis:PutRecord", STREAM, ""),
        ("kinesis:Put*", "*", ""),
        ("kinesis:PutRecord", f"{STREAM}2", "NO_PERMISSIONS"),
        ("kinesis:GetRecords", STREAM, "NO_PERMISSIONS"),
    ],
)
def test_the_role_must_allow_the_action_on_the_target(
    world: World, action: str, resource: str, code: str
) -> None:
    """Its inline policy is enough, if it names both."""
    target = make_stream(world)
    document = policy({"Effect": "Allow", "Action": action, "Resource": resource})
    world.aws("iam").put_role_policy(RoleName="invoke", PolicyName="p", PolicyDocument=document)
    assert outcome(world, target) == code


def test_an_attached_policy_counts_and_a_denial_wins(world: World) -> None:
    """An attached policy allows; an inline one denies."""
    target, iam = make_stream(world), world.aws("iam")
    world.forbid_role()
    allow = {"Effect": "Allow", "Action": "kinesis:PutRecord", "Resource": STREAM}
    attached = iam.create_policy(PolicyName="p", PolicyDocument=policy(allow))["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="invoke", PolicyArn=attached)
    world.bridge.add_rule(RULE, {"Id": "t", **target, **world.add_dead_letter_queue()})
    world.bridge.send()
    assert world.dead_letters() == []
    deny = policy({**allow, "Effect": "Deny"})
    iam.put_role_policy(RoleName="invoke", PolicyName="deny", PolicyDocument=deny)
    world.bridge.send()
    assert len(world.dead_letters()) == 1


@pytest.mark.parametrize("service", ["sqs", "sns", "lambda"])
def test_with_a_role_the_role_s_policy_decides(world: World, service: str) -> None:
    """A queue, a topic and a function of the same account then need no policy of their own."""
    made: dict[str, tuple[Fields, str]] = {
        "sqs": ({"Arn": world.bridge.add_queue("q")}, "sqs:SendMessage"),
        "sns": (make_topic(world), "sns:Publish"),
        "lambda": (make_function(world), "lambda:InvokeFunction"),
    }
    target, action = made[service]
    assert outcome(world, {**target, "RoleArn": world.add_role("idle")}) == "NO_PERMISSIONS"
    role = world.add_role("invoke", (action, target["Arn"]))
    world.bridge.add_rule(RULE, {"Id": "t", **target, "RoleArn": role})
    world.bridge.send()
    assert world.dead_letters() == []


def test_a_role_and_a_queue_of_another_account(world: World) -> None:
    """Both policies must allow: the role's, and the queue's to the role."""
    theirs = arn("sqs", "q", OTHER)
    role = world.add_role("invoke", ("sqs:SendMessage", theirs))
    sqs = world.aws("sqs", account=OTHER)
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    assert outcome(world, {"Arn": theirs, "RoleArn": role}) == "NO_PERMISSIONS"
    statement = {"Effect": "Allow", "Principal": {"AWS": role}, "Action": "sqs:SendMessage"}
    document = policy({**statement, "Resource": theirs})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": document})
    world.bridge.send()
    assert len(sqs.receive_message(QueueUrl=url)["Messages"]) == 1


@pytest.mark.parametrize("missing", ["ecs:RunTask", "ecs:cluster", "iam:PassRole", "iam:PassedToService"])
def test_a_task_needs_two_permissions_with_conditions(world: World, missing: str) -> None:
    """RunTask in this cluster only, and PassRole to ECS only; with another condition, neither."""
    target, iam = make_cluster(world), world.aws("iam")
    document = iam.get_role_policy(RoleName="invoke", PolicyName="p")["PolicyDocument"]
    text = json.dumps(document).replace(missing, f"{missing}Not")
    iam.put_role_policy(RoleName="invoke", PolicyName="p", PolicyDocument=text)
    assert outcome(world, target) == "NO_PERMISSIONS"


def test_a_topic_s_subscriber_needs_a_policy_for_the_topic(world: World) -> None:
    """EventBridge's part is done when the topic has the message: what the queue refuses is lost."""
    target, sqs = make_topic(world), world.aws("sqs")
    url = sqs.get_queue_url(QueueName="subscriber")["QueueUrl"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": ""})
    assert outcome(world, target) == ""
    assert world.messages("subscriber") == []


def test_a_permission_of_a_function_is_for_one_rule_and_account(world: World) -> None:
    """With the statement for another rule, the function is not invoked."""
    target, functions = make_function(world), world.aws("lambda")
    functions.remove_permission(FunctionName="f", StatementId="rule")
    functions.add_permission(
        FunctionName="f",
        StatementId="other",
        Action="lambda:InvokeFunction",
        Principal="events.amazonaws.com",
        SourceArn=world.bridge.rule_arn("other"),
        SourceAccount=CUSTOMER,
    )
    assert outcome(world, target) == "NO_PERMISSIONS"


def key_policy(world: World, *statements: Fields) -> str:
    """A key policy: the account's administration, and more."""
    administer = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{CUSTOMER}:root"},
        "Action": ["kms:PutKeyPolicy", "kms:GetKeyPolicy", "kms:CreateGrant"],
        "Resource": "*",
    }
    return policy(administer, *statements)


def for_events(world: World, *actions: str, rule: str = RULE) -> Fields:
    """The statement that lets EventBridge use a key on behalf of a rule."""
    return {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": list(actions),
        "Resource": "*",
        "Condition": {"ArnEquals": {"aws:SourceArn": world.bridge.rule_arn(rule)}},
    }


USE = ("kms:GenerateDataKey", "kms:Decrypt")


@pytest.mark.parametrize(
    ("actions", "rule", "code"),
    [(USE, RULE, ""), (USE[:1], RULE, "NO_PERMISSIONS"), (USE, "other", "NO_PERMISSIONS")],
    ids=["both actions", "one action", "another rule"],
)
@pytest.mark.parametrize("alias", [False, True])
def test_the_key_of_a_queue_must_let_eventbridge_use_it(
    world: World, alias: bool, actions: tuple[str, ...], rule: str, code: str
) -> None:
    """Both actions, for this rule; a queue may name its key by an alias."""
    kms = world.aws("kms")
    document = key_policy(world, for_events(world, *actions, rule=rule))
    key = kms.create_key(Policy=document)["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName="alias/bridge", TargetKeyId=key)
    queue = world.bridge.add_queue("q", RULE, KmsMasterKeyId="alias/bridge" if alias else key)
    assert outcome(world, {"Arn": queue}) == code


@pytest.mark.parametrize("way", ["none", "grant", "denied grant", "policies", "role's policy alone"])
def test_the_role_must_be_able_to_use_the_key_of_a_queue(world: World, way: str) -> None:
    """By a grant that nothing denies, or by its own policy where the key's policy leaves that to IAM."""
    kms = world.aws("kms")
    delegate = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{CUSTOMER}:root"},
        "Action": list(USE),
        "Resource": "*",
    }
    document = key_policy(world, delegate) if way == "policies" else key_policy(world)
    key = kms.create_key(Policy=document)["KeyMetadata"]["Arn"]
    queue = world.bridge.add_queue("q", KmsMasterKeyId=key)
    uses = [(action, key) for action in USE] if "polic" in way else []
    role = world.add_role("invoke", ("sqs:SendMessage", queue), *uses)
    if "grant" in way:
        kms.create_grant(KeyId=key, GranteePrincipal=role, Operations=["GenerateDataKey", "Decrypt"])
    if way == "denied grant":
        deny = {"Effect": "Deny", "Principal": {"AWS": role}, "Action": USE[0], "Resource": "*"}
        kms.put_key_policy(KeyId=key, PolicyName="default", Policy=key_policy(world, deny))
    received = way in {"grant", "policies"}
    assert outcome(world, {"Arn": queue, "RoleArn": role}) == ("" if received else "NO_PERMISSIONS")
    assert len(world.messages("q")) == received


def test_the_key_of_a_dead_letter_queue_is_judged_too(world: World) -> None:
    """If EventBridge may not use it, the event is lost."""
    key = world.aws("kms").create_key(Policy=key_policy(world))["KeyMetadata"]["KeyId"]
    dead = world.bridge.add_queue("dead", RULE, KmsMasterKeyId=key)
    world.bridge.add_rule(RULE, {"Id": "t", "Arn": QUEUE, "DeadLetterConfig": {"Arn": dead}})
    world.bridge.send()
    assert world.messages("dead") == []


@pytest.mark.parametrize("service", ["sns", "kinesis"])
def test_the_key_of_an_encrypted_topic_or_stream(world: World, service: str) -> None:
    """The same as for a queue."""
    key = world.aws("kms").create_key(Policy=key_policy(world))["KeyMetadata"]["Arn"]
    if service == "sns":
        target = make_topic(world)
        names = {"TopicArn": target["Arn"], "AttributeName": "KmsMasterKeyId"}
        world.aws("sns").set_topic_attributes(**names, AttributeValue=key)
    else:
        target = make_stream(world)
        stream = {"StreamName": "s", "EncryptionType": "KMS"}
        world.aws("kinesis").start_stream_encryption(**stream, KeyId=key)
    assert outcome(world, target) == "NO_PERMISSIONS"


@pytest.mark.parametrize("service", ["trust", "policy"])
def test_the_delivery_role_of_firehose_must_be_able_to_write(world: World, service: str) -> None:
    """Firehose has accepted the event, so that it is no dead letter; it is gone."""
    target, iam = make_delivery_stream(world), world.aws("iam")
    if service == "trust":
        trust = world.trust("lambda.amazonaws.com")
        iam.update_assume_role_policy(RoleName="delivery", PolicyDocument=trust)
    else:
        iam.delete_role_policy(RoleName="delivery", PolicyName="p")
    assert outcome(world, target) == ""
    assert objects_in_bucket(world) == {}


def test_a_target_of_another_region_is_no_resource(world: World) -> None:
    """Only events of buses cross regions."""
    world.aws("kinesis", region="us-east-1").create_stream(StreamName="s", ShardCount=1)
    target = {**make_stream(world), "Arn": STREAM.replace(REGION, "us-east-1")}
    assert outcome(world, target) == "NO_RESOURCE"
