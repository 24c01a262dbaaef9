"""What a test of an environment expects of an event, held against what rules and triggers do with it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gcbridge.model.expectation import Difference
from gcbridge.model.route import EventRoute
from gcbridge.model.spec import ExpectationSpec

SHOWN_MAX = 80


def differences(expected: ExpectationSpec, route: EventRoute) -> tuple[Difference, ...]:
    """What is not as a test says; empty where all is.

    Args:
        expected: the test.
        route: what rules and triggers do with its event.
    """
    return (
        *_rule_differences(expected.rules, route),
        *_target_differences(expected.targets, route),
        *_trigger_differences(expected.triggers, route),
    )


def _rule_differences(expected: Sequence[str], route: EventRoute) -> Iterator[Difference]:
    matched = [rule.rule for rule in route.rules if rule.enabled]
    disabled = {rule.rule for rule in route.rules if not rule.enabled}
    misses = {rule.rule: rule.miss for rule in route.unmatched}
    for name in expected:
        if name in disabled:
            yield Difference(kind="rule missing", name=name, message="matches, but is disabled")
        elif name not in matched:
            yield Difference(kind="rule missing", name=name, message=f"does not match: {misses[name]}")
    for name in matched:
        if name not in expected:
            yield Difference(
                kind="rule unexpected", name=name, message="matches, and the test does not name it"
            )


def _target_differences(
    expected: tuple[str, ...] | Mapping[str, Any] | None, route: EventRoute
) -> Iterator[Difference]:
    received = received_texts(route)
    for name in expected or ():
        if name not in received:
            yield Difference(kind="target missing", name=name, message="receives nothing")
    if isinstance(expected, Mapping):
        for name, value in expected.items():
            wrong = [text for text in received.get(name, []) if not is_as_expected(value, text)]
            if wrong:
                yield _text_difference(name, value, wrong[0])
    elif expected is not None:
        for name in received:
            if name not in expected:
                message = "receives the event, and the test does not name it"
                yield Difference(kind="target unexpected", name=name, message=message)


def _trigger_differences(expected: Sequence[str] | None, route: EventRoute) -> Iterator[Difference]:
    if expected is None:
        return
    for trigger in route.triggers:
        if trigger.trigger in expected and not trigger.starts:
            fault = "matches, but is disabled" if trigger.matched else f"does not match: {trigger.miss}"
            yield Difference(kind="trigger missing", name=trigger.trigger, message=fault)
    for trigger in route.triggers:
        if trigger.starts and trigger.trigger not in expected:
            message = f"starts {trigger.workflow}, and the test does not name it"
            yield Difference(kind="trigger unexpected", name=trigger.trigger, message=message)


def received_texts(route: EventRoute) -> dict[str, list[str]]:
    """Target -> what it receives, once for each rule that sends to it."""
    received: dict[str, list[str]] = defaultdict(list)
    for rule in route.rules:
        for delivery in rule.deliveries:
            received[delivery.target].append(delivery.text)
    return dict(received)


def is_as_expected(expected: Any, text: str) -> bool:
    """Whether a target receives what a test says: the very text, or the JSON value that the text stands for.

    >>> is_as_expected({"a": 1}, '{"a": 1.0}'), is_as_expected("on", '"on"'), is_as_expected(True, "1")
    (True, True, False)
    """
    value = _value(text)
    return expected == text or same_json(expected, value)


def same_json(one: Any, other: Any) -> bool:
    """Whether two JSON values are equal; numbers by value, and unlike in Python true is not 1."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same_json(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(same_json, one, other))
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return bool(one == other)


def _text_difference(name: str, expected: Any, text: str) -> Difference:
    is_text, received = isinstance(expected, str), _value(text)
    if is_text and not isinstance(received, str):
        fault = f"it is {_cut(text)}, not {_cut(expected)}"
    else:
        fault = first_difference(expected, received)
    return Difference(
        kind="text differs",
        name=name,
        message=f"receives something else: {fault}",
        expected=expected if is_text else _pretty(expected),
        received=text if is_text else _pretty(received),
    )


def first_difference(expected: Any, received: Any, path: str = "") -> str:
    """Where two JSON values that are not equal differ first, in the order of what was expected.

    >>> first_difference({"a": {"b": 1}}, {"a": {"b": 2}})
    'a.b is 2, not 1'
    """
    if isinstance(expected, Mapping) and isinstance(received, Mapping):
        for key in dict.fromkeys([*expected, *received]):
            here = f"{path}.{key}" if path else str(key)
            if key not in received:
                return f"{here} is missing"
            if key not in expected:
                return f"{here} was not expected"
            if not same_json(expected[key], received[key]):
                return first_difference(expected[key], received[key], here)
    if isinstance(expected, list | tuple) and isinstance(received, list):
        for index, (one, other) in enumerate(zip(expected, received, strict=False)):
            if not same_json(one, other):
                return first_difference(one, other, f"{path}[{index}]")
        return f"{path or 'it'} has {len(received)} elements, not {len(expected)}"
    return f"{path or 'it'} is {_short(received)}, not {_short(expected)}"


def _short(value: Any) -> str:
    return _cut(json.dumps(value, ensure_ascii=False))


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN_MAX else f"{text[:SHOWN_MAX]}..."


def _value(text: str) -> Any:
    """What a text stands for as JSON; itself where it is none."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _pretty(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, sort_keys=True)
