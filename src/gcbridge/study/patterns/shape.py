"""Faults of a pattern's shape, each at its key path: what EventBridge, or Terraform on the way, would not take as written."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import Any

from gcbridge.model.origin import KeyPath
from gcbridge.routing import InvalidPatternError, parse_pattern
from gcbridge.study.patterns.detail_types import concrete_id_findings
from gcbridge.study.patterns.twice import twice_findings
from gcbridge.study.target_checks import Finding

TOP_LEVEL_FIELDS = frozenset(
    {"account", "detail", "detail-type", "id", "region", "replay-name", "resources", "time", "version"}
)
"""Fields of an EventBridge event that a pattern may name, `source` aside: gcbridge pins that one."""
MAX_SAFE_INTEGER = 2**53


def whole_pattern_findings(pattern: Mapping[Any, Any], at: KeyPath) -> Iterator[Finding]:
    """Findings in a pattern that a person wrote whole: those of its shape, and top-level fields that no event has.

    Args:
        pattern: the pattern without the `source` that gcbridge adds.
        at: its place in the environment file.
    """
    yield from _top_level_findings(pattern, at)
    own = {key: value for key, value in pattern.items() if key != "source"}
    if own or not pattern:
        yield from shape_findings(own, at)


def shape_findings(pattern: Mapping[Any, Any], at: KeyPath) -> Iterator[Finding]:
    """Findings in a pattern or in a fragment below `detail`; of what EventBridge would refuse, the first.

    Source: the engine in `gcbridge.routing`, which refuses what aws/event-ruler refuses.
    """
    yield from _number_findings(pattern, at)
    try:
        parse_pattern(pattern)
    except InvalidPatternError as fault:
        yield (*at, *fault.path), f"{fault.fault}; {fault.hint}" if fault.hint else fault.fault
    else:
        yield from twice_findings(pattern, at)


def _top_level_findings(node: Any, at: KeyPath) -> Iterator[Finding]:
    """`$or` holds further objects of top-level fields."""
    for key, child in node.items() if isinstance(node, Mapping) else ():
        field = str(key).partition(".")[0]
        if key == "$or":
            for index, branch in enumerate(child if isinstance(child, list) else ()):
                yield from _top_level_findings(branch, (*at, key, index))
        elif field == "detail-type":
            yield from concrete_id_findings(child, (*at, key))
        elif field == "source":
            yield (*at, key), "leave it out: gcbridge pins source to this bridge's own event source"
        elif field not in TOP_LEVEL_FIELDS:
            yield (*at, key), f"an EventBridge event has no such field; {_meant(field)}"


def _meant(field: str) -> str:
    if field in {"eventBody", "topicName", "metadata", "timestamp"}:
        return f"did you mean detail.{field}?"
    close = difflib.get_close_matches(field, TOP_LEVEL_FIELDS, n=1)
    suggestion = f"did you mean {close[0]}? " if close else ""
    return f"{suggestion}allowed: {', '.join(sorted({*TOP_LEVEL_FIELDS, '$or'}))}"


def _number_findings(node: Any, at: KeyPath) -> Iterator[Finding]:
    if isinstance(node, Mapping):
        for key, child in node.items():
            yield from _number_findings(child, (*at, key))
    for index, value in enumerate(node if isinstance(node, list) else ()):
        if isinstance(value, (int, float)) and not _is_kept(value):
            advice = "write it plainly, without .0, up to 2^53"
            yield (*at, index), f"Terraform would send another number than {value!r}: {advice}"
        elif at[-1:] == ("$or",):
            yield from _number_findings(value, (*at, index))


def _is_kept(number: float) -> bool:
    """The AWS provider decodes a pattern into Go's float64 and encodes it again: 1.0 becomes 1, 2^53 + 1 becomes 2^53."""
    if isinstance(number, bool):
        return True
    if isinstance(number, int):
        return abs(number) <= MAX_SAFE_INTEGER
    return number % 1 != 0 and repr(abs(number)).replace(".", "").isdigit()
