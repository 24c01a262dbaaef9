"""Which questions to the API fill which topics, and what comes of the answers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from gcbridge.genesys.notifications import lookups
from gcbridge.genesys.notifications.notifications import Notifications
from gcbridge.genesys.session import Session
from gcbridge.study.notifications.filled_audits import audit_body
from gcbridge.study.notifications.filled_conversations import conversation_bodies, involved, session_bodies
from gcbridge.study.notifications.filled_states import activity_body, presence_body, routing_status_body
from gcbridge.study.notifications.gaps import Filler, Gap
from gcbridge.study.notifications.identity import CONVERSATIONS
from gcbridge.study.notifications.memberships import read_members
from gcbridge.study.notifications.moments import newest
from gcbridge.study.notifications.templates import ids_of, template_of

Found = Iterator[tuple[str, dict[str, Any]]]
"""Topics with ids, and bodies."""


class GapLookups:
    """Asks the API for what a gap may have hidden, and gives it to `Notifications`, which tells what is news.

    Args:
        session: logs in when needed.
        notifications: takes what is found.
        ending: set when the block ends; no further question is asked then.
    """

    def __init__(self, session: Session, notifications: Notifications, ending: threading.Event) -> None:
        self._session = session
        self._notifications = notifications
        self._ending = ending
        self._reading_members = threading.Lock()
        self._fillers: dict[Filler, Callable[[Gap], Found]] = {
            "presence": self._presences,
            "routing status": self._routing_statuses,
            "activity": self._activities,
            "conversations": self._conversations,
            "sessions": self._sessions,
            "audits": self._audits,
        }

    def begin(self, queue_topics: Iterable[str]) -> None:
        """Reads the members of queues for the first time.

        Raises:
            GenesysError: no answer, or a refusal.
        """
        for _ in self._members(queue_topics):
            continue

    def fill(self, kind: Filler, gap: Gap) -> tuple[list[str], int]:
        """Asks for everything that one question fills.

        Args:
            kind: what to ask for.
            gap: of topics of that kind, widened.

        Returns:
            Topics of which nobody can say what has changed, and how many events were news.

        Raises:
            GenesysError: no answer, or a refusal.
        """
        if kind == "membership":
            counts = dict(self._members(gap.topics))
            return [topic for topic, count in counts.items() if count is None], sum(
                filter(None, counts.values())
            )
        count = 0
        for topic, body in self._fillers[kind](gap):
            count += self._notifications.fill(topic, body)
            if self._ending.is_set():
                break
        return [], count

    def _members(self, topics: Iterable[str]) -> Iterator[tuple[str, int | None]]:
        for topic in topics:
            if self._ending.is_set():
                return
            (queue_id,) = ids_of(topic, template_of(topic))
            with self._reading_members:
                self._notifications.begin_members(topic)
                members = read_members(lookups.members(self._session, queue_id))
                count = self._notifications.fill_members(topic, queue_id, members)
            yield topic, count

    def _presences(self, gap: Gap) -> Found:
        topics = _by_id(gap.topics)
        for presence in lookups.presences(self._session, list(topics)):
            if gap.holds(presence.get("modifiedDate")):
                identity = str(presence.get("userId") or presence.get("id"))
                yield from _of(topics, identity, presence_body(presence))

    def _routing_statuses(self, gap: Gap) -> Found:
        topics = _by_id(gap.topics)
        for user in lookups.users(self._session, list(topics), ["routingStatus"]):
            body = routing_status_body(user)
            if gap.holds(newest(body)):
                yield from _of(topics, str(user.get("id")), body)

    def _activities(self, gap: Gap) -> Found:
        topics = _by_id(gap.topics)
        for user in lookups.users(self._session, list(topics), ["routingStatus", "presence", "outOfOffice"]):
            body = activity_body(user)
            if gap.holds(newest(body)):
                yield from _of(topics, str(user.get("id")), body)

    def _conversations(self, gap: Gap) -> Found:
        for root, dimension in zip(CONVERSATIONS, ("userId", "queueId"), strict=True):
            topics = _by_id(topic for topic in gap.topics if template_of(topic).startswith(root))
            if not topics:
                continue
            for conversation in lookups.conversations(
                self._session, gap.interval(), dimension=dimension, values=list(topics)
            ):
                for identity in involved(conversation, dimension) & topics.keys():
                    for topic in topics[identity]:
                        for body in conversation_bodies(conversation, template_of(topic), identity, gap):
                            yield topic, body

    def _sessions(self, gap: Gap) -> Found:
        topics = _by_id(gap.topics)
        found = lookups.conversations(
            self._session, gap.interval(), dimension="conversationId", values=list(topics)
        )
        for conversation in found:
            for topic in topics.get(str(conversation.get("conversationId")), ()):
                for body in session_bodies(conversation, template_of(topic), gap):
                    yield topic, body

    def _audits(self, gap: Gap) -> Found:
        wanted = set(gap.topics)
        gap = gap.in_whole_seconds()
        for entity_type in {ids_of(topic, template_of(topic))[0] for topic in gap.topics}:
            for audit in lookups.audits(self._session, gap.interval(), entity_type, self._ending):
                body = audit_body(audit)
                entity = body.get("entity") or {}
                topic = f"v2.audits.entitytype.{entity_type}.entityid.{entity.get('id')}"
                if topic in wanted:
                    yield topic, body


def _by_id(topics: Iterable[str]) -> dict[str, list[str]]:
    """The topics by the id of the object that they are about."""
    found: dict[str, list[str]] = {}
    for topic in topics:
        identity, *_ = ids_of(topic, template_of(topic))
        found.setdefault(identity, []).append(topic)
    return found


def _of(topics: dict[str, list[str]], identity: str, body: dict[str, Any]) -> Found:
    for topic in topics.get(identity, ()):
        yield topic, body
