"""What a role may do, by its own policies and by those of the resource."""

import pytest

from gcbridge.study.identity_policy import Role, RoleRequest, decision_on_account, is_role_permitted

ROLE = "arn:aws:iam::123456789012:role/gcbridge-deliver"
STREAM = "arn:aws:kinesis:eu-central-1:123456789012:stream/calls"
ELSEWHERE = "arn:aws:events:eu-central-1:210987654321:event-bus/other"
TASK = "arn:aws:ecs:eu-central-1:123456789012:task-definition/calls:1"


def statement(action="kinesis:PutRecord", resource=STREAM, effect="Allow", **more):
    return {"Effect": effect, "Action": action, "Resource": resource, **more}


def policy(*statements):
    return {"Statement": list(statements)}


def permitted(
    *statements, boundary=None, resource_policies=(), action="kinesis:PutRecord", on=STREAM, **more
):
    role = Role(ROLE, (policy(*statements),), boundary)
    return is_role_permitted(RoleRequest(role, action, on, more), resource_policies)


def when(operator, key, value):
    return {"Condition": {operator: {key: value}}}


OWN = {
    "exactly this": ([statement()], True),
    "every stream": ([statement(resource="*")], True),
    "every action of Kinesis": ([statement(action="kinesis:*")], True),
    "another stream": ([statement(resource=f"{STREAM}-2")], False),
    "another action": ([statement(action="kinesis:GetRecords")], False),
    "nothing": ([], False),
    "a deny wins": ([statement(), statement(effect="Deny", action="*", resource="*")], False),
    "a deny of plain HTTP": (
        [statement(), statement(effect="Deny", **when("Bool", "aws:SecureTransport", "false"))],
        True,
    ),
    "a condition nobody knows": ([statement(**when("StringEquals", "aws:RequestedRegion", "x"))], None),
    "a deny nobody knows": (
        [statement(), statement(effect="Deny", **when("IpAddress", "aws:SourceIp", "10.0.0.0/8"))],
        None,
    ),
}


@pytest.mark.parametrize(("statements", "answer"), OWN.values(), ids=OWN)
def test_own_policies(statements, answer):
    """In its own account, and with no policy on the resource, its own policies decide."""
    assert permitted(*statements) is answer


def test_condition_keys_that_come_with_the_call():
    """A cluster is part of the call that runs a task, and so is the service that a role is passed to."""
    run = statement("ecs:RunTask", TASK, **when("ArnEquals", "ecs:cluster", "arn:aws:ecs:x:1:cluster/a"))

    assert permitted(run, action="ecs:RunTask", on=TASK, **{"ecs:cluster": "arn:aws:ecs:x:1:cluster/a"})
    assert not permitted(run, action="ecs:RunTask", on=TASK, **{"ecs:cluster": "arn:aws:ecs:x:1:cluster/b"})


BOUNDARIES = {
    "allows": (policy(statement(resource="*")), True),
    "is silent": (policy(statement(action="s3:*")), False),
    "cannot be judged": (policy(statement(**when("StringEquals", "aws:RequestedRegion", "x"))), None),
}


@pytest.mark.parametrize(("boundary", "answer"), BOUNDARIES.values(), ids=BOUNDARIES)
def test_boundary(boundary, answer):
    """A permissions boundary gives nothing, and limits everything."""
    assert permitted(statement(), boundary=(boundary,)) is answer
    assert permitted(boundary=(boundary,)) is False


def on_resource(principal, effect="Allow", resource=STREAM, action="kinesis:PutRecord"):
    return policy(statement(action, resource, effect, Principal=principal))


SAME_ACCOUNT = {
    "names the role": ([], on_resource({"AWS": ROLE}), True),
    "names everybody": ([], on_resource("*"), True),
    "names the account": ([], on_resource({"AWS": "123456789012"}), False),
    "denies the role": ([statement()], on_resource({"AWS": ROLE}, "Deny"), False),
    "denies everybody": ([statement()], on_resource("*", "Deny"), False),
    "denies the account": ([statement()], on_resource({"AWS": "123456789012"}, "Deny"), False),
    "names a service": ([], on_resource({"Service": "events.amazonaws.com"}), False),
    "everybody but": ([], policy({**statement(), "NotPrincipal": {"AWS": "210987654321"}}), None),
}


@pytest.mark.parametrize(("own", "document", "answer"), SAME_ACCOUNT.values(), ids=SAME_ACCOUNT)
def test_policy_of_the_resource(own, document, answer):
    """In one account the resource's policy is enough by itself, and its deny wins."""
    assert permitted(*own, resource_policies=(document,)) is answer


ROOT = "arn:aws:iam::123456789012:root"
OTHER_ACCOUNT = {
    "both": (True, {"AWS": ROLE}, True),
    "the account is enough there": (True, {"AWS": ROOT}, True),
    "only the role's side": (True, {"AWS": "333333333333"}, False),
    "only the resource's side": (False, {"AWS": ROLE}, False),
}


@pytest.mark.parametrize(("own", "principal", "answer"), OTHER_ACCOUNT.values(), ids=OTHER_ACCOUNT)
def test_another_account(own, principal, answer):
    """Across accounts both sides must allow."""
    allowed = [statement("events:PutEvents", ELSEWHERE)] if own else []
    document = on_resource(principal, resource=ELSEWHERE, action="events:PutEvents")

    assert (
        permitted(*allowed, resource_policies=(document,), action="events:PutEvents", on=ELSEWHERE) is answer
    )


def test_left_to_the_role():
    """A policy that names the account leaves the decision to the role's own policies."""
    request = RoleRequest(Role(ROLE, ()), "kinesis:PutRecord", STREAM)

    assert decision_on_account([on_resource({"AWS": ROOT})], request) == "allowed"
    assert decision_on_account([on_resource({"AWS": ROLE})], request) == "silent"
