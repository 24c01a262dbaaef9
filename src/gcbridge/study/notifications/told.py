"""What was told already, so that nothing is told twice; memory is bounded."""

from __future__ import annotations

import math
from collections import OrderedDict

from gcbridge.study.notifications.identity import (
    ACTIVITY,
    CONVERSATION_TOPICS,
    MEMBERSHIP,
    Body,
    Key,
    activity_key,
    content_key,
    conversation_key,
    membership_key,
    state_key,
)

CAPACITY = 50_000
"""Keys that are remembered, of each of three sorts: about 10 MB each when full."""
LATE_SECONDS = 15.0
"""How much later than a filled event the live one of the same change may come."""


class Told:
    """Decides for each event whether it is news.

    Two events are one where their topic has a mark of its own (see `state_key`) and it is the same. Else two live
    ones are one when content and correlation id are, and where there is no such id, when they come shortly after one
    another, as a member may join a queue again and again; a live and a filled one when they are alike in what the API knows
    (who takes part in a conversation, who is a member of a queue), and the live one comes before the filled one, or soon
    after it: a change that the API does not know, such as a call that is muted in those seconds, is taken for it then.

    Args:
        capacity: keys remembered, of each sort.
        late_seconds: how long a live event may come after a filled one, or its copy after one without a correlation id.
    """

    def __init__(self, capacity: int = CAPACITY, late_seconds: float = LATE_SECONDS) -> None:
        self._seen = _Recent(capacity)
        self._alike = _Recent(capacity)
        self._filled = _Recent(capacity)
        self._late_seconds = late_seconds

    def is_new_live(
        self, template: str, topic_name: str, body: Body, correlation_id: str, now: float
    ) -> bool:
        """Whether a live event was not told before; from now on it was.

        Args:
            template: of its topic.
            topic_name: its topic.
            body: its `eventBody`.
            correlation_id: empty where it has none.
            now: monotonic seconds.
        """
        key = state_key(template, topic_name, body)
        if key is not None:
            return self._seen.add(key, now)
        within = math.inf if correlation_id else self._late_seconds
        if not self._seen.add(content_key(topic_name, body, correlation_id), now, within=within):
            return False
        alike = _alike(template, topic_name, body)
        if alike is None:
            return True
        filled_at = self._filled.take(alike)
        self._alike.add(alike, now)
        return filled_at is None or now - filled_at > self._late_seconds

    def is_new_filled(self, template: str, topic_name: str, body: Body, now: float) -> bool:
        """Whether an event of the API was not told before; from now on it was. For arguments, see `is_new_live`.

        Who is a member of a queue may change and change back; for that, `Memberships` says what is news.
        """
        alike = _alike(template, topic_name, body)
        if alike is None:
            key = state_key(template, topic_name, body) or content_key(topic_name, body, "")
            return self._seen.add(key, now)
        is_new = self._alike.add(alike, now) or template == MEMBERSHIP
        if is_new:
            self._filled.add(alike, now)
        return is_new


def _alike(template: str, topic_name: str, body: Body) -> Key | None:
    if template in CONVERSATION_TOPICS:
        return conversation_key(topic_name, body)
    if template == ACTIVITY:
        return activity_key(topic_name, body)
    return membership_key(topic_name, body) if template == MEMBERSHIP else None


class _Recent:
    """Keys and when they came; the oldest goes when there are too many."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._keys: OrderedDict[Key, float] = OrderedDict()

    def add(self, key: Key, now: float, *, within: float = math.inf) -> bool:
        """True where the key was not there, or came last longer ago than so many seconds."""
        last = self._keys.get(key)
        is_new = last is None or now - last > within
        self._keys[key] = now
        self._keys.move_to_end(key)
        if len(self._keys) > self._capacity:
            self._keys.popitem(last=False)
        return is_new

    def take(self, key: Key) -> float | None:
        """When the key came, if it is there; it is not any more."""
        return self._keys.pop(key, None)
