"""State on disk, so that a killed emulator loses no more than its last few seconds.

ministack loads its state when it starts but saves it only when it is stopped in good order.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from ministack import app as emulator
from ministack.core import persistence

AsgiApp: TypeAlias = Callable[[Any, Any, Any], Awaitable[None]]

SNAPSHOT_SECONDS = 2.5
# Saving stops the emulator for a moment; with a large state it may take this share of the time at most.
SAVING_SHARE = 0.1

_changed = threading.Event()


def note_change() -> None:
    """Have the state saved soon; for work that goes on after its request has been answered, in any thread."""
    _changed.set()


def may_change(scope: Any) -> bool:
    """Whether a request may have changed something: any may, but a look at the emulator's own pages."""
    if scope["type"] != "http":
        return False
    return scope["method"] != "GET" or not scope["path"].startswith("/_ministack/")


class WatchedApp:
    """An ASGI application that notes whether a request may have changed something."""

    def __init__(self, app: AsgiApp) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass the request on; what it changed is in place once it has ended."""
        try:
            await self._app(scope, receive, send)
        finally:
            if may_change(scope):
                note_change()


def save_state() -> float:
    """Write the state of every service in use; returns the seconds it took.

    Called in the event loop, where no request is half done.
    """
    start = time.monotonic()
    persistence.save_all(emulator._build_persistence_save_dict())
    return time.monotonic() - start


async def keep_saving(interval: float = SNAPSHOT_SECONDS) -> None:
    """Save every ``interval`` seconds if something may have changed since the last time."""
    pause = interval
    while True:
        await asyncio.sleep(pause)
        if _changed.is_set():
            _changed.clear()
            pause = max(interval, save_state() / SAVING_SHARE)
