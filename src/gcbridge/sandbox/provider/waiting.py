"""The waits of the real provider: for a version lock, for a target to be known, for a deletion."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import tenacity

from gcbridge.sandbox.provider.api import ApiError, none_if_gone

DELETION_WINDOW = 30.0
"""Seconds (resource_genesyscloud_integration.go: deleteIntegration)."""


RETRIED_DELETION_WINDOW = 10.0
"""Seconds that a refused deletion is tried again; 30 in the real provider."""
_SHORT_PAUSE = 0.05

Answer = TypeVar("Answer")


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


def retry_bad_request(call: Callable[[], Answer]) -> Answer:
    """What `call` returns; a 400 is tried again, ten times in all, whatever it says.

    Pauses grow as in the real provider (util_retries.go: RetryWhen), but are a tenth as long: 2.25 s together.
    """
    patient = tenacity.Retrying(
        stop=tenacity.stop_after_attempt(10),
        wait=tenacity.wait_incrementing(start=_SHORT_PAUSE, increment=_SHORT_PAUSE),
        retry=tenacity.retry_if_exception(lambda error: isinstance(error, ApiError) and error.status == 400),
        reraise=True,
    )
    return patient(call)


def retry_deletion(delete: Callable[[], object], only: int | None = None) -> None:
    """Deletes until it is done or gone; every refusal is tried again, or with `only` that status alone."""

    def delete_or_find_gone() -> None:
        try:
            delete()
        except ApiError as error:
            if error.status != 404:
                raise

    patient = tenacity.Retrying(
        stop=tenacity.stop_after_delay(RETRIED_DELETION_WINDOW),
        wait=tenacity.wait_exponential(multiplier=0.1, max=2),
        retry=tenacity.retry_if_exception(
            lambda error: isinstance(error, ApiError) and only in (None, error.status)
        ),
        reraise=True,
    )
    patient(delete_or_find_gone)


def _is_version_mismatch(error: BaseException) -> bool:
    return isinstance(error, ApiError) and error.is_version_mismatch()


def _asked_or_growing_pause(state: tenacity.RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, ApiError) and error.retry_after.isdecimal():
        return min(float(error.retry_after), 5.0)
    return min(0.5 * state.attempt_number, 5.0)
