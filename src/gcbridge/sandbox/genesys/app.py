"""The HTTP application: routes, and what happens to every request on its way to them."""

from __future__ import annotations

import contextlib
import re
import uuid
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gcbridge.sandbox.genesys import (
    audit_routes,
    control_routes,
    conversation_routes,
    credential_routes,
    fault_routes,
    integration_routes,
    listing_routes,
    oauth_client_routes,
    organization_routes,
    presence_routes,
    queue_routes,
    token_routes,
    topic_routes,
    user_routes,
)
from gcbridge.sandbox.genesys.answers import ApiError, error_response
from gcbridge.sandbox.genesys.architect import execution_routes, flow_routes, job_routes
from gcbridge.sandbox.genesys.clock import now_iso
from gcbridge.sandbox.genesys.cloud import Cloud
from gcbridge.sandbox.genesys.notifications import channel_routes, socket_routes
from gcbridge.sandbox.genesys.process_automation import trial_routes, trigger_routes
from gcbridge.sandbox.genesys.token_routes import authenticate

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
        middleware=[Middleware(Guard, cloud=cloud)],
        exception_handlers={ApiError: _answer_api_error, HTTPException: _answer_http_error},
        lifespan=lifespan,
    )
    application.state.cloud = cloud
    return application


def _routes() -> list[Route | WebSocketRoute]:
    # Order matters: /integrations/types and /credentials come before /integrations/{id}, /flows/... before /flows/{id}.
    routes: list[Route | WebSocketRoute] = [
        *token_routes.ROUTES,
        *organization_routes.ROUTES,
        *user_routes.ROUTES,
        *presence_routes.ROUTES,
        *queue_routes.ROUTES,
        *listing_routes.ROUTES,
        *job_routes.ROUTES,
        *execution_routes.ROUTES,
        *flow_routes.ROUTES,
        *trial_routes.ROUTES,
        *trigger_routes.ROUTES,
        *topic_routes.ROUTES,
        *channel_routes.ROUTES,
        *socket_routes.ROUTES,
        *audit_routes.ROUTES,
        *conversation_routes.ROUTES,
        *oauth_client_routes.ROUTES,
        *credential_routes.ROUTES,
        *integration_routes.ROUTES,
        *control_routes.ROUTES,
        *fault_routes.ROUTES,
    ]
    for route in routes:
        # The Platform API ignores case in paths (the provider writes processAutomation, the docs do not).
        route.path_regex = re.compile(route.path_regex.pattern, re.IGNORECASE)
    return routes


class Guard:
    """Strips a gateway's prefix, applies faults, checks the token, logs, adds the correlation id."""

    def __init__(self, app: ASGIApp, cloud: Cloud) -> None:
        self._app = app
        self._cloud = cloud

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, or anything else, which passes."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope["path"] = path = _GATEWAY_PREFIX.sub("", scope["path"])

        async def send_marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["Inin-Correlation-Id"] = str(uuid.uuid4())
                self._log(scope, path, message["status"])
            await send(message)

        # A connection whose request was answered before it was read whole cannot be used again, and is closed: a
        # client that sends its body after its headers would then meet a dead connection at its next request.
        read = await _read_whole(receive)
        refusal = self._refuse_early(Request(scope), path)
        await (refusal or self._app)(scope, read, send_marked)

    def _refuse_early(self, request: Request, path: str) -> Response | None:
        if path.startswith("/_sandbox/"):
            return None
        if failure := self._cloud.faults.take_failure(request.method, path):
            headers = {} if failure.retry_after is None else {"Retry-After": str(failure.retry_after)}
            text = "The sandbox was told to fail this request."
            return error_response(ApiError(failure.status, "sandbox.fault", text), headers)
        if path.lower().startswith("/api/v2/"):
            try:
                request.state.token = authenticate(self._cloud, request.headers.get("authorization", ""))
            except ApiError as refusal:
                return error_response(refusal)
        return None

    def _log(self, scope: Scope, path: str, status: int) -> None:
        self._cloud.requests.append(
            {
                "method": scope["method"],
                "path": path,
                "query": scope["query_string"].decode("latin-1"),
                "status": status,
                "at": now_iso(),
            }
        )


async def _read_whole(receive: Receive) -> Receive:
    """What hands out the request's body again, in one piece."""
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def read() -> Message:
        return waiting.pop() if waiting else await receive()

    return read


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
