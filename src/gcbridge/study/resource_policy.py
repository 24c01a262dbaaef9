"""Evaluates an IAM resource policy for one service principal, as far as a policy can be judged from outside.

Source: "Policy evaluation logic" and "IAM JSON policy elements: condition operators" in the IAM user guide.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Document = Mapping[str, Any]
"""A policy document, parsed from JSON."""


@dataclass(frozen=True, slots=True)
class ServiceRequest:
    """A service asks for one action on one resource, on behalf of another resource.

    Args:
        service: principal, such as `events.amazonaws.com`.
        action: such as `sqs:SendMessage`.
        resource: ARN that the action is about.
        source_arn: ARN on whose behalf the service asks (`aws:SourceArn`), such as a rule's.
        source_account: 12 digits (`aws:SourceAccount`).
    """

    service: str
    action: str
    resource: str
    source_arn: str
    source_account: str

    @property
    def context(self) -> dict[str, str]:
        """Condition keys with a known value; AWS services always call over TLS."""
        return {
            "aws:sourcearn": self.source_arn,
            "aws:sourceaccount": self.source_account,
            "aws:securetransport": "true",
        }


def is_permitted(policies: Iterable[Document], request: ServiceRequest) -> bool | None:
    """A policy permits when a statement allows and none denies; None where a condition cannot be judged.

    Args:
        policies: every document attached to the resource.
        request: who asks for what.
    """
    effects: dict[str, set[bool | None]] = {"Allow": set(), "Deny": set()}
    for policy in policies:
        for statement in _listed(policy.get("Statement")):
            effects.setdefault(statement.get("Effect", ""), set()).add(_applies(statement, request))
    if True in effects["Deny"]:
        return False
    if True in effects["Allow"]:
        return None if None in effects["Deny"] else True
    return None if None in effects["Allow"] else False


def _applies(statement: Document, request: ServiceRequest) -> bool | None:
    parts = (
        _names_principal(statement, request.service),
        _names(statement, "Action", request.action, ignore_case=True),
        _names(statement, "Resource", request.resource, ignore_case=False),
        _conditions_hold(statement.get("Condition", {}), request.context),
    )
    return _all(parts)


def _all(parts: Iterable[bool | None]) -> bool | None:
    seen = set(parts)
    if False in seen:
        return False
    return None if None in seen else True


def _names_principal(statement: Document, service: str) -> bool | None:
    if "NotPrincipal" in statement:
        return None
    principal = statement.get("Principal", {})
    if principal == "*":
        return True
    if not isinstance(principal, Mapping):
        return False
    return service in _listed(principal.get("Service")) or "*" in _listed(principal.get("AWS"))


def _names(statement: Document, element: str, value: str, *, ignore_case: bool) -> bool:
    if f"Not{element}" in statement:
        return not any(_like(value, item, ignore_case) for item in _listed(statement[f"Not{element}"]))
    return any(_like(value, item, ignore_case) for item in _listed(statement.get(element)))


def _conditions_hold(conditions: Mapping[str, Mapping[str, Any]], context: Mapping[str, str]) -> bool | None:
    return _all(
        _condition_holds(operator, context.get(key.lower()), [str(item) for item in _listed(wanted)])
        for operator, keys in conditions.items()
        for key, wanted in keys.items()
    )


def _condition_holds(operator: str, value: str | None, wanted: list[str]) -> bool | None:
    plain = operator.removesuffix("IfExists")
    negated = plain in _NEGATED
    compare = _COMPARISONS.get(_NEGATED.get(plain, plain))
    if compare is None or value is None:
        return None
    return any(compare(value, item) for item in wanted) is not negated


def _like(value: str, pattern: str, ignore_case: bool = False) -> bool:
    regex = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(regex, value, re.IGNORECASE | re.DOTALL if ignore_case else re.DOTALL) is not None


def _arn_like(value: str, pattern: str) -> bool:
    # AWS compares the six parts of an ARN one by one, so a `*` never reaches across a colon.
    values, patterns = value.split(":", 5), pattern.split(":", 5)
    return len(values) == len(patterns) and all(map(_like, values, patterns))


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


_COMPARISONS: dict[str, Callable[[str, str], bool]] = {
    "ArnEquals": _arn_like,
    "ArnLike": _arn_like,
    "StringEquals": lambda value, wanted: value == wanted,
    "StringEqualsIgnoreCase": lambda value, wanted: value.lower() == wanted.lower(),
    "StringLike": _like,
    "Bool": lambda value, wanted: value == wanted.lower(),
}
_NEGATED = {
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
}
