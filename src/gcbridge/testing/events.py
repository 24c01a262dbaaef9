"""Events as a test sees them: read from the bus, or arrived somewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gcbridge.model.proof import Hop


@dataclass(frozen=True, slots=True)
class ReadEvent:
    """One event that the probe read from the bus.

    Args:
        event: the whole EventBridge event.
        sent_at: when the probe's queue had it, by the clock of AWS, UTC.
        received_at: when it was read, by this machine's clock, UTC.
    """

    event: Mapping[str, Any]
    sent_at: datetime
    received_at: datetime

    @property
    def id(self) -> str:
        """EventBridge's own id of it."""
        return str(self.event["id"])

    @property
    def detail_type(self) -> str:
        """The topic template that it came on."""
        return str(self.event["detail-type"])

    @property
    def detail(self) -> Mapping[str, Any]:
        """What Genesys Cloud sent: `topicName`, `eventBody` and `metadata`."""
        detail: Mapping[str, Any] = self.event["detail"]
        return detail


@dataclass(frozen=True, slots=True)
class Arrival:
    """An event that is where it was to be, for further assertions.

    Args:
        event: the whole EventBridge event.
        seconds: from the change to here; None where nobody says when it came.
        hops: the way that it took.
        rule: that matched it; None on the bus.
        target: that has it; None on the bus and behind a rule.
        payload: what the target receives of it by its `input`, as `gcbridge test` computes it; None without a target.
    """

    event: Mapping[str, Any]
    seconds: float | None
    hops: tuple[Hop, ...]
    rule: str | None = None
    target: str | None = None
    payload: str | None = None

    @property
    def detail(self) -> Mapping[str, Any]:
        """What Genesys Cloud sent: `topicName`, `eventBody` and `metadata`."""
        detail: Mapping[str, Any] = self.event["detail"]
        return detail
