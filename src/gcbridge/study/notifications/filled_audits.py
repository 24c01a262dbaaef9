"""Bodies of audit events, made of what audit queries answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_ALIKE = (
    "id",
    "userHomeOrgId",
    "serviceName",
    "action",
    "entityType",
    "entity",
    "propertyChanges",
    "remoteIp",
    "level",
    "status",
    "application",
)
"""Fields that have one name in the event and in the answer."""


def audit_body(audit: Mapping[str, Any]) -> dict[str, Any]:
    """The body of `v2.audits.entitytype.{id}.entityid.{id}`, which names some fields otherwise than the query.

    Args:
        audit: one of the results of `POST /api/v2/audits/query`.
    """
    user, client = audit.get("user"), audit.get("client")
    body = {key: audit[key] for key in _ALIKE if audit.get(key) is not None}
    if isinstance(user, Mapping) and user.get("id"):
        body |= {"userId": user["id"], "username": {"id": user.get("name") or ""}}
    if isinstance(client, Mapping) and client.get("id"):
        body["clientId"] = {"id": client["id"]}
    return body | {"eventTime": audit.get("eventDate")}


def services_of(entity_type: str, mapping: Mapping[str, Any]) -> tuple[str, ...]:
    """The services whose audits can be about an entity type; an audit query asks one service.

    Args:
        entity_type: such as `OAuthClient`.
        mapping: answer of `GET /api/v2/audits/query/servicemapping`.
    """
    return tuple(
        str(service.get("name"))
        for service in mapping.get("services") or ()
        if any(entity.get("name") == entity_type for entity in service.get("entities") or ())
    )
