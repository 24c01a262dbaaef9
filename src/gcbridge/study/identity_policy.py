"""Evaluates what an IAM role may do, by its own policies and by those of the resource."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from gcbridge.study.policy_statements import Decision, Document, covers, decide, every, listed
from gcbridge.study.resource_policy import ANSWERS


@dataclass(frozen=True, slots=True)
class Role:
    """A role as policies see it.

    Args:
        arn: its ARN.
        policies: inline and attached documents.
        boundary: documents of its permissions boundary; None where it has none.
    """

    arn: str
    policies: tuple[Document, ...]
    boundary: tuple[Document, ...] | None = None

    @property
    def account(self) -> str:
        """12 digits."""
        return self.arn.split(":")[4]


@dataclass(frozen=True, slots=True)
class RoleRequest:
    """A role asks for one action on one resource.

    Args:
        role: who asks.
        action: such as `kinesis:PutRecord`.
        resource: ARN that the action is about.
        more: further condition keys in lower case -> value, such as `ecs:cluster`.
    """

    role: Role
    action: str
    resource: str
    more: Mapping[str, str] = field(default_factory=dict)

    @property
    def context(self) -> dict[str, str]:
        """Condition keys with a known value."""
        return {
            "aws:securetransport": "true",
            "aws:principalarn": self.role.arn,
            "aws:principalaccount": self.role.account,
            "kms:calleraccount": self.role.account,
            **self.more,
        }


def is_role_permitted(request: RoleRequest, resource_policies: Iterable[Document] = ()) -> bool | None:
    """In its own account one of the two sides is enough; in another one both must allow. None: cannot be judged.

    Args:
        request: who asks for what.
        resource_policies: documents on the resource; none where its service knows no such thing.
    """
    documents = tuple(resource_policies)
    own, other = own_decision(request), decision_on_role(documents, request)
    if "denied" in {own, other}:
        return False
    if request.resource.split(":")[4] not in {"", request.role.account}:
        outside = ("allowed", "unknown", "silent")
        both = {other, decision_on_account(documents, request)}
        return every((ANSWERS[own], ANSWERS[next(decision for decision in outside if decision in both)]))
    if "allowed" in {own, other}:
        return None if "unknown" in {own, other} else True
    return None if "unknown" in {own, other} else False


def own_decision(request: RoleRequest) -> Decision:
    """What the role's policies say; a permissions boundary must allow, too."""
    own = _decide_by_role(request.role.policies, request)
    if request.role.boundary is None or own != "allowed":
        return own
    limit = _decide_by_role(request.role.boundary, request)
    return limit if limit in {"allowed", "unknown"} else "denied"


def _decide_by_role(policies: Iterable[Document], request: RoleRequest) -> Decision:
    return decide(
        policies, lambda statement: covers(statement, request.action, request.resource, request.context)
    )


def decision_on_role(policies: Iterable[Document], request: RoleRequest) -> Decision:
    """What the resource's policies say of this very role, or of everybody."""
    return _decide_by_resource(policies, request, frozenset({request.role.arn, "*"}))


def decision_on_account(policies: Iterable[Document], request: RoleRequest) -> Decision:
    """What the resource's policies leave to the policies of the role, by naming its account."""
    return _decide_by_resource(policies, request, _account_names(request.role))


def _account_names(role: Role) -> frozenset[str]:
    return frozenset({f"arn:{role.arn.split(':')[1]}:iam::{role.account}:root", role.account})


def _decide_by_resource(
    policies: Iterable[Document], request: RoleRequest, names: frozenset[str]
) -> Decision:
    def applies(statement: Document) -> bool | None:
        if "NotPrincipal" in statement:
            return None
        principal = statement.get("Principal", {})
        written = listed(principal.get("AWS")) if isinstance(principal, Mapping) else listed(principal)
        # To deny an account is to deny everybody in it, and to deny everybody is to deny the account.
        all_names = {*names, "*", *_account_names(request.role), request.role.arn}
        meant = all_names if statement.get("Effect") == "Deny" else names
        covered = covers(statement, request.action, request.resource, request.context)
        return every((not meant.isdisjoint(written), covered))

    return decide(policies, applies)
