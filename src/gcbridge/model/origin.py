"""Where a value was written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

KeyPath = tuple[str | int, ...]
"""Path of a value inside an environment: mapping keys and list indexes, outermost first."""


@dataclass(frozen=True, slots=True)
class Origin:
    """A value stands in `file` at `line` (counted from 1)."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


def dotted(path: KeyPath) -> str:
    """Write a key path as people read it.

    >>> dotted(("rules", "presence", "targets", 0))
    'rules.presence.targets[0]'
    """
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += f".{part}" if text else part
    return text


def nearest_origin(origins: Mapping[KeyPath, Origin], path: KeyPath) -> Origin | None:
    """Find the line of a value, or of the closest parent that was written down."""
    for length in range(len(path), -1, -1):
        origin = origins.get(path[:length])
        if origin is not None:
            return origin
    return None
