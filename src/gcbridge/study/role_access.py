"""What the roles around a target may do: the one that EventBridge delivers with, and those that the target acts with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gcbridge.model.resource import ResourceObservation
from gcbridge.study.delivery_way import EVENTS_SERVICE, Way
from gcbridge.study.identity_policy import Role, RoleRequest, is_role_permitted, own_decision
from gcbridge.study.policy_statements import Document
from gcbridge.study.requirement import Requirement, require
from gcbridge.study.resource_policy import ServiceRequest, is_permitted

ASSUME_ROLE = "sts:AssumeRole"


def trust_requirement(way: Way, role: ResourceObservation) -> Requirement:
    """EventBridge may assume the role for this rule."""
    if role.exists is None or role.policies is None:
        return unread(role)
    if not role.exists:
        return Requirement(False, f"role {role.arn} does not exist")
    account = way.bridge.aws.account_id
    request = ServiceRequest(EVENTS_SERVICE, ASSUME_ROLE, "", way.rule.arn, account)
    return require(
        is_permitted(role.policies, request),
        f"EventBridge may assume role {role.arn} for this rule",
        f"the trust policy of role {role.arn} does not let {EVENTS_SERVICE} assume it for this rule",
    )


def action_requirement(
    way: Way,
    role: ResourceObservation,
    action: str,
    resource: str,
    *,
    more: Mapping[str, str] | None = None,
    resource_policies: tuple[Document, ...] | None = (),
) -> Requirement:
    """A role may do one thing with one resource.

    Args:
        way: the rule's.
        role: as IAM describes it.
        action: such as `kinesis:PutRecord`.
        resource: ARN.
        more: further condition keys in lower case -> value.
        resource_policies: on the resource itself; None where they could not be read.
    """
    known = as_role(way, role)
    if isinstance(known, Requirement):
        return known
    request = RoleRequest(known, action, resource, more or {})
    if resource_policies is None:
        return _without_resource_policies(request)
    return require(
        is_role_permitted(request, resource_policies),
        f"role {role.arn} may {action} on {resource}",
        f"the policies of role {role.arn} do not let it {action} on {resource}",
    )


def _without_resource_policies(request: RoleRequest) -> Requirement:
    """The role's own side alone can refuse, and alone cannot allow."""
    what = f"{request.action} on {request.resource}"
    own = own_decision(request)
    elsewhere = request.resource.split(":")[4] not in {"", request.role.account}
    if own == "denied" or (elsewhere and own == "silent"):
        return Requirement(False, f"the policies of role {request.role.arn} do not let it {what}")
    return Requirement(
        None, f"whether role {request.role.arn} may {what} is up to policies that could not be read"
    )


def as_role(way: Way, role: ResourceObservation) -> Role | Requirement:
    """The role with all its policies, or what is missing of it."""
    if role.exists is False:
        return Requirement(False, f"role {role.arn} does not exist")
    managed, boundary = way.followed(role, "managed_policies"), way.followed(role, "boundary")
    gap = next(_incomplete(role, managed + boundary), None)
    if gap:
        return unread(gap)
    documents = (*(role.identity_policies or ()), *_documents(managed))
    return Role(role.arn, documents, tuple(_documents(boundary)) if boundary else None)


def _incomplete(
    role: ResourceObservation, policies: tuple[ResourceObservation, ...]
) -> Iterator[ResourceObservation]:
    if role.exists is None or role.identity_policies is None:
        yield role
    yield from (policy for policy in policies if policy.exists is None or policy.policies is None)


def _documents(policies: tuple[ResourceObservation, ...]) -> Iterator[Document]:
    for policy in policies:
        yield from policy.policies or ()


def unread(resource: ResourceObservation) -> Requirement:
    """What could not be read leaves the question open."""
    return Requirement(None, f"{resource.arn} could not be read: {resource.detail}")
