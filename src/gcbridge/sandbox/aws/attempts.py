"""Deliveries: the first attempt at once, further ones with back-off, and what ends them."""

from __future__ import annotations

import functools
import logging
import os
import random
import time
from collections.abc import Callable
from typing import TypeAlias

from gcbridge.sandbox.aws import background, faults
from gcbridge.sandbox.aws.deliveries.under_way import Delivery, Rest
from gcbridge.sandbox.aws.failures import DeliveryError
from gcbridge.sandbox.aws.persistence import note_change
from gcbridge.sandbox.aws.telemetry import steps

logger = logging.getLogger(__name__)

BASE_VARIABLE = "GCBRIDGE_SANDBOX_RETRY_BASE_SECONDS"
DEFAULT_BASE_SECONDS = 0.2
# In AWS, minutes; here, so that a test can wait for the end of it.
LONGEST_PAUSE_SECONDS = 3.0

# RetryPolicy of the service model events/2015-10-07.
MAXIMUM_ATTEMPTS = 185
MAXIMUM_AGE_SECONDS = 86_400

ENDPOINTS = background.Pool("endpoint", 16)


Bury: TypeAlias = Callable[[Delivery, DeliveryError, str | None], None]


def base_seconds() -> float:
    """The pause before the first retry, from the setting."""
    return float(os.environ.get(BASE_VARIABLE) or DEFAULT_BASE_SECONDS)


def pause_before_retry(retries: int) -> float:
    """Exponential back-off with jitter: between half of a doubling pause and all of it."""
    longest: float = min(base_seconds() * 2.0 ** min(retries, 16), LONGEST_PAUSE_SECONDS)
    return longest * random.uniform(0.5, 1.0)  # noqa: S311  # luck, not a secret


def reached_limit(delivery: Delivery, pause: float) -> str | None:
    """The name of the limit that forbids another attempt after ``pause`` seconds, as AWS calls it."""
    policy = delivery.target.get("RetryPolicy") or {}
    age = time.monotonic() - delivery.started + pause
    if delivery.retries >= policy.get("MaximumRetryAttempts", MAXIMUM_ATTEMPTS):
        return "MaximumRetryAttempts"
    if age > policy.get("MaximumEventAgeInSeconds", MAXIMUM_AGE_SECONDS):
        return "MaximumEventAgeInSeconds"
    return None


def as_failure(error: Exception) -> DeliveryError:
    """Why an attempt failed; an error of the emulator itself is no reason to lose the event."""
    if isinstance(error, DeliveryError):
        return error
    logger.exception("delivery failed in the emulator", exc_info=error)
    return DeliveryError("INTERNAL_ERROR", f"{type(error).__name__}: {error}")


def outcome_of(rest: Rest) -> DeliveryError | None:
    """Run the part of an attempt that waits, in a thread; None means that it succeeded."""
    try:
        rest()
    except Exception as error:  # noqa: BLE001  # see as_failure
        return as_failure(error)
    return None


def attempt(delivery: Delivery, bury: Bury) -> None:
    """Make one attempt; what it fails with is dealt with here, too."""
    steps.log_attempt(delivery)
    try:
        faults.strike(delivery.arn)
        rest = delivery.deliver(delivery)
    except Exception as error:  # noqa: BLE001  # see as_failure
        return settle(delivery, bury, as_failure(error))
    if rest:
        return ENDPOINTS.run(functools.partial(outcome_of, rest), functools.partial(settle, delivery, bury))
    return settle(delivery, bury, None)


def settle(delivery: Delivery, bury: Bury, failure: DeliveryError | None) -> None:
    """End the delivery, or have it attempted again."""
    note_change()
    if failure is None:
        return steps.note_delivered(delivery)
    logger.info("%s: %s", delivery.rule_arn, failure)
    pause = max(pause_before_retry(delivery.retries), failure.wait_seconds)
    limit = reached_limit(delivery, pause) if failure.retryable else None
    if limit or not failure.retryable:
        return bury(delivery, failure, limit)
    steps.log_retry(delivery, failure)
    delivery.retries += 1
    return background.run_later(pause, functools.partial(attempt, delivery, bury))
