"""Events of the notification service (WebSocket), and what happens to those who listen."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from gcbridge.model.base import Frozen

NoticeKind = Literal[
    "connected",
    "disconnected",
    "rejected",
    "expanded",
    "gap-filled",
    "unfillable",
    "renewed",
    "displaced",
    "revoked",
]


class Notification(Frozen):
    """One event, as the notification service or the API told it."""

    topic: str
    """Topic template that it was asked for by, such as `v2.users.{id}.presence`."""
    topic_name: str
    """The topic with its ids."""
    version: str = "2"
    event_body: dict[str, Any]
    correlation_id: str = ""
    heard_at: datetime
    """When it was read, by this machine's clock, UTC."""
    source: Literal["live", "gap-fill"] = "live"
    """`gap-fill`: the socket was down when it happened, and the API told of it afterwards."""


class ListenNotice(Frozen):
    """Something that happened to the listening itself."""

    kind: NoticeKind
    at: datetime
    message: str
    """One sentence for people."""
    topics: tuple[str, ...] = ()
    """Topics that it is about."""
    missing_permissions: tuple[str, ...] = ()
    """Of a rejected topic."""


class ListenSummary(Frozen):
    """What came of listening."""

    live: int
    filled: int
    """Events that only the API told of, after a gap."""
    duplicates: int
    """Events that were left out because they were told before."""
    disconnects: int
    channels: int
    topics: int
    """Topics with their ids, over all channels."""
    rejected: tuple[ListenNotice, ...] = ()
    unfillable: tuple[str, ...] = ()
    """Topic templates whose gaps no endpoint can fill, of which at least one gap occurred."""
