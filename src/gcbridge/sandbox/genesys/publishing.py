"""Every event goes three ways: to channels that are subscribed, to integrations that carry it, and to triggers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gcbridge.sandbox.genesys.audit_log import AuditLog
from gcbridge.sandbox.genesys.conversations import Conversations
from gcbridge.sandbox.genesys.delivery import Delivery
from gcbridge.sandbox.genesys.events import AUDIT_TOPIC, Event
from gcbridge.sandbox.genesys.notifications.service import Notifications
from gcbridge.sandbox.genesys.process_automation.firing import Firing
from gcbridge.sandbox.genesys.world import Integration


@dataclass(frozen=True)
class Published:
    """Which integrations carry the events, and how many WebSocket messages they made."""

    carriers: list[Integration]
    notified: int


class Publisher:
    """Remembers what queries shall find, then sends."""

    def __init__(
        self,
        delivery: Delivery,
        notifications: Notifications,
        audit_log: AuditLog,
        conversations: Conversations,
        firing: Firing,
    ) -> None:
        self._delivery = delivery
        self._notifications = notifications
        self._audit_log = audit_log
        self._conversations = conversations
        self._firing = firing

    def publish(self, *events: Event) -> None:
        """Sends events of the organization's own, in order."""
        for event in events:
            self.send(event.topic, [event.detail()])

    def send(self, topic: str, details: Sequence[dict[str, Any]]) -> Published:
        """Sends the `detail`s of one topic template, in order."""
        if topic == AUDIT_TOPIC:
            self._audit_log.add([detail["eventBody"] for detail in details])
        else:
            self._conversations.note(topic, details)
        carriers = self._delivery.carriers(topic)
        self._delivery.send(topic, details, carriers)
        self._firing.offer(topic, details)
        return Published(carriers, sum(self._notifications.notify(detail) for detail in details))
