"""What happens after an integration is enabled, disabled or deleted, each in a task of its own.

Two clocks run side by side after enabling, as nothing public says that one waits for the other: the reported
state turns ACTIVE after the activation delay, and the partner event source is made after the source delay.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from gcbridge.sandbox.genesys.eventbridge_type import EventBridgeProperties
from gcbridge.sandbox.genesys.faults import Faults
from gcbridge.sandbox.genesys.partner import AwsRefusedError, PartnerQueue
from gcbridge.sandbox.genesys.settings import Settings
from gcbridge.sandbox.genesys.world import Integration, Source, StateFile, World

_LOG = logging.getLogger(__name__)
_ALREADY_EXISTS = "ResourceAlreadyExistsException"
_NOT_FOUND = "ResourceNotFoundException"


class Activations:
    """Moves integrations from ACTIVATING to ACTIVE and from DEACTIVATING to INACTIVE."""

    def __init__(
        self, world: World, state_file: StateFile, partner: PartnerQueue, faults: Faults, settings: Settings
    ) -> None:
        self._world = world
        self._state_file = state_file
        self._partner = partner
        self._faults = faults
        self._settings = settings
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def resume(self) -> None:
        """Takes up what a stop or a kill interrupted."""
        for integration in self._world.integrations.values():
            unfinished = integration.source is not None and integration.source.status != "created"
            if integration.reported.code == "DEACTIVATING":
                self._begin(integration.id, self._deactivate(integration))
            elif integration.intended_state == "ENABLED" and unfinished:
                self._begin(integration.id, self._activate(integration))
            elif integration.reported.code == "ACTIVATING":
                self._begin(integration.id, self._report_active(integration))
        for source in self._world.sources_to_delete:
            self._begin(f"delete {source.name}", self._delete_source(source))

    def enable(self, integration: Integration) -> None:
        """ACTIVATING now; the source asked for at an earlier place is left to itself."""
        properties = EventBridgeProperties.model_validate(integration.configuration.properties)
        wanted = properties.source_for(self._world.org_id)
        if integration.source is None or not wanted.is_same_place(integration.source):
            self._orphan(integration.source)
            integration.source = wanted
        integration.intended_state = "ENABLED"
        integration.report("ACTIVATING", "Activating")
        self._begin(integration.id, self._activate(integration))

    def disable(self, integration: Integration) -> None:
        """DEACTIVATING now; the source stays in AWS."""
        integration.intended_state = "DISABLED"
        integration.report("DEACTIVATING", "Deactivating")
        self._begin(integration.id, self._deactivate(integration))

    def delete(self, integration: Integration) -> None:
        """Forgets the integration now and deletes its source as soon as AWS can be reached."""
        self._cancel(integration.id)
        del self._world.integrations[integration.id]
        if integration.source is not None:
            self._world.sources_to_delete.append(integration.source)
            self._begin(f"delete {integration.source.name}", self._delete_source(integration.source))

    async def stop(self) -> None:
        """Cancels what is under way; `resume` of the next run takes it up."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _begin(self, key: str, work: Coroutine[Any, Any, None]) -> None:
        self._cancel(key)
        self._tasks[key] = asyncio.get_running_loop().create_task(work)
        self._state_file.save(self._world)

    def _cancel(self, key: str) -> None:
        if task := self._tasks.pop(key, None):
            task.cancel()

    def _orphan(self, source: Source | None) -> None:
        if source is not None:
            self._world.orphaned_sources.append(source)

    async def _activate(self, integration: Integration) -> None:
        await asyncio.gather(self._report_active(integration), self._create_source(integration))

    async def _report_active(self, integration: Integration) -> None:
        await asyncio.sleep(self._settings.activation_delay_seconds)
        if integration.reported.code != "ACTIVATING":
            return
        if self._faults.activation_error is not None:
            integration.report("ERROR", self._faults.activation_error)
        else:
            integration.report("ACTIVE", "Active")
        self._state_file.save(self._world)

    async def _create_source(self, integration: Integration) -> None:
        await asyncio.sleep(self._settings.source_delay_seconds)
        source = integration.source
        if source is None or self._faults.source_never_appears:
            return
        ours_already = source.status != "wanted"
        if not ours_already:
            source.status = "asked"
            self._state_file.save(self._world)
        try:
            await self._partner.create_source(source.region, source.name, source.account)
        except AwsRefusedError as refusal:
            if refusal.code != _ALREADY_EXISTS or not ours_already:
                self._fail(integration, refusal)
                return
        source.status = "created"
        self._state_file.save(self._world)

    def _fail(self, integration: Integration, refusal: AwsRefusedError) -> None:
        _LOG.warning("integration %s: %s", integration.id, refusal)
        integration.source = None
        integration.report("ERROR", f"Amazon EventBridge refused the partner event source: {refusal}")
        self._state_file.save(self._world)

    async def _deactivate(self, integration: Integration) -> None:
        await asyncio.sleep(self._settings.activation_delay_seconds)
        integration.report("INACTIVE", "Inactive")
        self._state_file.save(self._world)

    async def _delete_source(self, source: Source) -> None:
        try:
            await self._partner.delete_source(source.region, source.name, source.account)
        except AwsRefusedError as refusal:
            level = logging.INFO if refusal.code == _NOT_FOUND else logging.WARNING
            _LOG.log(level, "source %s: %s", source.name, refusal)
        self._world.sources_to_delete.remove(source)
        self._state_file.save(self._world)
