"""Spreading subscriptions over channels, within the limits of the notification service."""

from __future__ import annotations

from collections.abc import Sequence

from gcbridge.errors import RefusedError
from gcbridge.study.notifications.subscriptions import Subscription

TOPICS_A_CHANNEL = 1_000
CHANNELS = 20
"""Per user and application; a further channel removes one, those without a socket first (NotificationsApi.md of the SDK)."""
MOST_TOPICS = TOPICS_A_CHANNEL * CHANNELS

Shares = tuple[tuple[Subscription, ...], ...]
"""What each channel has."""


def spread(wanted: Sequence[Subscription], held: Sequence[Sequence[Subscription]] = ()) -> Shares:
    """The fewest channels that hold everything, evenly filled; what is held already stays where it is.

    Args:
        wanted: everything that shall be subscribed to.
        held: what each channel has now; what is not wanted any more is dropped, an emptied channel keeps its place.

    Raises:
        RefusedError: more than 20 channels would be needed.
    """
    _refuse_too_many(len(wanted))
    wish = {subscription.subscription_id: subscription for subscription in wanted}
    kept = [[one for one in share if one.subscription_id in wish] for share in held]
    for share in kept:
        for subscription in share:
            wish.pop(subscription.subscription_id, None)
    shares: list[list[Subscription]] = kept
    while len(shares) * TOPICS_A_CHANNEL < len(wanted):
        shares.append([])
    for subscription in wish.values():
        min(shares, key=len).append(subscription)
    return tuple(tuple(share) for share in shares)


def _refuse_too_many(count: int) -> None:
    if count > MOST_TOPICS:
        raise RefusedError(
            f"{count:,} topics are more than the {MOST_TOPICS:,} that one OAuth client can listen to",
            where="notification service",
            detail=f"{CHANNELS} channels per user and application, {TOPICS_A_CHANNEL:,} topics per channel",
            hint="name fewer topics, or give ids instead of {id}; events of every object come over EventBridge: gcbridge tail",
        )


def check_room(existing: int, needed: int, *, reusable: int = 0) -> None:
    """So many more channels can be opened without anybody losing one.

    Args:
        existing: channels that this OAuth client has already, also those of other processes.
        needed: further ones.
        reusable: how many of the existing ones nobody is subscribed over.

    Raises:
        RefusedError: there is no room.
    """
    excess = existing - reusable + needed - CHANNELS
    if excess <= 0:
        return
    raise RefusedError(
        f"listening would take {excess} {'channel' if excess == 1 else 'channels'} away from somebody else",
        where="notification service",
        detail=f"an OAuth client has at most {CHANNELS} channels; this one has {existing} already, "
        f"and {needed} more {'is' if needed == 1 else 'are'} needed. A channel lives for 24 hours after its last use",
        hint="use an OAuth client of its own for gcbridge, or --displace to let Genesys Cloud remove the oldest "
        "channels, those without a connection first",
    )
