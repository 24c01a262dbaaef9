"""Audit queries: asynchronous ones with a cursor, and realtime ones with pages."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gcbridge.sandbox.genesys.answers import bad_request, read_object
from gcbridge.sandbox.genesys.audit_log import FILTER_COLUMNS, AuditQuery
from gcbridge.sandbox.genesys.clock import read_interval
from gcbridge.sandbox.genesys.cloud import cloud_of

_LARGEST_PAGE = 500
_KNOWN_KINDS = (
    ("Architect", "Flow", "Create"),
    ("Architect", "Flow", "Delete"),
    ("Architect", "Flow", "Publish"),
    ("Integrations", "Integration", "Create"),
    ("Integrations", "Integration", "Update"),
    ("Integrations", "Integration", "Delete"),
    ("PeoplePermissions", "OAuthClient", "Create"),
    ("PeoplePermissions", "OAuthClient", "Update"),
    ("PeoplePermissions", "OAuthClient", "Delete"),
    ("Presence", "UserPresence", "Update"),
    ("ProcessAutomation", "Trigger", "Create"),
    ("ProcessAutomation", "Trigger", "Update"),
    ("ProcessAutomation", "Trigger", "Delete"),
)
"""What the emulator audits by itself."""


async def get_service_mapping(request: Request) -> Response:
    """GET /api/v2/audits/query/servicemapping and .../realtime/servicemapping: what is audited here."""
    services: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for service, entity_type, action in sorted({*_KNOWN_KINDS, *cloud_of(request).audit_log.kinds()}):
        services[service][entity_type].append(action)
    return JSONResponse(
        {
            "services": [
                {
                    "name": service,
                    "entities": [
                        {"name": name, "actions": list(actions)} for name, actions in entities.items()
                    ],
                }
                for service, entities in services.items()
            ]
        }
    )


async def post_query(request: Request) -> Response:
    """POST /api/v2/audits/query: begins a query; its results can be read once its state is Succeeded."""
    cloud, body = cloud_of(request), await read_object(request)
    begun = cloud.audit_queries.begin(_read_query(body), body)
    return JSONResponse(begun.body(cloud.settings.audit_query_seconds), status_code=202)


async def get_query(request: Request) -> Response:
    """GET /api/v2/audits/query/{transactionId}: Queued, Running or Succeeded."""
    cloud = cloud_of(request)
    begun = cloud.audit_queries.find(request.path_params["transaction_id"])
    return JSONResponse(begun.body(cloud.settings.audit_query_seconds))


async def get_results(request: Request) -> Response:
    """GET /api/v2/audits/query/{transactionId}/results?cursor=&pageSize=: 400 until it has Succeeded."""
    cloud = cloud_of(request)
    begun = cloud.audit_queries.find(request.path_params["transaction_id"])
    if begun.state(cloud.settings.audit_query_seconds) != "Succeeded":
        raise bad_request("The query has not succeeded yet.")
    size = _number(request.query_params.get("pageSize", "25"), "pageSize")
    offset = _number(request.query_params.get("cursor", "0"), "cursor", least=0)
    found = cloud.audit_log.find(begun.query, limit=size + 1, offset=offset)
    body = {"id": begun.id, "pageSize": size, "entities": [_audit_body(audit) for audit in found[:size]]}
    cursor = {"cursor": str(offset + size)} if len(found) > size else {}
    return JSONResponse(body | cursor)


async def post_realtime_query(request: Request) -> Response:
    """POST /api/v2/audits/query/realtime: one page, at once."""
    cloud, body = cloud_of(request), await read_object(request)
    query = _read_query(body)
    size = _number(body.get("pageSize", 25), "pageSize")
    number = _number(body.get("pageNumber", 1), "pageNumber")
    total = cloud.audit_log.count(query)
    found = cloud.audit_log.find(query, limit=size, offset=(number - 1) * size)
    return JSONResponse(
        {
            "entities": [_audit_body(audit) for audit in found],
            "pageSize": size,
            "pageNumber": number,
            "total": total,
            "pageCount": -(-total // size),
        }
    )


def _read_query(body: dict[str, Any]) -> AuditQuery:
    since, until = read_interval(body.get("interval"))
    filters = body.get("filters") or []
    for item in filters:
        if not isinstance(item, dict) or item.get("property") not in FILTER_COLUMNS:
            known = ", ".join(FILTER_COLUMNS)
            raise bad_request(f"filters: property must be one of {known}.", ["filters"])
    orders = [item.get("sortOrder") for item in body.get("sort") or [] if isinstance(item, dict)]
    return AuditQuery(
        since=since,
        until=until,
        service=body.get("serviceName"),
        filters=tuple((item["property"], str(item.get("value"))) for item in filters),
        is_descending="ascending" not in orders,
    )


def _number(text: Any, name: str, least: int = 1) -> int:
    if not str(text).isdecimal() or int(text) < least:
        raise bad_request(f"{name} must be a whole number from {least}, not {text!r}.", [name])
    return min(int(text), _LARGEST_PAGE) if name == "pageSize" else int(text)


def _audit_body(audit: dict[str, Any]) -> dict[str, Any]:
    """An AuditLogMessage, which names things otherwise than the event does."""
    entity = audit.get("entity") or {}
    body: dict[str, Any] = {
        "id": audit.get("id"),
        "userHomeOrgId": audit.get("userHomeOrgId"),
        "serviceName": audit.get("serviceName"),
        "level": audit.get("level", "USER"),
        "eventDate": audit.get("eventTime"),
        "action": audit.get("action"),
        "entity": {**entity, "selfUri": ""},
        "entityType": audit.get("entityType"),
        "status": "SUCCESS",
        "propertyChanges": audit.get("propertyChanges", []),
        "context": {},
    }
    if user_id := audit.get("userId"):
        body["user"] = {"id": user_id, "selfUri": f"/api/v2/users/{user_id}"}
    if client_id := (audit.get("clientId") or {}).get("id"):
        body["client"] = {"id": client_id, "selfUri": f"/api/v2/oauth/clients/{client_id}"}
    return {key: value for key, value in body.items() if value is not None}


ROUTES = [
    Route("/api/v2/audits/query/servicemapping", get_service_mapping),
    Route("/api/v2/audits/query/realtime/servicemapping", get_service_mapping),
    Route("/api/v2/audits/query/realtime", post_realtime_query, methods=["POST"]),
    Route("/api/v2/audits/query", post_query, methods=["POST"]),
    Route("/api/v2/audits/query/{transaction_id}", get_query),
    Route("/api/v2/audits/query/{transaction_id}/results", get_results),
]
