"""Work that goes on after a request was answered.

Everything that touches ministack's stores runs on the event loop, where no request is half done;
only what waits for somebody else (an HTTP endpoint, a function) runs in a thread. Both keep the
account and region of the request, which ministack holds in context variables. A reset of the
emulator forgets what is still waiting.
"""

from __future__ import annotations

import asyncio
import contextvars
import queue
import threading
from collections.abc import Callable
from typing import Any, TypeAlias

Work: TypeAlias = Callable[[], Any]

_loops: list[asyncio.AbstractEventLoop] = []
_generation = 0
_waiting = 0


def remember_loop() -> None:
    """Let threads find the event loop that calls this."""
    if not _loops:
        _loops.append(asyncio.get_running_loop())


def waiting_count() -> int:
    """How much work has been asked for and is not yet done."""
    return _waiting


def forget_waiting() -> None:
    """Drop the work that waits; what is running ends, and nothing follows from it."""
    global _generation, _waiting  # noqa: PLW0603  # one process, one emulator
    _generation += 1
    _waiting = 0


def counted(work: Work) -> Work:
    """``work`` for the event loop: counted while it waits, skipped if a reset came first."""
    global _waiting  # noqa: PLW0603
    _waiting += 1
    made_in = _generation

    def run() -> None:
        global _waiting  # noqa: PLW0603
        if made_in == _generation:
            _waiting -= 1
            work()

    return run


def on_loop(work: Work, context: contextvars.Context, delay: float = 0.0) -> None:
    """Run ``work`` on the event loop, ``delay`` seconds from now; from any thread."""
    loop = _loops[0]
    loop.call_soon_threadsafe(lambda: loop.call_later(delay, work, context=context))


def call_soon(work: Work) -> None:
    """Run ``work`` on the event loop as soon as may be; from any thread."""
    _loops[0].call_soon_threadsafe(work)


def run_unnoticed(delay: float, work: Work) -> None:
    """Run ``work`` on the event loop after ``delay`` seconds; nobody waits for it, but a reset forgets it, too."""
    made_in = _generation

    def run() -> None:
        if made_in == _generation:
            work()

    on_loop(run, contextvars.copy_context(), delay)


def run_later(delay: float, work: Work) -> None:
    """Run ``work`` on the event loop, ``delay`` seconds from now, as the caller that asks for it."""
    on_loop(counted(work), contextvars.copy_context(), delay)


class Pool:
    """Threads for work that waits for others. They do not keep the process from ending.

    A bounded number, so that a burst of events is not a burst of processes and connections.
    """

    def __init__(self, name: str, size: int) -> None:
        self._name = name
        self._size = size
        self._works: queue.SimpleQueue[Work] = queue.SimpleQueue()
        self._threads = 0

    def _serve(self) -> None:
        while True:
            self._works.get()()

    def run(self, work: Work, then: Callable[[Any], None]) -> None:
        """Run ``work`` in a thread, and ``then`` on the event loop with what it returned.

        ``work`` must not raise. Both run as the caller that asks for it.
        """
        context, made_in = contextvars.copy_context(), _generation
        outcome: list[Any] = []
        finish = counted(lambda: then(outcome[0]))

        def serve() -> None:
            if made_in == _generation:
                outcome.append(context.copy().run(work))
                on_loop(finish, context)

        self._works.put(serve)
        if self._threads < self._size:
            self._threads += 1
            threading.Thread(target=self._serve, name=f"{self._name}-{self._threads}", daemon=True).start()
