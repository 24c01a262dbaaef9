"""The two waits of the real provider: for a version lock, and for a deletion to show."""

from __future__ import annotations

from collections.abc import Callable

import tenacity

from gcbridge.sandbox.provider.api import ApiError, none_if_gone

DELETION_WINDOW = 30.0
"""Seconds (resource_genesyscloud_integration.go: deleteIntegration)."""


def retry_version_mismatch(change: Callable[[], None]) -> None:
    """Run `change`, which reads the version it sends, at most ten times until nobody gets in between."""
    for attempt in tenacity.Retrying(
        stop=tenacity.stop_after_attempt(10),
        wait=_asked_or_growing_pause,
        retry=tenacity.retry_if_exception(_is_version_mismatch),
        reraise=True,
    ):
        with attempt:
            change()


def wait_until_gone(read: Callable[[], object], window: float = DELETION_WINDOW) -> bool:
    """Whether `read` answered "does not exist" within `window` seconds."""
    poll = tenacity.Retrying(
        stop=tenacity.stop_after_delay(window),
        wait=tenacity.wait_exponential(multiplier=0.1, max=2),
        retry=tenacity.retry_if_result(lambda gone: not gone),
        retry_error_callback=lambda _state: False,
    )
    return bool(poll(lambda: none_if_gone(read) is None))


def _is_version_mismatch(error: BaseException) -> bool:
    return isinstance(error, ApiError) and error.is_version_mismatch()


def _asked_or_growing_pause(state: tenacity.RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, ApiError) and error.retry_after.isdecimal():
        return min(float(error.retry_after), 5.0)
    return min(0.5 * state.attempt_number, 5.0)
