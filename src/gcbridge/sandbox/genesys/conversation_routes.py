"""The conversation detail query, over what is remembered of emitted events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gcbridge.sandbox.genesys.answers import bad_request, not_found, read_object
from gcbridge.sandbox.genesys.clock import read_interval
from gcbridge.sandbox.genesys.cloud import cloud_of

_LARGEST_PAGE = 100
_DIMENSIONS = {
    "conversationId",
    "originatingDirection",
    "participantId",
    "userId",
    "externalContactId",
    "purpose",
    "sessionId",
    "mediaType",
    "direction",
    "provider",
    "ani",
    "dnis",
    "queueId",
}
_ORDERS = {"conversationStart", "conversationEnd"}


async def post_details_query(request: Request) -> Response:
    """POST /api/v2/analytics/conversations/details/query: `matches` over dimensions, pages, by start or end."""
    body = await read_object(request)
    since, until = read_interval(body.get("interval"))
    filters = [*(body.get("conversationFilters") or []), *(body.get("segmentFilters") or [])]
    found = [
        conversation
        for conversation in cloud_of(request).conversations.all()
        if conversation["conversationStart"] < until
        and conversation.get("conversationEnd", until) >= since
        and all(_passes(conversation, condition) for condition in filters)
    ]
    return JSONResponse({"conversations": _page(body, _sorted(body, found)), "totalHits": len(found)})


async def get_details(request: Request) -> Response:
    """GET /api/v2/analytics/conversations/{id}/details."""
    identity = request.path_params["conversation_id"]
    conversation = cloud_of(request).conversations.get(identity)
    if conversation is None:
        raise not_found("conversation", identity)
    return JSONResponse(conversation)


def _passes(conversation: Mapping[str, Any], condition: Any) -> bool:
    """One filter, or a clause of it: `and` or `or` over its predicates and clauses."""
    if not isinstance(condition, dict) or condition.get("type") not in ("and", "or"):
        raise bad_request("A filter has a type, `and` or `or`.", ["type"])
    results = [_passes(conversation, clause) for clause in condition.get("clauses") or []]
    results += [_matches(conversation, predicate) for predicate in condition.get("predicates") or []]
    return all(results) if condition["type"] == "and" else any(results)


def _matches(conversation: Mapping[str, Any], predicate: Mapping[str, Any]) -> bool:
    dimension, operator = predicate.get("dimension"), predicate.get("operator") or "matches"
    if dimension not in _DIMENSIONS or operator not in ("matches", "exists", "notExists"):
        raise bad_request(f"The emulator does not filter by {dimension} with {operator}.", ["predicates"])
    values = {str(value) for value in _values(conversation, str(dimension))}
    if operator == "matches":
        return str(predicate.get("value")) in values
    return bool(values) == (operator == "exists")


def _values(document: Any, key: str) -> Iterator[Any]:
    """Every value of that key, at any depth."""
    if isinstance(document, dict):
        if key in document:
            yield document[key]
        for value in document.values():
            yield from _values(value, key)
    elif isinstance(document, list):
        for item in document:
            yield from _values(item, key)


def _sorted(body: Mapping[str, Any], found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    order = body.get("orderBy") or "conversationStart"
    if order not in _ORDERS:
        raise bad_request(f"orderBy must be one of {', '.join(sorted(_ORDERS))}.", ["orderBy"])
    return sorted(found, key=lambda one: str(one.get(order, "")), reverse=body.get("order") == "desc")


def _page(body: Mapping[str, Any], found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    paging = body.get("paging") or {}
    size, number = paging.get("pageSize", 25), paging.get("pageNumber", 1)
    if not (isinstance(size, int) and isinstance(number, int) and 1 <= size <= _LARGEST_PAGE and number >= 1):
        raise bad_request(f"paging: pageSize is 1 to {_LARGEST_PAGE}, pageNumber from 1.", ["paging"])
    return found[(number - 1) * size : number * size]


ROUTES = [
    Route("/api/v2/analytics/conversations/details/query", post_details_query, methods=["POST"]),
    Route("/api/v2/analytics/conversations/{conversation_id}/details", get_details),
]
