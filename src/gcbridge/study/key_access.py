"""Whether EventBridge may use the KMS key of what it writes to.

Source: "Configuring AWS KMS permissions" in the SQS and in the SNS developer guide, "Permissions to use user-generated
KMS keys" in the Kinesis developer guide, "Grants in AWS KMS" and "Determining access to a KMS key" in the KMS guide.
"""

from __future__ import annotations

from collections.abc import Iterator

from gcbridge.model.resource import ResourceObservation
from gcbridge.study.delivery_way import EVENTS_SERVICE, Way
from gcbridge.study.identity_policy import (
    Role,
    RoleRequest,
    decision_on_account,
    decision_on_role,
    own_decision,
)
from gcbridge.study.requirement import Requirement, require
from gcbridge.study.resource_policy import ANSWERS, ServiceRequest, is_permitted

KEY_ACTIONS = {
    "sqs": ("kms:GenerateDataKey", "kms:Decrypt"),
    "sns": ("kms:GenerateDataKey", "kms:Decrypt"),
    "kinesis": ("kms:GenerateDataKey",),
}
"""Service whose resource is encrypted -> what whoever writes to it needs. Other services use a key by themselves."""
CLOSED_TO_EVENTS = frozenset({"sqs", "sns"})
"""Services whose AWS managed key does not let EventBridge in."""


def key_requirements(way: Way, encrypted: ResourceObservation, role: Role | None) -> Iterator[Requirement]:
    """What the key of a queue, topic or stream must allow; nothing where it has no key of the customer.

    Args:
        way: the rule's.
        encrypted: what the key encrypts.
        role: that EventBridge delivers with; None where it comes as itself.
    """
    service = encrypted.arn.split(":")[2]
    if service not in KEY_ACTIONS:
        return
    for key in way.followed(encrypted, "key"):
        if key.aws_managed or ":alias/aws/" in key.arn:
            if service in CLOSED_TO_EVENTS:
                yield Requirement(False, _managed(service, encrypted))
        elif key.exists is None:
            yield Requirement(None, f"key {key.arn} of {encrypted.arn} could not be read: {key.detail}")
        elif not key.exists or key.state not in {"", "Enabled"}:
            state = f"is {key.state}" if key.state else "does not exist"
            yield Requirement(False, f"key {key.arn} of {encrypted.arn} {state}")
        else:
            for action in KEY_ACTIONS[service]:
                yield _usable(way, key, action, _via(way, service), role)


def _managed(service: str, encrypted: ResourceObservation) -> str:
    return (
        f"{encrypted.arn} is encrypted with alias/aws/{service}, the key that AWS manages, and its policy does not let "
        "EventBridge use it"
    )


def _via(way: Way, service: str) -> str:
    suffix = "amazonaws.com.cn" if way.bridge.aws.partition == "aws-cn" else "amazonaws.com"
    return f"{service}.{way.bridge.aws.region}.{suffix}"


def _usable(way: Way, key: ResourceObservation, action: str, via: str, role: Role | None) -> Requirement:
    if key.policies is None:
        return Requirement(None, f"the policy of key {key.arn} could not be read: {key.detail}")
    who = f"role {role.arn}" if role else EVENTS_SERVICE
    if role:
        met = _may_use_granted(role, key, action, via)
        if met is False and key.grants is None:
            return Requirement(None, f"the grants on key {key.arn} could not be read: {key.detail}")
    else:
        account = way.bridge.aws.account_id
        request = ServiceRequest(EVENTS_SERVICE, action, key.arn, way.rule.arn, account, via)
        met = is_permitted(key.policies, request)
    return require(
        met,
        f"key {key.arn} lets {who} {action}",
        f"neither policy nor grant of key {key.arn} lets {who} {action}" + ("" if role else " for this rule"),
    )


def _may_use_granted(role: Role, key: ResourceObservation, action: str, via: str) -> bool | None:
    """KMS judges key policy, grants and the role's policies together: a grant suffices unless a policy denies.

    Source: AWS KMS Developer Guide, "Determining access to AWS KMS keys".
    """
    request = RoleRequest(role, action, key.arn, {"kms:viaservice": via})
    denied = {decision_on_role(key.policies or (), request), own_decision(request)}
    if _granted(key, action, role) and "denied" not in denied:
        return True
    return may_use_key(role, key, action, via)


def _granted(key: ResourceObservation, action: str, role: Role) -> bool:
    operation = action.partition(":")[2]
    return any(grant.grantee == role.arn and operation in grant.operations for grant in key.grants or ())


def may_use_key(role: Role, key: ResourceObservation, action: str, via: str) -> bool | None:
    """A key's policy names the role, or leaves it to the role's own policies by naming the account.

    Args:
        role: who asks.
        key: as KMS describes it.
        action: such as `kms:Decrypt`.
        via: service that asks on the role's behalf.
    """
    request = RoleRequest(role, action, key.arn, {"kms:viaservice": via})
    direct, own = decision_on_role(key.policies or (), request), own_decision(request)
    if "denied" in {direct, own}:
        return False
    if direct == "allowed":
        return True
    left = decision_on_account(key.policies or (), request)
    if left == "allowed":
        return ANSWERS[own]
    return None if direct == "unknown" or (left == "unknown" and own != "silent") else False
