"""A subscriber as the documentation describes one: a channel, its subscriptions, and a real WebSocket client."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from genesys_organization import Organization
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

CHANNELS = "/api/v2/notifications/channels"
HEARTBEAT = {"topicName": "channel.metadata", "eventBody": {"message": "WebSocket Heartbeat"}}
PONG = {"topicName": "channel.metadata", "eventBody": {"message": "pong"}}


@dataclass
class Subscriber:
    """One channel and the socket that is open on it."""

    organization: Organization
    channel: dict[str, Any]
    socket: ClientConnection | None = None
    _opened: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    @property
    def path(self) -> str:
        """Where its subscriptions are."""
        return f"{CHANNELS}/{self.channel['id']}/subscriptions"

    def subscribe(self, *topics: str, method: str = "POST") -> Any:
        """Adds topics, or replaces them with PUT; they must be permitted."""
        return self.organization.must(method, self.path, [{"id": topic} for topic in topics])["entities"]

    def connect(self) -> ClientConnection:
        """Opens a socket, which is closed at the end of the `with` block."""
        connecting = connect(self.channel["connectUri"], ping_interval=None, close_timeout=2)
        self.socket = self._opened.enter_context(connecting)
        return self.socket

    def close(self) -> None:
        """Closes every socket that was opened."""
        self._opened.close()

    def listen(self, seconds: float = 5.0, until: int = 1) -> list[dict[str, Any]]:
        """The next events, without heartbeats; waits for so many, or for so long."""
        assert self.socket is not None, "connect first"
        events: list[dict[str, Any]] = []
        deadline = time.monotonic() + seconds
        while len(events) < until:
            try:
                message = json.loads(self.socket.recv(timeout=max(0.01, deadline - time.monotonic())))
            except TimeoutError:
                break
            if message != HEARTBEAT:
                events.append(message)
        return events

    def ending(self, seconds: float = 5.0) -> tuple[list[dict[str, Any]], int]:
        """What comes until the socket ends, without heartbeats, and the close code; 1006 is a broken line."""
        assert self.socket is not None, "connect first"
        events: list[dict[str, Any]] = []
        try:
            while True:
                message = json.loads(self.socket.recv(timeout=seconds))
                events += [message] if message != HEARTBEAT else []
        except ConnectionClosed as closed:
            return events, closed.rcvd.code if closed.rcvd else 1006


@contextlib.contextmanager
def subscribing(
    organization: Organization, topics: Sequence[str] = (), *, connected: bool = True
) -> Iterator[Subscriber]:
    """A subscriber whose socket is closed at the end."""
    subscriber = Subscriber(organization, organization.must("POST", CHANNELS))
    if topics:
        subscriber.subscribe(*topics)
    if connected:
        subscriber.connect()
    try:
        yield subscriber
    finally:
        subscriber.close()


def presence_topic(organization: Organization, number: int = 0) -> str:
    """The presence topic of one user."""
    users = organization.get("/api/v2/users?pageSize=500")["entities"]
    return f"v2.users.{users[number]['id']}.presence"
