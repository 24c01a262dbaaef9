"""Builds event patterns, and checks the shape that EventBridge demands of one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gcbridge.model.origin import KeyPath

TOP_LEVEL_FIELDS = frozenset(
    {"account", "detail", "detail-type", "id", "region", "replay-name", "resources", "time", "version", "$or"}
)
"""Fields of an EventBridge event that a pattern may name, `source` aside: gcbridge pins that one."""
MAX_SAFE_INTEGER = 2**53


def build_pattern(
    event_source_name: str,
    topics: Sequence[str],
    where: Mapping[str, Any] | None,
    pattern: Mapping[str, Any] | None,
) -> str:
    """A pattern always pins `source` to the exact partner event source, so it can match nobody else's events.

    Args:
        event_source_name: the partner event source's full name.
        topics: topic templates; they travel literally, `{id}` included, as `detail-type`.
        where: fragment under `detail`.
        pattern: everything but `source`, instead of topics and where.

    Returns:
        Canonical JSON: sorted keys, no spaces.
    """
    built: dict[str, Any] = {**(pattern or {}), "source": [event_source_name]}
    if topics:
        built["detail-type"] = sorted(set(topics))
    if where:
        built["detail"] = dict(where)
    return json.dumps(built, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def pattern_faults(node: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, str]]:
    """Faults of a pattern's shape: an object holds objects or arrays, an array holds at least one value.

    Source: "Creating Amazon EventBridge event patterns", EventBridge user guide.
    """
    if isinstance(node, Mapping):
        if not node:
            yield path, "an empty object matches nothing; leave the field out, or say [{exists: true}]"
        for key, child in node.items():
            if not isinstance(key, str):
                yield (*path, key), f"field names are text; write {key!r} in quotes"
            yield from pattern_faults(child, (*path, key))
    elif isinstance(node, list):
        yield from _array_faults(node, path)
    else:
        yield path, f"must be a list of allowed values: write [{json.dumps(node, default=str)}]"


def _array_faults(node: list[Any], path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    if not node:
        yield path, "an empty list matches nothing; name at least one value"
    for index, value in enumerate(node):
        here = (*path, index)
        if isinstance(value, (int, float)) and not _is_kept(value):
            yield (
                here,
                f"Terraform would send another number than {value!r}: write it plainly, without .0, up to 2^53",
            )
        if path[-1:] == ("$or",) and isinstance(value, Mapping):
            yield from pattern_faults(value, here)
        elif isinstance(value, Mapping) and len(value) != 1:
            yield here, "a comparison is an object with exactly one operator, such as {prefix: abc}"
        elif isinstance(value, list):
            yield here, "a list inside a list is not allowed"


def _is_kept(number: float) -> bool:
    """The AWS provider decodes a pattern into Go's float64 and encodes it again: 1.0 becomes 1, 2^53 + 1 becomes 2^53.

    EventBridge compares numbers as they are written, so the rule would not be the declared one.
    """
    if isinstance(number, bool):
        return True
    if isinstance(number, int):
        return abs(number) <= MAX_SAFE_INTEGER
    return number % 1 != 0 and repr(abs(number)).replace(".", "").isdigit()
