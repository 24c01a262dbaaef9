"""KMS keys of encrypted targets: whether the one who delivers may use them."""

from __future__ import annotations

from typing import Any, TypeAlias

from ministack.core import iam_evaluator
from ministack.core.arn import parse_arn
from ministack.core.responses import request_scope
from ministack.services import kms

from gcbridge.sandbox.aws.failures import no_permission
from gcbridge.sandbox.aws.policies import EVENTS_SERVICE, allows_service
from gcbridge.sandbox.aws.roles import Role

Key: TypeAlias = dict[str, Any]

# Both are needed to write encrypted messages: SQS developer guide, "Key management".
OPERATIONS = ("GenerateDataKey", "Decrypt")


def find_key(reference: str, owner_arn: str) -> Key | None:
    """The key that ``reference`` (id, ARN or alias) means to the owner of ``owner_arn``."""
    owner = parse_arn(reference if reference.startswith("arn:") else owner_arn)
    with request_scope(owner.account_id, owner.region):
        key: Key | None = kms._resolve_key(reference)
    return key


def service_context(arn: str) -> dict[str, str]:
    """The condition keys of a use of a key by the service that owns ``arn``."""
    owner = parse_arn(arn)
    return {
        "kms:viaservice": f"{owner.service}.{owner.region}.amazonaws.com",
        "kms:calleraccount": owner.account_id,
    }


def has_grant(key: Key, role: Role) -> bool:
    """Whether grants to the role cover every operation."""
    owner = parse_arn(key["Arn"])
    with request_scope(owner.account_id, owner.region):
        grants = [
            grant
            for grant in kms._grants.values()
            if grant["KeyId"] == key["Arn"] and grant["GranteePrincipal"] == role.arn
        ]
    return all(any(operation in grant["Operations"] for grant in grants) for operation in OPERATIONS)


def role_may_use(key: Key, role: Role, arn: str) -> bool:
    """Whether the key's policy and the role's policies together allow it, or a grant does that none of them denies."""
    requests = [
        role.request(f"kms:{operation}", key["Arn"], service_context(arn)) for operation in OPERATIONS
    ]
    owner = parse_arn(key["Arn"]).account_id
    decisions = [
        iam_evaluator.combine_resource_policy(
            role.judge(request), request, key["Policy"], owner, required=True
        ).decision
        for request in requests
    ]
    if "Deny" in decisions:
        return False
    return has_grant(key, role) or all(decision == "Allow" for decision in decisions)


def service_may_use(key: Key, arn: str, rule_arn: str) -> bool:
    """Whether the key's policy lets EventBridge use it on behalf of the rule."""
    context = service_context(arn)
    return all(
        allows_service(
            key["Policy"], EVENTS_SERVICE, f"kms:{operation}", key["Arn"], rule_arn, context=context
        )
        for operation in OPERATIONS
    )


def require_key(reference: str | None, arn: str, rule_arn: str, role: Role | None) -> None:
    """Refuse a delivery to ``arn`` if its key may not be used by the role, or by EventBridge itself.

    A key that AWS manages (``alias/aws/...``) has a policy that can't be changed. It lets every
    role of its own account use it through the service, and never another service.

    Raises:
        DeliveryError: ``NO_PERMISSIONS``.
    """
    if not reference:
        return
    if "alias/aws/" in reference:
        if role is None or role.account != parse_arn(arn).account_id:
            raise no_permission(f"EventBridge may not use the key {reference} of {arn}.")
        return
    key = find_key(reference, arn)
    if key is None or key["KeyState"] != "Enabled":
        raise no_permission(f"The key {reference} of {arn} does not exist or can't be used.")
    if not (role_may_use(key, role, arn) if role else service_may_use(key, arn, rule_arn)):
        raise no_permission(f"EventBridge may not use the key {key['Arn']} of {arn}.")
