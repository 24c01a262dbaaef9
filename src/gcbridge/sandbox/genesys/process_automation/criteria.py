"""Whether a trigger's criteria hold for the body of an event.

Paths are Goessner's JSONPath, relative to `eventBody`. The reading of the operators follows their names and the
Genesys developer blog (2022-11-08); COVERAGE.md says what was chosen where neither tells.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from jsonpath_ng.exceptions import JSONPathError
from jsonpath_ng.ext.parser import parse
from jsonpath_ng.jsonpath import DatumInContext, Fields, Index, JSONPath

# What jsonpath-ng raises where a step of the path does not fit the value that it is at.
_UNASKABLE = (AssertionError, AttributeError, LookupError, TypeError, ValueError)
Judge = Callable[[Any, Any], bool]


@dataclass(frozen=True)
class Extraction:
    """A value that a path leads to, and its own path such as `$['things'][1]`."""

    value: Any
    path: str


@functools.lru_cache(maxsize=4096)
def compile_path(path: str) -> JSONPath:
    """The path as a query.

    Raises:
        ValueError: it is no JSONPath.
    """
    try:
        return parse(path)
    except (JSONPathError, ValueError, TypeError, AttributeError) as error:
        raise ValueError(f"{path!r} is not a JSONPath: {error}") from error


def extract(path: str, body: dict[str, Any]) -> list[Extraction]:
    """Everything that the path leads to; nothing where the body has another shape than it expects."""
    query = compile_path(path)
    try:
        found = query.find(body)
    except _UNASKABLE:
        return []
    return [Extraction(one.value, _written(one)) for one in found]


def holds(operator: str, wanted: Any, found: Iterable[Extraction]) -> bool:
    """Whether at least one of the values satisfies the operator; Exists looks at whether there is one.

    A path that leads nowhere satisfies nothing but `Exists false`.
    """
    values = [extraction.value for extraction in found]
    if operator == "Exists":
        return bool(values) is bool(wanted)
    return any(_JUDGES[operator](value, wanted) for value in values)


def _written(found: DatumInContext) -> str:
    if found.context is None:
        return "$"
    parent, step = _written(found.context), found.path
    if isinstance(step, Fields):
        return parent + "".join(f"['{name}']" for name in step.fields)
    if isinstance(step, Index):
        return parent + "".join(f"[{position}]" for position in step.indices)
    return f"{parent}.{step}"


def _equal(value: Any, wanted: Any) -> bool:
    """Equal as JSON: true is not 1, but 1.0 is."""
    if isinstance(value, bool) or isinstance(wanted, bool):
        return value is wanted
    if isinstance(value, list) and isinstance(wanted, list):
        return len(value) == len(wanted) and all(map(_equal, value, wanted))
    if isinstance(value, dict) and isinstance(wanted, dict):
        return value.keys() == wanted.keys() and all(_equal(value[key], wanted[key]) for key in value)
    return bool(value == wanted)


def _is_in(value: Any, wanted: list[Any]) -> bool:
    return any(_equal(value, one) for one in wanted)


def _ordered(compare: Callable[[Any, Any], bool]) -> Judge:
    def judge(value: Any, wanted: Any) -> bool:
        both_numbers = _is_number(value) and _is_number(wanted)
        both_texts = isinstance(value, str) and isinstance(wanted, str)
        return (both_numbers or both_texts) and compare(value, wanted)

    return judge


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _contains(value: Any, wanted: Any) -> bool:
    if isinstance(value, str):
        return isinstance(wanted, str) and wanted in value
    return isinstance(value, list) and _is_in(wanted, value)


def _has_all(value: Any, wanted: list[Any]) -> bool:
    return isinstance(value, list) and all(_is_in(one, value) for one in wanted)


def _has_size(value: Any, wanted: int) -> bool:
    return isinstance(value, list | str) and len(value) == wanted


_JUDGES: dict[str, Judge] = {
    "Equal": _equal,
    "NotEqual": lambda value, wanted: not _equal(value, wanted),
    "GreaterThan": _ordered(lambda value, wanted: bool(value > wanted)),
    "GreaterThanOrEqual": _ordered(lambda value, wanted: bool(value >= wanted)),
    "LessThan": _ordered(lambda value, wanted: bool(value < wanted)),
    "LessThanOrEqual": _ordered(lambda value, wanted: bool(value <= wanted)),
    "In": _is_in,
    "NotIn": lambda value, wanted: not _is_in(value, wanted),
    "Contains": _contains,
    "All": _has_all,
    "Size": _has_size,
}
