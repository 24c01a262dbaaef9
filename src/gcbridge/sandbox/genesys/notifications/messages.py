"""What goes out on a WebSocket."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

METADATA_TOPIC = "channel.metadata"


def notification(detail: Mapping[str, Any]) -> dict[str, Any]:
    """An event as WebSockets carry it: what EventBridge gets, without `timestamp` (captured 2021-06-01)."""
    return {key: detail[key] for key in ("topicName", "version", "eventBody", "metadata") if key in detail}


def metadata(message: str) -> dict[str, Any]:
    """A heartbeat or a pong."""
    return {"topicName": METADATA_TOPIC, "eventBody": {"message": message}}


HEARTBEAT = metadata("WebSocket Heartbeat")
PONG = metadata("pong")


def socket_closing(channel_id: str) -> dict[str, Any]:
    """The service will close this socket soon, for maintenance."""
    body = {"channelId": channel_id, "message": "The WebSocket will be closed for maintenance."}
    return _system("v2.system.socket_closing", body)


def token_revoked(channel_id: str, org_id: str, client_id: str) -> dict[str, Any]:
    """The token that made the channel is worthless."""
    body = _system_body("token_revoked", channel_id, org_id, client_id, "user_tokens_revoked")
    return _system(f"v2.system.token_revoked.{channel_id}", body)


def no_longer_subscribed(channel_id: str, org_id: str, client_id: str) -> dict[str, Any]:
    """Another channel took this one's place."""
    body = _system_body("no_longer_subscribed", channel_id, org_id, client_id, "another_channel_subscribed")
    return _system(f"v2.system.no_longer_subscribed.{channel_id}", body)


def _system_body(kind: str, channel_id: str, org_id: str, client_id: str, reason: str) -> dict[str, Any]:
    """A SystemMessageSystemMessage of the SDK."""
    return {
        "channelId": channel_id,
        "systemTopicType": kind,
        "correlationId": str(uuid.uuid4()),
        "organizationId": org_id,
        "oauthClientId": client_id,
        "reason": reason,
        "message": kind.replace("_", " "),
        "data": {},
    }


def _system(topic: str, body: dict[str, Any]) -> dict[str, Any]:
    return {
        "topicName": topic,
        "version": "2",
        "eventBody": body,
        "metadata": {"CorrelationId": str(uuid.uuid4())},
    }
