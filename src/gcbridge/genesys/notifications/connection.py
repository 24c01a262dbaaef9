"""A channel with its open socket, and whether it still lives."""

from __future__ import annotations

import time

from gcbridge.genesys.notifications.channels import Channel
from gcbridge.genesys.notifications.instants import instant_now
from gcbridge.genesys.notifications.sockets import Socket, SocketLostError
from gcbridge.genesys.notifications.timing import Timing
from gcbridge.study.notifications.messages import Message, read_message


class Connection:
    """Reads messages, and notices when none come any more.

    After `heartbeat_seconds` without a heartbeat or an event, a pong is asked for; without one the socket is dead. One
    pong is believed; when heartbeats stay away a second time, the socket is given up, though something answers there.

    Args:
        channel: whose socket it is.
        socket: open.
        timing: see `Timing`.
    """

    def __init__(self, channel: Channel, socket: Socket, timing: Timing) -> None:
        self.channel = channel
        self._socket = socket
        self._timing = timing
        self._beat_at = time.monotonic()
        self._asked_at: float | None = None
        self._pongs = 0
        self.heard_at = instant_now()
        """When the last message came."""

    def receive(self, until: float) -> Message | None:
        """The next message, None if none came until then (monotonic seconds).

        Raises:
            SocketLostError: the socket is closed or dead.
        """
        while (now := time.monotonic()) < until:
            text = self._socket.receive(min(self._doubtful_at(), until) - now)
            if text is not None:
                return self._note(read_message(text))
            if time.monotonic() >= self._doubtful_at():
                self._doubt()
        return None

    def close(self) -> None:
        """Closes the socket; who receives gets SocketLostError."""
        self._socket.close()

    def _note(self, message: Message) -> Message:
        self.heard_at, self._asked_at = instant_now(), None
        if message.kind == "pong":
            self._pongs += 1
        else:
            self._beat_at, self._pongs = self.heard_at.monotonic, 0
        return message

    def _doubtful_at(self) -> float:
        if self._asked_at is not None:
            return self._asked_at + self._timing.pong_seconds
        return self._beat_at + self._timing.heartbeat_seconds * (self._pongs + 1)

    def _doubt(self) -> None:
        silent = time.monotonic() - self._beat_at
        if self._asked_at is not None or self._pongs:
            raise SocketLostError(f"no heartbeat for {silent:.0f} s")
        self._asked_at = time.monotonic()
        self._socket.ping()
