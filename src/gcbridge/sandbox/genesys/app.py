"""The HTTP application: routes, and what happens to every request on its way to them."""

from __future__ import annotations

import contextlib
import re
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gcbridge.sandbox.genesys import (
    control_routes,
    credential_routes,
    integration_routes,
    organization_routes,
    topic_routes,
)
from gcbridge.sandbox.genesys.answers import ApiError, error_response
from gcbridge.sandbox.genesys.clock import now_iso
from gcbridge.sandbox.genesys.cloud import Cloud, cloud_of
from gcbridge.sandbox.genesys.tokens import check_bearer, post_token

Next = Callable[[Request], Awaitable[Response]]

# A `gateway` of the Terraform provider or the SDK may put one path segment before the API or the login.
_GATEWAY_PREFIX = re.compile(r"^/[^/]+(?=/api/v2/|/oauth/token$)", re.IGNORECASE)


def build_app(cloud: Cloud) -> Starlette:
    """The application that serves one organization."""

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        del app
        async with cloud.running():
            yield

    application = Starlette(
        routes=_routes(),
        middleware=[Middleware(BaseHTTPMiddleware, dispatch=_guard)],
        exception_handlers={ApiError: _answer_api_error, HTTPException: _answer_http_error},
        lifespan=lifespan,
    )
    application.state.cloud = cloud
    return application


def _routes() -> list[Route]:
    # Order matters: /integrations/types and /credentials come before /integrations/{id}.
    routes = [
        Route("/oauth/token", post_token, methods=["POST"]),
        *organization_routes.ROUTES,
        *topic_routes.ROUTES,
        *credential_routes.ROUTES,
        *integration_routes.ROUTES,
        *control_routes.ROUTES,
    ]
    for route in routes:
        # The Platform API ignores case in paths (the provider writes processAutomation, the docs do not).
        route.path_regex = re.compile(route.path_regex.pattern, re.IGNORECASE)
    return routes


async def _guard(request: Request, call_next: Next) -> Response:
    """Strips a gateway's prefix, applies faults, checks the token, logs, adds the correlation id."""
    cloud = cloud_of(request)
    path = _GATEWAY_PREFIX.sub("", request.url.path)
    request.scope["path"] = path
    response = _refuse_early(cloud, request, path) or await call_next(request)
    response.headers["Inin-Correlation-Id"] = str(uuid.uuid4())
    cloud.requests.append(
        {
            "method": request.method,
            "path": path,
            "query": request.url.query,
            "status": response.status_code,
            "at": now_iso(),
        }
    )
    return response


def _refuse_early(cloud: Cloud, request: Request, path: str) -> Response | None:
    if path.startswith("/_sandbox/"):
        return None
    if failure := cloud.faults.take_failure(request.method, path):
        headers = {} if failure.retry_after is None else {"Retry-After": str(failure.retry_after)}
        text = "The sandbox was told to fail this request."
        return error_response(ApiError(failure.status, "sandbox.fault", text), headers)
    if path.lower().startswith("/api/v2/"):
        refusal = check_bearer(cloud, request.headers.get("authorization", ""))
        return error_response(refusal) if refusal else None
    return None


async def _answer_api_error(request: Request, error: Exception) -> Response:
    del request
    assert isinstance(error, ApiError), "registered for ApiError only"
    return error_response(error)


async def _answer_http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException), "registered for HTTPException only"
    code = {404: "not.found", 405: "method.not.allowed"}.get(error.status_code, "bad.request")
    text = (
        f"{request.method} {request.url.path} is not emulated." if error.status_code == 404 else error.detail
    )
    return error_response(ApiError(error.status_code, code, text))
