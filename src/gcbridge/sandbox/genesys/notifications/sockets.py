"""One WebSocket: sends in order from one task, answers pings, ends with a close frame or like a broken line."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import stat
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from starlette.websockets import WebSocket

# A client that reads nothing for so long is cut off.
_LONGEST_QUEUE = 150_000
# After a close frame the other side gets this long to answer it.
_CLOSING_SECONDS = 1.0


class Socket:
    """Belongs to one channel; `serve` runs until the connection has ended, for whatever reason."""

    def __init__(self, websocket: WebSocket) -> None:
        self._websocket = websocket
        self._queue: asyncio.Queue[tuple[float, Callable[[], Any]]] = asyncio.Queue()
        self._is_ending = False

    def send(self, message: Mapping[str, Any], delay_seconds: float = 0.0) -> None:
        """Queues a message, to be sent no sooner than after the delay and never before an earlier one."""
        text = json.dumps(message, ensure_ascii=False)
        self._put(lambda: self._websocket.send_text(text), delay_seconds)
        if self._queue.qsize() > _LONGEST_QUEUE:
            self.cut()

    def close(self, code: int, reason: str) -> None:
        """Ends with a close frame, behind everything that was queued; what comes later is not sent."""
        self._put(lambda: self._close(code, reason))
        self._is_ending = True

    def cut_after_queue(self) -> None:
        """Ends like a broken line, behind everything that was queued."""
        self._put(self._cut_later)
        self._is_ending = True

    def cut(self) -> None:
        """Ends like a broken line, now: no close frame, and nothing of what is queued."""
        self._is_ending = True
        _shut_connection(self._websocket)

    async def serve(self, answer: Callable[[str], Mapping[str, Any] | None]) -> None:
        """Sends what is queued, and what `answer` makes of each text that comes in, until the connection ends."""
        sender = asyncio.get_running_loop().create_task(self._send_queued())
        try:
            while (message := await self._websocket.receive())["type"] != "websocket.disconnect":
                reply = answer(message.get("text") or "")
                if reply is not None:
                    self.send(reply)
        finally:
            self._is_ending = True
            sender.cancel()
            await asyncio.gather(sender, return_exceptions=True)

    def _put(self, action: Callable[[], Any], delay_seconds: float = 0.0) -> None:
        if not self._is_ending:
            self._queue.put_nowait((asyncio.get_running_loop().time() + delay_seconds, action))

    async def _send_queued(self) -> None:
        while True:
            due, action = await self._queue.get()
            await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))
            await action()

    async def _close(self, code: int, reason: str) -> None:
        await self._websocket.close(code, reason)
        await asyncio.sleep(_CLOSING_SECONDS)
        _shut_connection(self._websocket)

    async def _cut_later(self) -> None:
        _shut_connection(self._websocket)


def _shut_connection(websocket: WebSocket) -> None:
    """Shuts the TCP connection under a WebSocket, which ASGI has no word for.

    The connection is found among this process's open files by the address of the other side.
    """
    peer = websocket.client
    for entry in Path("/dev/fd").iterdir():
        with contextlib.suppress(OSError, ValueError):
            number = int(entry.name)
            if peer is not None and stat.S_ISSOCK(os.fstat(number).st_mode):
                _shut_if_peer(number, (peer.host, peer.port))


def _shut_if_peer(number: int, peer: tuple[str, int]) -> None:
    with socket.socket(fileno=os.dup(number)) as connection:
        is_internet = connection.family == socket.AF_INET
        if is_internet and connection.getpeername()[:2] == peer:
            connection.shutdown(socket.SHUT_RDWR)
