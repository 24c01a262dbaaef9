"""Bodies the Platform API answers with: errors, pages, and reading a request's JSON."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse

_LARGEST_PAGE = 500
Entity = TypeVar("Entity")


class ApiError(Exception):
    """Turned into Genesys's error body; `code` is the dotted word of the Platform API, e.g. not.found."""

    def __init__(self, status: int, code: str, message: str, details: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.details = details


def error_response(error: ApiError, headers: dict[str, str] | None = None) -> JSONResponse:
    """The body every failed call gets: status, code, message, messageParams, contextId, details, errors."""
    body = {
        "status": error.status,
        "code": error.code,
        "message": error.message,
        "messageWithParams": error.message,
        "messageParams": {},
        "contextId": str(uuid.uuid4()),
        "details": [{"errorCode": error.code, "fieldName": text.partition(":")[0]} for text in error.details],
        "errors": [],
    }
    return JSONResponse(body, status_code=error.status, headers=headers)


def not_found(what: str, identity: str) -> ApiError:
    """404 for one thing that does not exist."""
    return ApiError(404, "not.found", f"The requested {what} {identity} was not found.")


def bad_request(message: str, details: Sequence[str] = ()) -> ApiError:
    """400 with the reason."""
    return ApiError(400, "bad.request", message, details)


async def read_object(request: Request) -> dict[str, Any]:
    """The request's JSON object; raises ApiError 400 for anything else."""
    try:
        body = json.loads(await request.body())
    except ValueError as error:
        raise bad_request(
            "The request could not be understood by the server due to malformed syntax."
        ) from error
    if not isinstance(body, dict):
        raise bad_request("The request body must be a JSON object.")
    return body


async def read_list(request: Request) -> list[dict[str, Any]]:
    """The request's JSON list of objects; raises ApiError 400 for anything else."""
    try:
        body = json.loads(await request.body())
    except ValueError as error:
        raise bad_request("The request body must be a JSON list.") from error
    if not isinstance(body, list) or not all(isinstance(entry, dict) for entry in body):
        raise bad_request("The request body must be a JSON list of objects.")
    return body


def query_list(request: Request, name: str) -> list[str]:
    """The values of a query parameter, which SDKs repeat or separate by commas."""
    return [value for text in request.query_params.getlist(name) for value in text.split(",") if value]


def page(
    request: Request,
    entities: Sequence[Entity],
    view: Callable[[Entity], dict[str, Any]] = lambda entity: cast("dict[str, Any]", entity),
    *,
    largest: int = _LARGEST_PAGE,
    usual: int = 25,
) -> dict[str, Any]:
    """One page of a listing, cut by the query's pageSize and pageNumber (from 1).

    Args:
        request: whose query says which page.
        entities: all there are.
        view: makes the body of one; only those of the page are made.
        largest: a wish for more is cut to it.
        usual: the size where the query names none.
    """
    size = min(_positive(request, "pageSize", usual), largest)
    number = _positive(request, "pageNumber", 1)
    last = max(1, -(-len(entities) // size))
    uris = {
        key: _page_uri(request, size, at)
        for key, at in (("selfUri", number), ("firstUri", 1), ("lastUri", last))
    }
    if number < last:
        uris["nextUri"] = _page_uri(request, size, number + 1)
    return {
        "entities": [view(entity) for entity in entities[(number - 1) * size : number * size]],
        "pageSize": size,
        "pageNumber": number,
        "total": len(entities),
        "pageCount": last,
        **uris,
    }


def _page_uri(request: Request, size: int, number: int) -> str:
    others = [
        (key, value)
        for key, value in request.query_params.multi_items()
        if key not in ("pageSize", "pageNumber")
    ]
    query = urlencode([("pageSize", size), ("pageNumber", number), *others])
    return f"{request.url.path}?{query}"


def _positive(request: Request, name: str, default: int) -> int:
    text = request.query_params.get(name, str(default))
    if not text.isdecimal() or int(text) < 1:
        raise bad_request(f"{name} must be a positive whole number, not {text!r}.")
    return int(text)
