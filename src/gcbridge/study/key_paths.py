"""Reads and follows paths into an environment, as people type them: `targets.crm.queue_name`, `genesys.topics[0]`."""

from __future__ import annotations

import re
from typing import Any

from gcbridge.errors import UsageError
from gcbridge.model.origin import KeyPath, dotted
from gcbridge.study.schema_reading import child

_PART = re.compile(r'(?:^|\.)(?P<name>[^.\[\]"]+)|(?:^|\.)"(?P<quoted>[^"]+)"|\[(?P<index>[0-9]+)\]')


def parse_path(text: str) -> KeyPath:
    """A dotted path as keys and indexes; a key that holds a dot stands in quotes.

    >>> parse_path('targets.crm.environment.LOG_LEVEL')
    ('targets', 'crm', 'environment', 'LOG_LEVEL')
    >>> parse_path('tests."v2.users is logged".rules[0]')
    ('tests', 'v2.users is logged', 'rules', 0)

    Raises:
        UsageError: it is none.
    """
    parts: list[str | int] = []
    position = len(text) + 1 if text.startswith(".") else 0
    while position < len(text):
        found = _PART.match(text, position)
        if not found:
            break
        position = found.end()
        index = found["index"]
        parts.append(int(index) if index is not None else found["name"] or found["quoted"])
    if position != len(text) or not parts or isinstance(parts[0], int):
        raise UsageError(
            f"{text!r} is no path into an environment",
            hint='write it like targets.crm.queue_name, genesys.topics[0], tests."a name with . in it".rules',
        )
    return tuple(parts)


def value_at(values: Any, path: KeyPath) -> Any:
    """What stands at a path; None where nothing does."""
    node = values
    for part in path:
        node = child(node, part)
    return node


def with_value(values: Any, path: KeyPath, value: Any) -> Any:
    """A copy with a value at a path; mappings on the way are made where there are none.

    Args:
        values: mappings, lists and scalars.
        path: where to put it; an index may be one behind a list's last.
        value: what to put there.

    Raises:
        UsageError: something on the way holds no keys, or a list is shorter.
    """
    return _put(values, path, value, path)


def _put(node: Any, rest: KeyPath, value: Any, whole: KeyPath) -> Any:
    if not rest:
        return value
    part, here = rest[0], dotted(whole[: len(whole) - len(rest)]) or "an environment"
    if isinstance(part, int):
        items = list(node or []) if isinstance(node, list | None) else None
        if items is None or part > len(items):
            raise UsageError(f"{here} has no entry {part}", where=dotted(whole))
        items[part : part + 1] = [_put(child(items, part), rest[1:], value, whole)]
        return items
    if not isinstance(node, dict | None):
        raise UsageError(f"{here} holds no keys, so {part} cannot be set in it", where=dotted(whole))
    mapping = dict(node or {})
    mapping[part] = _put(mapping.get(part), rest[1:], value, whole)
    return mapping
