"""The way of an event: to the integrations that carry its topic, into the outbox, to AWS."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Sequence
from typing import Any

from gcbridge.sandbox.genesys.clock import now
from gcbridge.sandbox.genesys.events import Event
from gcbridge.sandbox.genesys.outbox import FOUR_DAYS_SECONDS, Outbox, QueuedEvent
from gcbridge.sandbox.genesys.partner import AwsRefusedError, AwsUnavailableError, PartnerEvent, PartnerQueue
from gcbridge.sandbox.genesys.world import Integration, StateFile, World

_LOG = logging.getLogger(__name__)
_REPEATED_CODES = {"InternalFailure", "InternalException", "ThrottlingException"}


class Delivery:
    """Queues events durably and sends them in order from one task."""

    def __init__(self, world: World, state_file: StateFile, outbox: Outbox, partner: PartnerQueue) -> None:
        self._world = world
        self._state_file = state_file
        self._outbox = outbox
        self._partner = partner
        self._wake = asyncio.Event()

    def publish(self, event: Event) -> list[Integration]:
        """Queues the event for every integration that sends its topic; returns those integrations."""
        carriers = self.carriers(event.topic)
        self.send(event.topic, [event.detail()], carriers)
        return carriers

    def carriers(self, topic: str) -> list[Integration]:
        """The sending integrations whose `eventFilter` holds the topic template."""
        return [
            integration
            for integration in self._world.integrations.values()
            if integration.is_sending and topic in integration.configuration.properties["eventFilter"]
        ]

    def send(self, topic: str, details: Sequence[dict[str, Any]], carriers: Sequence[Integration]) -> None:
        """Queues the details, in order, for each of the integrations."""
        if not carriers:
            return
        self._outbox.add(_entry(topic, detail, carrier) for detail in details for carrier in carriers)
        self._wake.set()

    def waiting(self) -> int:
        """How many events AWS has not answered yet."""
        return self._outbox.waiting()

    async def run(self) -> None:
        """Sends until cancelled; begins with what an earlier run left."""
        while True:
            self._outbox.drop_older_than(FOUR_DAYS_SECONDS)
            while self._outbox.waiting():
                await self._partner.retrying()(self._send_batch)
            await self._wake.wait()
            self._wake.clear()

    async def _send_batch(self) -> None:
        self._outbox.drop_older_than(FOUR_DAYS_SECONDS)
        batch = self._outbox.next_batch()
        if not batch:
            return
        codes = await self._answers(batch)
        settled = [
            (item, code) for item, code in zip(batch, codes, strict=True) if code not in _REPEATED_CODES
        ]
        self._settle(settled)
        if len(settled) < len(batch):
            raise AwsUnavailableError("AWS asked to repeat some events")

    async def _answers(self, batch: Sequence[QueuedEvent]) -> list[str | None]:
        try:
            return await self._partner.put_events(batch[0].event.region, [item.event for item in batch])
        except AwsRefusedError as error:
            _LOG.warning("AWS refused %d events: %s", len(batch), error)
            return [error.code] * len(batch)

    def _settle(self, settled: Sequence[tuple[QueuedEvent, str | None]]) -> None:
        self._outbox.remove([item for item, _ in settled])
        refused = [(item, code) for item, code in settled if code is not None]
        for item, code in refused:
            _LOG.warning("AWS refused an event of %s: %s", item.event.source, code)
        self._world.rejected += len(refused)
        self._world.delivered += len(settled) - len(refused)
        self._state_file.save(self._world)


def _entry(topic: str, detail: dict[str, Any], carrier: Integration) -> PartnerEvent:
    assert carrier.source is not None, "only integrations with a source carry events"
    return PartnerEvent(
        region=carrier.source.region,
        source=carrier.source.name,
        detail_type=topic,
        detail=json.dumps(detail, ensure_ascii=False),
        time=now(),
    )
