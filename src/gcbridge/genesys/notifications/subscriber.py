"""One share of the topics, held on one channel at a time: by a thread of its own, until the block ends."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterable
from datetime import datetime, timedelta

from gcbridge.errors import GenesysError, RefusedError
from gcbridge.genesys.failures import GenesysRefusedError
from gcbridge.genesys.notifications.channels import Channel, Channels
from gcbridge.genesys.notifications.connection import Connection
from gcbridge.genesys.notifications.filling import GapFiller
from gcbridge.genesys.notifications.instants import Instant, instant_now
from gcbridge.genesys.notifications.notifications import Notifications
from gcbridge.genesys.notifications.reconnecting import retrying, unreachable
from gcbridge.genesys.notifications.sockets import SocketLostError, open_socket
from gcbridge.genesys.notifications.subscribing import subscribe_share
from gcbridge.genesys.notifications.timing import Timing
from gcbridge.study.notifications.gaps import Gap, templates_of
from gcbridge.study.notifications.messages import Message
from gcbridge.study.notifications.subscriptions import Subscription

_FIRST_ATTEMPTS = 3
_CHANNEL_IS_GONE = frozenset({400, 403, 404, 410})
"""404 says so; that a channel of another token is answered otherwise cannot be excluded."""
_RENEW_AGAIN = 0.01
"""Of a channel's life, until renewing is tried again."""
_SOONEST = 0.5
"""Seconds between two renewals, however short a life a channel says it has."""


