"""IAM roles: which there are, who may assume them, and what their policies allow.

ministack's evaluator decides; here is only what it takes to ask it about a role that a service
has assumed.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ministack.core import iam_evaluator
from ministack.core.arn import ArnParseError, parse_arn
from ministack.core.iam_evaluator import EvalContext, EvalResult
from ministack.services import iam

from gcbridge.sandbox.aws.policies import Policy, allows_service


@functools.lru_cache(maxsize=1024)
def parse_statements(text: str) -> Any:
    """The statements of a policy document; parsed once for each text, and never changed."""
    return iam_evaluator.parse_policy_document(text)


@dataclass(frozen=True)
class Role:
    """A role as ministack keeps it, and the account it belongs to."""

    record: dict[str, Any]
    account: str

    @property
    def arn(self) -> str:
        """The role's ARN."""
        return str(self.record["Arn"])

    @property
    def session_arn(self) -> str:
        """The principal that calls AWS after a service has assumed the role."""
        return f"arn:aws:sts::{self.account}:assumed-role/{self.record['RoleName']}/delivery"

    def documents(self) -> list[Any]:
        """Its inline policies and the default versions of its attached ones."""
        attached = [
            iam_evaluator._resolve_managed_policy_document(arn, self.account)
            for arn in self.record.get("AttachedPolicies", [])
        ]
        return [*(self.record.get("InlinePolicies") or {}).values(), *filter(None, attached)]

    def statements(self) -> list[Any]:
        """Its policies in the evaluator's form."""
        return [
            parse_statements(document)
            if isinstance(document, str)
            else iam_evaluator.parse_policy_document(document)
            for document in self.documents()
        ]

    def request(self, action: str, resource: str, context: Mapping[str, str]) -> EvalContext:
        """What the evaluator is asked about; ``context`` holds condition keys in lower case."""
        return EvalContext(
            principal_arn=self.session_arn,
            principal_type="AssumedRole",
            principal_account=self.account,
            action=action,
            resource_arn=resource,
            region=parse_arn(resource).region,
            service_context=dict(context),
        )

    def judge(self, request: EvalContext) -> EvalResult:
        """What the role's own policies, within its permissions boundary, say."""
        name = self.record["RoleName"]
        limits = iam_evaluator._permissions_boundary(iam._roles, name, self.account)
        return iam_evaluator.evaluate(request, self.statements(), *limits)


def find_role(arn: str) -> Role | None:
    """The role of that ARN, in any account."""
    try:
        owner = parse_arn(arn)
    except ArnParseError:
        return None
    record = iam._roles.get_scoped(owner.account_id, None, arn.rpartition("/")[2])
    return Role(record, owner.account_id) if record and record["Arn"] == arn else None


def may_assume(role: Role, service: str, source_arn: str, context: Mapping[str, str] | None = None) -> bool:
    """Whether the role's trust policy lets ``service`` assume it on behalf of ``source_arn``."""
    trust: Policy = role.record.get("AssumeRolePolicyDocument")
    return allows_service(trust, service, "sts:AssumeRole", role.arn, source_arn, context=context)


def role_may(
    role: Role, action: str, resource: str, policy: Policy = None, context: Mapping[str, str] | None = None
) -> bool:
    """Whether the role may do ``action`` on ``resource``, whose own policy is ``policy``.

    Within one account either policy can allow and either can deny; across accounts both must allow.
    A resource without an account in its ARN, such as a bucket, counts as the role's own.
    """
    request = role.request(action, resource, context or {})
    owner = parse_arn(resource).account_id or role.account
    result = iam_evaluator.combine_resource_policy(role.judge(request), request, policy, owner)
    return bool(result.decision == "Allow")
