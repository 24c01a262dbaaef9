"""Where a rule says something else of its target than the environment file: a change by hand, or one not yet applied."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from gcbridge.model import target as decided
from gcbridge.model.result import TargetObservation
from gcbridge.model.target_options_spec import InputSpec
from gcbridge.study.delivery_way import Way, plain_arn, role_arn

PARTITION_KEY_UNSET = {None, "$.id"}
"""EventBridge takes the event's id as partition key where a rule names none."""

TEXT_OR_PLACEHOLDER = re.compile(r'"(?:\\.|[^"\\])*"|<[\w.-]+>')


def target_differences(way: Way) -> Iterator[str]:
    """Each difference as a clause; the dead-letter queue is judged by itself, except where none is wanted.

    Args:
        way: what was declared, and what the rule says.
    """
    target, seen = way.target, way.seen
    if not _is_arn_of(target, seen.arn):
        yield f"it sends to {seen.arn}"
    yield from _unless_same("role", seen.role_arn, role_arn(way.bridge, target))
    yield from _unless_same("retry attempts", seen.maximum_retry_attempts, target.retry.attempts)
    yield from _unless_same("maximum event age", seen.maximum_event_age_seconds, target.retry.max_age)
    if target.dead_letter_queue_name is None:
        yield from _unless_same("dead-letter queue", seen.dead_letter_arn, None)
    yield from _input_differences(seen, target.input)
    yield from _parameter_differences(seen, target)


def _unless_same(what: str, seen: Any, declared: Any) -> Iterator[str]:
    if seen != declared:
        yield f"{what} is {_shown(seen)}, not {_shown(declared)}"


def _shown(value: Any) -> str:
    return "none" if value is None else f"{value!s:.200}"


def _is_arn_of(target: decided.AnyTarget, arn: str) -> bool:
    if target.arn is not None:
        return plain_arn(arn) == plain_arn(target.arn)
    assert isinstance(target, decided.ApiDestinationTarget)
    # AWS ends the ARN with an id of its own.
    return arn.split(":", 5)[-1].startswith(f"api-destination/{target.destination_name}/")


def _input_differences(seen: TargetObservation, written: InputSpec | None) -> Iterator[str]:
    constant = written.constant if written else None
    path = written.path if written else None
    transformer = written.transformer if written else None
    if constant is None or seen.input is None or _parsed(seen.input) != constant:
        yield from _unless_same("input", seen.input, None if constant is None else json.dumps(constant))
    yield from _unless_same("input path", seen.input_path, path)
    yield from _unless_same("input paths", seen.input_paths, transformer.paths if transformer else {})
    template = transformer.template if transformer else None
    if _template(seen.input_template) != _template(template):
        yield f"input template is {_shown(seen.input_template)}, not {_shown(template)}"


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _template(template: Any) -> Any:
    """A template is JSON once its placeholders stand in quotes; then spaces and the order of keys do not count."""
    if template is None or not isinstance(template, str):
        return template
    return _parsed(TEXT_OR_PLACEHOLDER.sub(_in_quotes, template))


def _in_quotes(match: re.Match[str]) -> str:
    """A placeholder inside a text has quotes around it already, be they ever so far away."""
    return match[0] if match[0].startswith('"') else f'"{match[0]}"'


def _parameter_differences(seen: TargetObservation, target: decided.AnyTarget) -> Iterator[str]:
    match target:
        case decided.SqsTarget():
            yield from _unless_same("message group", seen.message_group, target.message_group)
        case decided.KinesisTarget():
            yield from _partition_key_difference(seen, target.spec.partition_key_path)
        case decided.ExistingTarget():
            yield from _unless_same("message group", seen.message_group, target.message_group)
            yield from _partition_key_difference(seen, target.partition_key_path)
        case decided.EcsTaskTarget() if target.spec.task_definition_arn:
            wanted = target.spec.task_definition_arn
            yield from _unless_same("task definition", seen.task_definition_arn, wanted)


def _partition_key_difference(seen: TargetObservation, declared: str | None) -> Iterator[str]:
    if not {seen.partition_key_path, declared} <= PARTITION_KEY_UNSET:
        yield from _unless_same("partition key path", seen.partition_key_path, declared)
