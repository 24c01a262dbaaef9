"""When two events are one: by what they say, since a filled one and a live one have no id in common."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import orjson

from gcbridge.study.notifications.moments import milliseconds, newest
from gcbridge.study.notifications.templates import AUDIT_TEMPLATE

Key = bytes
Body = dict[str, Any]

PRESENCE = "v2.users.{id}.presence"
ROUTING_STATUS = "v2.users.{id}.routingStatus"
ACTIVITY = "v2.users.{id}.activity"
MEMBERSHIP = "v2.routing.queues.{id}.users"
DETAIL = "v2.detail.events.conversation.{id}."
CONVERSATIONS = ("v2.users.{id}.conversations", "v2.routing.queues.{id}.conversations")
MEDIA = (
    "",
    ".callbacks",
    ".calls",
    ".chats",
    ".cobrowseSessions",
    ".emails",
    ".messages",
    ".screenshares",
    ".videos",
)
"""Of topics of conversations: all media, or one."""
CONVERSATION_TOPICS = frozenset(root + medium for root in CONVERSATIONS for medium in MEDIA)


def content_key(topic_name: str, body: Body, correlation_id: str) -> Key:
    """One content under one correlation id.

    Two events can say the same and differ in their correlation id alone, such as a call that is muted, unmuted and
    muted again (developer.genesys.cloud/forum/t/7575 shows a pair).
    """
    return _digest("content", topic_name, body, correlation_id)


def state_key(template: str, topic_name: str, body: Body) -> Key | None:
    """The same for a live event and one that the API tells of; None where a topic has no such mark.

    A state is known by when it began, an audit by its id, the start or end of a session by the session.
    """
    is_session = template.startswith(DETAIL) and template.endswith((".start", ".end"))
    mark = _STATES.get(template, _session_mark if is_session else _no_mark)(body)
    return None if mark is None else _digest("state", topic_name, mark)


def conversation_key(topic_name: str, body: Body) -> Key:
    """Who takes part in a conversation and who has left.

    Times are left out: the conversation service and analytics do not date a participant to the same moment.
    """
    participants = body.get("participants")
    there = sorted(
        (str(one.get("id")), milliseconds(one.get("endTime")) is not None)
        for one in (participants if isinstance(participants, list) else ())
        if isinstance(one, dict)
    )
    return _digest("conversation", topic_name, body.get("id"), there)


def membership_key(topic_name: str, body: Body) -> Key:
    """Whether a user is a member of a queue, and joined."""
    user = body.get("user")
    identity = user.get("id") if isinstance(user, dict) else body.get("id")
    return _digest("membership", topic_name, identity, bool(body.get("joined")))


def activity_key(topic_name: str, body: Body) -> Key:
    """An activity event holds several states and is about the one that began last; the API dates not all of them."""
    return _digest("activity", topic_name, newest(body))


def _presence_mark(body: Body) -> Any:
    moment, definition = milliseconds(body.get("modifiedDate")), body.get("presenceDefinition")
    if moment is None or not isinstance(definition, dict):
        return None
    return moment, definition.get("id"), body.get("message") or ""


def _routing_mark(body: Body) -> Any:
    status = body.get("routingStatus")
    if not isinstance(status, dict) or (moment := milliseconds(status.get("startTime"))) is None:
        return None
    return moment, status.get("status")


def _audit_mark(body: Body) -> Any:
    return body.get("id")


def _session_mark(body: Body) -> Any:
    session = body.get("sessionId")
    return (session, body.get("participantId")) if session else None


def _no_mark(_body: Body) -> Any:
    return None


_STATES: dict[str, Callable[[Body], Any]] = {
    PRESENCE: _presence_mark,
    ROUTING_STATUS: _routing_mark,
    AUDIT_TEMPLATE: _audit_mark,
}


def _digest(*parts: Any) -> Key:
    return hashlib.blake2b(orjson.dumps(parts, option=orjson.OPT_SORT_KEYS), digest_size=16).digest()
