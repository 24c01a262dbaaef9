"""A moment before each answer to a client written in Go, such as the Terraform provider.

On one machine the answer to a small POST can be there before Go's HTTP client is done with its own
request. As observed with provider 5.100.0, it then drops the connection after the answer's headers
and sends the request again; an AddPermission that is sent twice never succeeds, since the
statement exists. AWS is never that quick.
"""

from __future__ import annotations

import asyncio
from typing import Any

from gcbridge.sandbox.aws.persistence import AsgiApp

GO_CLIENT = b"aws-sdk-go"
PAUSE_SECONDS = 0.01


def is_hurried(scope: Any) -> bool:
    """Whether a request with a body comes from a client in Go."""
    if scope["type"] != "http" or scope["method"] in {"GET", "HEAD", "DELETE"}:
        return False
    return any(name.lower() == b"user-agent" and GO_CLIENT in value for name, value in scope["headers"])


class UnhurriedApp:
    """An ASGI application that lets Go's client finish its request before it is answered."""

    def __init__(self, app: AsgiApp, pause: float = PAUSE_SECONDS) -> None:
        self._app = app
        self._pause = pause

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass the request on, and its answer back after a pause."""

        async def send_later(message: Any) -> None:
            if message["type"] == "http.response.start":
                await asyncio.sleep(self._pause)
            await send(message)

        await self._app(scope, receive, send_later if is_hurried(scope) else send)
