"""Builds event patterns."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any


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
