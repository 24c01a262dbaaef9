"""What a target receives: the event, a part of it, a constant, or a text made from it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any, TypeAlias

from ministack.services import eventbridge

Event: TypeAlias = dict[str, Any]
Target: TypeAlias = dict[str, Any]
Rule: TypeAlias = dict[str, Any]

# The syntax AWS supports: dots, dashes, underscores, alphanumerics, array indices, wildcards, slashes.
# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+|\*)\]")


def step_into(value: Any, key: str) -> Iterator[Any]:
    """What ``key`` names in a value: a member, an element, or (``*``) all of them."""
    if key == "*":
        yield from value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    elif isinstance(value, dict) and key in value:
        yield value[key]
    elif isinstance(value, list) and key.isdigit() and int(key) < len(value):
        yield value[int(key)]


def select(event: Event, path: str) -> Any:
    """What ``$.a.b[0]`` names in the event; with a wildcard, the list of all that it names.

    Raises:
        LookupError: nothing.
    """
    found: list[Any] = [event]
    keys = [name or index for name, index in STEP.findall(path.removeprefix("$"))]
    for key in keys:
        found = [inner for value in found for inner in step_into(value, key)]
    if "*" in keys:
        return found
    if not found:
        raise LookupError(path)
    return found[0]


def select_or(event: Event, path: str, default: Any) -> Any:
    """The same, or ``default`` if the path names nothing."""
    try:
        return select(event, path)
    except LookupError:
        return default


def reserved_variables(rule: Rule, view: Any) -> dict[str, Any]:
    """The variables that every template has."""
    return {
        "aws.events.rule-name": rule["Name"],
        "aws.events.rule-arn": rule["Arn"],
        "aws.events.event": view.envelope(),
        "aws.events.event.json": view.event_with_detail(),
        "aws.events.event.ingestion-time": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def transform(transformer: dict[str, Any], rule: Rule, view: Any) -> str:
    """The template with its variables filled in; what a path does not find is an empty text."""
    event, paths = view.event_with_detail(), transformer.get("InputPathsMap") or {}
    variables = {name: select_or(event, path, "") for name, path in paths.items()}
    variables |= reserved_variables(rule, view)
    return str(eventbridge._render_input_template(transformer["InputTemplate"], variables))


def render_payload(target: Target, rule: Rule, view: Any) -> str:
    """The text the target receives; a path that names nothing gives the whole event, as in ministack."""
    if target.get("InputTransformer"):
        return transform(target["InputTransformer"], rule, view)
    if target.get("Input"):
        return str(target["Input"])
    event = view.event_with_detail()
    return json.dumps(select_or(event, target["InputPath"], event) if target.get("InputPath") else event)


def resolve_parameter(event: Event, value: str, default: str = "") -> str:
    """A target's parameter: a literal, or (``$.…``) what it names in the event, as text."""
    if not value.startswith("$."):
        return value
    found = select_or(event, value, default)
    return found if isinstance(found, str) else json.dumps(found)
