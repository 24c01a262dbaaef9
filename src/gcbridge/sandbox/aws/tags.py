"""Tags of rules on a bus whose name has slashes, as every partner bus's has."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from ministack.services import eventbridge

from gcbridge.sandbox.aws.answers import Answer

Resolution: TypeAlias = tuple[str | None, Answer | None]


def is_rule_of_own(arn: str) -> bool:
    """Whether ``arn`` names a rule of the caller's account and region."""
    bus, _, rule = arn.partition(":rule/")[2].rpartition("/")
    record = eventbridge._rules.get(eventbridge._rule_key(rule, bus or "default"))
    return bool(record) and bool(record["Arn"] == arn)


def resolve_taggable_arn(original: Callable[[str], Resolution], arn: str) -> Resolution:
    """ministack cuts a rule's ARN at every slash; the last slash alone parts the bus from the rule."""
    return (arn, None) if is_rule_of_own(arn or "") else original(arn)
