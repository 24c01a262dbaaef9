"""The service as a whole: hands events to the channels that want them, beats, and misbehaves as faults say."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

from gcbridge.sandbox.genesys.faults import Troubles, strikes
from gcbridge.sandbox.genesys.notifications.channels import Channel, Channels
from gcbridge.sandbox.genesys.notifications.messages import (
    HEARTBEAT,
    no_longer_subscribed,
    notification,
    socket_closing,
    token_revoked,
)
from gcbridge.sandbox.genesys.notifications.sockets import Socket
from gcbridge.sandbox.genesys.notifications.topics import Topics
from gcbridge.sandbox.genesys.settings import Settings

NORMAL, GOING_AWAY, POLICY_VIOLATION = 1000, 1001, 1008


class Notifications:
    """Channels, sockets and what goes out on them; all of it belongs to one event loop."""

    def __init__(self, settings: Settings, topics: Topics, org_id: str, troubles: Troubles) -> None:
        self.topics = topics
        self.channels = Channels(settings, self._close_ended)
        self.sent = 0
        self._settings = settings
        self._faults = troubles.faults
        self._dice = troubles.dice.websocket
        self._tally = troubles.tally
        self._org_id = org_id
        self._down_until = 0.0
        self._changed = asyncio.Event()

    def notify(self, detail: Mapping[str, Any]) -> int:
        """Sends an event to every connected channel that is subscribed to its topic; returns to how many.

        A channel without a socket misses it: the service keeps nothing.
        """
        connected = [
            channel for channel in self.channels.subscribers(str(detail["topicName"])) if channel.socket
        ]
        return sum(self._hand_over(channel, detail) for channel in connected)

    def connect(self, channel: Channel, socket: Socket) -> None:
        """The channel's socket from now on; an earlier one is closed."""
        if channel.socket is not None:
            channel.socket.close(NORMAL, "another socket was opened for this channel")
        channel.socket = socket

    def disconnect(self, channel: Channel, socket: Socket) -> None:
        """The socket has ended."""
        if channel.socket is socket:
            channel.socket = None

    @property
    def refuses_sockets(self) -> bool:
        """True while handshakes fail."""
        return self._faults.refuse_sockets or asyncio.get_running_loop().time() < self._down_until

    def drop_sockets(self) -> None:
        """Cuts every socket without notice."""
        for channel in self._connected():
            self._drop(channel, Socket.cut)

    def announce_close(self) -> None:
        """Says on every socket that it will be closed, and closes it when the notice has run out."""
        for channel in self._connected():
            assert channel.socket is not None, "only connected channels"
            channel.socket.send(socket_closing(channel.id))
            asyncio.get_running_loop().call_later(
                self._settings.closing_notice_seconds, channel.socket.close, GOING_AWAY, "maintenance"
            )

    async def close_sockets(self, patience_seconds: float = 0.5) -> None:
        """Closes every socket, as a service that stops does; comes back when they are closed, or after a while."""
        for channel in self._connected():
            assert channel.socket is not None, "only connected channels"
            channel.socket.close(GOING_AWAY, "the service stops")
        deadline = asyncio.get_running_loop().time() + patience_seconds
        while self._connected() and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(0.01)

    def revoke_tokens(self, client_id: str | None = None) -> None:
        """Ends the channels of all tokens, or of one client's, and says so on their sockets."""
        for channel in list(self.channels):
            if client_id in (None, channel.token.client_id):
                self._end(channel, token_revoked(channel.id, self._org_id, channel.token.client_id))

    def displace_channels(self) -> None:
        """Ends every channel as if others had taken its place."""
        for channel in list(self.channels):
            self._end(channel, no_longer_subscribed(channel.id, self._org_id, channel.token.client_id))

    def faults_changed(self) -> None:
        """Pauses that are under way are measured anew."""
        self._changed.set()
        self._changed = asyncio.Event()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Beats, and drops sockets, while inside."""
        loop = asyncio.get_running_loop()
        tasks = [
            loop.create_task(self._repeat(self._heartbeat_pause, self._beat)),
            loop.create_task(self._repeat(self._drop_pause, self.drop_sockets)),
        ]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def counts(self) -> dict[str, int]:
        """Channels, sockets, topics, and events that were sent."""
        return {**self.channels.counts(), "sent": self.sent}

    def _connected(self) -> list[Channel]:
        return [channel for channel in self.channels if channel.socket is not None]

    def _hand_over(self, channel: Channel, detail: Mapping[str, Any]) -> bool:
        assert channel.socket is not None, "only connected channels"
        if strikes(self._dice, self._faults.lose_websocket_percent) or self._faults.mute_sockets:
            self._tally["lost_websocket"] += 1
            return False
        channel.socket.send(notification(detail), self._faults.delay_websocket_seconds)
        self.sent += 1
        self._count_down(channel)
        return True

    def _count_down(self, channel: Channel) -> None:
        left = self._faults.drop_socket_after_events
        if left is not None:
            self._faults.drop_socket_after_events = left - 1 or None
            if left == 1:
                self._drop(channel, Socket.cut_after_queue)

    def _drop(self, channel: Channel, cut: Callable[[Socket], None]) -> None:
        assert channel.socket is not None, "only connected channels"
        self._tally["dropped_sockets"] += 1
        self._down_until = asyncio.get_running_loop().time() + self._faults.sockets_down_seconds
        dropped, channel.socket = channel.socket, None
        cut(dropped)

    def _end(self, channel: Channel, message: Mapping[str, Any]) -> None:
        if channel.socket is not None:
            channel.socket.send(message)
        self.channels.end(channel)

    def _close_ended(self, channel: Channel) -> None:
        if channel.socket is not None:
            channel.socket.close(POLICY_VIOLATION, "the channel has ended")

    def _heartbeat_pause(self) -> float:
        return self._faults.heartbeat_seconds or self._settings.heartbeat_seconds

    def _drop_pause(self) -> float | None:
        return self._faults.drop_sockets_every_seconds

    def _beat(self) -> None:
        if self._faults.stop_heartbeats or self._faults.mute_sockets:
            return
        for channel in self._connected():
            assert channel.socket is not None, "only connected channels"
            channel.socket.send(HEARTBEAT)

    async def _repeat(self, pause: Callable[[], float | None], action: Callable[[], None]) -> None:
        while True:
            try:
                await asyncio.wait_for(self._changed.wait(), pause())
            except asyncio.TimeoutError:
                action()
