"""Channels and subscriptions over HTTP; no permission is needed for the calls themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gcbridge.sandbox.genesys.answers import ApiError, bad_request, read_list
from gcbridge.sandbox.genesys.cloud import cloud_of
from gcbridge.sandbox.genesys.notifications.channels import Channel
from gcbridge.sandbox.genesys.notifications.topics import Verdict
from gcbridge.sandbox.genesys.token_routes import token_of


async def post_channel(request: Request) -> Response:
    """POST /api/v2/notifications/channels; the body is not read, as SDKs send none or `null`."""
    channel = cloud_of(request).notifications.channels.create(token_of(request))
    return JSONResponse(channel.body(_address(request)))


async def get_channels(request: Request) -> Response:
    """GET /api/v2/notifications/channels?includechannels=token|oauthclient."""
    token, included = token_of(request), request.query_params.get("includechannels", "token")
    if included not in ("token", "oauthclient"):
        raise bad_request("includechannels must be token or oauthclient.", ["includechannels"])
    own = [c for c in cloud_of(request).notifications.channels if c.token.client_id == token.client_id]
    bodies = [
        channel.body(_address(request)) if channel.token.id == token.id else channel.foreign_body()
        for channel in own
        if included == "oauthclient" or channel.token.id == token.id
    ]
    return JSONResponse({"entities": bodies})


async def head_channel(request: Request) -> Response:
    """HEAD /api/v2/notifications/channels/{id}: 200 while it lives."""
    _find_channel(request)
    return Response()


async def get_subscriptions(request: Request) -> Response:
    """GET /api/v2/notifications/channels/{id}/subscriptions."""
    return _entities(list(_find_channel(request).topics.values()))


async def post_subscriptions(request: Request) -> Response:
    """POST .../subscriptions?ignoreErrors=: adds topics."""
    return await _subscribe(request, replace=False)


async def put_subscriptions(request: Request) -> Response:
    """PUT .../subscriptions?ignoreErrors=: replaces all topics."""
    return await _subscribe(request, replace=True)


async def delete_subscriptions(request: Request) -> Response:
    """DELETE .../subscriptions: no topics any more."""
    channels = cloud_of(request).notifications.channels
    channels.subscribe(_find_channel(request), (), replace=True)
    return Response(status_code=204)


async def _subscribe(request: Request, *, replace: bool) -> Response:
    notifications, channel = cloud_of(request).notifications, _find_channel(request)
    verdicts = [notifications.topics.judge(identity) for identity in await _read_topics(request)]
    if request.query_params.get("ignoreErrors", "false").lower() != "true":
        _refuse_rejected(verdicts)
    permitted = [verdict for verdict in verdicts if verdict.is_permitted]
    notifications.channels.subscribe(channel, permitted, replace=replace)
    notifications.channels.renew(channel)
    return _entities(verdicts)


def _refuse_rejected(verdicts: Sequence[Verdict]) -> None:
    rejected = [verdict for verdict in verdicts if not verdict.is_permitted]
    missing = sorted({name for verdict in rejected for name in verdict.missing_permissions})
    if missing:
        text = (
            "Unable to perform the requested action. You are missing the following permission(s): "
            + ", ".join(missing)
        )
        raise ApiError(403, "missing.permissions", text, [verdict.id for verdict in rejected])
    if rejected:
        reasons = " ".join(verdict.reason for verdict in rejected[:10])
        raise bad_request(f"{len(rejected)} topics cannot be subscribed to. {reasons}")


async def _read_topics(request: Request) -> list[str]:
    identities = [entry.get("id") for entry in await read_list(request)]
    if not all(isinstance(identity, str) for identity in identities):
        raise bad_request('A topic has an id, such as {"id": "v2.users.X.presence"}.')
    return list(dict.fromkeys(str(identity) for identity in identities))


def _find_channel(request: Request) -> Channel:
    identity = request.path_params["channel_id"]
    return cloud_of(request).notifications.channels.find_own(identity, token_of(request))


def _entities(verdicts: Sequence[Verdict]) -> Response:
    bodies: list[dict[str, Any]] = [verdict.body() for verdict in verdicts]
    return JSONResponse({"entities": bodies})


def _address(request: Request) -> str:
    host, port = request.scope["server"]
    return f"{host}:{port}"


_CHANNELS = "/api/v2/notifications/channels"
_SUBSCRIPTIONS = f"{_CHANNELS}/{{channel_id}}/subscriptions"
ROUTES = [
    Route(_CHANNELS, post_channel, methods=["POST"]),
    Route(_CHANNELS, get_channels),
    Route(f"{_CHANNELS}/{{channel_id}}", head_channel, methods=["HEAD"]),
    Route(_SUBSCRIPTIONS, get_subscriptions),
    Route(_SUBSCRIPTIONS, post_subscriptions, methods=["POST"]),
    Route(_SUBSCRIPTIONS, put_subscriptions, methods=["PUT"]),
    Route(_SUBSCRIPTIONS, delete_subscriptions, methods=["DELETE"]),
]
