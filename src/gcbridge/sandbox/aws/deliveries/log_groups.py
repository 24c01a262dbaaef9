"""CloudWatch Logs as a target of rules, which ministack does not deliver to."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from ministack.core.responses import request_scope
from ministack.services import cloudwatch_logs

from gcbridge.sandbox.aws.deliveries.under_way import Delivery
from gcbridge.sandbox.aws.failures import DeliveryError, no_permission, no_resource
from gcbridge.sandbox.aws.policies import EVENTS_SERVICE, LOG_DELIVERY_SERVICE, allows_service
from gcbridge.sandbox.aws.telemetry.log_entries import group_name, now_milliseconds, write_entry

WRITE_ACTIONS = ("logs:CreateLogStream", "logs:PutLogEvents")


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


def read_time(value: Any) -> int:
    """Milliseconds from an entry's ``timestamp``: a number of them, or a time as events have it.

    Raises:
        ValueError: it is neither.
    """
    if isinstance(value, int):
        return value
    text = str(value)
    return (
        int(text)
        if text.isdigit()
        else int(datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() * 1000)
    )


def read_transformed(text: str) -> dict[str, Any]:
    """The log entry in a transformed input, which must be ``{"timestamp":…,"message":"…"}``.

    Source: the check in AWS CDK's ``aws-events-targets`` (``LogGroupTargetInput``).

    Raises:
        DeliveryError: ``INVALID_PARAMETER``; it is of another form.
    """
    try:
        entry = json.loads(text)
        if entry.keys() == {"timestamp", "message"} and isinstance(entry["message"], str):
            return {"timestamp": read_time(entry["timestamp"]), "message": entry["message"]}
    except (ValueError, AttributeError):
        pass
    message = 'The input of a log group must be {"timestamp": <time>, "message": "<text>"}.'
    raise DeliveryError("INVALID_PARAMETER", message)


def deliver_to_log_group(delivery: Delivery) -> None:
    """Write one entry; each rule has a stream of its own.

    Raises:
        DeliveryError: ``NO_RESOURCE``, ``NO_PERMISSIONS`` or ``INVALID_PARAMETER``.
    """
    owner, group = delivery.owner("log group"), group_name(delivery.arn)
    stream = str(uuid.uuid5(uuid.NAMESPACE_URL, delivery.rule_arn))
    with request_scope(owner.account_id, owner.region):
        if group not in cloudwatch_logs._log_groups:
            raise no_resource("log group", delivery.arn)
        stream_arn = f"{delivery.arn.removesuffix(':*')}:log-stream:{stream}"
        if not may_write(group, stream_arn, delivery.rule_arn):
            raise no_permission(f"No log resource policy lets EventBridge write to {delivery.arn}.")
        transformed = bool(delivery.target.get("InputTransformer"))
        entry = {"timestamp": now_milliseconds(), "message": delivery.payload}
        write_entry(group, stream, read_transformed(delivery.payload) if transformed else entry)
