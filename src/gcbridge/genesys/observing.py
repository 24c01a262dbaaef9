"""What the SDK's objects say, in types of our own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gcbridge.model.base import Frozen
from gcbridge.model.result import IntegrationObservation


class OrganizationObservation(Frozen):
    """The organization that the credentials belong to."""

    org_id: str
    name: str


class Configuration(Frozen):
    """The current configuration of an integration, whole, as a PUT must send it back."""

    version: int
    name: str
    notes: str
    properties: dict[str, Any]
    advanced: dict[str, Any]
    credential_ids: dict[str, str]
    """Credential type -> id of a stored credential; the values never leave Genesys Cloud."""


class UserObservation(Frozen):
    """A person of the organization."""

    user_id: str
    name: str


class PresenceDefinition(Frozen):
    """A presence that the organization knows."""

    definition_id: str
    system_presence: str
    """Such as `Available` or `OnQueue`."""
    labels: tuple[str, ...]
    """What people read, one for each language."""
    is_system: bool
    """False for a secondary presence that an administrator added."""


class UserPresence(Frozen):
    """The presence that a user shows."""

    definition_id: str
    system_presence: str
    message: str


def observe_integration(integration: Any, configuration: Configuration) -> IntegrationObservation:
    """Joins an integration with its configuration; keys of the properties are those of the vendor's module."""
    state = integration.reported_state
    properties = configuration.properties
    return IntegrationObservation(
        integration_id=integration.id,
        name=integration.name or configuration.name,
        intended_state=integration.intended_state or "",
        reported_state=(state.code if state else None) or "",
        reported_detail=_read_detail(state),
        topics=tuple(properties.get("eventFilter") or ()),
        event_source_suffix=str(properties.get("eventSourceSuffix") or ""),
        aws_account_id=str(properties.get("awsAccountId") or ""),
        aws_region=str(properties.get("awsAccountRegion") or ""),
    )


def observe_configuration(configuration: Any) -> Configuration:
    """Reads `config/current`; credentials shrink to their ids."""
    credentials = configuration.credentials or {}
    return Configuration(
        version=configuration.version,
        name=configuration.name or "",
        notes=configuration.notes or "",
        properties=_read_mapping(configuration.properties),
        advanced=_read_mapping(configuration.advanced),
        credential_ids={kind: credential.id for kind, credential in credentials.items()},
    )


def configuration_body(configuration: Configuration, notes: str) -> dict[str, Any]:
    """The body of a PUT that changes the notes and nothing else."""
    return {
        "name": configuration.name,
        "notes": notes,
        "version": configuration.version,
        "properties": configuration.properties,
        "advanced": configuration.advanced,
        "credentials": {kind: {"id": identity} for kind, identity in configuration.credential_ids.items()},
    }


def observe_presence(presence: Any) -> UserPresence:
    """Reads a user's presence."""
    definition = presence.presence_definition
    return UserPresence(
        definition_id=definition.id,
        system_presence=definition.system_presence or "",
        message=presence.message or "",
    )


def observe_organization(organization: Any) -> OrganizationObservation:
    """Reads the organization; one without an id is none."""
    return OrganizationObservation(org_id=organization.id, name=organization.name or "")


def observe_user(user: Any) -> UserObservation:
    """Reads a user; the id stands where there is no name."""
    return UserObservation(user_id=user.id, name=user.name or user.id)


def observe_definitions(listing: Any) -> tuple[PresenceDefinition, ...]:
    """Reads the presence definitions; system ones have `type` System, secondary ones User."""
    return tuple(_observe_definition(definition) for definition in listing.entities or ())


def _observe_definition(definition: Any) -> PresenceDefinition:
    labels = definition.language_labels or {}
    return PresenceDefinition(
        definition_id=definition.id,
        system_presence=definition.system_presence or "",
        labels=tuple(sorted({label for label in labels.values() if label})),
        is_system=definition.type == "System",
    )


def _read_detail(state: Any) -> str:
    detail = state.detail if state else None
    return (detail.message or detail.message_with_params or "") if detail else ""


def _read_mapping(value: Any) -> dict[str, Any]:
    return dict(value) if isinstance(value, Mapping) else {}
