"""Events about conversations, made of what analytics knows of them: sessions, and when they began and ended.

Analytics dates sessions, not every press of a button: that a call was held, or an attribute set, is not filled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from gcbridge.study.notifications.gaps import Gap
from gcbridge.study.notifications.identity import DETAIL
from gcbridge.study.notifications.moments import milliseconds, written

Body = dict[str, Any]

_MEDIA = {
    "voice": "calls",
    "callback": "callbacks",
    "chat": "chats",
    "cobrowse": "cobrowseSessions",
    "email": "emails",
    "message": "messages",
    "screenshare": "screenshares",
    "video": "videos",
}
"""Media type of analytics -> last word of a topic of conversations, and key of a participant."""
_WHO: dict[str, Callable[[str, Mapping[str, Any]], bool]] = {
    "acd": lambda purpose, _session: purpose == "acd",
    "customer": lambda purpose, _session: purpose in {"customer", "external"},
    "flow": lambda purpose, session: purpose in {"ivr", "workflow", "botflow"} or bool(session.get("flow")),
    "user": lambda purpose, _session: purpose in {"agent", "user"},
    "voicemail": lambda purpose, _session: purpose == "voicemail",
}
"""Whose sessions a detail event is about."""


@dataclass(frozen=True, slots=True)
class _Session:
    """One participant's way of taking part, and its time in milliseconds."""

    participant: Mapping[str, Any]
    session: Mapping[str, Any]
    began: int
    ended: int | None

    @property
    def queue_id(self) -> str | None:
        return next((s["queueId"] for s in self.session.get("segments") or () if s.get("queueId")), None)


def conversation_bodies(
    conversation: Mapping[str, Any], topic: str, identity: str, gap: Gap
) -> Iterator[Body]:
    """The states that a conversation went through in a gap, oldest first: one for each session that began or ended.

    Args:
        conversation: one of the answer of `POST /api/v2/analytics/conversations/details/query`.
        topic: template, `v2.users.{id}.conversations` or `v2.routing.queues.{id}.conversations`, or of one medium.
        identity: the user or the queue.
        gap: when nothing was heard.
    """
    medium = topic.rpartition(".conversations")[2].lstrip(".")
    sessions = [one for one in _sessions(conversation) if not medium or _medium(one) == medium]
    mine = [one for one in sessions if identity in {one.participant.get("userId"), one.queue_id}]
    if not mine:
        return
    last = None if any(one.ended is None for one in mine) else max(one.ended or 0 for one in mine)
    first = min(one.began for one in mine)
    for moment in sorted(set(_edges(sessions))):
        if first <= moment and (last is None or moment <= last) and gap.holds(moment):
            yield _state(conversation, sessions, moment, medium)


def session_bodies(conversation: Mapping[str, Any], topic: str, gap: Gap) -> Iterator[Body]:
    """Starts or ends of sessions in a gap, as a detail event tells of them.

    Args:
        conversation: see `conversation_bodies`.
        topic: template, such as `v2.detail.events.conversation.{id}.acd.start`.
        gap: when nothing was heard.
    """
    who, edge = topic.removeprefix(DETAIL).split(".")
    for one in _sessions(conversation):
        moment = one.began if edge == "start" else one.ended
        purpose = str(one.participant.get("purpose") or "").lower()
        if moment is not None and gap.holds(moment) and _WHO[who](purpose, one.session):
            yield _detail(conversation, one, moment, edge)


def involved(conversation: Mapping[str, Any], dimension: str) -> set[str]:
    """Ids of the users or the queues of a conversation.

    Args:
        conversation: see `conversation_bodies`.
        dimension: `userId` or `queueId`.
    """
    sessions = _sessions(conversation)
    if dimension == "userId":
        return {str(one.participant["userId"]) for one in sessions if one.participant.get("userId")}
    return {one.queue_id for one in sessions if one.queue_id}


def _sessions(conversation: Mapping[str, Any]) -> list[_Session]:
    return [
        timed
        for participant in conversation.get("participants") or ()
        for session in participant.get("sessions") or ()
        if (timed := _timed(participant, session)) is not None
    ]


