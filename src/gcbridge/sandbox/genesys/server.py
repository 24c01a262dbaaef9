"""Serves one organization on 127.0.0.1."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, cast

from hypercorn.asyncio import serve
from hypercorn.config import Config

from gcbridge.sandbox.genesys.app import build_app
from gcbridge.sandbox.genesys.cloud import Cloud

# SDKs keep connections open; on a stop they get this long to finish.
_GRACE_SECONDS = 0.3


async def serve_organization(cloud: Cloud, port: int, until: Callable[[], Awaitable[Any]]) -> None:
    """Answers on loopback only, until `until()` comes back."""
    config = Config()
    config.bind = [f"127.0.0.1:{port}"]
    config.graceful_timeout = _GRACE_SECONDS
    config.keep_alive_timeout = 75
    config.loglevel = "WARNING"

    async def until_closed() -> None:
        await until()
        await cloud.notifications.close_sockets()

    # hypercorn types an application by its own protocols, Starlette by those of ASGI.
    await serve(cast(Any, build_app(cloud)), config, shutdown_trigger=until_closed)
