"""EventRoute: what the rules of a bridge do with one event."""

from __future__ import annotations

from typing import Any

from pydantic import Field, computed_field

from gcbridge.model.base import Frozen


class FieldFinding(Frozen):
    """What one field of a pattern asked of the event."""

    path: str
    """Dotted, such as `detail.eventBody.action`."""
    wanted: tuple[str, ...]
    """What would match, as it stands in a pattern."""
    found: tuple[Any, ...]
    """Values that the event has there, at most the first ten."""
    matched: bool
    nearest_miss: str = ""
    """What nearly fitted, or why nothing did; empty where it matched."""


class Delivery(Frozen):
    """What one target receives."""

    target: str
    type: str
    text: str
    """What EventBridge hands over, the target's `input` applied."""
    whole_event: bool
    """The event as it is: the target has no `input`."""


class MatchedRule(Frozen):
    """A rule whose pattern matches."""

    rule: str
    enabled: bool
    """A disabled rule delivers nothing, whatever it matches."""
    deliveries: tuple[Delivery, ...]
    fields: tuple[FieldFinding, ...] = ()
    """Only where an explanation was asked for."""


class UnmatchedRule(Frozen):
    """A rule whose pattern does not match."""

    rule: str
    enabled: bool
    miss: str
    """The first field that kept it from matching, in one sentence."""
    misses: int
    """How many fields did."""
    other_topic: bool
    """It asks for other topics than the event's."""
    fields: tuple[FieldFinding, ...] = ()
    """Only where an explanation was asked for."""


class EventRoute(Frozen):
    """One event and every rule of the bridge."""

    event_id: str
    detail_type: str
    where: str
    """`file:line` that the event was read from."""
    replaced: dict[str, Any] = Field(default_factory=dict)
    """What the event said of its origin where that is not this bridge: `source`, `account`, `region`."""
    added: tuple[str, ...] = ()
    """Fields of an event that were not there."""
    rules: tuple[MatchedRule, ...]
    unmatched: tuple[UnmatchedRule, ...]
    """The nearest first."""

    @computed_field  # type: ignore[prop-decorator]
    @property
    def is_delivered(self) -> bool:
        """Whether any target receives it."""
        return any(rule.deliveries for rule in self.rules)
