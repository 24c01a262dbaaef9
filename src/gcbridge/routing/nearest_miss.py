"""Words for a field that did not match: what would have fitted, or what is there instead."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gcbridge.routing.numbers import is_number
from gcbridge.routing.operators import (
    AnythingBut,
    Cidr,
    Equals,
    EqualsIgnoreCase,
    Exists,
    NumericRange,
    Operator,
    Prefix,
    Scalar,
    Suffix,
    Wildcard,
)
from gcbridge.routing.pattern import FieldTest
from gcbridge.routing.written import as_json, written

TEXT_OPERATORS = (Prefix, Suffix, Wildcard, EqualsIgnoreCase, Cidr)


def nearest_miss(test: FieldTest, values: Sequence[Scalar], event: Mapping[str, Any]) -> str:
    """What kept a field from matching, in one clause.

    Args:
        test: what the pattern asks of the field.
        values: what the event has at the path; empty where it has nothing.
        event: the whole event, to look for the field elsewhere.
    """
    if not values:
        return _absence(test.path, event)
    if all(isinstance(operator, Exists) for operator in test.operators):
        return "the event has this field"
    for value in values:
        for operator in test.operators:
            words = _near(operator, value)
            if words:
                return words
    return _closest(test, values)


def _absence(path: str, event: Mapping[str, Any]) -> str:
    here = _at(event, path)
    if isinstance(here, Mapping):
        return f"is an object here, and patterns look at values: {', '.join(here) or 'it is empty'}"
    if isinstance(here, list):
        return "is an empty array here" if not here else "holds objects here, and patterns look at values"
    by_name = {other.rsplit(".", 1)[-1]: other for other in _leaf_paths(event, "")}
    close = difflib.get_close_matches(path.rsplit(".", 1)[-1], by_name, n=1, cutoff=0.75)
    return (
        f"the event has no such field; it has {by_name[close[0]]}" if close else "the event has no such field"
    )


def _at(node: Any, path: str) -> Any:
    for step in path.split("."):
        node = node.get(step) if isinstance(node, Mapping) else None
    return node


def _leaf_paths(node: Any, above: str) -> Iterator[str]:
    if isinstance(node, Mapping):
        for name, child in node.items():
            yield from _leaf_paths(child, f"{above}.{name}" if above else str(name))
    elif isinstance(node, list):
        for child in node:
            yield from _leaf_paths(child, above)
    else:
        yield above


def _near(operator: Operator, value: Scalar) -> str:
    """Words where this operator and this value nearly fit."""
    if isinstance(operator, AnythingBut):
        return f"{as_json(value)} is excluded"
    if isinstance(operator, Equals):
        return _nearly_equal(operator.value, value)
    if isinstance(operator, NumericRange):
        return _out_of_range(operator, value)
    if isinstance(operator, TEXT_OPERATORS) and not isinstance(value, str):
        return f"{as_json(value)} is no text"
    if isinstance(operator, Prefix | Suffix | Wildcard) and isinstance(value, str):
        return _fits_in_lower_case(operator, value)
    return ""


def _nearly_equal(wanted: Scalar, value: Scalar) -> str:
    if isinstance(wanted, str) and isinstance(value, str):
        if wanted.lower() == value.lower():
            return f"{as_json(value)} differs only in upper and lower case"
        if wanted.strip() == value.strip():
            return f"{as_json(value)} differs only in spaces at an end"
        return f"{as_json(value)} goes on after {as_json(wanted)}" if value.startswith(wanted) else ""
    if type(wanted) is not type(value) and str(wanted).lower() == str(value).lower():
        return f"the event has the {_kind(value)} {as_json(value)}, the pattern wants the {_kind(wanted)} {as_json(wanted)}"
    return ""


def _kind(value: Scalar) -> str:
    if isinstance(value, str):
        return "text"
    return "number" if is_number(value) else "literal"


def _out_of_range(numeric: NumericRange, value: Scalar) -> str:
    if not is_number(value):
        return f"{as_json(value)} is no number"
    if numeric.low is not None and value <= numeric.low:
        return f"{as_json(value)} is too small"
    return f"{as_json(value)} is too large"


def _fits_in_lower_case(operator: Prefix | Suffix | Wildcard, value: str) -> str:
    parts = operator.parts if isinstance(operator, Wildcard) else ()
    lowered: Operator = (
        Wildcard(operator.text.lower(), tuple(part.lower() for part in parts))
        if isinstance(operator, Wildcard)
        else type(operator)(operator.text.lower())
    )
    return f"{as_json(value)} differs only in upper and lower case" if lowered.matches(value.lower()) else ""


def _closest(test: FieldTest, values: Sequence[Scalar]) -> str:
    texts = {str(value): value for value in values}
    wanted = [str(o.value) for o in test.operators if isinstance(o, Equals)]
    for text in wanted:
        close = difflib.get_close_matches(text, texts, n=1, cutoff=0.8)
        if close:
            return f"{as_json(texts[close[0]])} is close to {as_json(text)}"
    shown = ", ".join(as_json(value) for value in values[:3])
    more = f" and {len(values) - 3} more" if len(values) > 3 else ""
    return f"{shown}{more} is not {' or '.join(written(operator) for operator in test.operators)}"
