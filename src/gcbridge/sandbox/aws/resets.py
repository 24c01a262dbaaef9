"""A reset of the emulator forgets what this layer keeps, too."""

from __future__ import annotations

from collections.abc import Callable

from gcbridge.sandbox.aws.background import forget_waiting
from gcbridge.sandbox.aws.faults import clear_faults


def reset(original: Callable[[], None]) -> None:
    """Forget everything: deliveries that wait, faults, and what ministack keeps of EventBridge."""
    forget_waiting()
    clear_faults()
    original()
