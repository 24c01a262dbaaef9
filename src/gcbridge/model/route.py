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


class TriggerRoute(Frozen):
    """What a process automation trigger does with an event."""

    trigger: str
    enabled: bool
    """A disabled trigger starts nothing, whatever it matches."""
    matched: bool
    """The topic is the trigger's, and all of its criteria hold."""
    workflow: str
    """What it starts, such as `flow presence-log` or `workflow Presence log`."""
    data_format: str
    input: dict[str, Any] | None = None
    """Input variable of the workflow -> value; None where it is not started."""
    ttl_seconds: int | None = None
    """An older event starts nothing."""
    delay_seconds: int | None = None
    """How long Genesys Cloud waits before it starts the workflow."""
    miss: str = ""
    """The first criterion that does not hold, in one sentence; empty where it matches."""
    misses: int = 0
    """How many criteria do not."""
    other_topic: bool = False
    """It listens to another topic than the event's."""
    fields: tuple[FieldFinding, ...] = ()
    """Criteria; only where an explanation was asked for."""

    @computed_field  # type: ignore[prop-decorator]
    @property
    def starts(self) -> bool:
        """Whether the workflow is started."""
        return self.matched and self.enabled


class EventRoute(Frozen):
    """One event, every rule of the bridge and every trigger."""

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
    triggers: tuple[TriggerRoute, ...] = ()
    """Those that match first, then the nearest."""

    @computed_field  # type: ignore[prop-decorator]
    @property
    def is_delivered(self) -> bool:
        """Whether any target receives it."""
        return any(rule.deliveries for rule in self.rules)

    @property
    def reaches_something(self) -> bool:
        """Whether any target receives it, or any workflow is started."""
        return self.is_delivered or any(trigger.starts for trigger in self.triggers)
