"""Which operator takes `value` and which `values`, and of what kind."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from gcbridge.study.triggers.criteria import COMPARED

LISTS = frozenset({"In", "NotIn", "All"})
"""Operators that take `values`."""
_KINDS: Mapping[str, str] = {
    "Exists": "true or false",
    "Size": "a whole number of elements, 0 or more",
    **dict.fromkeys(COMPARED, "a number"),
}


def shape_findings(criterion: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Key and fault of a criterion whose operator takes something else; malformed operators are stepped around.

    Args:
        criterion: as written: json_path, operator, value, values.
    """
    name = criterion.get("operator")
    if not isinstance(name, str):
        return
    has_value, has_values = criterion.get("value") is not None, criterion.get("values") is not None
    if has_value and has_values:
        yield (
            "values",
            f"stands beside value; Genesys Cloud takes one of them, for {name}: {_wanted_key(name)}",
        )
    elif name in LISTS:
        yield from _list_findings(name, criterion, has_value=has_value)
    else:
        yield from _scalar_findings(name, criterion, has_values=has_values)


def _wanted_key(name: str) -> str:
    return "values" if name in LISTS else "value"


def _list_findings(name: str, criterion: Mapping[str, Any], *, has_value: bool) -> Iterator[tuple[str, str]]:
    values = criterion.get("values")
    if has_value:
        value = criterion["value"]
        shown = value if isinstance(value, list) else [value]
        yield "value", f"{name} takes several: write values: {_written(shown)}"
    elif values is None:
        yield "operator", f"{name} needs values: a list of what to compare with"
    elif isinstance(values, list | tuple):
        if not values:
            yield "values", f"is empty; {name} needs at least one value"
        for value in values:
            if fault := _scalar_fault(value):
                yield "values", fault


def _scalar_findings(
    name: str, criterion: Mapping[str, Any], *, has_values: bool
) -> Iterator[tuple[str, str]]:
    value, values = criterion.get("value"), criterion.get("values")
    if has_values:
        more = (
            f"; for several: operator: {'In' if name == 'Equal' else 'NotIn'}"
            if name in {"Equal", "NotEqual"}
            else ""
        )
        one = values[0] if isinstance(values, list | tuple) and values else "..."
        yield "values", f"{name} takes one: write value: {_written(one)}{more}"
    elif value is None:
        yield "operator", f"{name} needs value: {_KINDS.get(name, 'text, a number, true or false')}"
    elif fault := _fault(name, value):
        yield "value", fault


def _fault(name: str, value: Any) -> str:
    if name == "Exists" and not isinstance(value, bool):
        meant = str(value).strip().lower()
        return f"Exists takes true or false, not {_written(value)}" + (
            f"; write {meant}" if meant in {"true", "false"} else ""
        )
    if name == "Size" and not (_is_number(value) and value == int(value) and value >= 0):
        return f"Size takes {_KINDS['Size']}, not {_written(value)}"
    if name in COMPARED and not _is_number(value):
        return f"{name} compares numbers, and {_written(value)} is none" + _unquoted(value)
    return _scalar_fault(value)


def _unquoted(value: Any) -> str:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return ""
    return f"; write {value} without quotes" if isinstance(value, str) and math.isfinite(number) else ""


def _scalar_fault(value: Any) -> str:
    if isinstance(value, list | tuple | Mapping):
        return f"compares with text, a number, true or false, not with {_written(value)}"
    if value is not None and not isinstance(value, str | int | float):
        return f"{value} is no value in JSON; write it in quotes"
    if isinstance(value, float) and not math.isfinite(value):
        return f"{value} is no number in JSON"
    return "null cannot be compared with; use Exists" if value is None else ""


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _written(value: Any) -> str:
    """As YAML has it, near enough for a message.

    >>> _written(["Away", 1, True])
    '[Away, 1, true]'
    """
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_written, value))}]"
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value!s:.80}"
