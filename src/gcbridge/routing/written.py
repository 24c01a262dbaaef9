"""Operators as they stand in a pattern."""

from __future__ import annotations

import json
from typing import Any

from gcbridge.routing.operators import (
    AnythingBut,
    Cidr,
    Equals,
    EqualsAddress,
    EqualsIgnoreCase,
    Excluded,
    Exists,
    NumericRange,
    Operator,
    Prefix,
    PrefixIgnoreCase,
    Suffix,
    SuffixIgnoreCase,
    Wildcard,
)


def written(operator: Operator) -> str:
    """The operator as JSON, without spaces.

    >>> written(Prefix("OAuth"))
    '{"prefix":"OAuth"}'
    """
    return as_json(_value(operator))


def as_json(value: Any) -> str:
    """A value as JSON, without spaces."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _value(operator: Operator) -> Any:
    match operator:
        case Equals():
            return operator.value
        case EqualsAddress():
            return operator.text
        case NumericRange():
            return {"numeric": _comparisons(operator)}
        case Exists():
            return {"exists": operator.wanted}
        case AnythingBut():
            return {"anything-but": _excluded(operator.excluded)}
        case PrefixIgnoreCase():
            return {"prefix": {"equals-ignore-case": operator.text}}
        case SuffixIgnoreCase():
            return {"suffix": {"equals-ignore-case": operator.text}}
        case _:
            return {_name(operator): operator.text}


def _name(operator: Prefix | Suffix | EqualsIgnoreCase | Wildcard | Cidr) -> str:
    names: dict[type, str] = {
        Prefix: "prefix",
        Suffix: "suffix",
        EqualsIgnoreCase: "equals-ignore-case",
        Wildcard: "wildcard",
        Cidr: "cidr",
    }
    return names[type(operator)]


def _comparisons(numeric: NumericRange) -> list[Any]:
    low = [">=" if numeric.low_included else ">", numeric.low] if numeric.low is not None else []
    high = ["<=" if numeric.high_included else "<", numeric.high] if numeric.high is not None else []
    return [*low, *high]


def _excluded(excluded: tuple[Excluded, ...]) -> Any:
    values = [operator.value if isinstance(operator, Equals) else operator.text for operator in excluded]
    inner: Any = values[0] if len(values) == 1 else values
    first = excluded[0] if excluded else None
    if first is None or isinstance(first, Equals):
        return inner
    return {_name(first): inner}
