"""AWS's Query protocol: forms such as ``Dimensions.member.1.Name=RuleName``, and answers in XML.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/making-api-requests.html
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any
from xml.sax.saxutils import escape

LIST_STEP = "member"
NOT_FIELDS = frozenset({"Action", "Version"})
NUMBERS: Mapping[str, type[int] | type[float]] = {
    "Period": int,
    "EvaluationPeriods": int,
    "DatapointsToAlarm": int,
    "MaxRecords": int,
    "MaxDatapoints": int,
    "Threshold": float,
}
FLAGS = frozenset({"ActionsEnabled", "ReturnData"})
# An empty list is written as an empty text.
LISTS = frozenset(
    "AlarmActions AlarmNames AlarmTypes Dimensions ExtendedStatistics InsufficientDataActions Metrics OKActions"
    " Statistics Tags".split()
)


def read_value(name: str, text: str) -> Any:
    """A field's value in the type that CloudWatch gives it.

    Raises:
        ValueError: it should be a number and is none.
    """
    if name in FLAGS:
        return text == "true"
    if name in LISTS and not text:
        return []
    return NUMBERS[name](text) if name in NUMBERS else text


def as_lists(node: Any) -> Any:
    """The same with every ``member`` level as a list, in the order of its numbers."""
    if not isinstance(node, dict):
        return node
    if LIST_STEP in node:
        return [as_lists(node[LIST_STEP][number]) for number in sorted(node[LIST_STEP], key=int)]
    return {name: as_lists(value) for name, value in node.items()}


def read_form(params: Mapping[str, Any]) -> dict[str, Any]:
    """What a form says, in the shape that the JSON protocol gives it.

    Raises:
        ValueError: a number is none.
    """
    tree: dict[str, Any] = {}
    for path, given in params.items():
        if path in NOT_FIELDS:
            continue
        *steps, last = path.split(".")
        node = tree
        for step in steps:
            node = node.setdefault(step, {})
        node[last] = read_value(last, given[0] if isinstance(given, list) else given)
    fields: dict[str, Any] = as_lists(tree)
    return fields


def write_text(name: str, value: Any) -> str:
    """A scalar as the Query protocol writes it; times are seconds in JSON and ISO 8601 here."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if "Timestamp" in name and isinstance(value, int | float):
        return datetime.fromtimestamp(value, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return escape(str(value))


def write_element(name: str, value: Any, of: str = "") -> str:
    """An element; what is None is left out. The members of a list are written as ``of`` the list's name."""
    if value is None:
        return ""
    if isinstance(value, dict):
        inner = "".join(write_element(key, each) for key, each in value.items())
    elif isinstance(value, list):
        inner = "".join(write_element(LIST_STEP, each, of=name) for each in value)
    else:
        inner = write_text(of or name, value)
    return f"<{name}>{inner}</{name}>"
