"""A sample of an event's body that meets the criteria of a trigger, as far as one can be made."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from typing import Any

from gcbridge.study.triggers.criteria import judge_all, judge_criterion
from gcbridge.study.triggers.json_paths import EACH, Step, steps_of

SIZE_MAX = 10_000
"""The longest list that a sample gets."""
_OTHER = "another"
_GONE = object()
_STEPS = {"GreaterThan": 1, "LessThan": -1}


def fitting_body(body: Mapping[str, Any], match_json: str) -> tuple[dict[str, Any], bool]:
    """The body with other values where criteria ask for them, and whether it meets all of them now.

    A criterion whose path has filters, or that contradicts another, is left as it is.

    Args:
        body: a sample, such as that of the topic.
        match_json: `Trigger.match_json`.
    """
    fitted = copy.deepcopy(dict(body))
    for criterion in json.loads(match_json):
        steps = steps_of(criterion["jsonPath"])
        if steps and not judge_criterion(criterion, fitted).holds:
            there = _read(fitted, steps)
            _assign(fitted, steps, _wanted(criterion, there))
    return fitted, all(verdict.holds for verdict in judge_all(match_json, fitted))


def _wanted(criterion: Mapping[str, Any], there: Any) -> Any:
    """A value for which the operator holds."""
    name, value = criterion["operator"], criterion.get("value")
    if name == "Exists":
        return _OTHER if value else _GONE
    if name in {"NotEqual", "NotIn"}:
        return _other(there)
    if name == "Size":
        if int(value or 0) > SIZE_MAX:
            return there
        elements = there if isinstance(there, list) and there else [_OTHER]
        return (elements * int(value or 0))[: int(value or 0)]
    if name == "Contains":
        return [value] if isinstance(there, list) else value
    if "values" in criterion:
        return criterion["values"][0] if name == "In" else list(criterion["values"])
    return value if isinstance(value, str | bool) or value is None else value + _STEPS.get(name, 0)


def _other(there: Any) -> Any:
    if isinstance(there, bool):
        return not there
    if isinstance(there, int | float):
        return there + 1
    return f"{there}-{_OTHER}" if isinstance(there, str) else _OTHER


def _read(node: Any, steps: tuple[Step, ...]) -> Any:
    for step in steps:
        key = 0 if step == EACH and isinstance(node, list) else step
        in_list = isinstance(node, list) and isinstance(key, int) and -len(node) <= key < len(node)
        if not in_list and not (isinstance(node, Mapping) and key in node):
            return None
        node = node[key]
    return node


def _assign(node: Any, steps: tuple[Step, ...], value: Any) -> None:
    """What cannot be reached is left as it is: whoever asked sees that the criterion does not hold."""
    step, *rest = steps
    key = 0 if step == EACH and isinstance(node, list) else step
    if isinstance(node, dict) and isinstance(key, str):
        if rest:
            _assign(
                node.setdefault(key, [] if isinstance(rest[0], int) or rest[0] == EACH else {}),
                tuple(rest),
                value,
            )
        elif value is _GONE:
            node.pop(key, None)
        else:
            node[key] = value
    elif isinstance(node, list) and isinstance(key, int) and 0 <= key <= len(node) and value is not _GONE:
        if key == len(node):
            node.append({} if rest else value)
        if rest:
            _assign(node[key], tuple(rest), value)
        else:
            node[key] = value
