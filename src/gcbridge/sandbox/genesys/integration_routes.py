"""Integrations: create, configure (optimistic locking), enable, disable, delete; all of it audited."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gcbridge.sandbox.genesys.answers import ApiError, bad_request, not_found, page, read_object
from gcbridge.sandbox.genesys.cloud import Cloud, cloud_of
from gcbridge.sandbox.genesys.eventbridge_type import (
    TYPE_ID,
    TYPE_NAME,
    property_problems,
    schema_document,
    type_document,
)
from gcbridge.sandbox.genesys.events import PropertyChange, integration_audited
from gcbridge.sandbox.genesys.integration_views import configuration_body, integration_body
from gcbridge.sandbox.genesys.token_routes import token_of
from gcbridge.sandbox.genesys.world import Configuration, Integration

_AUDITED_FIELDS = ("name", "notes", "properties", "advanced")
_SOURCE_KEYS = ("eventSourceSuffix", "awsAccountId", "awsAccountRegion")


async def get_types(request: Request) -> Response:
    """GET /api/v2/integrations/types."""
    return JSONResponse(page(request, [type_document()]))


async def get_type(request: Request) -> Response:
    """GET /api/v2/integrations/types/{id}."""
    _check_type(request.path_params["type_id"], 404)
    return JSONResponse(type_document())


async def get_type_schema(request: Request) -> Response:
    """GET /api/v2/integrations/types/{id}/configschemas/{properties|advanced}."""
    _check_type(request.path_params["type_id"], 404)
    schema = schema_document(request.path_params["kind"])
    if schema is None:
        raise not_found("configuration schema", request.path_params["kind"])
    return JSONResponse(schema)


async def get_integrations(request: Request) -> Response:
    """GET /api/v2/integrations?integrationType=&reportedState=&expand=config.current."""
    wanted_type = request.query_params.get("integrationType")
    wanted_state = request.query_params.get("reportedState")
    bodies = [
        integration_body(integration, expand_config=_expands_config(request))
        for integration in cloud_of(request).world.integrations.values()
        if wanted_type in (None, integration.type_id) and wanted_state in (None, integration.reported.code)
    ]
    return JSONResponse(page(request, bodies))


async def post_integration(request: Request) -> Response:
    """POST /api/v2/integrations; a new one is disabled, its configuration empty and of version 1."""
    cloud = cloud_of(request)
    body = await read_object(request)
    reference = body.get("integrationType")
    type_id = reference.get("id") if isinstance(reference, dict) else None
    _check_type(type_id, 400)
    integration = Integration(
        type_id=TYPE_ID, configuration=Configuration(name=str(body.get("name") or TYPE_NAME))
    )
    cloud.world.integrations[integration.id] = integration
    cloud.save()
    _audit(request, integration, "Create", ())
    return JSONResponse(integration_body(integration, expand_config=True))


async def get_integration(request: Request) -> Response:
    """GET /api/v2/integrations/{id}."""
    integration = _find_integration(request)
    return JSONResponse(integration_body(integration, expand_config=_expands_config(request)))


async def patch_integration(request: Request) -> Response:
    """PATCH /api/v2/integrations/{id}: `intendedState` ENABLED or DISABLED."""
    cloud, integration = cloud_of(request), _find_integration(request)
    wanted = (await read_object(request)).get("intendedState", integration.intended_state)
    if wanted not in ("ENABLED", "DISABLED"):
        raise bad_request(f"intendedState must be ENABLED or DISABLED, not {wanted!r}.", ["intendedState"])
    old = integration.intended_state
    if wanted != old:
        _change_state(cloud, integration, wanted)
        _audit(request, integration, "Update", (PropertyChange("intendedState", (old,), (wanted,)),))
    return JSONResponse(integration_body(integration, expand_config=_expands_config(request)))


async def delete_integration(request: Request) -> Response:
    """DELETE /api/v2/integrations/{id}; its partner event source goes with it."""
    cloud, integration = cloud_of(request), _find_integration(request)
    cloud.activations.delete(integration)
    cloud.save()
    _audit(request, integration, "Delete", ())
    return JSONResponse(integration_body(integration, expand_config=False))


async def get_configuration(request: Request) -> Response:
    """GET /api/v2/integrations/{id}/config/current."""
    return JSONResponse(configuration_body(_find_integration(request)))


async def put_configuration(request: Request) -> Response:
    """PUT /api/v2/integrations/{id}/config/current: replaces everything if `version` is the current one."""
    cloud, integration = cloud_of(request), _find_integration(request)
    body = await read_object(request)
    old = integration.configuration
    _check_version(body.get("version"), old.version)
    new = _read_configuration(body, old.version + 1)
    _check_properties(new.properties, required=integration.intended_state == "ENABLED")
    integration.configuration = new
    if integration.intended_state == "ENABLED" and _needs_activation(integration, old):
        cloud.activations.enable(integration)
    cloud.save()
    _audit(request, integration, "Update", _configuration_changes(old, new))
    return JSONResponse(configuration_body(integration))


def _change_state(cloud: Cloud, integration: Integration, wanted: str) -> None:
    if wanted == "ENABLED":
        _check_properties(integration.configuration.properties, required=True)
        cloud.activations.enable(integration)
    else:
        cloud.activations.disable(integration)
    cloud.save()


def _needs_activation(integration: Integration, old: Configuration) -> bool:
    new = integration.configuration
    moved = any(old.properties.get(key) != new.properties.get(key) for key in _SOURCE_KEYS)
    return moved or integration.reported.code == "ERROR"


def _check_version(given: Any, current: int) -> None:
    if not isinstance(given, int) or isinstance(given, bool):
        raise bad_request("version: the current version number is required.", ["version"])
    if given != current:
        text = f"The supplied version {given} does not match the current version {current}."
        raise ApiError(409, "general.conflict", text)


def _read_configuration(body: dict[str, Any], version: int) -> Configuration:
    name = body.get("name")
    if not isinstance(name, str) or not name.strip():
        raise bad_request("name: an integration needs a name.", ["name"])
    objects = {key: body.get(key) or {} for key in ("properties", "advanced", "credentials")}
    for key, value in objects.items():
        if not isinstance(value, dict):
            raise bad_request(f"{key} must be a JSON object.", [key])
    return Configuration(name=name, version=version, notes=str(body.get("notes") or ""), **objects)


def _check_properties(properties: dict[str, Any], *, required: bool) -> None:
    problems = property_problems(properties) if properties or required else []
    if problems:
        raise bad_request("Invalid integration properties: " + "; ".join(problems), problems)


def _configuration_changes(old: Configuration, new: Configuration) -> tuple[PropertyChange, ...]:
    return tuple(
        PropertyChange(field, (_as_text(getattr(old, field)),), (_as_text(getattr(new, field)),))
        for field in _AUDITED_FIELDS
        if getattr(old, field) != getattr(new, field)
    )


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)


def _audit(
    request: Request, integration: Integration, action: str, changes: tuple[PropertyChange, ...]
) -> None:
    cloud, client_id = cloud_of(request), token_of(request).client_id
    cloud.publisher.publish(integration_audited(integration, action, changes, cloud.world.org_id, client_id))


def _check_type(type_id: Any, status: int) -> None:
    if type_id != TYPE_ID:
        code = "not.found" if status == 404 else "bad.request"
        raise ApiError(status, code, f"Integration type {type_id!r} is not emulated; only {TYPE_ID} is.")


def _find_integration(request: Request) -> Integration:
    identity = request.path_params["integration_id"]
    integration = cloud_of(request).world.integrations.get(identity)
    if integration is None:
        raise not_found("integration", identity)
    return integration


def _expands_config(request: Request) -> bool:
    return "config.current" in ",".join(request.query_params.getlist("expand")).split(",")


ROUTES = [
    Route("/api/v2/integrations/types", get_types),
    Route("/api/v2/integrations/types/{type_id}", get_type),
    Route("/api/v2/integrations/types/{type_id}/configschemas/{kind}", get_type_schema),
    Route("/api/v2/integrations", get_integrations),
    Route("/api/v2/integrations", post_integration, methods=["POST"]),
    Route("/api/v2/integrations/{integration_id}", get_integration),
    Route("/api/v2/integrations/{integration_id}", patch_integration, methods=["PATCH"]),
    Route("/api/v2/integrations/{integration_id}", delete_integration, methods=["DELETE"]),
    Route("/api/v2/integrations/{integration_id}/config/current", get_configuration),
    Route("/api/v2/integrations/{integration_id}/config/current", put_configuration, methods=["PUT"]),
]