def _timed(participant: Mapping[str, Any], session: Mapping[str, Any]) -> _Session | None:
    segments = session.get("segments") or ()
    begins = [moment for one in segments if (moment := milliseconds(one.get("segmentStart"))) is not None]
    ends = [milliseconds(one.get("segmentEnd")) for one in segments]
    if not begins:
        return None
    over = [moment for moment in ends if moment is not None]
    return _Session(participant, session, min(begins), max(over) if len(over) == len(ends) else None)


def _edges(sessions: Sequence[_Session]) -> Iterator[int]:
    for one in sessions:
        yield one.began
        if one.ended is not None:
            yield one.ended


def _medium(one: _Session) -> str | None:
    return _MEDIA.get(str(one.session.get("mediaType") or "").lower())


def _state(conversation: Mapping[str, Any], sessions: Sequence[_Session], moment: int, medium: str) -> Body:
    people: dict[str, list[_Session]] = {}
    for one in sessions:
        if one.began <= moment:
            people.setdefault(str(one.participant.get("participantId")), []).append(one)
    make = _person_of_medium if medium else _person
    return {
        "id": conversation.get("conversationId"),
        "participants": [make(identity, theirs, moment) for identity, theirs in people.items()],
    }


def _person(identity: str, sessions: Sequence[_Session], moment: int) -> Body:
    """A participant of a conversation of all media: sessions lie under the name of their medium."""
    person, first = _times(identity, sessions, moment), sessions[0]
    person |= {"userId": first.participant.get("userId"), "queueId": first.queue_id}
    for one in sessions:
        person.setdefault(_medium(one) or "sessions", []).append(
            {"id": one.session.get("sessionId"), **_connection(one, moment)}
        )
    return _written(person)


def _person_of_medium(identity: str, sessions: Sequence[_Session], moment: int) -> Body:
    person, first = _times(identity, sessions, moment), sessions[0]
    user, queue = first.participant.get("userId"), first.queue_id
    person |= {"user": {"id": user} if user else None, "queue": {"id": queue} if queue else None}
    return _written(person | _connection(sessions[-1], moment))


def _times(identity: str, sessions: Sequence[_Session], moment: int) -> Body:
    participant = sessions[0].participant
    ends = [one.ended for one in sessions if one.ended is not None and one.ended <= moment]
    return {
        "id": identity,
        "name": participant.get("participantName"),
        "purpose": participant.get("purpose"),
        "connectedTime": _iso(min(one.began for one in sessions)),
        "endTime": _iso(max(ends)) if len(ends) == len(sessions) else None,
    }


def _connection(one: _Session, moment: int) -> Body:
    over = one.ended is not None and one.ended <= moment
    return {
        "state": "disconnected" if over else "connected",
        "direction": one.session.get("direction"),
        "provider": one.session.get("provider"),
    }


def _detail(conversation: Mapping[str, Any], one: _Session, moment: int, edge: str) -> Body:
    session = one.session
    body = {
        "eventTime": moment,
        "conversationId": conversation.get("conversationId"),
        "participantId": one.participant.get("participantId"),
        "sessionId": session.get("sessionId"),
        "mediaType": _upper(session.get("mediaType")),
        "direction": _upper(session.get("direction")),
        "provider": session.get("provider"),
        "ani": session.get("ani"),
        "dnis": session.get("dnis"),
        "userId": one.participant.get("userId"),
        "queueId": one.queue_id,
    }
    if edge == "end":
        last = (session.get("segments") or [{}])[-1]
        body["disconnectType"] = _upper(last.get("disconnectType"))
    return _written(body)


def _upper(value: Any) -> str | None:
    """Detail events write enums in upper case, analytics in lower."""
    return str(value).upper() if value else None


def _iso(moment: int) -> str:
    return written(datetime.fromtimestamp(moment / 1000, timezone.utc))


def _written(body: Body) -> Body:
    """Without what is not known."""
    return {key: value for key, value in body.items() if value is not None}
