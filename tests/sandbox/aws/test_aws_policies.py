"""When a resource policy lets EventBridge act for a rule."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gcbridge.sandbox.aws.policies import EVENTS_SERVICE, allows_service

QUEUE = "arn:aws:sqs:eu-west-1:123456789012:q"
RULE = "arn:aws:events:eu-west-1:123456789012:rule/aws.partner/genesys.com/cloud/org/dev/all"
ALLOW: dict[str, Any] = {
    "Effect": "Allow",
    "Principal": {"Service": EVENTS_SERVICE},
    "Action": "sqs:SendMessage",
    "Resource": QUEUE,
}
CASES: dict[str, tuple[list[dict[str, Any]], bool]] = {
    "no statement": ([], False),
    "allowed": ([ALLOW], True),
    "by list": ([{**ALLOW, "Action": ["sqs:SendMessage"], "Resource": [QUEUE]}], True),
    "by wildcard": ([{**ALLOW, "Action": "sqs:*", "Resource": "*"}], True),
    "everyone": ([{**ALLOW, "Principal": "*"}], True),
    "another service": ([{**ALLOW, "Principal": {"Service": "sns.amazonaws.com"}}], False),
    "an account": ([{**ALLOW, "Principal": {"AWS": "123456789012"}}], False),
    "an account's root": ([{**ALLOW, "Principal": {"AWS": "arn:aws:iam::123456789012:root"}}], False),
    "another action": ([{**ALLOW, "Action": "sqs:ReceiveMessage"}], False),
    "another queue": ([{**ALLOW, "Resource": f"{QUEUE}2"}], False),
    "denied": ([ALLOW, {**ALLOW, "Effect": "Deny"}], False),
    "ArnEquals": ([{**ALLOW, "Condition": {"ArnEquals": {"aws:SourceArn": RULE}}}], True),
    "ArnEquals, another": ([{**ALLOW, "Condition": {"ArnEquals": {"aws:SourceArn": f"{RULE}2"}}}], False),
    "ArnLike": ([{**ALLOW, "Condition": {"ArnLike": {"AWS:SourceArn": f"{RULE[:-3]}*"}}}], True),
    "StringEquals": ([{**ALLOW, "Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}}}], True),
    "StringEquals, another": ([{**ALLOW, "Condition": {"StringEquals": {"aws:SourceAccount": "1"}}}], False),
    "StringLike": ([{**ALLOW, "Condition": {"StringLike": {"aws:SourceArn": "*:rule/*/all"}}}], True),
    "one of several": ([{**ALLOW, "Condition": {"ArnEquals": {"aws:SourceArn": ["x", RULE]}}}], True),
    "all conditions": (
        [{**ALLOW, "Condition": {"ArnEquals": {"aws:SourceArn": RULE, "aws:SourceAccount": "1"}}}],
        False,
    ),
    "unknown operator": ([{**ALLOW, "Condition": {"Sounds": {"aws:SourceArn": RULE}}}], False),
}


@pytest.mark.parametrize(("statements", "allowed"), CASES.values(), ids=CASES)
def test_statements(statements: list[dict[str, Any]], allowed: bool) -> None:
    """The table: principal, action, resource, condition; a denial wins."""
    policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
    assert allows_service(policy, EVENTS_SERVICE, "sqs:SendMessage", QUEUE, RULE) is allowed


@pytest.mark.parametrize("policy", [None, "", "{", "[]"])
def test_no_policy_allows_nothing(policy: str | None) -> None:
    """Missing or unreadable."""
    assert not allows_service(policy, EVENTS_SERVICE, "sqs:SendMessage", QUEUE, RULE)
