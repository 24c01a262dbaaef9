"""Whether an event's body meets the criteria of a trigger, and what kept it from it.

Every value that the path finds is compared, and one that satisfies the operator is enough: the answer of Genesys Cloud's own test has a
list of extracted values for each criterion (`jsonPathExtraction`, MyPureCloud/developer-center-blog, 2022-11-08). So where the path finds
nothing, nothing holds but Exists false; of NotEqual and NotIn nobody has published it.
"""

from __future__ import annotations

import json
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gcbridge.study.traffic.expectations import same_json
from gcbridge.study.triggers.json_paths import found_values

COMPARED: Mapping[str, tuple[Callable[[Any, Any], bool], str]] = {
    "GreaterThan": (operator.gt, "greater than"),
    "GreaterThanOrEqual": (operator.ge, "at least"),
    "LessThan": (operator.lt, "less than"),
    "LessThanOrEqual": (operator.le, "at most"),
}
FOUND_MAX = 10
SHOWN_MAX = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one criterion.

    Args:
        path: its JSONPath.
        wanted: in words, such as `one of "Away", "Busy"`.
        found: what the body has there, at most the first ten.
        holds: whether it is met.
        miss: why it is not, to follow the path; empty where it is.
    """

    path: str
    wanted: str
    found: tuple[Any, ...]
    holds: bool
    miss: str


def judge_criterion(criterion: Mapping[str, Any], body: Any) -> Verdict:
    """One criterion against one body.

    Args:
        criterion: as Genesys Cloud takes it: jsonPath, operator, value or values.
        body: `detail.eventBody` of the event.
    """
    path, name = criterion["jsonPath"], criterion["operator"]
    found = found_values(path, body)
    wanted = criterion["values"] if "values" in criterion else criterion.get("value")
    met = bool(found) is bool(wanted) if name == "Exists" else any(_HOLDS[name](one, wanted) for one in found)
    return Verdict(
        path=path,
        wanted=wanted_text(name, wanted),
        found=tuple(found[:FOUND_MAX]),
        holds=met,
        miss="" if met else _miss(name, found, wanted),
    )


def judge_all(match_json: str, body: Any) -> tuple[Verdict, ...]:
    """Every criterion of a trigger, in order.

    Args:
        match_json: `Trigger.match_json`.
        body: `detail.eventBody` of the event.
    """
    return tuple(judge_criterion(criterion, body) for criterion in json.loads(match_json))


def wanted_text(name: str, wanted: Any) -> str:
    """An operator and its value in words.

    >>> wanted_text("In", ["Away", "Busy"]), wanted_text("GreaterThan", 5), wanted_text("Exists", False)
    ('one of "Away", "Busy"', 'greater than 5', 'no value')
    """
    if name in COMPARED:
        return f"{COMPARED[name][1]} {_shown(wanted)}"
    if name == "Exists":
        return "a value" if wanted else "no value"
    words = {
        "Equal": "",
        "NotEqual": "not ",
        "In": "one of ",
        "NotIn": "none of ",
        "Contains": "containing ",
        "All": "a list with all of ",
        "Size": "a list of length ",
    }
    items = wanted if isinstance(wanted, list) else [wanted]
    # Genesys Cloud may have operators that came later.
    return words.get(name, "") + ", ".join(map(_shown, items))


def _is_equal(there: Any, wanted: Any) -> bool:
    return same_json(there, wanted)


def _is_in(there: Any, wanted: Sequence[Any]) -> bool:
    return any(same_json(there, one) for one in wanted)


def _contains(there: Any, wanted: Any) -> bool:
    if isinstance(there, list):
        return _is_in(wanted, there)
    return isinstance(there, str) and isinstance(wanted, str) and wanted in there


def _has_all(there: Any, wanted: Sequence[Any]) -> bool:
    return isinstance(there, list) and all(_is_in(one, there) for one in wanted)


def _has_size(there: Any, wanted: Any) -> bool:
    return isinstance(there, list | str) and same_json(len(there), wanted)


def _compared(name: str) -> Callable[[Any, Any], bool]:
    def holds(there: Any, wanted: Any) -> bool:
        return _is_number(there) and _is_number(wanted) and COMPARED[name][0](there, wanted)

    return holds


_HOLDS: Mapping[str, Callable[[Any, Any], bool]] = {
    "Equal": _is_equal,
    "NotEqual": lambda there, wanted: not _is_equal(there, wanted),
    "In": _is_in,
    "NotIn": lambda there, wanted: not _is_in(there, wanted),
    "Contains": _contains,
    "All": _has_all,
    "Size": _has_size,
    **{name: _compared(name) for name in COMPARED},
}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _miss(name: str, found: list[Any], wanted: Any) -> str:
    if not found:
        return f"is missing; wanted {wanted_text(name, wanted)}"
    there = " and ".join(map(_shown, found[:SHOWN_MAX]))
    if name in COMPARED and not any(map(_is_number, found)):
        return f"is {there}, which is no number; wanted {wanted_text(name, wanted)}"
    case = (
        ", and case counts" if name == "Equal" and any(_differs_in_case(one, wanted) for one in found) else ""
    )
    return f"is {there}{case}; wanted {wanted_text(name, wanted)}"


def _differs_in_case(one: Any, other: Any) -> bool:
    return isinstance(one, str) and isinstance(other, str) and one.casefold() == other.casefold()


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:80]}..."
