"""Checks that need more than one value: references between rules, targets and topics, and sizes.

They read the raw values and step around whatever is malformed, so that their findings can stand beside those
of the value-by-value validation in one list.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import Any

from gcbridge.model.naming import (
    CAUSE_TOPICS,
    EVENT_PATTERN_MAX,
    RULES_PER_BUS_MAX,
    RULES_PER_BUS_MAX_IN,
    event_source_name,
)
from gcbridge.model.origin import KeyPath
from gcbridge.study.monitoring_checks import monitoring_findings
from gcbridge.study.pattern import build_pattern
from gcbridge.study.patterns.quotas import wildcard_findings
from gcbridge.study.patterns.shape import shape_findings, whole_pattern_findings
from gcbridge.study.target_checks import Finding, target_findings
from gcbridge.study.traffic.expectation_checks import expectation_findings
from gcbridge.study.trigger_checks import trigger_findings

PLACEHOLDER_ORG_ID = "0" * 36


def cross_check(environment: str, values: Mapping[str, Any]) -> list[Finding]:
    """Findings across values; an empty list means none."""
    return [
        *_rule_count_findings(values),
        *_rule_findings(values),
        *wildcard_findings(_mapping(values, "rules")),
        *_unused_findings(values),
        *target_findings(environment, values),
        *_archive_findings(values),
        *_verify_findings(values),
        *expectation_findings(values),
        *trigger_findings(environment, values),
        *monitoring_findings(values),
    ]


def _mapping(node: Any, *keys: str) -> Mapping[str, Any]:
    for key in keys:
        node = node.get(key) if isinstance(node, Mapping) else None
    return node if isinstance(node, Mapping) else {}


def _strings(node: Any) -> list[str]:
    return [item for item in node if isinstance(item, str)] if isinstance(node, list) else []


def _suggest(name: str, known: list[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f"did you mean {close[0]}? " if close else ""


def _rule_count_findings(values: Mapping[str, Any]) -> Iterator[Finding]:
    region, count = str(_mapping(values, "aws").get("region", "")), len(_mapping(values, "rules"))
    limit = RULES_PER_BUS_MAX_IN.get(region, RULES_PER_BUS_MAX)
    if count > limit:
        yield ("rules",), f"has {count} entries; EventBridge allows {limit} a bus in {region}"


def _rule_findings(values: Mapping[str, Any]) -> Iterator[Finding]:
    for name, rule in _mapping(values, "rules").items():
        if isinstance(rule, Mapping):
            path: KeyPath = ("rules", name)
            yield from _topic_findings(values, path, rule)
            yield from _reference_findings(values, path, rule)
            yield from _pattern_findings(values, path, rule)


def _topic_findings(values: Mapping[str, Any], path: KeyPath, rule: Mapping[str, Any]) -> Iterator[Finding]:
    subscribed = _strings(_mapping(values, "genesys").get("topics"))
    for index, topic in enumerate(_strings(rule.get("topics"))):
        if topic not in subscribed:
            mend = f"{_suggest(topic, subscribed)}add it there or remove it here"
            message = f"{topic} is not among genesys.topics, so this rule would match nothing; {mend}"
            yield (*path, "topics", index), message


def _reference_findings(
    values: Mapping[str, Any], path: KeyPath, rule: Mapping[str, Any]
) -> Iterator[Finding]:
    known = list(_mapping(values, "targets"))
    seen: set[str] = set()
    for index, target in enumerate(_strings(rule.get("targets"))):
        here = (*path, "targets", index)
        if target not in known:
            listed = ", ".join(known) if known else "none yet"
            yield here, f"{target} is no target; {_suggest(target, known)}targets: {listed}"
        if target in seen:
            yield here, f"{target} is named twice"
        seen.add(target)


def _pattern_findings(values: Mapping[str, Any], path: KeyPath, rule: Mapping[str, Any]) -> Iterator[Finding]:
    pattern, where = rule.get("pattern"), rule.get("where")
    if pattern is not None and (where is not None or rule.get("topics")):
        yield (*path, "pattern"), "stands instead of topics and where; keep either pattern or the other two"
    if isinstance(pattern, Mapping):
        yield from whole_pattern_findings(pattern, (*path, "pattern"))
    if isinstance(where, Mapping):
        yield from shape_findings(where, (*path, "where"))
    yield from _size_findings(values, path, rule)


def _size_findings(values: Mapping[str, Any], path: KeyPath, rule: Mapping[str, Any]) -> Iterator[Finding]:
    suffix = str(_mapping(values, "genesys").get("event_source_suffix", ""))
    source = event_source_name(PLACEHOLDER_ORG_ID, suffix)
    pattern, where = _mapping(rule, "pattern"), _mapping(rule, "where")
    try:
        size = len(build_pattern(source, _strings(rule.get("topics")), where, pattern))
    except TypeError:
        return  # a value that JSON cannot hold is a finding of its own
    if size > EVENT_PATTERN_MAX:
        yield (
            path,
            f"its event pattern has {size} characters; EventBridge allows {EVENT_PATTERN_MAX}: split the rule",
        )


def _unused_findings(values: Mapping[str, Any]) -> Iterator[Finding]:
    used = {t for rule in _mapping(values, "rules").values() for t in _strings(_mapping(rule).get("targets"))}
    for name in _mapping(values, "targets"):
        if name not in used:
            yield ("targets", name), "no rule sends to it; name it in a rule's targets or remove it"


def _archive_findings(values: Mapping[str, Any]) -> Iterator[Finding]:
    pattern = _mapping(values, "archive").get("pattern")
    if isinstance(pattern, Mapping):
        yield from whole_pattern_findings(pattern, ("archive", "pattern"))


def _verify_findings(values: Mapping[str, Any]) -> Iterator[Finding]:
    verify = _mapping(values, "verify")
    cause = verify.get("cause", "traffic")
    subscribed = _strings(_mapping(values, "genesys").get("topics"))
    topics = CAUSE_TOPICS.get(cause, ()) if isinstance(cause, str) else ()
    if topics and not set(topics) & set(subscribed):
        yield (
            ("verify", "cause"),
            f"{cause} is only seen through {' or '.join(topics)}; add one to genesys.topics, or choose another cause",
        )
    if cause == "presence" and not verify.get("user"):
        yield ("verify", "cause"), "presence needs verify.user: the id or e-mail address of a test user"
