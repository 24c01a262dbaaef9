"""Who delivers: EventBridge itself, or the role that the target names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ministack.core.arn import parse_arn

from gcbridge.sandbox.aws.failures import DeliveryError, no_permission
from gcbridge.sandbox.aws.keys import require_key
from gcbridge.sandbox.aws.policies import EVENTS_SERVICE, Policy, allows_service
from gcbridge.sandbox.aws.roles import Role, find_role, may_assume, role_may


@dataclass(frozen=True)
class Caller:
    """EventBridge on behalf of a rule, with a role or (``role`` None) without one."""

    rule_arn: str
    role: Role | None = None

    def may(
        self, action: str, resource: str, policy: Policy = None, context: Mapping[str, str] | None = None
    ) -> bool:
        """Whether ``action`` on ``resource``, whose own policy is ``policy``, is allowed."""
        if self.role:
            return role_may(self.role, action, resource, policy, context)
        return allows_service(policy, EVENTS_SERVICE, action, resource, self.rule_arn, context=context)

    def require(
        self, action: str, resource: str, policy: Policy = None, context: Mapping[str, str] | None = None
    ) -> None:
        """Refuse the delivery unless it is allowed.

        Raises:
            DeliveryError: ``NO_PERMISSIONS``.
        """
        if not self.may(action, resource, policy, context):
            who = self.role.arn if self.role else EVENTS_SERVICE
            raise no_permission(f"{who} is not authorized to perform {action} on {resource}.")

    def require_key(self, reference: str | None, arn: str) -> None:
        """Refuse the delivery unless the key that encrypts ``arn`` may be used.

        Raises:
            DeliveryError: ``NO_PERMISSIONS``.
        """
        require_key(reference, arn, self.rule_arn, self.role)


def assume_role(role_arn: str, rule_arn: str) -> Role:
    """The role, as EventBridge assumes it for the rule.

    Raises:
        DeliveryError: ``FAILED_TO_ASSUME_ROLE``; it is missing, belongs to another account than
            the rule, or does not trust EventBridge with this rule.
    """
    role = find_role(role_arn)
    if role is None or role.account != parse_arn(rule_arn).account_id:
        raise DeliveryError("FAILED_TO_ASSUME_ROLE", f"The role {role_arn} does not exist in this account.")
    if not may_assume(role, EVENTS_SERVICE, rule_arn):
        message = f"The trust policy of {role_arn} does not let {EVENTS_SERVICE} assume it for {rule_arn}."
        raise DeliveryError("FAILED_TO_ASSUME_ROLE", message)
    return role


def caller_of(rule_arn: str, role_arn: str | None) -> Caller:
    """Who delivers to a target that names this role, or none."""
    return Caller(rule_arn, assume_role(role_arn, rule_arn) if role_arn else None)
