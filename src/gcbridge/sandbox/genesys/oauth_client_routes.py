"""OAuth clients: made, listed, changed and deleted, all of it audited; a secret is told once."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gcbridge.sandbox.genesys.answers import bad_request, not_found, page, read_object
from gcbridge.sandbox.genesys.clock import iso_whole_seconds, now, now_iso
from gcbridge.sandbox.genesys.cloud import cloud_of
from gcbridge.sandbox.genesys.events import PropertyChange, oauth_client_audited
from gcbridge.sandbox.genesys.oauth_clients import OAuthClient
from gcbridge.sandbox.genesys.token_routes import token_of

_GRANTS = ("CODE", "TOKEN", "SAML2-BEARER", "PASSWORD", "CLIENT-CREDENTIALS")
_STATES = ("active", "disabled", "inactive")
_DAY_SECONDS = 86_400
_LARGEST_PAGE = 500
_KEPT = (
    "name",
    "description",
    "accessTokenValiditySeconds",
    "registeredRedirectUri",
    "roleIds",
    "roleDivisions",
    "authorizedGrantType",
    "scope",
    "state",
    "dateToDelete",
)


async def get_clients(request: Request) -> Response:
    """GET /api/v2/oauth/clients: all, as the SDK has no page parameters, or in pages.

    The organization's own client, which the sandbox made, is not listed.
    """
    made = list(cloud_of(request).oauth_clients.made.values())
    return JSONResponse(page(request, made, _body, usual=_LARGEST_PAGE))


async def post_client(request: Request) -> Response:
    """POST /api/v2/oauth/clients; the answer tells the secret, for the only time."""
    client = OAuthClient(
        request=_read_request(await read_object(request)), created_by=token_of(request).client_id
    )
    secret = client.renew_secret()
    cloud_of(request).oauth_clients.put(client)
    changes = tuple(
        PropertyChange(key, new=(_as_text(client.request[key]),)) for key in _KEPT if key in client.request
    )
    _audit(request, client, "Create", changes)
    return JSONResponse(_body(client) | {"secret": secret})


async def get_client(request: Request) -> Response:
    """GET /api/v2/oauth/clients/{id}."""
    return JSONResponse(_body(_find_client(request)))


async def put_client(request: Request) -> Response:
    """PUT /api/v2/oauth/clients/{id}: replaces what was asked for; the secret stays."""
    old = _find_client(request)
    update = {"request": _read_request(await read_object(request)), "modified_at": now_iso()}
    new = old.model_copy(update=update)
    cloud_of(request).oauth_clients.put(new)
    _audit(request, new, "Update", _changes(old, new))
    return JSONResponse(_body(new))


async def delete_client(request: Request) -> Response:
    """DELETE /api/v2/oauth/clients/{id}; its tokens and channels end."""
    client, cloud = _find_client(request), cloud_of(request)
    cloud.oauth_clients.delete(client)
    cloud.notifications.revoke_tokens(client.id)
    moment = iso_whole_seconds(now()).replace(".000Z", "Z")
    changes = [PropertyChange("deleted_on", new=(moment,))]
    if client.request.get("scope"):
        changes.append(PropertyChange("scopes", old=tuple(client.request["scope"])))
    _audit(request, client, "Delete", tuple(changes))
    return Response(status_code=204)


def _read_request(body: dict[str, Any]) -> dict[str, Any]:
    """What an OAuthClientRequest asks for, with defaults; raises ApiError 400."""
    if not isinstance(body.get("name"), str) or not body["name"].strip():
        raise bad_request("An OAuth client needs a name.", ["name"])
    if body.get("authorizedGrantType") not in _GRANTS:
        raise bad_request(
            f"authorizedGrantType must be one of {', '.join(_GRANTS)}.", ["authorizedGrantType"]
        )
    seconds = body.get("accessTokenValiditySeconds") or _DAY_SECONDS
    # "between 5mins and 48hrs", says the SDK.
    if not isinstance(seconds, int) or not 300 <= seconds <= 2 * _DAY_SECONDS:
        raise bad_request("accessTokenValiditySeconds must be 300 to 172800.", ["accessTokenValiditySeconds"])
    if body.get("state", "active") not in _STATES:
        raise bad_request(f"state must be one of {', '.join(_STATES)}.", ["state"])
    kept = {key: body[key] for key in _KEPT if body.get(key) is not None}
    return kept | {"accessTokenValiditySeconds": seconds, "state": body.get("state", "active")}


def _changes(old: OAuthClient, new: OAuthClient) -> tuple[PropertyChange, ...]:
    return tuple(
        PropertyChange(key, *((_as_text(side[key]),) if key in side else None for side in sides))
        for key in _KEPT
        if (sides := (old.request, new.request))[0].get(key) != sides[1].get(key)
    )


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)


def _audit(request: Request, client: OAuthClient, action: str, changes: tuple[PropertyChange, ...]) -> None:
    cloud, client_id = cloud_of(request), token_of(request).client_id
    cloud.publisher.publish(oauth_client_audited(client, action, changes, cloud.world.org_id, client_id))


def _find_client(request: Request) -> OAuthClient:
    identity = request.path_params["client_id"]
    client = cloud_of(request).oauth_clients.made.get(identity)
    if client is None:
        raise not_found("OAuth client", identity)
    return client


def _body(client: OAuthClient) -> dict[str, Any]:
    maker = {"id": client.created_by, "selfUri": f"/api/v2/oauth/clients/{client.created_by}"}
    return {
        "id": client.id,
        **client.request,
        "dateCreated": client.created_at,
        "dateModified": client.modified_at,
        "createdBy": maker,
        "modifiedBy": maker,
        "selfUri": f"/api/v2/oauth/clients/{client.id}",
    }


ROUTES = [
    Route("/api/v2/oauth/clients", get_clients),
    Route("/api/v2/oauth/clients", post_client, methods=["POST"]),
    Route("/api/v2/oauth/clients/{client_id}", get_client),
    Route("/api/v2/oauth/clients/{client_id}", put_client, methods=["PUT"]),
    Route("/api/v2/oauth/clients/{client_id}", delete_client, methods=["DELETE"]),
]
