"""Presences and routing statuses: read one, read many, change one, which sends events."""

from __future__ import annotations

from typing import Any, get_args

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gcbridge.sandbox.genesys.answers import bad_request, page, query_list, read_object
from gcbridge.sandbox.genesys.clock import now_iso
from gcbridge.sandbox.genesys.cloud import Cloud, cloud_of
from gcbridge.sandbox.genesys.entities import Presence, RoutingState, RoutingStatus, User
from gcbridge.sandbox.genesys.events import presence_audited, presence_changed, routing_status_changed
from gcbridge.sandbox.genesys.presences import SYSTEM_PRESENCES, PresenceDefinition, find_presence
from gcbridge.sandbox.genesys.user_routes import find_user
from gcbridge.sandbox.genesys.user_views import (
    definition_body,
    old_definition_body,
    presence_body,
    routing_status_body,
    uc_presence_body,
)

# "Limit 50", says the SDK.
_BULK_LIMIT = 50
_ON_QUEUE = "OnQueue"


async def get_presence_definitions(request: Request) -> Response:
    """GET /api/v2/presence/definitions."""
    return JSONResponse(page(request, list(SYSTEM_PRESENCES.values()), definition_body))


async def get_old_presence_definitions(request: Request) -> Response:
    """GET /api/v2/presencedefinitions, the older resource with `primary`."""
    return JSONResponse(page(request, list(SYSTEM_PRESENCES.values()), old_definition_body))


async def get_user_presence(request: Request) -> Response:
    """GET /api/v2/users/{id}/presences/purecloud."""
    return JSONResponse(presence_body(find_user(request)))


async def get_presences(request: Request) -> Response:
    """GET /api/v2/users/presences/purecloud/bulk?id=: those of 50 users at most; unknown ids are left out."""
    wanted = query_list(request, "id")
    if not 1 <= len(wanted) <= _BULK_LIMIT:
        raise bad_request(f"id: 1 to {_BULK_LIMIT} user ids, not {len(wanted)}.", ["id"])
    users = cloud_of(request).directory.users
    return JSONResponse([uc_presence_body(users[identity]) for identity in wanted if identity in users])


async def patch_user_presence(request: Request) -> Response:
    """PATCH /api/v2/users/{id}/presences/purecloud; a change sends a presence and an audit event."""
    user = find_user(request)
    body = await read_object(request)
    old = SYSTEM_PRESENCES[user.presence.definition_id]
    new = _wanted_presence(body) or old
    message = str(body.get("message", user.presence.message))
    if (new, message) != (old, user.presence.message):
        presence = Presence(definition_id=new.id, message=message, modified_at=now_iso())
        _change_presence(cloud_of(request), user, presence)
    return JSONResponse(presence_body(user))


async def get_routing_status(request: Request) -> Response:
    """GET /api/v2/users/{id}/routingstatus."""
    return JSONResponse(routing_status_body(find_user(request)))


async def put_routing_status(request: Request) -> Response:
    """PUT /api/v2/users/{id}/routingstatus; a change sends an event."""
    user, wanted = find_user(request), (await read_object(request)).get("status")
    if wanted not in get_args(RoutingState):
        raise bad_request(f"status must be one of {', '.join(get_args(RoutingState))}.", ["status"])
    if wanted != user.routing_status.status:
        cloud = cloud_of(request)
        user.routing_status = RoutingStatus(status=wanted)
        cloud.directory.add_users([user])
        cloud.publisher.publish(routing_status_changed(user))
    return JSONResponse(routing_status_body(user))


def _change_presence(cloud: Cloud, user: User, presence: Presence) -> None:
    """On Queue and routing status go together: who goes on queue is IDLE, who leaves it OFF_QUEUE."""
    old, user.presence = user.presence, presence
    before, after = SYSTEM_PRESENCES[old.definition_id], SYSTEM_PRESENCES[presence.definition_id]
    events = [presence_changed(user)]
    if before != after:
        events.append(presence_audited(user, before, after))
    if (before.system_presence == _ON_QUEUE) != (after.system_presence == _ON_QUEUE):
        is_on_queue = after.system_presence == _ON_QUEUE
        user.routing_status = RoutingStatus(status="IDLE" if is_on_queue else "OFF_QUEUE")
        events.append(routing_status_changed(user))
    cloud.directory.add_users([user])
    cloud.publisher.publish(*events)


def _wanted_presence(body: dict[str, Any]) -> PresenceDefinition | None:
    reference = body.get("presenceDefinition")
    if reference is None:
        return None
    definition = find_presence(reference) if isinstance(reference, dict) else None
    if definition is None:
        raise bad_request("presenceDefinition: no such presence definition.", ["presenceDefinition"])
    return definition


ROUTES = [
    Route("/api/v2/users/presences/purecloud/bulk", get_presences),
    Route("/api/v2/users/{user_id}/presences/purecloud", get_user_presence),
    Route("/api/v2/users/{user_id}/presences/purecloud", patch_user_presence, methods=["PATCH"]),
    Route("/api/v2/users/{user_id}/routingstatus", get_routing_status),
    Route("/api/v2/users/{user_id}/routingstatus", put_routing_status, methods=["PUT"]),
    Route("/api/v2/presence/definitions", get_presence_definitions),
    Route("/api/v2/presencedefinitions", get_old_presence_definitions),
]
