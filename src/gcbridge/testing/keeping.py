"""Keeps every event that was ever read."""

from __future__ import annotations

from gcbridge.aws.probe import ProbeMessage
from gcbridge.errors import GcbridgeError
from gcbridge.model.notification import Notification
from gcbridge.testing.events import ReadEvent
from gcbridge.workflows.proof.collecting import Incoming

Item = ProbeMessage | Notification


class Keeping(Incoming[Item]):
    """Hands out what another queue does, and keeps every event of the bus for good.

    Args:
        inner: the queue.
    """

    def __init__(self, inner: Incoming[Item]) -> None:
        super().__init__()
        self._inner = inner
        self.read: list[ReadEvent] = []

    def put(self, item: Item | GcbridgeError) -> None:
        """Pass it on."""
        self._inner.put(item)

    def take(self, deadline: float) -> Item | None:
        """The next item; None where none came until the deadline."""
        item = self._inner.take(deadline)
        if isinstance(item, ProbeMessage):
            self.read.append(ReadEvent(item.event, item.sent_at, item.received_at))
        return item
