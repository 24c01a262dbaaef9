"""One event on its way to a target, and how a target says no."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from gcbridge.errors import AwsError


class NotAcceptedError(AwsError):
    """A target did not take an event, or cannot be sent to at all."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What is sent, and what it was made from.

    Args:
        payload: what the target receives.
        event: the EventBridge event that paths lead into; None where there is none.
        letter_id: names the letter for good, so that a repeat can be told.
    """

    payload: str
    event: Mapping[str, Any] | None
    letter_id: str

    @property
    def event_id(self) -> str:
        """The event's own id; empty where there is no event."""
        return str((self.event or {}).get("id", ""))


Deliver: TypeAlias = Callable[[Delivery], None]
"""Returns once the target has accepted; raises AwsError where it has not."""
