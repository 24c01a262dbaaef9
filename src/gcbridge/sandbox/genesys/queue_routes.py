"""Queues and their members; a change of membership sends `v2.routing.queues.{id}.users`."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gcbridge.sandbox.genesys.answers import (
    bad_request,
    not_found,
    page,
    query_list,
    read_list,
    read_object,
)
from gcbridge.sandbox.genesys.cloud import Cloud, cloud_of
from gcbridge.sandbox.genesys.entities import Queue
from gcbridge.sandbox.genesys.events import membership_changed
from gcbridge.sandbox.genesys.user_views import routing_status_body, user_body

# "Max value is 100", says the SDK of a page of members.
_MEMBERS_PAGE = 100


async def get_queues(request: Request) -> Response:
    """GET /api/v2/routing/queues, sorted by name; `name` may begin and end with an asterisk, `id` chooses some."""
    wanted, pattern = query_list(request, "id"), request.query_params.get("name", "*").lower()
    found = [
        queue
        for queue in cloud_of(request).directory.queues.values()
        if (not wanted or queue.id in wanted) and fnmatchcase(queue.name.lower(), pattern)
    ]
    return JSONResponse(page(request, sorted(found, key=lambda queue: queue.name.lower()), _queue_body))


async def post_queue(request: Request) -> Response:
    """POST /api/v2/routing/queues: a queue without members; `name` is needed."""
    body = await read_object(request)
    if not isinstance(body.get("name"), str):
        raise bad_request("A queue needs a name.", ["name"])
    queue = Queue(name=body["name"], description=str(body.get("description") or ""))
    cloud_of(request).directory.add_queues([queue])
    return JSONResponse(_queue_body(queue))


async def get_queue(request: Request) -> Response:
    """GET /api/v2/routing/queues/{id}."""
    return JSONResponse(_queue_body(_find_queue(request)))


async def delete_queue(request: Request) -> Response:
    """DELETE /api/v2/routing/queues/{id}; nobody is told."""
    cloud_of(request).directory.delete_queue(_find_queue(request))
    return Response(status_code=204)


async def get_members(request: Request) -> Response:
    """GET /api/v2/routing/queues/{id}/members, 100 a page at most; `joined` chooses."""
    cloud, queue = cloud_of(request), _find_queue(request)
    wanted = request.query_params.get("joined")
    found = [
        identity
        for identity, joined in queue.members.items()
        if wanted is None or joined == (wanted.lower() == "true")
    ]
    view = functools.partial(_member_body, cloud, queue)
    return JSONResponse(page(request, found, view, largest=_MEMBERS_PAGE))


async def post_members(request: Request) -> Response:
    """POST /api/v2/routing/queues/{id}/members?delete=: adds members, joined, or takes them away."""
    cloud, queue = cloud_of(request), _find_queue(request)
    entries = await read_list(request)
    leaving = request.query_params.get("delete", "false").lower() == "true"
    changes = {_member_id(cloud, entry): None if leaving else True for entry in entries}
    _change_members(cloud, queue, changes)
    return Response(status_code=204)


async def patch_members(request: Request) -> Response:
    """PATCH /api/v2/routing/queues/{id}/members: `joined` of each member given by `id`."""
    cloud, queue = cloud_of(request), _find_queue(request)
    changes = {_member_id(cloud, entry, queue): _joined(entry, queue) for entry in await read_list(request)}
    _change_members(cloud, queue, changes)
    view = functools.partial(_member_body, cloud, queue)
    return JSONResponse(page(request, list(changes), view, largest=_MEMBERS_PAGE))


async def patch_member(request: Request) -> Response:
    """PATCH /api/v2/routing/queues/{id}/members/{memberId}: `joined`."""
    cloud, queue = cloud_of(request), _find_queue(request)
    entry = await read_object(request) | {"id": request.path_params["member_id"]}
    _change_members(cloud, queue, {_member_id(cloud, entry, queue): _joined(entry, queue)})
    return Response(status_code=202)


async def delete_member(request: Request) -> Response:
    """DELETE /api/v2/routing/queues/{id}/members/{memberId}."""
    cloud, queue = cloud_of(request), _find_queue(request)
    _change_members(cloud, queue, {_member_id(cloud, {"id": request.path_params["member_id"]}, queue): None})
    return Response(status_code=204)


def _change_members(cloud: Cloud, queue: Queue, changes: Mapping[str, bool | None]) -> None:
    """Sets whether each has joined, None for no member any more, and tells of each that differs."""
    changed = {key: value for key, value in changes.items() if queue.members.get(key) != value}
    for identity, joined in changed.items():
        if joined is None:
            del queue.members[identity]
        else:
            queue.members[identity] = joined
    cloud.directory.add_queues([queue])
    events = [
        membership_changed(queue, identity, joined=bool(joined)) for identity, joined in changed.items()
    ]
    cloud.publisher.publish(*events)


def _member_id(cloud: Cloud, entry: Mapping[str, Any], queue: Queue | None = None) -> str:
    """The id of an entry: of a user that exists and, where a queue is given, is its member."""
    identity = str(entry.get("id"))
    if identity not in cloud.directory.users or (queue is not None and identity not in queue.members):
        raise not_found("member", identity)
    return identity


def _joined(entry: Mapping[str, Any], queue: Queue) -> bool:
    joined = entry.get("joined", queue.members[str(entry["id"])])
    if not isinstance(joined, bool):
        raise bad_request("joined must be true or false.", ["joined"])
    return joined


def _find_queue(request: Request) -> Queue:
    identity = request.path_params["queue_id"]
    queue = cloud_of(request).directory.queues.get(identity)
    if queue is None:
        raise not_found("queue", identity)
    return queue


def _queue_body(queue: Queue) -> dict[str, Any]:
    return {
        "id": queue.id,
        "name": queue.name,
        "description": queue.description,
        "dateCreated": queue.created_at,
        "memberCount": len(queue.members),
        "userMemberCount": len(queue.members),
        "joinedMemberCount": sum(queue.members.values()),
        "selfUri": f"/api/v2/routing/queues/{queue.id}",
    }


def _member_body(cloud: Cloud, queue: Queue, identity: str) -> dict[str, Any]:
    user = cloud.directory.users[identity]
    return {
        "id": user.id,
        "name": user.name,
        "user": user_body(user),
        "ringNumber": 1,
        "joined": queue.members[identity],
        "memberBy": "user",
        "routingStatus": routing_status_body(user),
        "selfUri": f"/api/v2/routing/queues/{queue.id}/members/{user.id}",
    }


ROUTES = [
    Route("/api/v2/routing/queues", get_queues),
    Route("/api/v2/routing/queues", post_queue, methods=["POST"]),
    Route("/api/v2/routing/queues/{queue_id}", get_queue),
    Route("/api/v2/routing/queues/{queue_id}", delete_queue, methods=["DELETE"]),
    Route("/api/v2/routing/queues/{queue_id}/members", get_members),
    Route("/api/v2/routing/queues/{queue_id}/members", post_members, methods=["POST"]),
    Route("/api/v2/routing/queues/{queue_id}/members", patch_members, methods=["PATCH"]),
    Route("/api/v2/routing/queues/{queue_id}/members/{member_id}", patch_member, methods=["PATCH"]),
    Route("/api/v2/routing/queues/{queue_id}/members/{member_id}", delete_member, methods=["DELETE"]),
]
