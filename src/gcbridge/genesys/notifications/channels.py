"""Channels of the notification service: made within the limit, subscribed, given back empty.

There is no call that deletes a channel: it is gone 24 hours after its last use, or when a token is revoked. So a channel
that is not needed any more is emptied and used again.
"""

from __future__ import annotations

import contextlib
import functools
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import Any

from gcbridge.errors import GenesysError
from gcbridge.genesys.failures import GenesysRefusedError
from gcbridge.genesys.notifications.left_channels import LeftChannels
from gcbridge.genesys.session import Apis, Session
from gcbridge.study.notifications.spreading import CHANNELS, check_room
from gcbridge.study.notifications.subscriptions import Subscription

_CLOCKS_AGREE = timedelta(seconds=3)
"""A Date header tells whole seconds."""
LIFE_SECONDS = 24 * 3600
"""Of a channel, from when its topics were last subscribed to (developer blog of Genesys, 2022-07-29)."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel of this token.

    Args:
        channel_id: its id.
        connect_uri: where its socket connects to.
        expires: when it ends unless it is subscribed to again, as the API said when it was made.
        life_seconds: how long it lives from one subscribing to the next.
    """

    channel_id: str
    connect_uri: str
    expires: datetime | None = None
    life_seconds: float = LIFE_SECONDS


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a subscription stands.

    Args:
        subscription_id: as it was asked for.
        is_permitted: False where it was rejected.
        reason: why.
        missing_permissions: what the OAuth client lacks.
    """

    subscription_id: str
    is_permitted: bool
    reason: str = ""
    missing_permissions: tuple[str, ...] = ()


class Channels:
    """All channels of one listening; several threads may share it.

    No call of it needs a permission (docs of PureCloudPlatformClientV2, NotificationsApi.md).

    Args:
        session: logs in when needed.
        displace: channels of somebody else may be lost.
        on_displaced: told how many are lost.
        left: where it stands what earlier runs left behind.
    """

    def __init__(
        self,
        session: Session,
        *,
        displace: bool,
        on_displaced: Callable[[int], None],
        left: LeftChannels | None = None,
    ) -> None:
        self._session = session
        self._left = left or LeftChannels(None)
        self._noted: list[datetime] = []
        self._displace = displace
        self._on_displaced = on_displaced
        self._spares: list[Channel] = []
        self._lent: set[str] = set()
        self._reserved = 0
        self._lock = threading.RLock()

    def prepare(self, needed: int) -> None:
        """Looks for room for so many more channels, and keeps it for the next who take one.

        Raises:
            RefusedError: somebody else would lose a channel.
            GenesysError: no answer, or a refusal.
        """
        with self._lock:
            existing = self._session.call(_list_channels)
            new = needed - len(self._spares)
            if self._count_foreign(existing) + new > CHANNELS:
                self._make_room(existing, new)
            self._reserved += needed

    def _count_foreign(self, existing: list[Channel | None]) -> int:
        """All but those that earlier runs left behind: Genesys Cloud removes channels without a socket first."""
        hidden = sum(channel is None for channel in existing)
        return len(existing) - min(hidden, max(0, self._left.count() - len(self._noted)))

    def _make_room(self, existing: list[Channel | None], new: int) -> None:
        """Channels that nobody is subscribed over are used instead of new ones."""
        foreign = self._count_foreign(existing)
        excess = foreign + new - CHANNELS
        own = self._lent | {spare.channel_id for spare in self._spares}
        empty = [
            channel
            for channel in existing
            if channel is not None and channel.channel_id not in own and self._is_empty(channel)
        ]
        if not self._displace:
            check_room(foreign, new, reusable=len(empty))
        elif excess > len(empty):
            self._on_displaced(excess - len(empty))
        self._spares += empty[:excess]

    def take(self) -> Channel:
        """A channel without topics: a spare one, or a new one.

        Raises:
            RefusedError: somebody else would lose a channel.
            GenesysError: no answer, or a refusal.
        """
        with self._lock:
            if not self._reserved:
                self.prepare(1)
            self._reserved -= 1
            channel = self._spares.pop() if self._spares else self._create()
            self._lent.add(channel.channel_id)
            return channel

    def take_second(self) -> Channel | None:
        """A channel beside one that goes on for a moment; None where there is no room for it."""
        with self._lock:
            if not self._spares and len(self._session.call(_list_channels)) >= CHANNELS:
                return None
            self._reserved += 1
            return self.take()

    def give_back(self, channel: Channel) -> None:
        """Empties a channel and keeps it for the next who takes one; one that cannot be emptied is dropped."""
        with contextlib.suppress(GenesysError):
            self.clear(channel)
            with self._lock:
                self._spares.append(channel)

    def subscribe(self, channel: Channel, subscriptions: Iterable[Subscription]) -> tuple[Verdict, ...]:
        """Replaces everything that the channel is subscribed to; this also makes it live longer.

        Raises:
            GenesysRefusedError: status 404 where the channel is gone.
        """
        body = [{"id": subscription.subscription_id} for subscription in subscriptions]
        put = functools.partial(_replace_subscriptions, channel_id=channel.channel_id, body=body)
        return self._session.call(put)

    def clear(self, channel: Channel) -> None:
        """Removes all subscriptions; a channel that is gone has none."""
        try:
            self._session.call(
                lambda apis: apis.notifications.delete_notifications_channel_subscriptions(channel.channel_id)
            )
        except GenesysRefusedError as refusal:
            if refusal.status != 404:
                raise

    def clear_all(self, channels: Iterable[Channel]) -> None:
        """Removes all subscriptions, unless the network is down; then they end with their channels."""
        self._left.renewed(self._noted, datetime.now(timezone.utc) + timedelta(seconds=LIFE_SECONDS))
        for channel in channels:
            try:
                self.clear(channel)
            except GenesysRefusedError:
                continue
            except GenesysError:
                return

    def server_time(self) -> datetime:
        """Genesys Cloud's clock, directly after an answer: this machine's, which knows more than seconds, unless they differ."""
        here, there = datetime.now(timezone.utc), self._session.answered_at
        return here if there is None or abs(here - there) < _CLOCKS_AGREE else there

    def _create(self) -> Channel:
        """The API says when a channel ends, by its own clock; how long it lives is what counts here."""
        created = self._session.call(_create_channel)
        if created.expires is None:
            return created
        self._noted.append(created.expires)
        self._left.note(created.expires)
        life = (created.expires - self.server_time()).total_seconds()
        return replace(created, life_seconds=max(0.0, life))

    def _is_empty(self, channel: Channel) -> bool:
        listing = self._session.call(
            lambda apis: apis.notifications.get_notifications_channel_subscriptions(channel.channel_id)
        )
        return not listing.entities


def _list_channels(apis: Apis) -> list[Channel | None]:
    """All channels of the OAuth client; those of other tokens come without their id, and count."""
    listing = apis.notifications.get_notifications_channels(includechannels="oauthclient")
    return [
        _observe_channel(entity) if entity.id and entity.connect_uri else None
        for entity in listing.entities or ()
    ]


def _create_channel(apis: Apis) -> Channel:
    return _observe_channel(apis.notifications.post_notifications_channels())


def _observe_channel(channel: Any) -> Channel:
    expires = channel.expires if isinstance(channel.expires, datetime) else None
    return Channel(channel_id=channel.id, connect_uri=channel.connect_uri, expires=expires)


def _replace_subscriptions(apis: Apis, channel_id: str, body: list[dict[str, str]]) -> tuple[Verdict, ...]:
    listing = apis.notifications.put_notifications_channel_subscriptions(
        channel_id, body=body, ignore_errors="true"
    )
    return tuple(
        Verdict(
            subscription_id=entity.id,
            is_permitted=entity.state != "Rejected",
            reason=entity.rejection_reason or "",
            missing_permissions=tuple(entity.missing_permissions or ()),
        )
        for entity in listing.entities or ()
    )
