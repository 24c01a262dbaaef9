"""Users: listed in pages, found by address or id, made."""

from __future__ import annotations

import functools
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gcbridge.sandbox.genesys.answers import ApiError, bad_request, not_found, page, query_list, read_object
from gcbridge.sandbox.genesys.cloud import cloud_of
from gcbridge.sandbox.genesys.entities import User
from gcbridge.sandbox.genesys.user_views import user_body


async def get_me(request: Request) -> Response:
    """GET /api/v2/users/me is refused, as client credentials act for no user (Genesys CLI blog text)."""
    del request
    text = (
        "This request requires a user context. "
        "Client credentials cannot be used for requests to this resource."
    )
    raise ApiError(400, "bad.request", text)


async def get_users(request: Request) -> Response:
    """GET /api/v2/users, paged; `id` chooses some, `expand` may name presence and routingStatus."""
    users = cloud_of(request).directory.users
    wanted = query_list(request, "id")
    found = [users[identity] for identity in wanted if identity in users] if wanted else list(users.values())
    view = functools.partial(user_body, expand=query_list(request, "expand"))
    return JSONResponse(page(request, found, view))


async def post_user(request: Request) -> Response:
    """POST /api/v2/users: somebody new, with `name` and `email`; nobody is told."""
    body = await read_object(request)
    name, email = body.get("name"), body.get("email")
    if not isinstance(name, str) or not isinstance(email, str):
        raise bad_request("A user needs a name and an email.", ["name", "email"])
    user = User(name=name, email=email)
    cloud_of(request).directory.add_users([user])
    return JSONResponse(user_body(user))


async def get_user(request: Request) -> Response:
    """GET /api/v2/users/{id}, with the same `expand`."""
    return JSONResponse(user_body(find_user(request), query_list(request, "expand")))


async def search_users(request: Request) -> Response:
    """POST /api/v2/users/search: EXACT queries over `email`, `name` and `id`, joined by AND."""
    body = await read_object(request)
    queries = body.get("query") or []
    if not isinstance(queries, list) or not all(isinstance(query, dict) for query in queries):
        raise bad_request("query must be a list of criteria.", ["query"])
    users = cloud_of(request).directory.users.values()
    found = [user for user in users if all(_answers(user, query) for query in queries)]
    size = int(body.get("pageSize", 25))
    return JSONResponse(
        {
            "total": len(found),
            "pageCount": max(1, -(-len(found) // size)),
            "pageSize": size,
            "pageNumber": 1,
            "results": [user_body(user) for user in found[:size]],
        }
    )


def find_user(request: Request) -> User:
    """The user of the path; raises ApiError 404."""
    identity = request.path_params["user_id"]
    user = cloud_of(request).directory.users.get(identity)
    if user is None:
        raise not_found("user", identity)
    return user


def _answers(user: User, query: dict[str, Any]) -> bool:
    if query.get("type") != "EXACT":
        raise bad_request("query.type: the emulator knows EXACT only.", ["query"])
    searched = {"email": user.email, "name": user.name, "id": user.id}
    wanted = str(query.get("value", "")).casefold()
    return any(searched.get(field, "").casefold() == wanted for field in query.get("fields", []))


ROUTES = [
    Route("/api/v2/users", get_users),
    Route("/api/v2/users", post_user, methods=["POST"]),
    Route("/api/v2/users/me", get_me),
    Route("/api/v2/users/search", search_users, methods=["POST"]),
    Route("/api/v2/users/{user_id}", get_user),
]
