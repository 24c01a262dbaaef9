"""What proves arrival: changes that were caused, their events hop by hop, latency, loss and the second witness."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from gcbridge.model.base import Frozen

CauseName = Literal["integration_notes", "presence", "oauth_client", "traffic"]
"""What to change in Genesys Cloud so that an event is sent; `traffic` changes nothing and waits."""

HopStatus = Literal["passed", "failed", "skipped"]


class CausedChange(Frozen):
    """One change that Genesys Cloud accepted, or one event of the traffic that was waited for."""

    number: int
    """From 1, in the order that they were made."""
    description: str
    """One clause, such as `presence of Ada set to Busy`."""
    topics: tuple[str, ...]
    """Topic templates that can carry it, and that the integration sends."""
    accepted_at: datetime
    """When Genesys Cloud accepted it (t0), by this machine's clock, UTC."""


class BusSighting(Frozen):
    """One event that the probe saw on the bus, for the first time."""

    change: int
    """Number of the change that it tells of."""
    event_id: str
    detail_type: str
    sent_at: datetime
    """When the probe's queue had it, by AWS's clock, UTC."""
    received_at: datetime
    """When gcbridge had read it, by this machine's clock, UTC."""
    known_at: datetime
    """When gcbridge had told which change it belongs to; what lies between is its own work."""
    copies: int = 1
    """How often it came; EventBridge and Genesys Cloud deliver at least once."""


class WitnessSighting(Frozen):
    """One event that came over the notification service."""

    change: int
    topic: str
    """Topic template."""
    heard_at: datetime
    """By this machine's clock, UTC."""
    source: Literal["live", "gap-fill"] = "live"


class WitnessObservation(Frozen):
    """What the second witness could hear, and heard."""

    topics: tuple[str, ...]
    """Topic templates that it subscribed to."""
    unheard: dict[str, str] = Field(default_factory=dict)
    """Topic template -> why the notification service cannot tell of it."""
    sightings: tuple[WitnessSighting, ...] = ()
    notes: tuple[str, ...] = ()
    """What happened to the socket: connected, dropped, filled; one phrase each."""


class Hop(Frozen):
    """One station on the way of one event."""

    name: str
    """`accepted`, `witness`, `event bus`, `rule <name>`, `target <name> of rule <name>`."""
    status: HopStatus
    seconds: float | None = None
    """Since Genesys Cloud accepted the change; None where nobody says when."""
    detail: str = ""


class EventTrace(Frozen):
    """The way of one event: a change, told on one topic."""

    change: int
    description: str
    topic: str
    event_id: str | None
    """None where it never reached the bus."""
    accepted_at: datetime
    hops: tuple[Hop, ...]
    copies: int = 1

    @property
    def broken_at(self) -> Hop | None:
        """The first hop that failed, or None."""
        return next((hop for hop in self.hops if hop.status == "failed"), None)


class Latency(Frozen):
    """How long events took from their acceptance to one hop; seconds."""

    hop: str
    count: int
    p50: float
    p95: float
    maximum: float


class Loss(Frozen):
    """How many of the expected events reached the bus."""

    expected: int
    arrived: int
    low: float
    """Lower end of the 95 % confidence interval of the rate at which events are lost, 0 to 1 (Wilson's score interval)."""
    high: float
    """Upper end."""
    duplicates: int = 0
    """Copies beyond the first."""
    out_of_order: int = 0
    """Events that came after one that was caused later, on the same topic."""

    @property
    def lost(self) -> int:
        """Expected events that did not arrive."""
        return self.expected - self.arrived

    @property
    def rate(self) -> float:
        """Share of the expected events that did not arrive, 0 to 1."""
        return self.lost / self.expected if self.expected else 0.0


class WitnessSummary(Frozen):
    """What of the expected events came over which way; only topics that the notification service can tell of count."""

    both: int
    only_websocket: int
    """These Genesys Cloud sent, and EventBridge did not deliver."""
    only_eventbridge: int
    neither: int
    later: Latency | None = None
    """How much later EventBridge was than the WebSocket; negative where it was earlier. None without a pair."""
    unheard: dict[str, str] = Field(default_factory=dict)
    """Topic template -> why the notification service cannot tell of it."""
    notes: tuple[str, ...] = ()


class RuleMetrics(Frozen):
    """What CloudWatch counted for one rule in a span of time; what it does not tell counts as zero."""

    rule: str
    matched_events: int = 0
    triggered: int = 0
    invocations: int = 0
    failed_invocations: int = 0
    sent_to_dlq: int = 0
    not_sent_to_dlq: int = 0


class MetricsObservation(Frozen):
    """What CloudWatch (namespace AWS/Events) counted while events were followed; it runs minutes late."""

    since: datetime
    until: datetime
    events: int = 0
    """`Events` of this event source: what arrived from the partner."""
    rules: tuple[RuleMetrics, ...] = ()
    detail: str = ""
    """Why nothing could be read; empty where it could."""

    def rule(self, name: str) -> RuleMetrics:
        """What was counted for a rule; zeros where nothing was."""
        return next((rule for rule in self.rules if rule.rule == name), RuleMetrics(rule=name))


class BusLogEntry(Frozen):
    """One line of the event bus's own log."""

    at: datetime
    event_id: str
    message_type: str
    """Such as EVENT_INGEST_SUCCESS, RULE_MATCH, NO_STANDARD_RULES_MATCHED, INVOCATION_DLQ."""
    rule: str = ""
    """Name of the rule, where the line names one."""
    target: str = ""
    """ARN of the target, where the line names one."""
    error: str = ""


class BusLogObservation(Frozen):
    """What the event bus logged of the events that were followed."""

    level: str
    """OFF, ERROR, INFO or TRACE."""
    log_group: str = ""
    """Where it is read; empty where the log goes elsewhere, or nowhere."""
    entries: tuple[BusLogEntry, ...] = ()
    detail: str = ""
    """Why nothing was read; empty where it was."""
