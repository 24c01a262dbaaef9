"""Why an event did not reach its target."""

from __future__ import annotations


class DeliveryError(Exception):
    """A delivery that no retry would mend; ``code`` is one that AWS puts into a dead letter.

    Codes: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
