"""One running emulated organization: its state, its outgoing events, its tasks."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator
from typing import Any

from starlette.requests import Request

from gcbridge.sandbox.genesys.activation import Activations
from gcbridge.sandbox.genesys.delivery import Delivery
from gcbridge.sandbox.genesys.faults import Faults
from gcbridge.sandbox.genesys.outbox import Outbox
from gcbridge.sandbox.genesys.partner import Partner, PartnerQueue
from gcbridge.sandbox.genesys.settings import Settings
from gcbridge.sandbox.genesys.world import StateFile, World

_REQUESTS_KEPT = 200


class Cloud:
    """Everything the HTTP side works on; all of it belongs to one event loop, so nothing is locked."""

    def __init__(self, settings: Settings, partner: Partner) -> None:
        self.settings = settings
        self.faults = Faults()
        self.requests: deque[dict[str, Any]] = deque(maxlen=_REQUESTS_KEPT)
        self._state_file = StateFile(settings.state_folder)
        self.world: World = self._state_file.load()
        self._outbox = Outbox(settings.state_folder)
        self._partner = PartnerQueue(partner, settings.longest_retry_pause_seconds)
        self.delivery = Delivery(self.world, self._state_file, self._outbox, self._partner)
        self.activations = Activations(self.world, self._state_file, self._partner, self.faults, settings)

    def save(self) -> None:
        """Writes the state file; every handler that changed something calls it before it answers."""
        self._state_file.save(self.world)

    def set_faults(self, faults: Faults) -> None:
        """Takes over the switches in place: tasks under way see them too."""
        for name in Faults.model_fields:
            setattr(self.faults, name, getattr(faults, name))

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Resumes interrupted work, sends events while inside, stops without losing any."""
        self.activations.resume()
        sender = asyncio.get_running_loop().create_task(self.delivery.run())
        try:
            yield
        finally:
            sender.cancel()
            await asyncio.gather(sender, return_exceptions=True)
            await self.activations.stop()
            self._partner.close()
            self._outbox.close()


def cloud_of(request: Request) -> Cloud:
    """The organization that the request's application serves."""
    cloud: Cloud = request.app.state.cloud
    return cloud
