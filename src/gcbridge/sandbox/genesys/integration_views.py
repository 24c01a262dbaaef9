"""How an integration looks over HTTP; every field that the Terraform provider reads is there and not null."""

from __future__ import annotations

from typing import Any

from gcbridge.sandbox.genesys.eventbridge_type import TYPE_ID, TYPE_NAME
from gcbridge.sandbox.genesys.world import Credential, Integration


def integration_body(integration: Integration, *, expand_config: bool) -> dict[str, Any]:
    """The integration; its configuration in full only with expand=config.current."""
    uri = f"/api/v2/integrations/{integration.id}"
    reference = {"id": integration.id, "selfUri": f"{uri}/config/current"}
    return {
        "id": integration.id,
        "name": integration.configuration.name,
        "integrationType": {
            "id": integration.type_id,
            "name": TYPE_NAME,
            "selfUri": f"/api/v2/integrations/types/{TYPE_ID}",
        },
        "notes": integration.configuration.notes,
        "intendedState": integration.intended_state,
        "config": {"current": configuration_body(integration) if expand_config else reference},
        "reportedState": reported_state_body(integration),
        "attributes": {},
        "selfUri": uri,
    }


def reported_state_body(integration: Integration) -> dict[str, Any]:
    """`code` with its text in `detail.message`, where Genesys explains an ERROR."""
    reported = integration.reported
    return {
        "code": reported.code,
        "effective": reported.code.capitalize(),
        "detail": {
            "localizableMessageCode": f"integration.{reported.code.lower()}",
            "message": reported.message,
            "messageWithParams": reported.message,
            "messageParams": {},
        },
        "lastUpdated": reported.since,
    }


def configuration_body(integration: Integration) -> dict[str, Any]:
    """The body of config/current."""
    configuration = integration.configuration
    return {
        "id": integration.id,
        "name": configuration.name,
        "version": configuration.version,
        "properties": configuration.properties,
        "advanced": configuration.advanced,
        "notes": configuration.notes,
        "credentials": configuration.credentials,
        "selfUri": f"/api/v2/integrations/{integration.id}/config/current",
    }


def credential_body(credential: Credential) -> dict[str, Any]:
    """A credential without its field values, which the API never gives back."""
    return {
        "id": credential.id,
        "name": credential.name,
        "type": {"id": credential.type_id, "name": credential.type_id},
        "modifiedDate": credential.modified_at,
        "selfUri": f"/api/v2/integrations/credentials/{credential.id}",
    }
