"""Triggers that Genesys Cloud takes and that would never start their workflow, by what is known of their topic."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from gcbridge.model.origin import KeyPath
from gcbridge.model.spec import EnvironmentSpec
from gcbridge.model.topic import EACH_KEY, FieldType, Topic, TopicCatalogue, TopicField
from gcbridge.model.trigger_spec import MatchSpec, TriggerSpec
from gcbridge.study.patterns.field_suggestions import meant_field
from gcbridge.study.patterns.warned import Warned
from gcbridge.study.topics.fields import BODY
from gcbridge.study.triggers.criteria import COMPARED
from gcbridge.study.triggers.json_paths import EACH, Step, steps_of

KNOWN_MAX = 8
WORDS: Mapping[FieldType, str] = {
    "string": "text",
    "datetime": "text (an ISO 8601 time)",
    "integer": "a number",
    "number": "a number",
    "boolean": "true or false",
}
SEEN = frozenset(
    {
        "v2.users.{id}.activity",
        "v2.users.{id}.integrationpresence",
        "v2.integrations.inbound.webhook.{id}.invocation",
        "v2.operations.events.{id}",
        *(
            f"v2.detail.events.conversation.{{id}}.{end}"
            for end in (
                *("acd.end", "acd.start", "acw", "attributes", "customer.end", "customer.start", "outbound"),
                *("user.end", "user.start", "voicemail.end", "voicemail.start", "wrapup"),
            )
        ),
    }
)
"""Topics of which Genesys has published that they start triggers ("Overview of triggers", Genesys Cloud Resource Center; GenesysCloudBlueprints)."""
_UNKNOWN = TopicField(type="unknown")


def trigger_warnings(environment: str, spec: EnvironmentSpec, catalogue: TopicCatalogue) -> Iterator[Warned]:
    """Fields that the topic's body does not have, values that a field never has, workflows that look mistyped.

    Args:
        environment: its name, for what to type.
        spec: a valid environment.
        catalogue: what is known of topics and of the fields of their events.
    """
    for name, trigger in spec.triggers.items():
        path: KeyPath = ("triggers", name)
        topic = catalogue.get(trigger.topic)
        yield from _workflow_warnings(path, trigger, list(spec.flows))
        if topic is not None:
            yield from _transport_warnings(environment, path, topic, catalogue)
            for index, criterion in enumerate(trigger.match):
                yield from _criterion_warnings((*path, "match", index), criterion, topic)


def _workflow_warnings(path: KeyPath, trigger: TriggerSpec, flows: list[str]) -> Iterator[Warned]:
    close = difflib.get_close_matches(trigger.workflow, flows, n=1, cutoff=0.8)
    if trigger.workflow not in flows and close:
        fault = f"{trigger.workflow} is no flow of this file, so a workflow of that name is looked up in the organization"
        yield Warned((*path, "workflow"), fault, f"did you mean {close[0]}?")


def _transport_warnings(
    environment: str, path: KeyPath, topic: Topic, catalogue: TopicCatalogue
) -> Iterator[Warned]:
    if topic.starts_triggers is not None or topic.topic in SEEN:
        return
    if catalogue.asked and topic.source == "bundled":
        taken = catalogue.taken_at[:10]
        yield Warned(
            (*path, "topic"), f"{topic.topic} is none of the topics that the organization listed on {taken}"
        )
        return
    fault = f"nobody has said yet whether {topic.topic} starts triggers"
    yield Warned((*path, "topic"), fault, f"gcbridge topics refresh {environment} asks the organization")


def _criterion_warnings(path: KeyPath, criterion: MatchSpec, topic: Topic) -> Iterator[Warned]:
    steps = steps_of(criterion.json_path)
    if steps is None or topic.fields is None:
        return
    field, fault, hint = _walk(topic, steps)
    if field is None:
        yield Warned((*path, "json_path"), fault, hint)
    elif criterion.operator != "Exists":
        yield from _value_warnings(path, criterion, field, topic)


def _walk(topic: Topic, steps: tuple[Step, ...]) -> tuple[TopicField | None, str, str]:
    """The field at a path; where there is none, why, and what to write."""
    field = TopicField(type="object", fields=dict(topic.fields or {}))
    for position, step in enumerate(steps):
        if field.type == "unknown":
            return field, "", ""
        found = _step(field, step)
        if found is not None:
            field = found
        elif field.is_list and isinstance(step, str):
            here = _shown(steps[:position])
            return (
                None,
                f"{here} is a list, so {_shown(steps)} finds nothing",
                f"write {_shown((*steps[:position], EACH, *steps[position:]))}",
            )
        else:
            return None, *_absent(topic, steps)
    return field, "", ""


def _step(field: TopicField, step: Step) -> TopicField | None:
    if field.is_list:
        is_element = isinstance(step, int) or step == EACH
        return field.model_copy(update={"is_list": False}) if is_element else None
    if field.type == "map" and isinstance(step, str):
        return field.fields[EACH_KEY]
    if step == EACH:
        return _UNKNOWN
    return field.fields.get(step) if isinstance(step, str) else None


def _absent(topic: Topic, steps: tuple[Step, ...]) -> tuple[str, str]:
    written = _shown(steps)
    meant = meant_field(
        ".".join([BODY, *(str(step) for step in steps if isinstance(step, str) and step != EACH)]), topic
    )
    inside = meant is not None and meant.startswith(f"{BODY}.")
    hint = (
        f"did you mean {_path_of(topic, meant.removeprefix(f'{BODY}.'))}?"
        if meant and inside
        else _names(topic)
    )
    return f"{written}: no such field in {topic.topic}", hint


def _path_of(topic: Topic, dotted: str) -> str:
    """The JSONPath of a field: lists on the way need a step of their own."""
    field, text = TopicField(type="object", fields=dict(topic.fields or {})), ""
    for name in dotted.split("."):
        text += "[*]" if field.is_list else ""
        field = field.fields.get(name, _UNKNOWN)
        text += f".{name}" if text else name
    return text


def _names(topic: Topic) -> str:
    names = [name for name in topic.fields or {} if name != EACH_KEY]
    return f"fields of the body: {', '.join(names[:KNOWN_MAX])}" if names else ""


def _shown(steps: tuple[Step, ...]) -> str:
    text = ""
    for step in steps:
        text += f"[{step}]" if isinstance(step, int) or step == EACH else f".{step}" if text else str(step)
    return text


def _value_warnings(path: KeyPath, criterion: MatchSpec, field: TopicField, topic: Topic) -> Iterator[Warned]:
    operator = criterion.operator
    if fault := _kind_fault(criterion, field):
        yield Warned(
            (*path, "operator"),
            f"{criterion.json_path} is {fault[0]} in {topic.topic}: {operator} never holds",
            fault[1],
        )
        return
    key = "values" if criterion.values is not None else "value"
    written = criterion.values if criterion.values is not None else (criterion.value,)
    for value in written if operator != "Size" else ():
        if told := _never(value, operator, field, criterion.json_path):
            yield Warned((*path, key), *told)


def _kind_fault(criterion: MatchSpec, field: TopicField) -> tuple[str, str] | None:
    """An operator that cannot hold for what stands at the path, and what to write."""
    many = EACH in (steps_of(criterion.json_path) or ())
    name = criterion.operator
    if field.is_list and not many and name not in {"Contains", "All", "Size", "NotEqual", "NotIn"}:
        return "a list", f"use Contains, or write {criterion.json_path}[*]"
    if not field.is_list and name == "All" and field.type not in {"unknown", "map"}:
        return "no list", "use In"
    if name in COMPARED and field.type in {"string", "datetime", "boolean"}:
        return WORDS[field.type], "use Equal or In" if field.type != "datetime" else ""
    return None


def _never(value: Any, operator: str, field: TopicField, path: str) -> tuple[str, str] | None:
    verb = "always holds" if operator in {"NotEqual", "NotIn"} else "never holds"
    shown = json.dumps(value, ensure_ascii=False)
    if field.type not in WORDS or (operator == "Contains" and not field.is_list):
        return None
    if not _is_of(value, field.type):
        return f"{shown} {verb}: {path} is {WORDS[field.type]}", _mended(value, field.type)
    if field.enum and value not in field.enum:
        return f"{shown} is no value known of {path}, so it {verb}", _meant_value(str(value), field.enum)
    return None


def _is_of(value: Any, kind: FieldType) -> bool:
    if kind in {"integer", "number"}:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if kind == "boolean":
        return isinstance(value, bool)
    # A topic's documentation may call a time text where events have milliseconds.
    return isinstance(value, str) or (kind == "datetime" and isinstance(value, int))


def _mended(value: Any, kind: FieldType) -> str:
    if kind in {"string", "datetime"}:
        return f'write "{json.dumps(value)}"'
    if isinstance(value, str) and kind == "boolean" and value.lower() in {"true", "false"}:
        return f"write {value.lower()}"
    if isinstance(value, str) and kind != "boolean" and value.isascii() and value.isdigit():
        return f"write {value} without quotes"
    return ""


def _meant_value(value: str, known: tuple[str, ...]) -> str:
    folded = {one.casefold(): one for one in reversed(known)}
    close = difflib.get_close_matches(value.casefold(), folded, n=1, cutoff=0.75)
    if value.casefold() in folded:
        return f"did you mean {folded[value.casefold()]}? Case counts"
    if close:
        return f"did you mean {folded[close[0]]}?"
    more = f" and {len(known) - KNOWN_MAX} more" if len(known) > KNOWN_MAX else ""
    return f"known: {', '.join(known[:KNOWN_MAX])}{more}"
