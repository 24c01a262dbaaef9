"""Checks of what a target receives: what AWS would refuse, and what would lose events without a word."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from gcbridge.model.naming import INPUT_MAX
from gcbridge.model.target_options_spec import InputSpec, TransformerSpec
from gcbridge.study.delivery_settings import as_text

PLACEHOLDER = re.compile(r"<([A-Za-z0-9_.-]+)>")
KEY = re.compile(r'(?<!\\)"([^"<>\\]+)"\s*:')
PREDEFINED = frozenset(
    {
        "aws.events.rule-arn",
        "aws.events.rule-name",
        "aws.events.event.ingestion-time",
        "aws.events.event",
        "aws.events.event.json",
    }
)
"""Names that need no path ("Amazon EventBridge input transformation", EventBridge user guide). There are no others."""


def input_findings(spec: Any) -> Iterator[str]:
    """What is wrong with a target's `input`, none where all is well or nothing was written.

    Args:
        spec: the target as written.
    """
    written, arn = spec.input, getattr(spec, "arn", None) or ""
    if written is None:
        return
    yield from _size_findings(written)
    if written.transformer is not None:
        yield from _transformer_findings(written.transformer)
    if spec.type == "event_bus" or ":event-bus/" in arn:
        yield "an event bus takes whole events only: give the input to the targets behind it"
    if spec.type == "log_group" or ":log-group:" in arn:
        yield from _log_findings(written)
    body_key = getattr(getattr(spec, "authorization", None), "body_key", None)
    if body_key and not _may_be_an_object(written):
        yield f"the target receives no JSON object, so authorization.body_key {body_key} cannot stand in it"
    if (getattr(spec, "fifo", False) or arn.endswith(".fifo")) and not _holds_the_id(written):
        drops = "a FIFO queue drops a message whose text it has had in the last five minutes"
        yield f"{drops}, and this input leaves out what makes two events differ: use a transformer with $.id in it"


def _may_be_an_object(written: InputSpec) -> bool:
    """A text that begins with a placeholder, or a path, is what the event has there."""
    if written.transformer is not None:
        return as_text(written.transformer.template).lstrip().startswith(("{", "<"))
    return written.path is not None or isinstance(written.constant, dict)


def _holds_the_id(written: InputSpec) -> bool:
    """EventBridge gives no deduplication id, so SQS compares whole texts."""
    if written.transformer is None:
        return written.path in {"$", "$.id"}
    whole = {"aws.events.event", "aws.events.event.json"} & set(
        PLACEHOLDER.findall(as_text(written.transformer.template))
    )
    return bool(whole) or not {"$", "$.id"}.isdisjoint(written.transformer.paths.values())


def _size_findings(written: InputSpec) -> Iterator[str]:
    if written.constant is not None and len(json.dumps(written.constant)) > INPUT_MAX:
        yield f"constant has more than the {INPUT_MAX} characters that EventBridge allows"
    size = len(as_text(written.transformer.template)) if written.transformer else 0
    if size > INPUT_MAX:
        yield f"template has {size} characters; EventBridge allows {INPUT_MAX}"


def _transformer_findings(transformer: TransformerSpec) -> Iterator[str]:
    used = set(PLACEHOLDER.findall(as_text(transformer.template)))
    for name in sorted(used - set(transformer.paths) - PREDEFINED):
        yield f"<{name}> stands in the template, but paths has no {name}"
    for name in sorted(set(transformer.paths) - used):
        yield f"path {name} is not used in the template"
    for name in sorted(transformer.paths):
        if name.lower().startswith("aws"):
            yield f"path {name} needs another name: those that begin with aws are EventBridge's own"


def _log_findings(written: InputSpec) -> Iterator[str]:
    """AWS refuses anything else when the rule is written (aws/aws-cdk#20748; notes of PutTargets, API reference)."""
    template = as_text(written.transformer.template) if written.transformer else ""
    if set(KEY.findall(template)) != {"timestamp", "message"}:
        form = '{"timestamp": <time>, "message": <text>}'
        yield f"CloudWatch Logs takes a template of the form {form} and nothing else"
