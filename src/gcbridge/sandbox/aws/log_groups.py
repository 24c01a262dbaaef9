"""CloudWatch Logs as a target of rules, which ministack does not deliver to."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator

from ministack.core.arn import parse_arn
from ministack.core.responses import request_scope
from ministack.services import cloudwatch_logs

from gcbridge.sandbox.aws.failures import DeliveryError
from gcbridge.sandbox.aws.policies import EVENTS_SERVICE, LOG_DELIVERY_SERVICE, allows_service

WRITE_ACTIONS = ("logs:CreateLogStream", "logs:PutLogEvents")


def group_name(arn: str) -> str:
    """The log group's name in its ARN, with or without the trailing ``:*``."""
    return str(parse_arn(arn).resource).removeprefix("log-group:").removesuffix(":*")


def policies_for(group: str) -> Iterator[str]:
    """Every policy that can allow a write: those of the account and region, and the group's own."""
    for policy in cloudwatch_logs._resource_policies.values():
        yield policy["policyDocument"]
    own = cloudwatch_logs._log_group_policies.get(group)
    if own:
        yield own["policyDocument"]


def may_write(group: str, stream_arn: str, rule_arn: str) -> bool:
    """Whether one policy or another lets EventBridge create the stream and write to it."""
    policies = list(policies_for(group))
    return all(
        any(
            allows_service(policy, service, action, stream_arn, rule_arn)
            for policy in policies
            for service in (EVENTS_SERVICE, LOG_DELIVERY_SERVICE)
        )
        for action in WRITE_ACTIONS
    )


def write_message(group: str, stream: str, message: str) -> None:
    """Append one message to the stream, which is made if need be."""
    if stream not in cloudwatch_logs._log_groups[group]["streams"]:
        cloudwatch_logs._create_log_stream({"logGroupName": group, "logStreamName": stream})
    record = {"timestamp": int(time.time() * 1000), "message": message}
    cloudwatch_logs._put_log_events({"logGroupName": group, "logStreamName": stream, "logEvents": [record]})


def write_to_log_group(arn: str, rule_arn: str, message: str) -> None:
    """Write one message as a rule's target does; each rule has a stream of its own.

    Raises:
        DeliveryError: ``NO_RESOURCE`` or ``NO_PERMISSIONS``.
    """
    group, owner = group_name(arn), parse_arn(arn)
    stream = str(uuid.uuid5(uuid.NAMESPACE_URL, rule_arn))
    with request_scope(owner.account_id, owner.region):
        if owner.region != parse_arn(rule_arn).region or group not in cloudwatch_logs._log_groups:
            raise DeliveryError("NO_RESOURCE", f"The log group {arn} does not exist.")
        stream_arn = f"{arn.removesuffix(':*')}:log-stream:{stream}"
        if not may_write(group, stream_arn, rule_arn):
            raise DeliveryError("NO_PERMISSIONS", f"No log resource policy lets EventBridge write to {arn}.")
        write_message(group, stream, message)
