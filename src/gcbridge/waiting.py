"""Waiting for a cloud to catch up: look, say what was seen, sleep, look again."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from gcbridge.errors import WaitTimeoutError

T = TypeVar("T")


def _say_nothing(_observed: object, _seconds: float) -> None:
    """Stands where nobody listens."""


def wait_until(
    observe: Callable[[], T],
    is_done: Callable[[T], bool],
    *,
    describe: Callable[[T, float], WaitTimeoutError],
    timeout_seconds: float,
    interval_seconds: float = 2.0,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
    on_wait: Callable[[T, float], None] = _say_nothing,
) -> tuple[T, float]:
    """The last look is never earlier than the timeout, so what arrives at the last moment still counts.

    Args:
        observe: looks once; what it raises ends the wait.
        is_done: judges what was seen.
        describe: makes the timeout error out of what was seen last and the seconds waited.
        timeout_seconds: how long to wait at most; 0 looks once.
        interval_seconds: pause between two looks.
        clock: monotonic seconds.
        sleep: pauses for so many seconds.
        on_wait: told what was seen and the seconds waited, after each look that was not the end.

    Returns:
        What was seen at the end, and the seconds waited.

    Raises:
        WaitTimeoutError: what `describe` made.
    """
    started = clock()
    while True:
        observed, seconds = observe(), clock() - started
        if is_done(observed):
            return observed, seconds
        if seconds >= timeout_seconds:
            raise describe(observed, seconds)
        on_wait(observed, seconds)
        sleep(min(interval_seconds, timeout_seconds - seconds))
