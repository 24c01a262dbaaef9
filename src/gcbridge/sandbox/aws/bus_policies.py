"""The resource policy of an event bus, in the form in which AWS keeps it."""

from __future__ import annotations

import json
from typing import Any

from ministack.services import eventbridge

from gcbridge.sandbox.aws.answers import Answer, Handler, Request, answer_error, answer_ok, is_ok

# "Event bus policy size: 10,240 characters": quotas of EventBridge.
MAX_POLICY_LENGTH = 10_240


def principal_of(account: str) -> Any:
    """The principal of a statement that PutPermission makes for an account, or for everyone."""
    return "*" if account == "*" else {"AWS": f"arn:aws:iam::{account}:root"}


def put_policy(bus: str, policy: str) -> Answer:
    """PutPermission with ``Policy``: a whole policy in place of the one there is."""
    if len(policy) > MAX_POLICY_LENGTH:
        return answer_error("PolicyLengthExceededException", "The policy is longer than 10240 characters.")
    try:
        eventbridge._event_bus_policies[bus] = json.loads(policy)
    except ValueError as error:
        return answer_error("ValidationException", f"Parameter Policy is not valid. Reason: {error}")
    return answer_ok({})


def put_permission(original: Handler, data: Request) -> Answer:
    """PutPermission, of a bus that exists: one statement for an account, or a whole policy."""
    bus = data.get("EventBusName") or "default"
    if bus not in eventbridge._event_buses:
        return answer_error("ResourceNotFoundException", f"Event bus {bus} does not exist.")
    if data.get("Policy"):
        return put_policy(bus, data["Policy"])
    answer = original(data)
    if is_ok(answer):
        statement = eventbridge._event_bus_policies[bus]["Statement"][-1]
        statement["Principal"] = principal_of(data.get("Principal", "*"))
    return answer


def drop_policy(bus: str) -> None:
    """Forget the policy of a bus that was deleted."""
    eventbridge._event_bus_policies.pop(bus, None)
