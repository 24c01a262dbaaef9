"""The two ways that events come, held against each other: the notification service's WebSocket and EventBridge."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field, computed_field

from gcbridge.model.base import Frozen
from gcbridge.model.proof import Latency

Way = Literal["websocket", "eventbridge"]


class Sighting(Frozen):
    """One event, as it came one of the ways."""

    way: Way
    topic: str
    """Topic template."""
    topic_name: str
    """The topic with its ids."""
    event_body: dict[str, Any]
    correlation_id: str = ""
    """What Genesys Cloud gives an event; empty where it gave none."""
    seen_at: datetime
    """By this machine's clock, UTC."""
    sent_at: datetime | None = None
    """When Genesys Cloud sent it, by its own clock; None over the WebSocket."""
    event_id: str = ""
    """EventBridge's; empty over the WebSocket."""
    source: Literal["live", "gap-fill"] = "live"
    """`gap-fill`: the socket was down, and the API told of it afterwards."""


class ComparedEvent(Frozen):
    """One event of which it is known whether it came both ways."""

    topic: str
    topic_name: str
    correlation_id: str
    event_body: dict[str, Any]
    event_id: str
    """EventBridge's; empty where it did not come that way."""
    source: Literal["live", "gap-fill"]
    """Of the WebSocket."""
    websocket_at: datetime | None
    """None: not within the grace period."""
    eventbridge_at: datetime | None
    """None: not within the grace period."""

    @computed_field  # type: ignore[prop-decorator]
    @property
    def kind(self) -> Literal["both", "only-websocket", "only-eventbridge"]:
        """Who saw it."""
        if self.websocket_at is None:
            return "only-eventbridge"
        return "only-websocket" if self.eventbridge_at is None else "both"

    @computed_field  # type: ignore[prop-decorator]
    @property
    def seconds_later(self) -> float | None:
        """How much later EventBridge was than the WebSocket, negative where earlier; None without both."""
        if self.websocket_at is None or self.eventbridge_at is None:
            return None
        return round((self.eventbridge_at - self.websocket_at).total_seconds(), 3)


class ComparisonSummary(Frozen):
    """What came of listening both ways."""

    kind: Literal["summary"] = "summary"
    both: int
    only_websocket: int
    """Genesys Cloud sent these, and EventBridge did not deliver them within the grace period."""
    only_eventbridge: int
    undecided: int = 0
    """Seen one way when it was interrupted, before the grace period was over."""
    filled: int = 0
    """Of `both` and `only_websocket`: told by the API after a gap, not by the socket."""
    copies: dict[Way, int] = Field(default_factory=dict)
    """Way -> copies beyond the first; both ways deliver at least once."""
    later: Latency | None = None
    """How much later EventBridge was, of events that came live both ways; None without any."""
    grace_seconds: float
    seconds: float
    """How long both ways were open."""
    topics: tuple[str, ...]
    """Topic templates that were compared."""
    unheard: dict[str, str] = Field(default_factory=dict)
    """Topic -> why it cannot be compared."""
