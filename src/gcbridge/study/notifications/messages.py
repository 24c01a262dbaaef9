"""What comes over the socket of a channel, read into one of a few kinds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import orjson

METADATA = "channel.metadata"
CLOSING = "v2.system.socket_closing"
REVOKED = "v2.system.token_revoked"
GONE = "v2.system.no_longer_subscribed"
SYSTEM = "v2.system."
PING = '{"message":"ping"}'
"""What asks for a pong (Genesys's Java SDK, NotificationHandler)."""

MessageKind = Literal["event", "heartbeat", "pong", "closing", "revoked", "gone", "other"]


@dataclass(frozen=True, slots=True)
class Message:
    """One text of the socket.

    Args:
        kind: `closing`: the socket will be closed within a minute; `gone`: another channel took the subscriptions;
            `other`: what nobody here has to react to.
        topic_name: topic with its ids.
        version: of the topic's body.
        body: `eventBody`.
        correlation_id: of the change that the event tells of; empty where there is none.
    """

    kind: MessageKind
    topic_name: str = ""
    version: str = "2"
    body: dict[str, Any] = field(default_factory=dict)
    correlation_id: str = ""

    @property
    def reason(self) -> str:
        """What a system message says for itself, in words and as a code."""
        said = (str(self.body.get(key) or "") for key in ("message", "reason"))
        return ", ".join(part for part in said if part)


def read_message(text: str | bytes) -> Message:
    """Reads one text; what is no message of the service is `other`, since nothing can be done about it."""
    read = _read_json(text)
    if not isinstance(read, Mapping):
        return Message("other")
    name, body = str(read.get("topicName") or ""), read.get("eventBody")
    metadata = read.get("metadata")
    return Message(
        kind=_kind(name, body),
        topic_name=name,
        version=str(read.get("version") or "2"),
        body=body if isinstance(body, dict) else {},
        correlation_id=str(metadata.get("CorrelationId") or "") if isinstance(metadata, Mapping) else "",
    )


def _read_json(text: str | bytes) -> Any:
    """None where it is no JSON."""
    try:
        return orjson.loads(text)
    except ValueError:
        return _read_loose_json(text)


def _read_loose_json(text: str | bytes) -> Any:
    """A text that was cut within an emoji ends in half of a surrogate pair, which becomes a question mark here."""
    try:
        written = json.dumps(json.loads(text), ensure_ascii=False)
        return orjson.loads(written.encode(errors="replace"))
    except (ValueError, RecursionError):
        return None


def _kind(name: str, body: Any) -> MessageKind:
    if name == METADATA:
        return "pong" if isinstance(body, Mapping) and body.get("message") == "pong" else "heartbeat"
    if name == CLOSING:
        return "closing"
    if name.startswith(REVOKED):
        return "revoked"
    if name.startswith(GONE):
        return "gone"
    if name.startswith(SYSTEM) or not name.startswith("v2.") or not isinstance(body, dict):
        return "other"
    return "event"
