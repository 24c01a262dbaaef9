"""Event pattern (a JSON object) -> Pattern, or the place and the kind of its fault."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from gcbridge.model.origin import KeyPath
from gcbridge.routing.invalid import InvalidPatternError
from gcbridge.routing.operator_parsing import parse_operator
from gcbridge.routing.operators import Operator
from gcbridge.routing.pattern import FieldTest, Pattern

OR = "$or"
ALTERNATIVES_MAX = 1000
"""AWS counts the alternatives that the `$or`s of a pattern multiply to."""
RESERVED_BESIDE_OR = frozenset(
    "exactly equals-ignore-case prefix suffix anything-but exists wildcard numeric cidr = < <= > >= regex not-wildcard "
    "not-equals-ignore-case date-after date-on-or-after date-before date-on-or-before in-date-range ip-address-in-range "
    "ip-address-not-in-range".split()
)
"""Names that no field inside an `$or` may have. Source: aws/event-ruler, RESERVED_FIELD_NAMES_IN_OR_RELATIONSHIP."""

_Alternative = dict[str, tuple[Operator, ...]]


def parse_pattern(pattern: Mapping[str, Any]) -> Pattern:
    """A pattern is a list of alternatives, one for each way through its `$or`s.

    Args:
        pattern: the event pattern as a JSON object.

    Raises:
        InvalidPatternError: EventBridge would refuse it. Source: aws/event-ruler, JsonRuleCompiler.
    """
    alternatives: list[_Alternative] = [{}]
    alternatives = _parse_object(alternatives, pattern, "", (), inside_or=False)
    return Pattern(
        tuple(
            tuple(FieldTest(path, operators) for path, operators in sorted(alternative.items()))
            for alternative in alternatives
        )
    )


def _parse_object(
    alternatives: list[_Alternative], node: Any, prefix: str, path: KeyPath, *, inside_or: bool
) -> list[_Alternative]:
    if not isinstance(node, Mapping):
        raise InvalidPatternError(path, "a pattern is an object", 'write {"field": ["value"]}')
    if not node:
        raise InvalidPatternError(
            path, "an empty object matches nothing", 'name a field, or write [{"exists": true}]'
        )
    for name, child in node.items():
        here = (*path, name)
        if not isinstance(name, str):
            raise InvalidPatternError(here, "field names are text", f'write "{name}"')
        if name == OR:
            alternatives = _parse_or(alternatives, child, prefix, here)
            continue
        if inside_or and name in RESERVED_BESIDE_OR:
            raise InvalidPatternError(
                here, f"{name} cannot name a field inside $or", "$or holds objects of fields, not operators"
            )
        dotted_name = f"{prefix}.{name}" if prefix else name
        if isinstance(child, Mapping):
            alternatives = _parse_object(alternatives, child, dotted_name, here, inside_or=inside_or)
        else:
            operators = _parse_array(child, here)
            alternatives = [{**alternative, dotted_name: operators} for alternative in alternatives]
    return alternatives


def _parse_or(alternatives: list[_Alternative], node: Any, prefix: str, path: KeyPath) -> list[_Alternative]:
    if not isinstance(node, list) or len(node) < 2:
        raise InvalidPatternError(
            path, "$or needs two or more objects", 'write {"$or": [{"a": [1]}, {"b": [2]}]}'
        )
    branches: list[_Alternative] = []
    for index, branch in enumerate(node):
        if not isinstance(branch, Mapping):
            raise InvalidPatternError((*path, index), "$or holds objects only", 'write {"field": ["value"]}')
        branches += _parse_object(alternatives, branch, prefix, (*path, index), inside_or=True)
        if len(branches) > ALTERNATIVES_MAX:
            raise InvalidPatternError(
                path, f"$or makes more than {ALTERNATIVES_MAX} combinations", "split the rule into several"
            )
    return branches


def _parse_array(node: Any, path: KeyPath) -> tuple[Operator, ...]:
    if not isinstance(node, list):
        shown = json.dumps(node, default=str)
        raise InvalidPatternError(path, "a field's values stand in an array", f"write [{shown}]")
    if not node:
        raise InvalidPatternError(path, "an empty array matches nothing", "name at least one value")
    return tuple(parse_operator(value, (*path, index)) for index, value in enumerate(node))
