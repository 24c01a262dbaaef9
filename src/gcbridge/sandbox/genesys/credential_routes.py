"""Integration credentials as far as a Terraform provider needs them; the values are dropped on arrival."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gcbridge.sandbox.genesys.answers import bad_request, not_found, page, read_object
from gcbridge.sandbox.genesys.cloud import Cloud, cloud_of
from gcbridge.sandbox.genesys.integration_views import credential_body
from gcbridge.sandbox.genesys.world import Credential

_TYPES = ("basicAuth", "userDefined", "userDefinedOAuth", "pureCloudOAuthClient")


async def get_credential_types(request: Request) -> Response:
    """GET /api/v2/integrations/credentials/types."""
    return JSONResponse(page(request, [{"id": kind, "name": kind} for kind in _TYPES]))


async def get_credentials(request: Request) -> Response:
    """GET /api/v2/integrations/credentials."""
    return JSONResponse(
        page(request, [credential_body(c) for c in cloud_of(request).world.credentials.values()])
    )


async def post_credential(request: Request) -> Response:
    """POST /api/v2/integrations/credentials."""
    return _store(cloud_of(request), _read_credential(await read_object(request)))


async def get_credential(request: Request) -> Response:
    """GET /api/v2/integrations/credentials/{id}."""
    return JSONResponse(credential_body(_find_credential(request)))


async def put_credential(request: Request) -> Response:
    """PUT /api/v2/integrations/credentials/{id}."""
    identity = _find_credential(request).id
    credential = _read_credential(await read_object(request))
    return _store(cloud_of(request), credential.model_copy(update={"id": identity}))


async def delete_credential(request: Request) -> Response:
    """DELETE /api/v2/integrations/credentials/{id}."""
    cloud = cloud_of(request)
    del cloud.world.credentials[_find_credential(request).id]
    cloud.save()
    return Response(status_code=204)


def _store(cloud: Cloud, credential: Credential) -> Response:
    cloud.world.credentials[credential.id] = credential
    cloud.save()
    return JSONResponse(credential_body(credential))


def _read_credential(body: dict[str, Any]) -> Credential:
    kind, fields = body.get("type"), body.get("credentialFields") or {}
    type_id = (kind.get("name") or kind.get("id")) if isinstance(kind, dict) else None
    if type_id not in _TYPES or not isinstance(fields, dict):
        raise bad_request(f"type.name must be one of {', '.join(_TYPES)}.", ["type"])
    return Credential(name=str(body.get("name") or type_id), type_id=type_id, field_names=sorted(fields))


def _find_credential(request: Request) -> Credential:
    identity = request.path_params["credential_id"]
    credential = cloud_of(request).world.credentials.get(identity)
    if credential is None:
        raise not_found("credential", identity)
    return credential


ROUTES = [
    Route("/api/v2/integrations/credentials/types", get_credential_types),
    Route("/api/v2/integrations/credentials", get_credentials),
    Route("/api/v2/integrations/credentials", post_credential, methods=["POST"]),
    Route("/api/v2/integrations/credentials/{credential_id}", get_credential),
    Route("/api/v2/integrations/credentials/{credential_id}", put_credential, methods=["PUT"]),
    Route("/api/v2/integrations/credentials/{credential_id}", delete_credential, methods=["DELETE"]),
]
