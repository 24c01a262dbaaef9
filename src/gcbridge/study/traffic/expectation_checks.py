"""Checks of `tests` across values: rules, targets and triggers that exist, targets that can receive, events that are events."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gcbridge.model.origin import KeyPath
from gcbridge.study.target_checks import Finding
from gcbridge.study.traffic.own_event import ENVELOPE


def expectation_findings(values: Mapping[str, Any]) -> Iterator[Finding]:
    """Findings in `tests`, none where all is well; what is malformed in itself is stepped around.

    Args:
        values: the whole environment as written.
    """
    for name, test in _mapping(values.get("tests")).items():
        if isinstance(test, Mapping):
            path: KeyPath = ("tests", name)
            yield from _rule_findings(values, (*path, "rules"), _texts(test.get("rules")))
            yield from _target_findings(values, path, test)
            yield from _trigger_findings(values, (*path, "triggers"), _texts(test.get("triggers")))
            if isinstance(test.get("event"), Mapping):
                yield from _event_findings((*path, "event"), test["event"])


def _mapping(node: Any) -> Mapping[str, Any]:
    return node if isinstance(node, Mapping) else {}


def _texts(node: Any) -> list[str]:
    return [item for item in node if isinstance(item, str)] if isinstance(node, list) else []


def _rule_findings(values: Mapping[str, Any], path: KeyPath, named: list[str]) -> Iterator[Finding]:
    known = list(_mapping(values.get("rules")))
    for index, rule in enumerate(named):
        if rule not in known:
            yield (*path, index), _unknown(rule, "rule", known)
        elif rule in named[:index]:
            yield (*path, index), f"{rule} is named twice"


def _trigger_findings(values: Mapping[str, Any], path: KeyPath, named: list[str]) -> Iterator[Finding]:
    known = list(_mapping(values.get("triggers")))
    for index, trigger in enumerate(named):
        if trigger not in known:
            yield (*path, index), _unknown(trigger, "trigger", known)
        elif trigger in named[:index]:
            yield (*path, index), f"{trigger} is named twice"


def _target_findings(values: Mapping[str, Any], path: KeyPath, test: Mapping[str, Any]) -> Iterator[Finding]:
    """A target that none of the rules sends to would never receive, so that the test could not pass."""
    known = list(_mapping(values.get("targets")))
    rules = _mapping(values.get("rules"))
    named = [rule for rule in _texts(test.get("rules")) if rule in rules]
    reached = {target for rule in named for target in _texts(_mapping(rules[rule]).get("targets"))}
    for here, target in _named_targets((*path, "targets"), test.get("targets")):
        if target not in known:
            yield here, _unknown(target, "target", known)
        elif target not in reached:
            senders = ", ".join(sorted(reached)) or "no target"
            yield here, f"the rules of this test do not send to {target}; they send to {senders}"


def _named_targets(path: KeyPath, node: Any) -> Iterator[tuple[KeyPath, str]]:
    if isinstance(node, Mapping):
        yield from (((*path, name), name) for name in node if isinstance(name, str))
    else:
        yield from (((*path, index), name) for index, name in enumerate(_texts(node)))


def _unknown(name: str, kind: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    mend = f"did you mean {close[0]}? " if close else ""
    return f"{name} is no {kind}; {mend}{kind}s: {', '.join(known) or 'none yet'}"


def _event_findings(path: KeyPath, event: Mapping[str, Any]) -> Iterator[Finding]:
    for name in ("detail-type", "detail"):
        if name not in event:
            yield path, f"needs {name}: detail-type and detail are what an event has at least"
    for name in event:
        if name not in ENVELOPE:
            close = difflib.get_close_matches(str(name), ENVELOPE, n=1)
            mend = f"did you mean {close[0]}? " if close else ""
            yield (
                (*path, name),
                f"an EventBridge event has no such field; {mend}fields: {', '.join(ENVELOPE)}",
            )
    yield from _json_findings(path, event)


def _json_findings(path: KeyPath, node: Any) -> Iterator[Finding]:
    if isinstance(node, Mapping):
        for name, child in node.items():
            if not isinstance(name, str):
                yield (*path, name), f"field names are text; write {name!r} in quotes"
            yield from _json_findings((*path, name), child)
    elif isinstance(node, list):
        for index, child in enumerate(node):
            yield from _json_findings((*path, index), child)
    elif isinstance(node, float) and not math.isfinite(node):
        yield path, f"{node} is no number in JSON"
