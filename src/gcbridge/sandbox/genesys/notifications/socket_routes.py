"""The WebSocket endpoint that `connectUri` names."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from typing import Any

from starlette.responses import JSONResponse
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from gcbridge.sandbox.genesys.cloud import Cloud, cloud_of
from gcbridge.sandbox.genesys.notifications.messages import PONG
from gcbridge.sandbox.genesys.notifications.sockets import Socket


async def serve_channel(websocket: WebSocket) -> None:
    """WS /channels/{id}: 404 where there is no such channel, 503 while the fault switches say so.

    Like the real one it asks for no token: the id of the channel is secret enough.
    """
    cloud = cloud_of(websocket)
    channel = cloud.notifications.channels.find(websocket.path_params["channel_id"])
    if channel is None or cloud.notifications.refuses_sockets:
        await _refuse(websocket, 404 if channel is None else 503)
        return
    await websocket.accept()
    socket = Socket(websocket)
    cloud.notifications.connect(channel, socket)
    try:
        await socket.serve(functools.partial(_answer, cloud))
    finally:
        cloud.notifications.disconnect(channel, socket)


async def _refuse(websocket: WebSocket, status: int) -> None:
    await websocket.send_denial_response(JSONResponse({"status": status}, status_code=status))


def _answer(cloud: Cloud, text: str) -> Mapping[str, Any] | None:
    """Only pings are answered; what else clients may say is not documented."""
    try:
        message = json.loads(text)
    except ValueError:
        return None
    is_ping = isinstance(message, dict) and message.get("message") == "ping"
    return PONG if is_ping and not cloud.faults.mute_sockets else None


ROUTES = [WebSocketRoute("/channels/{channel_id}", serve_channel)]
