"""An event as the engine sees it: values at dotted paths, each with the array elements that it lies in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from gcbridge.routing.operators import Scalar

Membership = Mapping[int, int]
"""Number of an array of the event -> index of the element that a value lies in. A plain value in an array lies in none."""

EventFields = dict[str, list[tuple[Scalar, Membership]]]
"""Dotted path -> the values there."""


def prefixes_of(paths: Iterable[str]) -> frozenset[str]:
    """Every path and every path above it.

    >>> sorted(prefixes_of(["detail.eventBody"]))
    ['detail', 'detail.eventBody']
    """
    found: set[str] = set()
    for path in paths:
        steps = path.split(".")
        found.update(".".join(steps[:length]) for length in range(1, len(steps) + 1))
    return frozenset(found)


def event_fields(event: Mapping[str, Any], wanted: frozenset[str]) -> EventFields:
    """The values below the wanted paths.

    Args:
        event: a JSON object.
        wanted: paths and every path above them; nothing else is looked into.

    Source: aws/event-ruler, Event: arrays are crushed out of the path, arrays of arrays at any depth; each array has
    a number of its own, and a value remembers the elements of the arrays of objects or arrays that it lies in.
    """
    reader = _Reader(wanted)
    reader.read_object(event, "", {})
    return reader.fields


class _Reader:
    def __init__(self, wanted: frozenset[str]) -> None:
        self.wanted = wanted
        self.fields: EventFields = {}
        self.arrays = 0

    def read_object(self, node: Mapping[str, Any], above: str, membership: Membership) -> None:
        for name, child in node.items():
            path = f"{above}.{name}" if above else name
            if path in self.wanted:
                self.read(child, path, membership)

    def read(self, node: Any, path: str, membership: Membership) -> None:
        if isinstance(node, Mapping):
            self.read_object(node, path, membership)
        elif isinstance(node, list):
            self.read_array(node, path, membership)
        else:
            self.fields.setdefault(path, []).append((node, membership))

    def read_array(self, node: list[Any], path: str, membership: Membership) -> None:
        number, self.arrays = self.arrays, self.arrays + 1
        for index, child in enumerate(node):
            inside = {**membership, number: index} if isinstance(child, (Mapping, list)) else membership
            self.read(child, path, inside)
