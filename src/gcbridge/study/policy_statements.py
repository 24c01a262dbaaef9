"""What resource policies and identity policies have in common: statements, and when one applies.

Source: "Policy evaluation logic" and "IAM JSON policy elements: condition operators" in the IAM user guide.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

Document = Mapping[str, Any]
"""A policy document, parsed from JSON."""

Decision = Literal["allowed", "denied", "silent", "unknown"]
"""A statement allows and none denies; one denies; none says anything; a condition cannot be judged from outside."""


def decide(policies: Iterable[Document], applies: Callable[[Document], bool | None]) -> Decision:
    """A deny wins over every allow; what nobody allows is not allowed.

    Args:
        policies: documents that count together.
        applies: whether a statement is about the request; None where that cannot be judged.
    """
    effects: dict[str, set[bool | None]] = {"Allow": set(), "Deny": set()}
    for policy in policies:
        for statement in listed(policy.get("Statement")):
            effects.setdefault(statement.get("Effect", ""), set()).add(applies(statement))
    if True in effects["Deny"]:
        return "denied"
    if True in effects["Allow"]:
        return "unknown" if None in effects["Deny"] else "allowed"
    return "unknown" if None in effects["Allow"] else "silent"


def covers(statement: Document, action: str, resource: str, context: Mapping[str, str]) -> bool | None:
    """A statement is about an action on a resource, and its conditions hold.

    Args:
        statement: of a policy.
        action: such as `sqs:SendMessage`.
        resource: its ARN; empty where the policy stands on the resource and names none, as a trust policy does.
        context: condition key in lower case -> value; what it does not hold cannot be judged.
    """
    return every(
        (
            _names(statement, "Action", action, ignore_case=True),
            not resource or _names(statement, "Resource", resource, ignore_case=False),
            _conditions_hold(statement.get("Condition", {}), context),
        )
    )


def every(parts: Iterable[bool | None]) -> bool | None:
    """True where all parts are, False where one is, None where it depends on what cannot be judged."""
    seen = set(parts)
    if False in seen:
        return False
    return None if None in seen else True


def listed(value: Any) -> list[Any]:
    """A policy writes one value without the list around it."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _names(statement: Document, element: str, value: str, *, ignore_case: bool) -> bool:
    if f"Not{element}" in statement:
        return not any(_like(value, item, ignore_case) for item in listed(statement[f"Not{element}"]))
    return any(_like(value, item, ignore_case) for item in listed(statement.get(element)))


def _conditions_hold(conditions: Mapping[str, Mapping[str, Any]], context: Mapping[str, str]) -> bool | None:
    return every(
        _condition_holds(operator, key.lower(), context, [str(item) for item in listed(wanted)])
        for operator, keys in conditions.items()
        for key, wanted in keys.items()
    )


def _condition_holds(operator: str, key: str, context: Mapping[str, str], wanted: list[str]) -> bool | None:
    plain = operator.removesuffix("IfExists")
    negated = plain in _NEGATED
    compare = _COMPARISONS.get(_NEGATED.get(plain, plain))
    if compare is None:
        return None
    if key in _ABSENT:
        return negated or plain != operator
    value = context.get(key)
    if value is None:
        return None
    return any(compare(value, item) for item in wanted) is not negated


def _like(value: str, pattern: str, ignore_case: bool = False) -> bool:
    regex = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(regex, value, re.IGNORECASE | re.DOTALL if ignore_case else re.DOTALL) is not None


def _arn_like(value: str, pattern: str) -> bool:
    # AWS compares the six parts of an ARN one by one, so a `*` never reaches across a colon.
    values, patterns = value.split(":", 5), pattern.split(":", 5)
    return len(values) == len(patterns) and all(map(_like, values, patterns))


# A topic's default policy asks for this key. It does not let EventBridge in: events.amazonaws.com has to be named
# (AWS re:Post, "Why isn't my Amazon SNS topic receiving EventBridge notifications?").
_ABSENT = frozenset({"aws:sourceowner"})
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
