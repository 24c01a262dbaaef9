"""Keeps what several threads do together below a rate."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Pacer:
    """Lets one pass at a time, at most so many a second however long none came.

    Args:
        per_second: how many may pass in a second; above 0.
        clock: monotonic seconds.
        sleep: pauses for so many seconds.
    """

    def __init__(
        self,
        per_second: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._interval = 1 / per_second
        self._clock = clock
        self._sleep = sleep
        self._next = clock()
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Returns when it is one's turn."""
        with self._lock:
            now = self._clock()
            turn = max(now, self._next)
            self._next = turn + self._interval
        if turn > now:
            self._sleep(turn - now)


class Budget:
    """So many may pass in all; None lets any number pass."""

    def __init__(self, count: int | None) -> None:
        self._left = count
        self._lock = threading.Lock()

    def take(self) -> bool:
        """Whether one more may pass."""
        with self._lock:
            if self._left is None:
                return True
            self._left -= 1
            return self._left >= 0
