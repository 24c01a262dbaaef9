"""What a target receives of an event: the whole, a part, a constant, or a text made from its values.

Source: "Amazon EventBridge input transformation" in the EventBridge user guide, and the API reference of
InputTransformer. Where both are silent, this does what ministack 1.5.33 does, and says so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from gcbridge.model.target_options_spec import InputSpec, TransformerSpec
from gcbridge.study.delivery_settings import as_text

STEP = re.compile(r"\.([^.\[\]]+)|\[([0-9]+|\*)\]")
PLACEHOLDER = re.compile(r"<([^<>]*)>")
STRING_OR_PLACEHOLDER = re.compile(r'"(?:\\.|[^"\\])*"|<[^<>]*>')
STRING_OR_SPACE = re.compile(r'("(?:\\.|[^"\\])*")|\s+')
MISSING: Final = object()
"""What a path leads to where the event holds nothing; JSON's null is something."""


def transform_input(
    spec: InputSpec | None, event: Mapping[str, Any], rule_arn: str = "", *, ingestion_time: str | None = None
) -> str:
    """The text that EventBridge would hand to the target.

    Args:
        spec: the target's `input`; None hands over the whole event.
        event: whole EventBridge event.
        rule_arn: what `<aws.events.rule-arn>` stands for; its last part is `<aws.events.rule-name>`.
        ingestion_time: what `<aws.events.event.ingestion-time>` stands for, ISO 8601. It is not part of an event;
            the event's own `time` stands for it where None.
    """
    if spec is None:
        return as_json(event)
    if spec.transformer is not None:
        reserved = _reserved(event, rule_arn, ingestion_time or str(event.get("time", "")))
        return _fill_in(spec.transformer, event, reserved)
    if spec.path is not None:
        part = value_at(event, spec.path)
        # AWS does not say what a path that leads nowhere hands over; ministack hands over the whole event.
        return as_json(event if part is MISSING else part)
    return as_json(spec.constant)


def as_json(value: Any) -> str:
    """JSON as EventBridge writes it: no spaces, and no escapes that nobody needs."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def value_at(event: Mapping[str, Any], path: str) -> Any:
    """What a path leads to, or MISSING; a list of everything where the path has a `[*]`.

    >>> value_at({"detail": {"ids": ["a", "b"]}}, "$.detail.ids[1]")
    'b'
    """
    found: list[Any] = [event]
    steps = STEP.findall(path.removeprefix("$"))
    for name, index in steps:
        found = [child for node in found for child in _children(node, name, index)]
    if any("*" in step for step in steps):
        return found or MISSING
    return found[0] if found else MISSING


def _children(node: Any, name: str, index: str) -> Sequence[Any]:
    if name == "*":
        return list(node.values()) if isinstance(node, Mapping) else []
    if name:
        return [node[name]] if isinstance(node, Mapping) and name in node else []
    if not isinstance(node, list):
        return []
    return node if index == "*" else node[int(index) : int(index) + 1]


def text_of(event: Mapping[str, Any], written: str) -> str:
    """A header, query parameter or path value of an API destination: itself, or what it leads to as a path.

    Quotes of a part that is no text are left out and a path that leads nowhere is empty, as in ministack; AWS
    describes neither.
    """
    if not re.match(r"\$(\.|\[|$)", written):
        return written
    value = value_at(event, written)
    return "" if value is MISSING else _inside_text(value)


def _reserved(event: Mapping[str, Any], rule_arn: str, ingestion_time: str) -> dict[str, Any]:
    return {
        "aws.events.rule-arn": rule_arn,
        "aws.events.rule-name": rule_arn.rpartition("/")[2],
        "aws.events.event": {key: value for key, value in event.items() if key != "detail"},
        "aws.events.event.json": event,
        "aws.events.event.ingestion-time": ingestion_time,
    }


def _fill_in(spec: TransformerSpec, event: Mapping[str, Any], reserved: Mapping[str, Any]) -> str:
    # "That variable isn't created and won't appear in the output" (user guide, common issues): empty text, which
    # is `""` where JSON needs a value, as in ministack.
    found = {name: value_at(event, path) for name, path in spec.paths.items()}
    values = {name: "" if value is MISSING else value for name, value in found.items()}
    values |= reserved
    template = as_text(spec.template)

    def inside_text(match: re.Match[str]) -> str:
        return _inside_text(values[match[1]]) if match[1] in values else match[0]

    def fill(match: re.Match[str]) -> str:
        if match[0].startswith('"'):
            return PLACEHOLDER.sub(inside_text, match[0])
        return as_json(values[match[0][1:-1]]) if match[0][1:-1] in values else match[0]

    if '"' not in template:
        return PLACEHOLDER.sub(inside_text, template)
    return _minified(STRING_OR_PLACEHOLDER.sub(fill, template))


def _inside_text(value: Any) -> str:
    """EventBridge does not escape values (user guide, common issues), and drops the quotes of objects and lists."""
    return value if isinstance(value, str) else as_json(value).replace('"', "")


def _minified(text: str) -> str:
    """The JSON that a target receives is minified (user guide, common issues); what is no JSON stays as it is."""
    try:
        json.loads(text)
    except ValueError:
        return text
    return STRING_OR_SPACE.sub(lambda match: match[1] or "", text)
