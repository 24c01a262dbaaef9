"""What an event of a topic has at a path, as far as a pattern can tell the difference."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from gcbridge.model.topic import EACH_KEY, Topic
from gcbridge.study.patterns.event_shape import EventShape, Place
from gcbridge.study.patterns.text_search import Operators
from gcbridge.study.patterns.value_search import ALL_KINDS
from gcbridge.study.patterns.value_search import Kind as JsonKind
from gcbridge.study.topics.fields import field_at

Kind = Literal["unknown", "missing", "empty", "group", "text", "time", "number", "boolean"]
"""`missing`: no such field; `empty`: a list that never holds anything; `group`: an object, which is no value."""

ABSENT = frozenset({"missing", "empty", "group"})
"""Kinds with no value that a pattern could look at; `exists: false` holds."""
KINDS: dict[frozenset[JsonKind], Kind] = {
    frozenset(): "missing",
    frozenset({"text"}): "text",
    frozenset({"number"}): "number",
    frozenset({"bool"}): "boolean",
    frozenset({"text", "number"}): "time",
}
"""JSON types that a value can have, null aside -> kind."""
OPEN = "detail.metadata."
"""What Genesys Cloud's `metadata` may hold besides CorrelationId is not documented."""


class Sent(NamedTuple):
    """What stands at a path.

    Args:
        kind: which operators can hold there.
        kinds: JSON types of the values, null aside.
        values: the only values, where they are known.
        within: what every value satisfies, such as the account of the bus.
        fields: names below, of a group.
        arrays: paths at or above it that may hold lists.
    """

    kind: Kind
    kinds: frozenset[JsonKind] = ALL_KINDS - {"null"}
    values: tuple[str, ...] = ()
    within: Operators = ()
    fields: tuple[str, ...] = ()
    arrays: frozenset[str] = frozenset()


@dataclass(frozen=True, eq=False)
class SentTopic:
    """A topic that Genesys Cloud is told to send.

    Args:
        topic: what the catalogue says.
        shape: what its events look like on this bus.
    """

    topic: Topic
    shape: EventShape
    _looked_up: dict[str, Sent] = field(default_factory=dict, init=False, repr=False)

    @property
    def name(self) -> str:
        """The topic template."""
        return self.topic.topic

    def at(self, path: str) -> Sent:
        """What its events have at a dotted path, such as `detail.eventBody.action`."""
        if path not in self._looked_up:
            self._looked_up[path] = self._look_up(path)
        return self._looked_up[path]

    def _look_up(self, path: str) -> Sent:
        if path.startswith(OPEN):
            return Sent("unknown")
        if path == "resources":
            return Sent("empty")  # [] in every captured event of Genesys Cloud
        place, there = self.shape.place(path), field_at(self.topic, path)
        return Sent(
            kind=_kind(place),
            kinds=place.kinds - {"null"},
            values=there.enum if there else (),
            within=place.within,
            fields=tuple(name for name in there.fields if name != EACH_KEY) if there else (),
            arrays=place.arrays,
        )


def _kind(place: Place) -> Kind:
    if place.kinds == {"null"}:
        return "group"
    return KINDS.get(place.kinds - {"null"}, "unknown")
