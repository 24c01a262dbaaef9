"""How a user, a presence and a routing status look over HTTP."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from gcbridge.sandbox.genesys.entities import User
from gcbridge.sandbox.genesys.presences import SYSTEM_PRESENCES, PresenceDefinition


def user_body(user: User, expand: Collection[str] = ()) -> dict[str, Any]:
    """A User; `expand` may name `presence` and `routingStatus`."""
    body = {
        "id": user.id,
        "name": user.name,
        "email": user.email,
        "username": user.email,
        "state": "active",
        "version": 1,
        "division": {"id": user.id, "name": "Home", "selfUri": f"/api/v2/authorization/divisions/{user.id}"},
        "primaryContactInfo": [{"address": user.email, "mediaType": "EMAIL", "type": "PRIMARY"}],
        "addresses": [],
        "acdAutoAnswer": False,
        "selfUri": f"/api/v2/users/{user.id}",
    }
    if "presence" in expand:
        body["presence"] = presence_body(user)
    if "routingStatus" in expand:
        body["routingStatus"] = routing_status_body(user)
    return body


def presence_body(user: User) -> dict[str, Any]:
    """A UserPresence of the source PURECLOUD."""
    definition = SYSTEM_PRESENCES[user.presence.definition_id]
    return {
        "id": user.id,
        "source": "PURECLOUD",
        "primary": True,
        "presenceDefinition": {
            "id": definition.id,
            "systemPresence": definition.label,
            "selfUri": f"/api/v2/presencedefinitions/{definition.id}",
        },
        "message": user.presence.message,
        "modifiedDate": user.presence.modified_at,
        "selfUri": f"/api/v2/users/{user.id}/presences/purecloud",
    }


def uc_presence_body(user: User) -> dict[str, Any]:
    """A UcUserPresence, the form of the bulk endpoint."""
    body = presence_body(user) | {"userId": user.id, "sourceId": "purecloud"}
    del body["primary"]
    return body


def routing_status_body(user: User) -> dict[str, Any]:
    """A RoutingStatus."""
    status = user.routing_status
    return {"userId": user.id, "status": status.status, "startTime": status.started_at}


def definition_body(definition: PresenceDefinition) -> dict[str, Any]:
    """A presence definition of /presence/definitions."""
    return {
        "id": definition.id,
        "type": "System",
        "languageLabels": {"en_US": definition.label},
        "systemPresence": definition.system_presence,
        "divisionId": "*",
        "deactivated": False,
        "selfUri": f"/api/v2/presence/definitions/{definition.id}",
    }


def old_definition_body(definition: PresenceDefinition) -> dict[str, Any]:
    """A presence definition of the older /presencedefinitions, with `primary`."""
    return {
        "id": definition.id,
        "name": definition.label,
        "languageLabels": {"en_US": definition.label},
        "systemPresence": definition.label,
        "deactivated": False,
        "primary": True,
        "selfUri": f"/api/v2/presencedefinitions/{definition.id}",
    }
