"""Why an event did not reach its target."""

from __future__ import annotations


class DeliveryError(Exception):
    """An attempt that failed; ``code`` is one that AWS puts into a dead letter.

    A failure that is not ``retryable`` ends the delivery at once. ``wait_seconds`` is the least
    pause before the next attempt.

    Codes: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
    """

    def __init__(
        self, code: str, message: str, *, retryable: bool = False, wait_seconds: float = 0.0
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.retryable = retryable
        self.wait_seconds = wait_seconds


def no_resource(what: str, arn: str) -> DeliveryError:
    """The target, or something that delivery to it needs, is not there."""
    return DeliveryError("NO_RESOURCE", f"The {what} {arn} does not exist.")


def no_permission(message: str) -> DeliveryError:
    """The target is there, but EventBridge may not use it."""
    return DeliveryError("NO_PERMISSIONS", message)
