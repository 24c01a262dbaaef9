"""What a client reads first: the organization, its products, its users and their presences."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gcbridge.sandbox.genesys.answers import ApiError, bad_request, not_found, page, read_object
from gcbridge.sandbox.genesys.clock import now_iso
from gcbridge.sandbox.genesys.cloud import Cloud, cloud_of
from gcbridge.sandbox.genesys.events import presence_audited, presence_changed
from gcbridge.sandbox.genesys.presences import SYSTEM_PRESENCES, PresenceDefinition, find_presence
from gcbridge.sandbox.genesys.world import Presence, User

_PRODUCTS = ("collaborateFree", "communicate", "engage3", "genesysCloud")


async def get_organization(request: Request) -> Response:
    """GET /api/v2/organizations/me; the Terraform provider needs `defaultCountryCode`."""
    return JSONResponse(
        {
            "id": cloud_of(request).world.org_id,
            "name": "gcbridge sandbox",
            "defaultLanguage": "en-us",
            "defaultCountryCode": "US",
            "thirdPartyOrgName": "gcbridge-sandbox",
            "domain": "gcbridge-sandbox",
            "version": 1,
            "state": "active",
            "voicemailEnabled": False,
            "productPlatform": "GenesysCloud",
            "features": {},
            "selfUri": "/api/v2/organizations/me",
        }
    )


async def get_products(request: Request) -> Response:
    """GET /api/v2/authorization/products; the provider needs `total` and every `id`."""
    del request
    entities = [{"id": product} for product in _PRODUCTS]
    return JSONResponse(
        {"entities": entities, "total": len(entities), "selfUri": "/api/v2/authorization/products"}
    )


async def get_me(request: Request) -> Response:
    """GET /api/v2/users/me is refused, as client credentials act for no user (Genesys CLI blog text)."""
    del request
    text = (
        "This request requires a user context. "
        "Client credentials cannot be used for requests to this resource."
    )
    raise ApiError(400, "bad.request", text)


async def get_users(request: Request) -> Response:
    """GET /api/v2/users, paged."""
    return JSONResponse(page(request, [_user_body(user) for user in cloud_of(request).world.users]))


async def get_user(request: Request) -> Response:
    """GET /api/v2/users/{id}."""
    return JSONResponse(_user_body(_find_user(request)))


async def search_users(request: Request) -> Response:
    """POST /api/v2/users/search: EXACT queries over `email`, `name` and `id`, joined by AND."""
    body = await read_object(request)
    queries = body.get("query") or []
    if not isinstance(queries, list) or not all(isinstance(query, dict) for query in queries):
        raise bad_request("query must be a list of criteria.", ["query"])
    found = [
        user for user in cloud_of(request).world.users if all(_answers(user, query) for query in queries)
    ]
    size = int(body.get("pageSize", 25))
    return JSONResponse(
        {
            "total": len(found),
            "pageCount": max(1, -(-len(found) // size)),
            "pageSize": size,
            "pageNumber": 1,
            "results": [_user_body(user) for user in found[:size]],
        }
    )


def _answers(user: User, query: dict[str, Any]) -> bool:
    if query.get("type") != "EXACT":
        raise bad_request("query.type: the emulator knows EXACT only.", ["query"])
    searched = {"email": user.email, "name": user.name, "id": user.id}
    wanted = str(query.get("value", "")).casefold()
    return any(searched.get(field, "").casefold() == wanted for field in query.get("fields", []))


async def get_presence_definitions(request: Request) -> Response:
    """GET /api/v2/presence/definitions."""
    return JSONResponse(page(request, [_definition_body(p) for p in SYSTEM_PRESENCES.values()]))


async def get_old_presence_definitions(request: Request) -> Response:
    """GET /api/v2/presencedefinitions, the older resource with `primary`."""
    return JSONResponse(page(request, [_old_definition_body(p) for p in SYSTEM_PRESENCES.values()]))


async def get_user_presence(request: Request) -> Response:
    """GET /api/v2/users/{id}/presences/purecloud."""
    return JSONResponse(_presence_body(_find_user(request)))


async def patch_user_presence(request: Request) -> Response:
    """PATCH /api/v2/users/{id}/presences/purecloud; a change sends a presence and an audit event."""
    user = _find_user(request)
    body = await read_object(request)
    old = SYSTEM_PRESENCES[user.presence.definition_id]
    new = _wanted_presence(body) or old
    message = str(body.get("message", user.presence.message))
    if (new, message) != (old, user.presence.message):
        _change_presence(
            cloud_of(request), user, Presence(definition_id=new.id, message=message, modified_at=now_iso())
        )
    return JSONResponse(_presence_body(user))


def _change_presence(cloud: Cloud, user: User, presence: Presence) -> None:
    old, user.presence = user.presence, presence
    cloud.save()
    cloud.delivery.publish(presence_changed(user))
    if old.definition_id != presence.definition_id:
        definitions = SYSTEM_PRESENCES[old.definition_id], SYSTEM_PRESENCES[presence.definition_id]
        cloud.delivery.publish(presence_audited(user, *definitions))


def _wanted_presence(body: dict[str, Any]) -> PresenceDefinition | None:
    reference = body.get("presenceDefinition")
    if reference is None:
        return None
    definition = find_presence(reference) if isinstance(reference, dict) else None
    if definition is None:
        raise bad_request("presenceDefinition: no such presence definition.", ["presenceDefinition"])
    return definition


def _find_user(request: Request) -> User:
    identity = request.path_params["user_id"]
    for user in cloud_of(request).world.users:
        if user.id == identity:
            return user
    raise not_found("user", identity)


def _user_body(user: User) -> dict[str, Any]:
    return {
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


def _presence_body(user: User) -> dict[str, Any]:
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


def _definition_body(definition: PresenceDefinition) -> dict[str, Any]:
    return {
        "id": definition.id,
        "type": "System",
        "languageLabels": {"en_US": definition.label},
        "systemPresence": definition.system_presence,
        "divisionId": "*",
        "deactivated": False,
        "selfUri": f"/api/v2/presence/definitions/{definition.id}",
    }


def _old_definition_body(definition: PresenceDefinition) -> dict[str, Any]:
    return {
        "id": definition.id,
        "name": definition.label,
        "languageLabels": {"en_US": definition.label},
        "systemPresence": definition.label,
        "deactivated": False,
        "primary": True,
        "selfUri": f"/api/v2/presencedefinitions/{definition.id}",
    }


ROUTES = [
    Route("/api/v2/organizations/me", get_organization),
    Route("/api/v2/authorization/products", get_products),
    Route("/api/v2/users", get_users),
    Route("/api/v2/users/me", get_me),
    Route("/api/v2/users/search", search_users, methods=["POST"]),
    Route("/api/v2/users/{user_id}", get_user),
    Route("/api/v2/users/{user_id}/presences/purecloud", get_user_presence),
    Route("/api/v2/users/{user_id}/presences/purecloud", patch_user_presence, methods=["PATCH"]),
    Route("/api/v2/presence/definitions", get_presence_definitions),
    Route("/api/v2/presencedefinitions", get_old_presence_definitions),
]
