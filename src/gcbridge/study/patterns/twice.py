"""One field, constrained twice: EventBridge takes both texts and silently keeps the later one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gcbridge.model.origin import KeyPath, dotted
from gcbridge.study.target_checks import Finding

Places = dict[str, KeyPath]
"""Dotted field of an event -> where in the environment file it is constrained first."""


def twice_findings(pattern: Mapping[str, Any], at: KeyPath) -> list[Finding]:
    """Fields that stand both inside and outside an `$or`, in two `$or`s, or both nested and with dots.

    The alternatives of one `$or` may well constrain the same field: only one of them counts at a time.

    Args:
        pattern: a valid pattern, or a fragment of one.
        at: its place in the environment file.

    Source: aws/event-ruler, JsonRuleCompiler, where a path's later list of values replaces the earlier one.
    """
    findings: list[Finding] = []
    _places(pattern, "", at, findings)
    return findings


def _places(node: Mapping[str, Any], prefix: str, at: KeyPath, findings: list[Finding]) -> Places:
    places: Places = {}
    for key, child in node.items():
        here = (*at, key)
        for path, place in _below(key, child, prefix, here, findings).items():
            if path in places:
                also = dotted(places[path])
                reason = f"also stands at {also}, and EventBridge silently drops one of the two"
                findings.append((place, f"{path} {reason}: keep one"))
            else:
                places[path] = place
    return places


def _below(key: str, child: Any, prefix: str, here: KeyPath, findings: list[Finding]) -> Places:
    if key == "$or":
        alternatives: Places = {}
        for index, branch in enumerate(child):
            alternatives = {**_places(branch, prefix, (*here, index), findings), **alternatives}
        return alternatives
    path = f"{prefix}.{key}" if prefix else key
    return _places(child, path, here, findings) if isinstance(child, Mapping) else {path: here}
