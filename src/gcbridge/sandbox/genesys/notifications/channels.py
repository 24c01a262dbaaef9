"""Channels: whose they are, what they are subscribed to, how long they live, how many there may be."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from gcbridge.sandbox.genesys.answers import ApiError, not_found
from gcbridge.sandbox.genesys.clock import iso_milliseconds
from gcbridge.sandbox.genesys.entities import new_id
from gcbridge.sandbox.genesys.notifications.sockets import Socket
from gcbridge.sandbox.genesys.notifications.topics import Verdict
from gcbridge.sandbox.genesys.settings import Settings
from gcbridge.sandbox.genesys.tokens import Token


@dataclass(eq=False)
class Channel:
    """One channel; `topics` maps each topic as it was asked for to the single topics that it stands for."""

    token: Token
    expires: float
    number: int
    id: str = field(default_factory=new_id)
    topics: dict[str, Verdict] = field(default_factory=dict)
    socket: Socket | None = None
    expiry: asyncio.TimerHandle | None = None

    def body(self, address: str) -> dict[str, Any]:
        """A Channel of the API; `address` is `host:port` of this server."""
        moment = datetime.fromtimestamp(self.expires, timezone.utc)
        uri = f"ws://{address}/channels/{self.id}"
        return {"id": self.id, "connectUri": uri, "expires": iso_milliseconds(moment)}

    def foreign_body(self) -> dict[str, Any]:
        """What another token of the same client sees: that it exists."""
        moment = datetime.fromtimestamp(self.expires, timezone.utc)
        return {"expires": iso_milliseconds(moment)}


class Channels:
    """All channels of the organization; they end with the process.

    Args:
        settings: lives and limits.
        on_end: told of each channel that ends by itself or is replaced, when it is gone.
    """

    def __init__(self, settings: Settings, on_end: Callable[[Channel], None]) -> None:
        self._settings = settings
        self._on_end = on_end
        self._numbers = itertools.count()
        self._channels: dict[str, Channel] = {}
        self._subscribers: defaultdict[str, set[Channel]] = defaultdict(set)

    def __iter__(self) -> Iterator[Channel]:
        """The oldest first."""
        return iter(list(self._channels.values()))

    def create(self, token: Token) -> Channel:
        """A new channel, in the place of the client's oldest without a socket where there are too many.

        Raises:
            ApiError: 400, all that the client may have are connected.
        """
        own = [channel for channel in self._channels.values() if channel.token.client_id == token.client_id]
        if len(own) >= self._settings.channels_per_client:
            self._make_room(own)
        channel = Channel(token, expires=0.0, number=next(self._numbers))
        self._channels[channel.id] = channel
        self.renew(channel)
        return channel

    def find(self, identity: str) -> Channel | None:
        """The living channel of that id."""
        return self._channels.get(identity)

    def find_own(self, identity: str, token: Token) -> Channel:
        """A channel of the token's client; raises ApiError 404 for any other."""
        channel = self._channels.get(identity)
        if channel is None or channel.token.client_id != token.client_id:
            raise not_found("channel", identity)
        return channel

    def renew(self, channel: Channel) -> None:
        """Begins the channel's life anew."""
        life = self._settings.channel_life_seconds
        if channel.expiry is not None:
            channel.expiry.cancel()
        channel.expires = time.time() + life
        channel.expiry = asyncio.get_running_loop().call_later(life, self.end, channel)

    def subscribe(self, channel: Channel, verdicts: Iterable[Verdict], *, replace: bool) -> None:
        """Adds topics, or replaces all; raises ApiError 400, having changed nothing, where they are too many."""
        topics = ({} if replace else channel.topics) | {verdict.id: verdict for verdict in verdicts}
        limit = self._settings.topics_per_channel
        if len(topics) > limit:
            text = f"The channel would have {len(topics)} topics; no more than {limit} are allowed."
            raise ApiError(400, "too.many.topics", text)
        self._forget_subscriptions(channel)
        channel.topics = topics
        for name in _single_topics(channel):
            self._subscribers[name].add(channel)

    def subscribers(self, name: str) -> list[Channel]:
        """Channels that get events of a single topic, the oldest first."""
        found = self._subscribers.get(name, ())
        return sorted(found, key=lambda channel: channel.number)

    def end(self, channel: Channel) -> None:
        """The channel is gone, with its subscriptions."""
        if self._channels.pop(channel.id, None) is None:
            return
        if channel.expiry is not None:
            channel.expiry.cancel()
        self._forget_subscriptions(channel)
        self._on_end(channel)

    def counts(self) -> dict[str, int]:
        """How many channels, sockets and topics there are."""
        channels = list(self._channels.values())
        return {
            "channels": len(channels),
            "sockets": sum(channel.socket is not None for channel in channels),
            "topics": sum(len(channel.topics) for channel in channels),
        }

    def _make_room(self, own: Iterable[Channel]) -> None:
        idle = [channel for channel in own if channel.socket is None]
        if not idle:
            limit = self._settings.channels_per_client
            text = f"The client has {limit} channels, and all of them are connected."
            raise ApiError(400, "notification.channel.limit", text)
        self.end(idle[0])

    def _forget_subscriptions(self, channel: Channel) -> None:
        for name in _single_topics(channel):
            if name in self._subscribers:
                self._subscribers[name].discard(channel)
                if not self._subscribers[name]:
                    del self._subscribers[name]


def _single_topics(channel: Channel) -> Iterable[str]:
    return (name for verdict in channel.topics.values() for name in verdict.names)