class Subscriber:
    """Connects, listens, reconnects, and tells the gap filler when nothing was heard.

    Args:
        share: what to listen to.
        channels: lends the channel.
        notifications: takes what is heard.
        filler: looks up what was not heard.
        timing: see `Timing`.
        ending: set when the block ends.
    """

    def __init__(
        self,
        share: Iterable[Subscription],
        *,
        channels: Channels,
        notifications: Notifications,
        filler: GapFiller,
        timing: Timing,
        ending: threading.Event,
    ) -> None:
        self.share = tuple(share)
        self._channels = channels
        self._notifications = notifications
        self._filler = filler
        self._timing = timing
        self._ending = ending
        self._rejected: set[str] = set()
        self._channel: Channel | None = None
        self._connection: Connection | None = None
        self._began_at: datetime | None = None
        self._silent_since: Instant | None = None
        self._renew_at = 0.0
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []

    @property
    def topics(self) -> tuple[str, ...]:
        """What is listened to: the share without what was rejected."""
        return tuple(
            topic
            for subscription in self.share
            for topic in subscription.topics
            if topic not in self._rejected
        )

    def start(self) -> None:
        """Connects and subscribes, then goes on in a thread.

        Raises:
            GenesysError: no connection, or Genesys Cloud refused.
            RefusedError: somebody else would lose a channel.
        """
        try:
            retrying(self._timing, self._ending, attempts=_FIRST_ATTEMPTS)(self._connect)
        except SocketLostError as lost:
            raise unreachable(lost, self._channel) from lost
        self._run(self._listen_for_ever, "gcbridge-channel")

    def change(self, share: Iterable[Subscription]) -> None:
        """Listens to another share from now on.

        Raises:
            GenesysError: the topics could not be subscribed to; that is tried again with the next message.
        """
        with self._lock:
            self.share = tuple(share)
            if self._connection is None:
                return
            try:
                self._subscribe(self._connection.channel)
            except GenesysError:
                self._renew_at = time.monotonic()
                raise

    def close(self) -> None:
        """Closes the socket; `ending` must be set."""
        connection = self._connection
        if connection is not None:
            connection.close()

    def join(self, seconds: float) -> None:
        """Waits until its threads have ended, at most so long."""
        deadline = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def channels(self) -> tuple[Channel, ...]:
        """What it holds at the end, to be emptied."""
        return (self._channel,) if self._channel else ()

    def _run(self, target: object, name: str) -> None:
        thread = threading.Thread(target=target, name=name, daemon=True)  # type: ignore[arg-type]
        self._threads = [one for one in self._threads if one.is_alive()] + [thread]
        thread.start()

    def _listen_for_ever(self) -> None:
        try:
            while not self._ending.is_set():
                retrying(self._timing, self._ending)(self._hold)
        except BaseException as error:  # noqa: BLE001 - whatever ends the thread is raised where events are received
            if not self._ending.is_set():
                self._notifications.fail(error)

    def _hold(self) -> None:
        """Listens until the socket is lost; after one that lived long, trying begins anew, without a pause."""
        if self._connection is None:
            self._reconnect()
        since = time.monotonic()
        while not self._ending.is_set() and (connection := self._connection) is not None:
            try:
                self._listen(connection)
            except SocketLostError as lost:
                if self._ending.is_set():
                    return
                self._lose(connection, lost)
                if time.monotonic() - since < self._timing.steady_seconds:
                    raise

    def _listen(self, connection: Connection) -> None:
        """Takes one message, or renews the channel when it is time."""
        message = connection.receive(self._renew_at)
        if message is None:
            self._renew(connection)
        elif message.kind == "event":
            self._notifications.hear(message)
        elif message.kind == "closing":
            self._move(connection, message)
        elif message.kind == "revoked":
            self._notifications.notice("revoked", f"Genesys Cloud revoked the token: {message.reason}")
        elif message.kind == "gone":
            self._displaced(message)

    def _displaced(self, message: Message) -> None:
        self._channel = None
        templates = templates_of(self.topics)
        self._notifications.notice("displaced", f"the channel lost its topics: {message.reason}", templates)
        raise SocketLostError("another channel took its place")

    def _reconnect(self) -> None:
        try:
            self._connect()
        except RefusedError as refusal:
            self._notifications.notice("disconnected", f"{refusal.summary}; trying again")
            raise
        self._notifications.notice("connected", f"listening again to {len(self.topics):,} topics")
        self._notifications.tell_rejections()
        if self._silent_since is not None:
            self._filler.fill(self._gap(self._silent_since))
            self._silent_since = None

    def _gap(self, since: Instant) -> Gap:
        """Its length is measured here, its place is told by Genesys Cloud's clock."""
        end = self._channels.server_time()
        return Gap(
            self.topics, end - timedelta(seconds=since.seconds_until(instant_now())), end, self._began_at
        )

    def _connect(self) -> None:
        """On the channel there was, or, where that is gone, on another one."""
        if self._channel is not None and self._reopen(self._channel):
            return
        self._channel = None
        self._channel = self._channels.take()
        self._open(self._channel)

    def _reopen(self, channel: Channel) -> bool:
        """False where the channel is gone."""
        try:
            self._open(channel)
        except SocketLostError as lost:
            if not lost.is_refused:
                raise
            return False
        except GenesysRefusedError as refusal:
            if refusal.status not in _CHANNEL_IS_GONE:
                raise
            return False
        return True

    def _open(self, channel: Channel) -> None:
        """The socket first: what is sent to a channel without one is lost."""
        socket = open_socket(channel.connect_uri, self._timing.connect_seconds)
        try:
            with self._lock:
                self._subscribe(channel)
                self._connection = Connection(channel, socket, self._timing)
        except BaseException:
            socket.close()
            raise
        if self._ending.is_set():
            socket.close()

    def _subscribe(self, channel: Channel) -> None:
        if self._ending.is_set():
            raise SocketLostError("the block has ended")
        rejections = subscribe_share(self._channels, channel, self.topics)
        self._began_at = self._began_at or self._channels.server_time()
        self._rejected.update(rejection.topic for rejection in rejections)
        self._notifications.reject(rejections)
        life = channel.life_seconds
        self._renew_at = time.monotonic() + max(life - self._timing.renew_before_seconds, life / 2, _SOONEST)

    def _renew(self, connection: Connection) -> None:
        """Subscribing again is what makes a channel live longer (developer blog of Genesys, 2022-07-29)."""
        try:
            with self._lock:
                self._subscribe(connection.channel)
        except GenesysError as error:
            if isinstance(error, GenesysRefusedError) and error.status in _CHANNEL_IS_GONE:
                raise SocketLostError(f"the channel could not be renewed: {error.summary}") from error
            self._renew_at = time.monotonic() + max(connection.channel.life_seconds * _RENEW_AGAIN, _SOONEST)
            self._notifications.notice("disconnected", f"{error.summary}; renewing the channel later")
            return
        self._notifications.notice("renewed", "the channel lives for another day")
        self._notifications.tell_rejections()

    def _move(self, connection: Connection, message: Message) -> None:
        """A close was announced: a second channel takes over while the first one is still open, so that nothing is missed."""
        second = self._channels.take_second()
        if second is None:
            raise SocketLostError(
                "Genesys Cloud is about to close it, and there is no room for a second channel"
            )
        try:
            self._open(second)
        except (SocketLostError, GenesysError):
            self._channels.give_back(second)
            raise SocketLostError(f"Genesys Cloud is about to close it: {message.reason}") from None
        self._channel = second
        self._run(lambda: self._drain(connection), "gcbridge-old-channel")
        self._notifications.notice(
            "renewed", "Genesys Cloud is about to close the socket; another one took over"
        )

    def _drain(self, connection: Connection) -> None:
        """What was sent before the second channel stood comes over the first one only."""
        until = time.monotonic() + self._timing.overlap_seconds
        with contextlib.suppress(SocketLostError):
            while not self._ending.is_set() and (message := connection.receive(until)) is not None:
                if message.kind == "event":
                    self._notifications.hear(message)
        connection.close()
        self._channels.give_back(connection.channel)

    def _lose(self, connection: Connection, lost: SocketLostError) -> None:
        connection.close()
        self._connection = None
        if self._silent_since is None:
            self._silent_since = connection.heard_at
        self._notifications.count_disconnect()
        self._notifications.notice("disconnected", f"the socket is lost: {lost.reason}")
