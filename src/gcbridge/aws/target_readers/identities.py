"""Reads IAM roles and managed policies, and KMS keys."""

from __future__ import annotations

from typing import Any

from gcbridge.aws.door import aws_call
from gcbridge.aws.session import Aws
from gcbridge.aws.target_readers.reading import attempt, documents, look_up, missing, only_given
from gcbridge.model.resource import GrantObservation, Policy, ResourceObservation


def read_iam(aws: Aws, arn: str) -> ResourceObservation:
    """A role with its trust policy and all it may do, or a managed policy.

    IAM actions: iam:GetRole, iam:ListRolePolicies, iam:GetRolePolicy, iam:ListAttachedRolePolicies, iam:GetPolicy,
        iam:GetPolicyVersion.
    """
    if ":policy/" in arn:
        return _read_managed_policy(aws, arn)
    iam, name = aws.client("iam"), arn.rpartition("/")[2]
    answer = look_up(iam, "reading a role", arn, lambda: iam.get_role(RoleName=name))
    if answer is None:
        return missing(arn)
    role: dict[str, Any] = answer["Role"]
    inline, no_inline = attempt(lambda: _inline_policies(iam, arn, name))
    attached, no_attached = attempt(lambda: _attached_policies(iam, arn, name))
    denied = no_inline or no_attached
    boundary = role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")
    return ResourceObservation(
        arn=arn,
        exists=True,
        detail=denied,
        policies=(role["AssumeRolePolicyDocument"],),
        identity_policies=None if denied else inline,
        refers_to=only_given(managed_policies=attached, boundary=boundary),
    )


def _inline_policies(iam: Any, arn: str, name: str) -> tuple[Policy, ...]:
    with aws_call(iam, "reading the policies of a role", where=arn):
        pages = iam.get_paginator("list_role_policies").paginate(RoleName=name)
        policies = [policy for page in pages for policy in page["PolicyNames"]]
        return tuple(
            iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"] for policy in policies
        )


def _attached_policies(iam: Any, arn: str, name: str) -> tuple[str, ...]:
    with aws_call(iam, "reading the policies attached to a role", where=arn):
        pages = iam.get_paginator("list_attached_role_policies").paginate(RoleName=name)
        return tuple(policy["PolicyArn"] for page in pages for policy in page["AttachedPolicies"])


def _read_managed_policy(aws: Aws, arn: str) -> ResourceObservation:
    iam = aws.client("iam")

    def ask() -> Policy:
        version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
        found: Policy = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
        return found

    document = look_up(iam, "reading a managed policy", arn, ask)
    return (
        missing(arn) if document is None else ResourceObservation(arn=arn, exists=True, policies=(document,))
    )


def read_key(aws: Aws, arn: str) -> ResourceObservation:
    """A KMS key with its policy and grants; IAM actions: kms:DescribeKey, kms:GetKeyPolicy, kms:ListGrants."""
    if ":alias/aws/" in arn:
        return ResourceObservation(arn=arn, exists=True, aws_managed=True)
    kms = aws.client("kms")
    answer = look_up(kms, "reading a key", arn, lambda: kms.describe_key(KeyId=arn))
    if answer is None:
        return missing(arn)
    key: dict[str, Any] = answer["KeyMetadata"]
    own = key["Arn"]
    text, no_policy = attempt(lambda: _key_policy(kms, own))
    grants, no_grants = attempt(lambda: _grants(kms, own))
    return ResourceObservation(
        arn=own,
        exists=True,
        detail="; ".join(filter(None, (no_policy, no_grants))),
        state=key.get("KeyState", ""),
        policies=None if no_policy else documents(text),
        grants=grants,
        aws_managed=key.get("KeyManager") == "AWS",
    )


def _key_policy(kms: Any, arn: str) -> str:
    with aws_call(kms, "reading the policy of a key", where=arn):
        policy: str = kms.get_key_policy(KeyId=arn, PolicyName="default")["Policy"]
        return policy


def _grants(kms: Any, arn: str) -> tuple[GrantObservation, ...]:
    """Grants that only count with a certain encryption context are left out."""
    with aws_call(kms, "reading the grants on a key", where=arn):
        pages = kms.get_paginator("list_grants").paginate(KeyId=arn)
        return tuple(
            GrantObservation(
                grantee=grant.get("GranteePrincipal", ""), operations=tuple(grant.get("Operations", ()))
            )
            for page in pages
            for grant in page["Grants"]
            if not grant.get("Constraints")
        )
