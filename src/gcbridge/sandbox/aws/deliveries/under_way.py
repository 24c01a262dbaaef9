"""One event on its way to one target."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from ministack.core.arn import Arn, parse_arn
from ministack.core.responses import new_uuid

from gcbridge.sandbox.aws.callers import Caller, caller_of
from gcbridge.sandbox.aws.failures import no_permission, no_resource

Rest: TypeAlias = Callable[[], None]


@dataclass
class Delivery:
    """One event on its way to one target of one rule.

    ``event`` is what was matched, ``record`` the same in ministack's form, ``payload`` what the
    target receives. ``deliver`` makes one attempt; what it returns, if anything, waits for
    somebody else and is run in a thread.
    """

    target: dict[str, Any]
    rule: dict[str, Any]
    event: dict[str, Any]
    record: dict[str, Any]
    payload: str
    deliver: Callable[[Delivery], Rest | None]
    invocation_id: str = field(default_factory=new_uuid)
    started: float = field(default_factory=time.monotonic)
    retries: int = 0

    @property
    def arn(self) -> str:
        """The target's ARN."""
        return str(self.target["Arn"])

    @property
    def rule_arn(self) -> str:
        """The rule's ARN."""
        return str(self.rule["Arn"])

    def caller(self, *, needs_role: bool = False) -> Caller:
        """Who delivers.

        Raises:
            DeliveryError: the role can't be assumed, or a target that ``needs_role`` has none.
        """
        if needs_role and not self.target.get("RoleArn"):
            raise no_permission(f"The target {self.arn} needs a RoleArn.")
        return caller_of(self.rule_arn, self.target.get("RoleArn"))

    def owner(self, what: str, *, any_account: bool = False) -> Arn:
        """The account and region of the target, which has to be in the region of the rule.

        Raises:
            DeliveryError: ``NO_RESOURCE``; EventBridge delivers nothing but events of buses to another
                region, and only ``any_account`` targets to another account.
        """
        target, rule = parse_arn(self.arn), parse_arn(self.rule_arn)
        if target.region != rule.region or not (any_account or target.account_id == rule.account_id):
            raise no_resource(what, self.arn)
        return target
