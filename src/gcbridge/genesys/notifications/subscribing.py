"""Subscribing a channel to its share of the topics, so that one that is rejected does not take others with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from gcbridge.genesys.notifications.channels import Channel, Channels, Verdict
from gcbridge.study.notifications.spreading import TOPICS_A_CHANNEL
from gcbridge.study.notifications.subscriptions import Subscription, combine


@dataclass(frozen=True, slots=True)
class Rejection:
    """A topic that Genesys Cloud does not let this OAuth client listen to.

    Args:
        topic: with its ids.
        reason: what Genesys Cloud said.
        missing_permissions: what the OAuth client lacks.
    """

    topic: str
    reason: str
    missing_permissions: tuple[str, ...]


def subscribe_share(channels: Channels, channel: Channel, topics: Iterable[str]) -> tuple[Rejection, ...]:
    """Subscribes a channel to these topics and to nothing else; the topics of a rejected combination are tried singly.

    Args:
        channels: makes the calls.
        channel: whose topics are replaced.
        topics: with ids; combined they must fit into one channel.

    Returns:
        The topics that were rejected.

    Raises:
        GenesysRefusedError: status 404 where the channel is gone.
    """
    wanted = combine(topics)
    rejected = _rejected(wanted, channels.subscribe(channel, wanted))
    combined = [subscription for subscription, _ in rejected if len(subscription.topics) > 1]
    refused = [_rejection(one, verdict) for one, verdict in rejected if len(one.topics) == 1]
    if not combined:
        return tuple(refused)
    out = {subscription for subscription, _ in rejected}
    standing = [subscription for subscription in wanted if subscription not in out]
    refused += _try_singly(channels, channel, standing, combined)
    lost = {rejection.topic for rejection in refused}
    parts = (topic for subscription in combined for topic in subscription.topics)
    permitted = combine(topic for topic in parts if topic not in lost)
    channels.subscribe(channel, (*standing, *permitted))
    return tuple(refused)


def _try_singly(
    channels: Channels, channel: Channel, standing: Sequence[Subscription], combined: Sequence[Subscription]
) -> Iterator[Rejection]:
    """Which topics of the combinations are rejected; what stands stays subscribed to meanwhile."""
    singles = [Subscription(topic, (topic,)) for subscription in combined for topic in subscription.topics]
    room = TOPICS_A_CHANNEL - len(standing)
    for start in range(0, len(singles), room):
        tried = singles[start : start + room]
        for subscription, verdict in _rejected(tried, channels.subscribe(channel, (*standing, *tried))):
            yield _rejection(subscription, verdict)


def _rejected(
    asked: Iterable[Subscription], verdicts: Iterable[Verdict]
) -> list[tuple[Subscription, Verdict]]:
    by_id = {verdict.subscription_id: verdict for verdict in verdicts if not verdict.is_permitted}
    return [
        (subscription, by_id[subscription.subscription_id])
        for subscription in asked
        if subscription.subscription_id in by_id
    ]


def _rejection(subscription: Subscription, verdict: Verdict) -> Rejection:
    return Rejection(subscription.topics[0], verdict.reason, verdict.missing_permissions)
