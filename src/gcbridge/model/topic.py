"""Topics: what Genesys Cloud can tell of, over which transports, and what stands in the events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from gcbridge.model.base import Frozen

FieldType = Literal["string", "integer", "number", "boolean", "datetime", "object", "map", "unknown"]
"""A `datetime` is ISO 8601 text, or epoch milliseconds where a topic's documentation is wrong about it."""

EVENTBRIDGE_TRANSPORTS = frozenset({"All", "EventBridge"})
"""Transports of a topic that reaches EventBridge (enum of `AvailableTopic.transports` in the Genesys SDKs)."""

TRIGGER_TRANSPORTS = frozenset({"All", "ProcessAutomation"})
"""Transports of a topic that can start a process automation trigger (the same enum)."""

EACH_KEY = "*"
"""Stands in the `fields` of a map for whatever keys there are."""


class TopicField(Frozen):
    """One field of an event's body."""

    type: FieldType
    enum: tuple[str, ...] = ()
    """Values that the field can have, where they are known. Genesys's SDKs leave out values that differ in case only."""
    fields: dict[str, TopicField] = Field(default_factory=dict)
    """Of an `object`: name -> field. Of a `map`: `*` -> any of its values."""
    is_list: bool = False
    """The field is a list; type, enum and fields are those of its elements."""


class Topic(Frozen):
    """One topic template, with a literal {id} wherever an id stands in the topic's name."""

    topic: str
    description: str = ""
    fields: dict[str, TopicField] | None = None
    """Fields of `detail.eventBody`; None where they are not known."""
    transports: tuple[str, ...] | None = None
    """`All`, `Websocket`, `EventBridge`, `ProcessAutomation`; None where nobody has asked an organization."""
    permissions: tuple[str, ...] | None = None
    """What a subscriber of the notification service needs; None where nobody has asked an organization."""
    seen_over_eventbridge: bool = False
    """Somebody has published an event, or a configuration, in which this topic reaches EventBridge."""
    source: Literal["bundled", "organization"] = "bundled"
    """Who says that the topic exists."""

    @property
    def eventbridge(self) -> bool | None:
        """Whether the topic reaches EventBridge; None where its transports are not known."""
        if self.transports is None:
            return None
        return not EVENTBRIDGE_TRANSPORTS.isdisjoint(self.transports)

    @property
    def starts_triggers(self) -> bool | None:
        """Whether the topic can start a process automation trigger; None where its transports are not known."""
        if self.transports is None:
            return None
        return not TRIGGER_TRANSPORTS.isdisjoint(self.transports)


class TopicCatalogue(Frozen):
    """All topics that are known here, sorted by name."""

    topics: tuple[Topic, ...]
    taken_at: str
    """ISO 8601 date or moment of the newest part."""
    origin: str
    """Where the topics come from, for people."""
    asked: bool = False
    """An organization was asked: a topic whose source is `bundled` is none that it listed."""

    def get(self, name: str) -> Topic | None:
        """The topic of that name, or None."""
        return next((topic for topic in self.topics if topic.topic == name), None)

    def names(self) -> list[str]:
        """Names of all topics."""
        return [topic.topic for topic in self.topics]


Fields = Mapping[str, TopicField]


class TopicRefresh(Frozen):
    """What came of asking an organization for its topics."""

    environment: str
    file: str
    """Where they were written, relative to the workspace."""
    taken_at: str
    topics: int
    eventbridge: int
    """How many of them reach EventBridge."""
    new: tuple[str, ...] = ()
    """Topics that gcbridge's own snapshot does not know."""
    not_listed: tuple[str, ...] = ()
    """Topics of gcbridge's own snapshot that the organization does not list."""
