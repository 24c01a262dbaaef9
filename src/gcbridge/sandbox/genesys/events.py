"""The events of this organization, in the envelope that Genesys hands to EventBridge.

Shapes follow captured events: GenesysCloudBlueprints/aws-eventbridge-user-presence-update-blueprint and
aws-eventbridge-oauth-client-delete-blueprint (audits); the bodies of the other topics follow
the models of PureCloudPlatformClientV2 269.0.0.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from gcbridge.sandbox.genesys.architect.flows import Flow
from gcbridge.sandbox.genesys.clock import iso_milliseconds, iso_whole_seconds, now
from gcbridge.sandbox.genesys.entities import Queue, User
from gcbridge.sandbox.genesys.oauth_clients import OAuthClient
from gcbridge.sandbox.genesys.presences import SYSTEM_PRESENCES, PresenceDefinition
from gcbridge.sandbox.genesys.process_automation.triggers import Trigger
from gcbridge.sandbox.genesys.world import Integration

AUDIT_TOPIC = "v2.audits.entitytype.{id}.entityid.{id}"
PRESENCE_TOPIC = "v2.users.{id}.presence"
ROUTING_STATUS_TOPIC = "v2.users.{id}.routingStatus"
QUEUE_USERS_TOPIC = "v2.routing.queues.{id}.users"


@dataclass(frozen=True)
class Event:
    """A topic template, the ids that fill it, and the body."""

    topic: str
    topic_ids: tuple[str, ...]
    body: dict[str, Any]
    correlation_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    time: datetime = field(default_factory=now)

    def detail(self) -> dict[str, Any]:
        """The `detail` of the EventBridge event; `detail-type` is the topic template itself."""
        return {
            "topicName": fill_topic(self.topic, self.topic_ids),
            "version": "2",
            "eventBody": self.body,
            "metadata": {"CorrelationId": self.correlation_id},
            "timestamp": iso_milliseconds(self.time),
        }


def fill_topic(template: str, ids: tuple[str, ...]) -> str:
    """Puts ids in the place of each `{id}`, left to right."""
    for identity in ids:
        template = template.replace("{id}", identity, 1)
    return template


@dataclass(frozen=True)
class PropertyChange:
    """One changed property of an audited entity; a side that is None is left out of the event."""

    name: str
    old: tuple[str, ...] | None = None
    new: tuple[str, ...] | None = None

    def body(self) -> dict[str, Any]:
        """The entry of `propertyChanges`."""
        sides = {"oldValues": self.old, "newValues": self.new}
        return {"property": self.name} | {
            key: list(value) for key, value in sides.items() if value is not None
        }


@dataclass(frozen=True)
class AuditedEntity:
    """What was changed: `service` is `serviceName`, `kind` is `entityType` of the audit."""

    service: str
    kind: str
    id: str
    name: str


def presence_changed(user: User) -> Event:
    """The `v2.users.{id}.presence` event of the presence the user has now."""
    definition = SYSTEM_PRESENCES[user.presence.definition_id]
    body = {
        "source": "PURECLOUD",
        "presenceDefinition": {"id": definition.id, "systemPresence": definition.event_name},
        "primary": True,
        "message": user.presence.message,
        "modifiedDate": user.presence.modified_at,
    }
    return Event(PRESENCE_TOPIC, (user.id,), body)


def routing_status_changed(user: User) -> Event:
    """The `v2.users.{id}.routingStatus` event of the status the user has now (UserRoutingStatusUserRoutingStatus)."""
    status = user.routing_status
    body = {"id": user.id, "routingStatus": {"status": status.status, "startTime": status.started_at}}
    return Event(ROUTING_STATUS_TOPIC, (user.id,), body)


def membership_changed(queue: Queue, user_id: str, *, joined: bool) -> Event:
    """The `v2.routing.queues.{id}.users` event of one member (QueueUserEventTopicQueueMember)."""
    body = {
        "id": user_id,
        "user": {"id": user_id},
        "queueId": queue.id,
        "joined": joined,
        "additionalProperties": {},
    }
    return Event(QUEUE_USERS_TOPIC, (queue.id,), body)


def presence_audited(user: User, old: PresenceDefinition, new: PresenceDefinition) -> Event:
    """The audit of a presence change; like the captured one it names the user as actor and no client."""
    entity = AuditedEntity("Presence", "UserPresence", user.id, user.name)
    change = PropertyChange("PRESENCE", (old.label,), (new.label,))
    return audited(entity, "Update", (change,), {"userId": user.id, "clientId": {}})


def integration_audited(
    integration: Integration, action: str, changes: tuple[PropertyChange, ...], org_id: str, client_id: str
) -> Event:
    """The audit of a created, updated or deleted integration, made by an OAuth client."""
    entity = AuditedEntity("Integrations", "Integration", integration.id, integration.configuration.name)
    return audited(entity, action, changes, {"userHomeOrgId": org_id, "clientId": {"id": client_id}})


def oauth_client_audited(
    client: OAuthClient, action: str, changes: tuple[PropertyChange, ...], org_id: str, client_id: str
) -> Event:
    """The audit of a made, changed or deleted OAuth client, as captured for a deleted one."""
    entity = AuditedEntity("PeoplePermissions", "OAuthClient", client.id, client.name)
    return audited(entity, action, changes, {"userHomeOrgId": org_id, "clientId": {"id": client_id}})


def trigger_audited(
    trigger: Trigger, action: str, changes: tuple[PropertyChange, ...], org_id: str, client_id: str
) -> Event:
    """The audit of a made, changed or deleted trigger."""
    entity = AuditedEntity("ProcessAutomation", "Trigger", trigger.id, trigger.name)
    return audited(entity, action, changes, {"userHomeOrgId": org_id, "clientId": {"id": client_id}})


def flow_audited(flow: Flow, action: str, org_id: str, client_id: str) -> Event:
    """The audit of a made, published or deleted flow."""
    entity = AuditedEntity("Architect", "Flow", flow.id, flow.name)
    return audited(entity, action, (), {"userHomeOrgId": org_id, "clientId": {"id": client_id}})


def audited(
    entity: AuditedEntity, action: str, changes: tuple[PropertyChange, ...], actor: dict[str, Any]
) -> Event:
    """An audit event; its correlation id ends in `-archival` as in every captured one."""
    moment = now()
    body = {
        "id": str(uuid.uuid4()),
        **actor,
        "username": {"id": ""},
        "serviceName": entity.service,
        "eventTime": iso_whole_seconds(moment),
        "action": action,
        "entityType": entity.kind,
        "entity": {"id": entity.id, "name": entity.name},
        "propertyChanges": [change.body() for change in changes],
    }
    return Event(AUDIT_TOPIC, (entity.kind, entity.id), body, f"{uuid.uuid4()}-archival", moment)
