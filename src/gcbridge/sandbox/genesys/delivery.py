"""The way of an event: to the integrations that carry its topic, into the outbox, to AWS."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Sequence
from typing import Any

from gcbridge.sandbox.genesys.clock import now
from gcbridge.sandbox.genesys.disturbing import Disturbance
from gcbridge.sandbox.genesys.outbox import FOUR_DAYS_SECONDS, Outbox, QueuedEvent
from gcbridge.sandbox.genesys.partner import AwsRefusedError, AwsUnavailableError, PartnerEvent, PartnerQueue
from gcbridge.sandbox.genesys.world import Integration, World

_LOG = logging.getLogger(__name__)
_REPEATED_CODES = {"InternalFailure", "InternalException", "ThrottlingException"}


class Delivery:
    """Queues events durably and sends them in order from one task."""

    def __init__(self, world: World, outbox: Outbox, partner: PartnerQueue, disturbance: Disturbance) -> None:
        self._world = world
        self._outbox = outbox
        self._partner = partner
        self._disturbance = disturbance
        self._wake = asyncio.Event()

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
        entries = [_entry(topic, detail, carrier) for detail in details for carrier in carriers]
        self._outbox.add(self._disturbance.apply(entries))
        self._wake.set()

    def counts(self) -> dict[str, int]:
        """How many events AWS has not answered yet, and how many it took and refused."""
        return self._outbox.counts()

    async def run(self) -> None:
        """Sends until cancelled; begins with what an earlier run left."""
        while True:
            self._outbox.drop_older_than(FOUR_DAYS_SECONDS)
            pause = self._outbox.next_due_in()
            if pause == 0:
                await self._partner.retrying()(self._send_batch)
                continue
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._wake.wait(), pause)
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
        rejected = [(item, code) for item, code in settled if code is not None]
        for item, code in rejected:
            _LOG.warning("AWS refused an event of %s: %s", item.event.source, code)
        self._outbox.settle([item for item, code in settled if code is None], [item for item, _ in rejected])


def _entry(topic: str, detail: dict[str, Any], carrier: Integration) -> PartnerEvent:
    assert carrier.source is not None, "only integrations with a source carry events"
    return PartnerEvent(
        region=carrier.source.region,
        source=carrier.source.name,
        detail_type=topic,
        detail=json.dumps(detail, ensure_ascii=False),
        time=now(),
    )
