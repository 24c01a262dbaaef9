"""Who a resource policy lets in."""

import pytest

from gcbridge.study.resource_policy import ServiceRequest, is_permitted

QUEUE = "arn:aws:sqs:eu-central-1:123456789012:calls"
RULE = "arn:aws:events:eu-central-1:123456789012:rule/aws.partner/genesys.com/cloud/0b6a/dev/calls"
REQUEST = ServiceRequest("events.amazonaws.com", "sqs:SendMessage", QUEUE, RULE, "123456789012")


def allow(**changes):
    return {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": QUEUE,
        **changes,
    }


def deny(**changes):
    return allow(Effect="Deny", **changes)


def when(operator, key, *values):
    return {"Condition": {operator: {key: list(values)}}}


OTHER_RULE = RULE.replace("/calls", "/chats")
INSECURE = deny(Principal="*", Action="sqs:*", **when("Bool", "aws:SecureTransport", "false"))

CASES = {
    "plain": ([allow()], True),
    "exactly this rule": ([allow(**when("ArnEquals", "aws:SourceArn", RULE))], True),
    "one of several rules": ([allow(**when("ArnEquals", "aws:SourceArn", OTHER_RULE, RULE))], True),
    "another rule": ([allow(**when("ArnEquals", "aws:SourceArn", OTHER_RULE))], False),
    "rule by wildcard": ([allow(**when("ArnLike", "aws:SourceArn", "arn:aws:events:*:*:rule/*"))], True),
    "a wildcard stops at the colon": ([allow(**when("ArnLike", "aws:SourceArn", "arn:aws:*"))], False),
    "key in any case": ([allow(**when("ArnEquals", "AWS:sourcearn", RULE))], True),
    "account": ([allow(**when("StringEquals", "aws:SourceAccount", "123456789012"))], True),
    "another account": ([allow(**when("StringEquals", "aws:SourceAccount", "210987654321"))], False),
    "account by wildcard": ([allow(**when("StringLike", "aws:SourceAccount", "1234*"))], True),
    "not another account": ([allow(**when("StringNotEquals", "aws:SourceAccount", "210987654321"))], True),
    "everybody": ([allow(Principal="*")], True),
    "every account": ([allow(Principal={"AWS": "*"})], True),
    "one account's users": ([allow(Principal={"AWS": "arn:aws:iam::123456789012:root"})], False),
    "another service": ([allow(Principal={"Service": "sns.amazonaws.com"})], False),
    "several services": ([allow(Principal={"Service": ["sns.amazonaws.com", "events.amazonaws.com"]})], True),
    "every action": ([allow(Action="sqs:*")], True),
    "action in any case": ([allow(Action="SQS:sendmessage")], True),
    "another action": ([allow(Action=["sqs:ReceiveMessage"])], False),
    "all but another action": ([{**allow(NotAction="sqs:DeleteQueue"), "Action": []}], True),
    "every resource": ([allow(Resource="*")], True),
    "another resource": ([allow(Resource=f"{QUEUE}-2")], False),
    "no statement": ([], False),
    "a deny wins": ([allow(), deny()], False),
    "a deny for someone else": ([allow(), deny(Principal={"Service": "sns.amazonaws.com"})], True),
    "a deny of plain HTTP": ([allow(), INSECURE], True),
    "an unknown operator": ([allow(**when("DateGreaterThan", "aws:CurrentTime", "2026-01-01"))], None),
    "an unknown key": ([allow(**when("StringEquals", "aws:SourceOrgID", "o-1"))], None),
    "an unknown deny": ([allow(), deny(**when("IpAddress", "aws:SourceIp", "10.0.0.0/8"))], None),
    "an unknown deny of something else": (
        [allow(), deny(Action="sqs:PurgeQueue", **when("IpAddress", "aws:SourceIp", "10.0.0.0/8"))],
        True,
    ),
    "an unknown allow beside a known one": (
        [allow(**when("StringEquals", "aws:SourceOrgID", "o-1")), allow()],
        True,
    ),
    "everyone but": ([{**allow(), "NotPrincipal": {"AWS": "123456789012"}}], None),
}


@pytest.mark.parametrize(("statements", "permitted"), CASES.values(), ids=CASES)
def test_policy_admits(statements, permitted):
    """A statement must name principal, action and resource, its conditions must hold, and no other may deny."""
    assert is_permitted([{"Statement": statements}], REQUEST) is permitted


def test_statement_without_list():
    """A policy's only statement may stand without a list around it."""
    assert is_permitted([{"Statement": allow()}], REQUEST) is True


def test_several_policies():
    """One of several policies is enough, and a deny in any of them wins."""
    assert is_permitted([{"Statement": []}, {"Statement": [allow()]}], REQUEST) is True
    assert is_permitted([{"Statement": [deny()]}, {"Statement": [allow()]}], REQUEST) is False


def test_trust_policy():
    """A role's trust policy stands on the role and names no resource."""
    request = ServiceRequest("events.amazonaws.com", "sts:AssumeRole", "", RULE, "123456789012")
    trust = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sts:AssumeRole"}
    for_rule = {**trust, **when("ArnEquals", "aws:SourceArn", RULE)}
    for_another = {**trust, **when("ArnEquals", "aws:SourceArn", OTHER_RULE)}

    assert is_permitted([{"Statement": [trust]}], request) is True
    assert is_permitted([{"Statement": [for_rule]}], request) is True
    assert is_permitted([{"Statement": [for_another]}], request) is False


def test_default_policy_of_a_topic():
    """It lets the account in that owns the topic, by a key that no call of EventBridge has."""
    everybody = allow(Principal={"AWS": "*"}, **when("StringEquals", "AWS:SourceOwner", "123456789012"))

    assert is_permitted([{"Statement": [everybody]}], REQUEST) is False


def test_a_key_that_is_absent():
    """What may be missing does not stand in the way."""
    if_exists = allow(**when("StringEqualsIfExists", "aws:SourceOwner", "210987654321"))

    assert is_permitted([{"Statement": [if_exists]}], REQUEST) is True


@pytest.mark.parametrize(("via", "answer"), [("sqs.eu-central-1.amazonaws.com", True), ("s3.x", False)])
def test_service_in_between(via, answer):
    """KMS is asked by the service whose resource is encrypted."""
    key = "arn:aws:kms:eu-central-1:123456789012:key/1"
    request = ServiceRequest("events.amazonaws.com", "kms:Decrypt", key, RULE, "123456789012", via)
    use = allow(
        Action="kms:Decrypt",
        Resource="*",
        **when("StringEquals", "kms:ViaService", "sqs.eu-central-1.amazonaws.com"),
    )

    assert is_permitted([{"Statement": [use]}], request) is answer
