"""One running emulated organization: its state, its outgoing events, its tasks."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator
from typing import Any

from starlette.requests import HTTPConnection

from gcbridge.sandbox.genesys.activation import Activations
from gcbridge.sandbox.genesys.architect.executions import Executions
from gcbridge.sandbox.genesys.architect.flow_jobs import FlowJobs
from gcbridge.sandbox.genesys.architect.flows import Flows
from gcbridge.sandbox.genesys.audit_log import AuditLog
from gcbridge.sandbox.genesys.audit_queries import AuditQueries
from gcbridge.sandbox.genesys.conversations import Conversations
from gcbridge.sandbox.genesys.delivery import Delivery
from gcbridge.sandbox.genesys.directory import Directory
from gcbridge.sandbox.genesys.disturbing import Disturbance
from gcbridge.sandbox.genesys.entities import User
from gcbridge.sandbox.genesys.faults import Faults, Troubles
from gcbridge.sandbox.genesys.notifications.service import Notifications
from gcbridge.sandbox.genesys.notifications.topics import Topics
from gcbridge.sandbox.genesys.oauth_clients import OAuthClients
from gcbridge.sandbox.genesys.outbox import Outbox
from gcbridge.sandbox.genesys.partner import Partner, PartnerQueue
from gcbridge.sandbox.genesys.process_automation.firing import Firing
from gcbridge.sandbox.genesys.process_automation.triggers import Triggers
from gcbridge.sandbox.genesys.publishing import Publisher
from gcbridge.sandbox.genesys.records import Records
from gcbridge.sandbox.genesys.settings import Settings
from gcbridge.sandbox.genesys.topic_routes import available_topics
from gcbridge.sandbox.genesys.world import StateFile, World

_REQUESTS_KEPT = 200


class Cloud:
    """Everything the HTTP side works on; all of it belongs to one event loop, so nothing is locked."""

    def __init__(self, settings: Settings, partner: Partner) -> None:
        folder = settings.state_folder
        self.settings = settings
        self.troubles = Troubles()
        self.faults = self.troubles.faults
        self.requests: deque[dict[str, Any]] = deque(maxlen=_REQUESTS_KEPT)
        self.revocations = 0
        """How often all tokens were revoked; tokens say how often it had been when they were issued."""
        self._state_file = StateFile(folder)
        self.world: World = self._state_file.load()
        self._records = Records(folder)
        earlier = [User.model_validate(user) for user in self._state_file.earlier_users]
        self.flows = Flows(self._records)
        self.directory = Directory(self._records, self.flows, earlier)
        self.oauth_clients = OAuthClients(self._records, settings)
        self.audit_log = AuditLog(folder)
        self.audit_queries = AuditQueries()
        self.conversations = Conversations()
        self.flow_jobs = FlowJobs()
        self.executions = Executions(folder)
        self.triggers = Triggers(self._records)
        self.firing = Firing(
            self.triggers, self.flows, self.executions, folder, settings.trigger_delay_factor
        )
        self._outbox = Outbox(folder)
        self._partner = PartnerQueue(partner, settings.longest_retry_pause_seconds)
        disturbance = Disturbance(self.troubles)
        self.delivery = Delivery(self.world, self._outbox, self._partner, disturbance)
        topics = Topics(available_topics(), self.directory, self.faults)
        self.notifications = Notifications(settings, topics, self.world.org_id, self.troubles)
        self.publisher = Publisher(
            self.delivery, self.notifications, self.audit_log, self.conversations, self.firing
        )
        self.activations = Activations(self.world, self._state_file, self._partner, self.faults, settings)

    def save(self) -> None:
        """Writes the state file; every handler that changed an integration calls it before it answers."""
        self._state_file.save(self.world)

    def set_faults(self, faults: Faults) -> None:
        """Takes over the switches in place: tasks under way see them too."""
        is_revoked_now = faults.revoke_client and not self.faults.revoke_client
        for name in Faults.model_fields:
            setattr(self.faults, name, getattr(faults, name))
        self.notifications.faults_changed()
        if is_revoked_now:
            self.notifications.revoke_tokens()

    def expire_tokens(self) -> None:
        """Makes every token that was issued so far worthless, and ends the channels made with them."""
        self.revocations += 1
        self.notifications.revoke_tokens()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Resumes interrupted work, sends events while inside, stops without losing any."""
        self.activations.resume()
        loop = asyncio.get_running_loop()
        senders = [loop.create_task(self.delivery.run()), loop.create_task(self.firing.run())]
        try:
            async with self.notifications.running():
                yield
        finally:
            for sender in senders:
                sender.cancel()
            await asyncio.gather(*senders, return_exceptions=True)
            await self.activations.stop()
            self._partner.close()
            for store in (self._outbox, self._records, self.audit_log, self.executions, self.firing):
                store.close()


def cloud_of(connection: HTTPConnection) -> Cloud:
    """The organization that a request's or a WebSocket's application serves."""
    cloud: Cloud = connection.app.state.cloud
    return cloud
