"""Conversations of which events were emitted, as far as those events tell; kept in memory for a while."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from typing import Any

from gcbridge.sandbox.genesys.clock import iso_milliseconds

_KEPT = 5_000
_DETAIL_PREFIX = "v2.detail.events.conversation.{id}."
_PURPOSES = {"customer": "customer", "user": "agent", "acd": "acd", "flow": "ivr", "outbound": "outbound"}
_ENDS_CONVERSATION = "customer.end"
_SESSION_KEYS = ("mediaType", "direction", "provider", "ani", "dnis", "messageType")
_SESSION_ENUMS = {"mediaType", "direction"}


class Conversations:
    """The latest 5,000, the one that was first heard of first; each is an AnalyticsConversationWithoutAttributes."""

    def __init__(self) -> None:
        self._by_id: OrderedDict[str, dict[str, Any]] = OrderedDict()

    def all(self) -> list[dict[str, Any]]:
        """Every one that is remembered."""
        return list(self._by_id.values())

    def get(self, identity: str) -> dict[str, Any] | None:
        """One of them."""
        return self._by_id.get(identity)

    def note(self, topic: str, details: Iterable[Mapping[str, Any]]) -> None:
        """Learns from events whose body names a conversation; others are not about one."""
        for detail in details:
            body = detail.get("eventBody")
            if isinstance(body, dict) and isinstance(body.get("conversationId"), str):
                self._learn(topic.removeprefix(_DETAIL_PREFIX), body, str(detail.get("timestamp", "")))

    def _learn(self, kind: str, body: Mapping[str, Any], timestamp: str) -> None:
        at = _moment(body.get("eventTime"), timestamp)
        identity = body["conversationId"]
        conversation = self._by_id.setdefault(
            identity, {"conversationId": identity, "conversationStart": at, "participants": []}
        )
        conversation["conversationStart"] = min(conversation["conversationStart"], at)
        if "direction" in body:
            conversation.setdefault("originatingDirection", str(body["direction"]).lower())
        if "participantId" in body:
            _learn_session(_participant(conversation, kind, body), body, at, has_ended=kind.endswith(".end"))
        if kind == _ENDS_CONVERSATION:
            conversation["conversationEnd"] = at
        while len(self._by_id) > _KEPT:
            self._by_id.popitem(last=False)


def _participant(conversation: Mapping[str, Any], kind: str, body: Mapping[str, Any]) -> dict[str, Any]:
    participants: list[dict[str, Any]] = conversation["participants"]
    for known in participants:
        if known["participantId"] == body["participantId"]:
            return known
    new: dict[str, Any] = {"participantId": body["participantId"], "sessions": []}
    if purpose := _PURPOSES.get(kind.partition(".")[0]):
        new["purpose"] = purpose
    for key in ("userId", "externalContactId"):
        if key in body:
            new[key] = body[key]
    participants.append(new)
    return new


def _learn_session(
    participant: Mapping[str, Any], body: Mapping[str, Any], at: str, *, has_ended: bool
) -> None:
    """One session with one segment, which is as much as an event tells."""
    sessions: list[dict[str, Any]] = participant["sessions"]
    identity = body.get("sessionId", body["participantId"])
    session = next((known for known in sessions if known["sessionId"] == identity), None)
    if session is None:
        session = {"sessionId": identity, "segments": [{"segmentStart": at, "segmentType": "interact"}]}
        sessions.append(session)
    for key in _SESSION_KEYS:
        if key in body:
            session[key] = str(body[key]).lower() if key in _SESSION_ENUMS else body[key]
    (segment,) = session["segments"]
    if "queueId" in body:
        segment["queueId"] = body["queueId"]
    if has_ended:
        segment["segmentEnd"] = at


def _moment(event_time: Any, timestamp: str) -> str:
    if isinstance(event_time, int):
        return iso_milliseconds(datetime.fromtimestamp(event_time / 1000, timezone.utc))
    return str(event_time or timestamp)
