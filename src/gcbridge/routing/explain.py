"""Why a rule matches an event or does not: the alternative that came nearest, field by field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gcbridge.routing.array_consistency import deepest_match
from gcbridge.routing.event_fields import EventFields, event_fields, prefixes_of
from gcbridge.routing.explanation import Explanation, FieldVerdict
from gcbridge.routing.nearest_miss import nearest_miss
from gcbridge.routing.pattern import Branch, FieldTest, Pattern
from gcbridge.routing.written import written

FOUND_MAX = 10
ANOTHER_ELEMENT = "fits, but only in another element of the array than the fields before it"


def explain(rule: str, pattern: Pattern, event: Mapping[str, Any]) -> Explanation:
    """Judge every field of the alternative that matches, or of the one with the fewest misses.

    Args:
        rule: its name.
        pattern: its pattern.
        event: a whole event.
    """
    fields = event_fields(event, prefixes_of(pattern.paths))
    judged = [_judged(branch, fields, event) for branch in pattern.branches]
    nearest = min(judged, key=lambda verdicts: sum(not verdict.matched for verdict in verdicts))
    return Explanation(
        rule=rule,
        matched=all(verdict.matched for verdict in nearest),
        fields=nearest,
        alternatives=len(pattern.branches),
    )


def _judged(branch: Branch, fields: EventFields, event: Mapping[str, Any]) -> tuple[FieldVerdict, ...]:
    deepest = deepest_match(branch, fields)
    alone = [_holds_alone(test, fields) for test in branch]
    if deepest < len(branch) and all(alone):
        alone[deepest] = False
        return tuple(
            _verdict(test, fields, matched, "" if matched else ANOTHER_ELEMENT)
            for test, matched in zip(branch, alone, strict=True)
        )
    if deepest == len(branch):
        return tuple(_verdict(test, fields, matched=True, miss="") for test in branch)
    return tuple(
        _verdict(test, fields, matched, "" if matched else nearest_miss(test, _values(test, fields), event))
        for test, matched in zip(branch, alone, strict=True)
    )


def _holds_alone(test: FieldTest, fields: EventFields) -> bool:
    values = _values(test, fields)
    if not values:
        return test.accepts_absence
    return any(operator.matches(value) for value in values for operator in test.operators)


def _values(test: FieldTest, fields: EventFields) -> list[Any]:
    return [value for value, _ in fields.get(test.path, [])]


def _verdict(test: FieldTest, fields: EventFields, matched: bool, miss: str) -> FieldVerdict:
    return FieldVerdict(
        path=test.path,
        wanted=tuple(written(operator) for operator in test.operators),
        found=tuple(_values(test, fields)[:FOUND_MAX]),
        matched=matched,
        nearest_miss=miss,
    )
