"""Reads two ways at once: a thread for each, one queue for both."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Generic, Protocol, TypeVar

from gcbridge.errors import GcbridgeError

T = TypeVar("T")
T_contra = TypeVar("T_contra", contravariant=True)
Receive = Callable[[float], Iterator[T]]
"""Hands out what comes until a deadline, an instant of `time.monotonic`."""

TURN_SECONDS = 1.0
"""How long one reading lasts; after it a thread looks whether it is to end."""


class Sink(Protocol[T_contra]):
    """Where a way puts what it hands out."""

    def put(self, item: T_contra | GcbridgeError) -> None:
        """Take it, or what ended the way."""


@dataclass
class Incoming(Generic[T]):
    """What came, over whichever way, in the order that it came; nothing is ever dropped."""

    _queue: SimpleQueue[T | GcbridgeError] = field(default_factory=SimpleQueue)

    def put(self, item: T | GcbridgeError) -> None:
        """Take what a way handed out, or what ended it."""
        self._queue.put(item)

    def take(self, deadline: float) -> T | None:
        """The next item; None where none came until the deadline.

        Args:
            deadline: instant of `time.monotonic`; what is there already is handed out even after it.

        Raises:
            GcbridgeError: what ended one of the ways.
        """
        try:
            item = self._queue.get(timeout=max(0.0, deadline - time.monotonic()))
        except Empty:
            return None
        if isinstance(item, GcbridgeError):
            raise item
        return item


@contextmanager
def collecting(
    incoming: Sink[T],
    name: str,
    receive: Receive[T],
    *,
    on_end: Callable[[GcbridgeError], None] | None = None,
) -> Iterator[None]:
    """What a way hands out goes into the queue for as long as the block lasts.

    A way that ends by an error ends the proof: one that fell silent would count as loss.

    Args:
        incoming: where it goes.
        name: of the thread.
        receive: the way.
        on_end: told of the error instead, by the thread; for a way that a proof can do without.
    """
    ended = threading.Event()
    thread = threading.Thread(
        target=_read,
        args=(receive, incoming.put, on_end or incoming.put, ended),
        name=f"gcbridge-{name}",
        daemon=True,
    )
    thread.start()
    try:
        yield
    finally:
        # Not joined: a poll under way ends by itself, and a verdict need not wait for it.
        ended.set()


def _read(
    receive: Receive[T],
    put: Callable[[T], None],
    end: Callable[[GcbridgeError], None],
    ended: threading.Event,
) -> None:
    try:
        while not ended.is_set():
            for item in receive(time.monotonic() + TURN_SECONDS):
                put(item)
    except GcbridgeError as error:
        end(error)
    except Exception as error:  # noqa: BLE001 - raised where events are taken
        end(
            GcbridgeError(
                "events cannot be read any more",
                detail=f"{type(error).__name__}: {error}",
                hint="type the same command again; if it ends the same way, with --debug before its name",
            )
        )
