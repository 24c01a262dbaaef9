"""Listings of which only ids and names matter: what topics may have ids of."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gcbridge.sandbox.genesys.answers import not_found, page
from gcbridge.sandbox.genesys.cloud import cloud_of
from gcbridge.sandbox.genesys.entities import Listed

_UNPAGED = {"operational_events"}


def _body(path: str, thing: Listed) -> dict[str, Any]:
    return {"id": thing.id, "name": thing.name, "selfUri": f"{path}/{thing.id}"}


def _list_all(kind: str) -> Callable[[Request], Awaitable[Response]]:
    async def get_all(request: Request) -> Response:
        things = list(cloud_of(request).directory.listed[kind].values())
        # Some of them have no page parameters in the SDK: all come at once.
        usual = max(25, len(things)) if kind in _UNPAGED else 25
        view = functools.partial(_body, request.url.path)
        return JSONResponse(page(request, things, view, usual=usual, largest=max(usual, 500)))

    return get_all


def _read_one(kind: str) -> Callable[[Request], Awaitable[Response]]:
    async def get_one(request: Request) -> Response:
        identity = request.path_params["id"]
        thing = cloud_of(request).directory.listed[kind].get(identity)
        if thing is None:
            raise not_found(kind.rstrip("s"), identity)
        return JSONResponse(_body(request.url.path.rpartition("/")[0], thing))

    return get_one


ROUTES = [
    Route("/api/v2/groups", _list_all("groups")),
    Route("/api/v2/groups/{id}", _read_one("groups")),
    Route("/api/v2/flows/outcomes", _list_all("flow_outcomes")),
    Route("/api/v2/flows/outcomes/{id}", _read_one("flow_outcomes")),
    Route("/api/v2/outbound/campaigns", _list_all("campaigns")),
    Route("/api/v2/outbound/campaigns/{id}", _read_one("campaigns")),
    Route("/api/v2/stations", _list_all("stations")),
    Route("/api/v2/stations/{id}", _read_one("stations")),
    Route("/api/v2/usage/events/definitions", _list_all("operational_events")),
    Route("/api/v2/usage/events/definitions/{id}", _read_one("operational_events")),
]
