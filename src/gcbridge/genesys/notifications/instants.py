"""Instants that are measured right though the machine slept, or its clock was set."""

from __future__ import annotations

import time
from typing import NamedTuple


class Instant(NamedTuple):
    """One instant on two clocks: the monotonic one stops while a laptop sleeps, the other jumps when it is set.

    Args:
        monotonic: seconds of `time.monotonic`.
        wall: seconds of `time.time`.
    """

    monotonic: float
    wall: float

    def seconds_until(self, later: Instant) -> float:
        """By the clock that saw more time pass: a gap that is taken for longer than it was costs a few questions."""
        return max(later.monotonic - self.monotonic, later.wall - self.wall)


def instant_now() -> Instant:
    """Now, on both clocks."""
    return Instant(time.monotonic(), time.time())
