"""What a rule says of each of its targets, as arguments of the module event-rule."""

from __future__ import annotations

import json
import re
from typing import Any

from gcbridge.model import target as decided
from gcbridge.model.target_spec import ApiDestinationTargetSpec
from gcbridge.study.hcl import Reference
from gcbridge.study.lake import lake_label
from gcbridge.study.target_arguments import Arguments, dead_letter_arn, without_none

WHOLE_TEXT = re.compile(r'(?<!\\)"(<[A-Za-z0-9_.-]+>)"(?!:)')
"""A text that is one placeholder and nothing else, as JSON has it; `"<x>":` is a key, where AWS allows none."""


def delivery_settings(target: decided.AnyTarget) -> Arguments:
    """What a rule says of a target: where events go, as what, on which role, how often, and where they go if not.

    Args:
        target: one of the rule's targets.
    """
    call = f"module.target_{target.name}"
    more = {
        "role_arn": Reference(f"{call}.role_arn") if target.role_name else None,
        **_input(target),
        **_parameters(target, call),
    }
    return {
        "arn": _destination(target, call),
        "dead_letter_arn": dead_letter_arn(target),
        "maximum_retry_attempts": target.retry.attempts,
        "maximum_event_age_seconds": target.retry.max_age,
        **without_none(more),
    }


def _destination(target: decided.AnyTarget, call: str) -> Reference:
    """Firehose reads a stream from the moment it was made: nothing may be sent there before."""
    if isinstance(target, decided.KinesisTarget) and target.lake is not None:
        return Reference(f"module.{lake_label(target)}.stream_arn")
    return Reference(f"{call}.arn")


def _input(target: decided.AnyTarget) -> Arguments:
    written = target.input
    if written is None:
        return {}
    if written.transformer is not None:
        template = as_text(written.transformer.template)
        return {"input_transformer": {"paths": written.transformer.paths, "template": template}}
    if written.path is not None:
        return {"input_path": written.path}
    return {"input": json.dumps(written.constant, ensure_ascii=False)}


def as_text(template: Any) -> str:
    """A template written as a mapping is its JSON; one written as text stays as it is.

    A placeholder that is a whole text loses its quotes. EventBridge puts a value's own quotes there, and escapes what
    is in it; between quotes it does not, so that a `"` in a name would spoil the JSON. For `<aws.events.event>` and
    `<aws.events.event.json>` the user guide allows nothing else.
    """
    if isinstance(template, str):
        return template
    return WHOLE_TEXT.sub(r"\1", json.dumps(template, ensure_ascii=False))


def _parameters(target: decided.AnyTarget, call: str) -> Arguments:
    """Settings that only some kinds of targets have."""
    match target:
        case decided.SqsTarget():
            return {"message_group_id": target.message_group}
        case decided.KinesisTarget():
            return {"partition_key_path": target.spec.partition_key_path}
        case decided.ApiDestinationTarget():
            return {"http": _http(target.spec)}
        case decided.EcsTaskTarget():
            return {"ecs": _ecs(target, call)}
        case decided.ExistingTarget():
            return {
                "message_group_id": target.message_group,
                "partition_key_path": target.partition_key_path,
                "http": _http(target.http) if target.http else None,
            }
        case _:
            return {}


def _http(spec: ApiDestinationTargetSpec) -> Arguments | None:
    settings = {
        "path_parameter_values": spec.path_values or None,
        "header_parameters": dict(sorted(spec.headers.items())) or None,
        "query_string_parameters": dict(sorted(spec.query.items())) or None,
    }
    return without_none(settings) or None


def _ecs(target: decided.EcsTaskTarget, call: str) -> Arguments:
    spec = target.spec
    return {
        "task_definition_arn": Reference(f"{call}.task_definition_arn"),
        "launch_type": "FARGATE",
        "subnets": spec.subnets,
        "security_groups": spec.security_groups,
        "assign_public_ip": spec.assign_public_ip,
        "task_count": spec.task_count,
    }
