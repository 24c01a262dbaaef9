"""Flows: listed, read, locked, unlocked and deleted."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gcbridge.sandbox.genesys.answers import ApiError, bad_request, not_found, page, query_list
from gcbridge.sandbox.genesys.architect.flows import Flow
from gcbridge.sandbox.genesys.cloud import cloud_of
from gcbridge.sandbox.genesys.events import flow_audited
from gcbridge.sandbox.genesys.token_routes import token_of


async def get_flows(request: Request) -> Response:
    """GET /api/v2/flows: by `id`, or by `name`, `nameOrDescription` (asterisks, no case) and `type`."""
    flows = list(cloud_of(request).flows.all.values())
    if wanted := query_list(request, "id"):
        return JSONResponse(page(request, [flow for flow in flows if flow.id in wanted], flow_body))
    types = {kind.upper() for kind in query_list(request, "type")}
    found = [flow for flow in flows if _is_asked_for(request, flow) and (not types or flow.type in types)]
    return JSONResponse(page(request, found, flow_body))


async def get_flow(request: Request) -> Response:
    """GET /api/v2/flows/{id}."""
    return JSONResponse(flow_body(_find_flow(request)))


async def delete_flow(request: Request) -> Response:
    """DELETE /api/v2/flows/{id}: 409 while another client has checked it out; nobody asks which triggers start it."""
    cloud, flow = cloud_of(request), _find_flow(request)
    client_id = token_of(request).client_id
    if flow.is_locked_for(client_id):
        raise _locked(flow)
    cloud.flows.delete(flow)
    cloud.publisher.publish(flow_audited(flow, "Delete", cloud.world.org_id, client_id))
    return Response(status_code=204)


async def post_checkout(request: Request) -> Response:
    """POST /api/v2/flows/actions/checkout?flow=: locks it for the calling client."""
    flow, client_id = _flow_of_query(request), token_of(request).client_id
    if flow.is_locked_for(client_id):
        raise _locked(flow)
    return _lock(request, flow, client_id)


async def post_unlock(request: Request) -> Response:
    """POST /api/v2/flows/actions/unlock?flow=: ends the lock, whoever holds it."""
    return _lock(request, _flow_of_query(request), None)


def _lock(request: Request, flow: Flow, client_id: str | None) -> Response:
    changed = flow.model_copy(update={"locked_by": client_id})
    cloud_of(request).flows.put([changed])
    return JSONResponse(flow_body(changed))


def _is_asked_for(request: Request, flow: Flow) -> bool:
    name, either = request.query_params.get("name"), request.query_params.get("nameOrDescription")
    named = name is None or _fits(flow.name, name)
    return named and (either is None or _fits(flow.name, either) or _fits(flow.description, either))


def _fits(text: str, pattern: str) -> bool:
    # Without brackets, so that a name with some is found by itself.
    plain = pattern.lower().replace("[", "[[]")
    return fnmatchcase(text.lower(), plain)


def _find_flow(request: Request) -> Flow:
    return _require(request, request.path_params["flow_id"])


def _flow_of_query(request: Request) -> Flow:
    identity = request.query_params.get("flow")
    if not identity:
        raise bad_request("flow: the id of a flow is required.", ["flow"])
    return _require(request, identity)


def _require(request: Request, identity: str) -> Flow:
    flow = cloud_of(request).flows.all.get(identity)
    if flow is None:
        raise not_found("flow", identity)
    return flow


def _locked(flow: Flow) -> ApiError:
    text = f"Flow {flow.name} is locked by client {flow.locked_by}."
    return ApiError(409, "architect.flow.locked.by.client", text)


def flow_body(flow: Flow) -> dict[str, Any]:
    """A Flow of the SDK, as far as the Terraform provider and people read it."""
    uri = f"/api/v2/flows/{flow.id}"
    body = {
        "id": flow.id,
        "name": flow.name,
        "division": {"name": flow.division},
        "description": flow.description,
        "type": flow.type,
        "active": True,
        "system": False,
        "deleted": False,
        "publishedVersion": version_body(flow),
        "selfUri": uri,
    }
    return body | ({"lockedClient": {"id": flow.locked_by}} if flow.locked_by else {})


def version_body(flow: Flow) -> dict[str, Any]:
    """The published version as a FlowVersion."""
    return {
        "id": f"{flow.version}.0",
        "name": f"{flow.version}.0",
        "type": "PUBLISH",
        "datePublished": flow.published_at,
        "createdByClient": {"id": flow.published_by},
        "selfUri": f"/api/v2/flows/{flow.id}/versions/{flow.version}.0",
    }


ROUTES = [
    Route("/api/v2/flows", get_flows),
    Route("/api/v2/flows/actions/checkout", post_checkout, methods=["POST"]),
    Route("/api/v2/flows/actions/unlock", post_unlock, methods=["POST"]),
    Route("/api/v2/flows/{flow_id}", get_flow),
    Route("/api/v2/flows/{flow_id}", delete_flow, methods=["DELETE"]),
]
