"""The block in which the notification service is listened to."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from gcbridge.errors import GcbridgeError
from gcbridge.genesys.client import GenesysCloud
from gcbridge.genesys.notifications.channels import Channel, Channels
from gcbridge.genesys.notifications.filling import GapFiller
from gcbridge.genesys.notifications.gap_lookups import GapLookups
from gcbridge.genesys.notifications.left_channels import LeftChannels
from gcbridge.genesys.notifications.notifications import Notifications
from gcbridge.genesys.notifications.roster import Roster
from gcbridge.genesys.notifications.subscriber import Subscriber
from gcbridge.genesys.notifications.timing import Timing
from gcbridge.genesys.session import Session
from gcbridge.model.notification import ListenNotice
from gcbridge.study.notifications.gaps import Gap, templates_of
from gcbridge.study.notifications.spreading import spread
from gcbridge.study.notifications.subscriptions import Subscription


@contextmanager
def open_notifications(
    genesys: GenesysCloud,
    topics: Sequence[str],
    *,
    displace: bool = False,
    left: Path | None = None,
    timing: Timing = Timing(),  # noqa: B008 - frozen
    watch: Callable[[ListenNotice], None],
) -> Iterator[Notifications]:
    """Listens inside the block; it starts when every channel is connected and subscribed, so what is caused in it is heard.

    A lost socket is connected again for as long as the block lasts, and what was missed is looked up where the API can tell
    of it. When the block ends, also by Ctrl-C, all subscriptions are removed; the channels end by themselves.

    Channels and subscriptions need no permission; a topic needs its own (a rejected one is told to `watch`, the others
    go on). Template topics need what listing their objects needs, such as `routing:queue:view`; filling gaps
    `routing:queue:view` for members of queues, `analytics:conversationDetail:view` for conversations and
    `audits:audit:view` for audits.

    Args:
        genesys: the organization.
        topics: templates such as `v2.users.{id}.presence`, which stand for every object of the organization; topics with
            ids; or several topics of one object: `v2.users.{id}?presence&routingStatus`.
        displace: Genesys Cloud may remove channels of somebody else who uses the same OAuth client.
        left: a file of the workspace for when channels of earlier runs end, so that they do not count as somebody else's:
            a channel cannot be deleted, and lives for a day.
        timing: see `Timing`.
        watch: told what happens to the listening; by any thread, but by one at a time.

    Raises:
        UsageError: a template that cannot be expanded.
        RefusedError: more topics or channels than Genesys Cloud allows.
        GenesysError: no connection, or Genesys Cloud refused.
    """
    listening = _Listening(genesys._session, topics, displace=displace, left=left, timing=timing, watch=watch)
    try:
        listening.start()
        yield listening.notifications
    finally:
        listening.close()


class _Listening:
    """All threads of one block, and what they share."""

    def __init__(
        self,
        session: Session,
        topics: Sequence[str],
        *,
        displace: bool,
        left: Path | None,
        timing: Timing,
        watch: Callable[[ListenNotice], None],
    ) -> None:
        self._timing = timing
        self._ending = threading.Event()
        self._roster = Roster(session, topics)
        self.notifications = Notifications(watch, timing)
        self._channels = Channels(
            session, displace=displace, on_displaced=self._say_displaced, left=LeftChannels(left)
        )
        lookups = GapLookups(session, self.notifications, self._ending)
        self._filler = GapFiller(lookups, self.notifications, timing, self._ending)
        self._subscribers: list[Subscriber] = []
        self._expander = threading.Thread(target=self._expand_for_ever, name="gcbridge-expander", daemon=True)
        self._called_at = self._channels.server_time()

    def start(self) -> None:
        """Connects everything; `close` is to be called also after a failure."""
        self._filler.start()
        wanted, self._called_at = self._call_roster()
        self._add(spread(wanted))
        self._count()
        self.notifications.tell_rejections()
        count = len(self._subscribers)
        self.notifications.notice(
            "connected",
            f"listening to {self.notifications.topics:,} topics over {count} "
            f"{'channel' if count == 1 else 'channels'}",
        )
        if self._roster.has_templates:
            self._expander.start()

    def close(self) -> None:
        """Ends the threads and removes the subscriptions."""
        self._ending.set()
        deadline = time.monotonic() + self._timing.leave_seconds
        if self._expander.is_alive():
            self._expander.join(self._timing.leave_seconds)
        for one in self._subscribers:
            threading.Thread(target=one.close, daemon=True).start()
        for one in self._subscribers:
            one.join(deadline - time.monotonic())
        self._filler.close(deadline - time.monotonic())
        self._clear([channel for one in self._subscribers for channel in one.channels()])

    def _clear(self, channels: list[Channel]) -> None:
        """Nobody who leaves waits until a rate limit is over: subscriptions that stay end with their channels."""
        clearing = threading.Thread(target=self._channels.clear_all, args=(channels,), daemon=True)
        clearing.start()
        clearing.join(self._timing.leave_seconds)

    def _add(self, shares: Iterable[Sequence[Subscription]]) -> None:
        shares = list(shares)
        if not shares:
            return
        self._channels.prepare(len(shares))
        for share in shares:
            subscriber = Subscriber(
                share,
                channels=self._channels,
                notifications=self.notifications,
                filler=self._filler,
                timing=self._timing,
                ending=self._ending,
            )
            self._subscribers.append(subscriber)
            try:
                subscriber.start()
            except GcbridgeError:
                self._subscribers.remove(subscriber)
                for channel in subscriber.channels():
                    self._channels.give_back(channel)
                raise
            self._filler.begin(subscriber.topics)

    def _call_roster(self) -> tuple[tuple[Subscription, ...], datetime]:
        """What is to be listened to, and when that was asked for, by Genesys Cloud's clock."""
        began = time.monotonic()
        wanted = self._roster.call()
        return wanted, self._channels.server_time() - timedelta(seconds=time.monotonic() - began)

    def _expand_for_ever(self) -> None:
        while not self._ending.wait(self._timing.expand_again_seconds):
            try:
                self._expand_again()
            except GcbridgeError as error:
                self.notifications.notice("expanded", f"new objects are not listened to yet: {error.summary}")
            except BaseException as error:  # noqa: BLE001 - raised where events are received
                self.notifications.fail(error)
                return

    def _expand_again(self) -> None:
        wanted, called_at = self._call_roster()
        held = [one.share for one in self._subscribers]
        before = {subscription for share in held for subscription in share}
        if before != set(wanted):
            shares = spread(wanted, held)
            failures = self._change_shares(shares)
            try:
                self._add(shares[len(held) :])
            except GcbridgeError as error:
                failures.append(error)
            self._count()
            self.notifications.tell_rejections()
            self._tell_change(_topics(before), _topics(wanted), self._called_at)
            self._called_at = called_at
            if failures:
                raise failures[0]
        self._called_at = called_at

    def _change_shares(self, shares: Sequence[Sequence[Subscription]]) -> list[GcbridgeError]:
        """One channel that fails keeps no other from its new topics; it tries again by itself with the next message."""
        failures: list[GcbridgeError] = []
        for subscriber, share in zip(self._subscribers, shares, strict=False):
            if tuple(share) != subscriber.share:
                try:
                    subscriber.change(share)
                except GcbridgeError as error:
                    failures.append(error)
        return failures

    def _tell_change(self, old: set[str], new: set[str], since: datetime) -> None:
        """What happened to new objects until now is looked up, as far as the API tells of it."""
        for topic in old - new:
            self.notifications.forget_members(topic)
        added = tuple(sorted(new - old))
        self.notifications.notice(
            "expanded",
            f"{len(added):,} topics more and {len(old - new):,} less, as objects came and went",
            templates_of(old ^ new),
        )
        self._filler.welcome(Gap(added, since, self._channels.server_time(), since))

    def _count(self) -> None:
        self.notifications.channels = len(self._subscribers)
        topics = [topic for one in self._subscribers for topic in one.topics]
        self.notifications.topics = len(topics)
        self.notifications.templates = frozenset(templates_of(topics))

    def _say_displaced(self, count: int) -> None:
        self.notifications.notice(
            "displaced",
            f"{count} {'channel' if count == 1 else 'channels'} of other clients will be removed by Genesys Cloud, "
            "those without a socket first",
        )


def _topics(subscriptions: Iterable[Subscription]) -> set[str]:
    return {topic for subscription in subscriptions for topic in subscription.topics}
