"""Bodies of events about users, made of what the API says of their state."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

Body = dict[str, Any]


def presence_body(presence: Mapping[str, Any]) -> Body:
    """The body of `v2.users.{id}.presence`.

    Args:
        presence: one of `GET /api/v2/users/presences/purecloud/bulk`.
    """
    return {
        "source": presence.get("source") or "PURECLOUD",
        "presenceDefinition": _definition(presence.get("presenceDefinition")),
        "primary": True,
        "message": presence.get("message") or "",
        "modifiedDate": presence.get("modifiedDate"),
    }


def routing_status_body(user: Mapping[str, Any]) -> Body:
    """The body of `v2.users.{id}.routingStatus`.

    Args:
        user: one of `GET /api/v2/users?expand=routingStatus`.
    """
    return {"id": user.get("id"), "routingStatus": _mapping(user.get("routingStatus"))}


def activity_body(user: Mapping[str, Any]) -> Body:
    """The body of `v2.users.{id}.activity`, without the queues that the user is active in, which no endpoint dates.

    Args:
        user: one of `GET /api/v2/users?expand=routingStatus,presence,outOfOffice`.
    """
    presence = _mapping(user.get("presence"))
    return {
        "id": user.get("id"),
        "routingStatus": _mapping(user.get("routingStatus")),
        "presence": {
            "presenceDefinition": _definition(presence.get("presenceDefinition")),
            "presenceMessage": presence.get("message") or "",
            "modifiedDate": presence.get("modifiedDate"),
        },
        "outOfOffice": {"active": bool(_mapping(user.get("outOfOffice")).get("active"))},
    }


def _definition(definition: Any) -> Body:
    """The API writes `On Queue` or `OnQueue` where events write ON_QUEUE (enum of the SDK's AnalyticsUserPresenceRecord)."""
    read = _mapping(definition)
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|[ _]+", " ", str(read.get("systemPresence") or "")).split()
    return {"id": read.get("id"), "systemPresence": "_".join(words).upper()}


def _mapping(value: Any) -> Body:
    return dict(value) if isinstance(value, Mapping) else {}
