"""Turns written values into an EnvironmentSpec, or lists every problem at once, each with its file and line."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from gcbridge.errors import EnvironmentInvalidError, Problem
from gcbridge.model.origin import KeyPath, Origin, dotted, nearest_origin
from gcbridge.model.spec import EnvironmentSpec
from gcbridge.model.topic import TopicCatalogue
from gcbridge.study.cross_checks import cross_check
from gcbridge.study.schema_reading import allowed_keys, child, describe_key
from gcbridge.study.target_checks import Finding
from gcbridge.study.topics.checks import subscription_findings
from gcbridge.study.trigger_checks import trigger_topic_findings


def validate_environment(
    name: str,
    values: Mapping[str, Any],
    origins: Mapping[KeyPath, Origin],
    catalogue: TopicCatalogue | None = None,
) -> EnvironmentSpec:
    """An environment is valid as a whole or not at all.

    Args:
        name: the environment's name, for messages.
        values: what was written, after `extends`.
        origins: file and line of every key path.
        catalogue: topics known for this environment; None lets every topic pass that could be one.

    Raises:
        EnvironmentInvalidError: one or more problems, in the order of the files.
    """
    spec, findings = _parse(values)
    known = {path for path, _ in findings}
    across = cross_check(name, values)
    if catalogue:
        across += subscription_findings(name, values, catalogue)
        across += trigger_topic_findings(name, values, catalogue)
    findings += [finding for finding in across if finding[0] not in known]
    if findings or spec is None:
        raise EnvironmentInvalidError(name, as_problems(findings, origins))
    return spec


def as_problems(findings: Iterable[Finding], origins: Mapping[KeyPath, Origin]) -> list[Problem]:
    """Give every finding its file and line; sorted by place."""
    problems = [Problem(dotted(path), text, nearest_origin(origins, path)) for path, text in findings]
    return sorted(problems, key=lambda p: (p.origin.file, p.origin.line) if p.origin else ("", 0))


def _parse(values: Mapping[str, Any]) -> tuple[EnvironmentSpec | None, list[Finding]]:
    try:
        return EnvironmentSpec.model_validate(dict(values)), []
    except ValidationError as error:
        found = (dict(item) for item in error.errors(include_url=False))
        return None, [_finding(values, item) for item in found if not _is_echo(item)]


def _is_echo(item: dict[str, Any]) -> bool:
    """Pydantic calls a list too short when none of its entries is valid; the entries have their own findings."""
    return item["type"] == "too_short" and bool(item["input"])


def _finding(values: Mapping[str, Any], item: dict[str, Any]) -> Finding:
    path = _written_path(values, item["loc"])
    message = _message(values, path, item)
    return path, _without(item["input"], message) if "secret" in path else message


def _without(value: Any, message: str) -> str:
    """Who writes a secret where its name belongs must not find it in the log of a pipeline as well."""
    if isinstance(value, Mapping):
        return message
    for shown in (f"{value!r:.80}", str(value)):
        message = message.replace(shown, "(not shown)") if shown else message
    return message


def _written_path(values: Any, loc: tuple[Any, ...]) -> KeyPath:
    """Leave out what pydantic adds to a location: the tag of a union, and `[key]` behind a bad key."""
    node, path = values, []
    for position, part in enumerate(loc):
        if isinstance(node, Mapping) and part not in node and position + 1 < len(loc):
            continue
        if part == "[key]":
            continue
        path.append(part)
        node = child(node, part)
    return tuple(path)


def _message(values: Mapping[str, Any], path: KeyPath, item: dict[str, Any]) -> str:
    kind, context = item["type"], item.get("ctx", {})
    if kind == "extra_forbidden":
        return _unknown_key(str(path[-1]), allowed_keys(values, path[:-1]))
    if kind == "missing":
        return f"is missing: {describe_key(values, path)}".rstrip(": ")
    if kind == "value_error":
        return str(context["error"])
    if kind in {"union_tag_invalid", "union_tag_not_found"}:
        return _unknown_tag(context)
    if kind in {"too_long", "string_too_long"}:
        return f"has {_size(item['input'])}; at most {context['max_length']} are allowed"
    if kind == "too_short":
        return f"has {_size(item['input'])}; at least {context['min_length']} are allowed"
    return f"{item['msg'][0].lower()}{item['msg'][1:]}, got {item['input']!r:.80}"


def _size(value: Any) -> str:
    return f"{len(value)} {'characters' if isinstance(value, str) else 'entries'}"


def _unknown_key(key: str, allowed: list[str]) -> str:
    close = difflib.get_close_matches(key, allowed, n=1)
    suggestion = f"did you mean {close[0]}? " if close else ""
    return f"unknown key; {suggestion}allowed: {', '.join(allowed)}"


def _unknown_tag(context: dict[str, Any]) -> str:
    if "tag" not in context:
        return "type is missing: say what it is"
    allowed = context["expected_tags"].replace("'", "")
    close = difflib.get_close_matches(str(context["tag"]), allowed.split(", "), n=1)
    suggestion = f"did you mean {close[0]}? " if close else ""
    return f"type {context['tag']!r} is unknown; {suggestion}allowed: {allowed}"
