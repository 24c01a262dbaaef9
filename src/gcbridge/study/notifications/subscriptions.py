"""What is subscribed to: several topics of one object fit into one subscription."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gcbridge.study.notifications.templates import HOLE, template_of

LONGEST_ID = 199
"""Genesys's JavaScript client keeps a combined id under 200 characters (genesys-cloud-streaming-client, notifications.ts)."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """One entry of a channel's list; a combined one counts once (Genesys's own client counts so).

    Args:
        subscription_id: a topic with ids, or several in one: `v2.users.278...?presence&routingStatus`.
        topics: the topics that it stands for.
    """

    subscription_id: str
    topics: tuple[str, ...]


def combine(topics: Iterable[str]) -> tuple[Subscription, ...]:
    """Topics that differ in their last word only, and are of one object, become one subscription.

    Args:
        topics: topics with ids; each is subscribed to once.
    """
    families: dict[str, list[str]] = {}
    for topic in dict.fromkeys(topics):
        families.setdefault(_family(topic), []).append(topic)
    return tuple(
        subscription for root, members in families.items() for subscription in _combine_family(root, members)
    )


def _family(topic: str) -> str:
    """What stands before the last word, where that is an object's; else the whole topic, which is alone."""
    places = template_of(topic).split(".")
    root = topic.rpartition(".")[0]
    return topic if places[-1] == HOLE or HOLE not in places[:-1] else root


def _combine_family(root: str, members: list[str]) -> Iterator[Subscription]:
    while members:
        taken = [members.pop(0)]
        while members and len(_combined_id(root, [*taken, members[0]])) <= LONGEST_ID:
            taken.append(members.pop(0))
        yield Subscription(_combined_id(root, taken), tuple(taken))


def _combined_id(root: str, topics: list[str]) -> str:
    if len(topics) == 1:
        return topics[0]
    return f"{root}?{'&'.join(topic.removeprefix(root + '.') for topic in topics)}"
