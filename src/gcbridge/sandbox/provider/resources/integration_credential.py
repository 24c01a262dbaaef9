"""genesyscloud_integration_credential: its fields go in and never come out again.

The calls: resource_genesyscloud_integration_credential.go of the real provider.
"""

from __future__ import annotations

from typing import Any

from gcbridge.sandbox.provider.api import GenesysApi, explaining, none_if_gone
from gcbridge.sandbox.provider.diagnostics import ProviderError
from gcbridge.sandbox.provider.resource import Resource, State
from gcbridge.sandbox.provider.schema import IMPLICIT_ID, MAP_OF_STRINGS, STRING, Attribute, Block
from gcbridge.sandbox.provider.waiting import wait_until_gone
from gcbridge.sandbox.provider.wire import Value, without_unknowns

TYPE_NAME = "genesyscloud_integration_credential"
COLLECTION = "/api/v2/integrations/credentials"


class IntegrationCredential(Resource):
    """A credential an integration refers to by id."""

    type_name = TYPE_NAME
    body = Block(
        {
            "id": IMPLICIT_ID,
            "name": Attribute(STRING, optional=True),
            "credential_type_name": Attribute(STRING, required=True),
            "fields": Attribute(MAP_OF_STRINGS, optional=True, computed=True, sensitive=True),
        }
    )

    def create(self, api: GenesysApi, planned: State) -> str:
        """Needs the permission integrations:integration:edit."""
        with explaining(
            TYPE_NAME, f"Failed to create credential {planned['name'] or ''}", "credential_type_name"
        ):
            return str(api.call("POST", COLLECTION, _request(planned))["id"])

    def read(self, api: GenesysApi, identity: str, known: State) -> dict[str, Value] | None:
        """Needs integrations:integration:view; the fields stay what the state says."""
        with explaining(TYPE_NAME, f"failed to read credential {identity} |"):
            credential = none_if_gone(lambda: _get(api, identity))
        if credential is None:
            return None
        return {
            "id": identity,
            "name": credential.get("name"),
            "credential_type_name": credential["type"]["name"],
            "fields": known.get("fields"),
        }

    def update(self, api: GenesysApi, prior: State, planned: State) -> None:
        """Needs integrations:integration:edit; every update sends all fields."""
        with explaining(TYPE_NAME, f"Failed to update credential {planned['name'] or ''}", "fields"):
            api.call("PUT", f"{COLLECTION}/{prior['id']}", _request(planned))

    def delete(self, api: GenesysApi, known: State) -> None:
        """Needs integrations:integration:delete; returns when a GET no longer finds it."""
        identity = known["id"]
        with explaining(TYPE_NAME, f"Failed to delete credential {identity}"):
            api.call("DELETE", f"{COLLECTION}/{identity}")
        with explaining(TYPE_NAME, f"error deleting credential {identity} |"):
            gone = wait_until_gone(lambda: _get(api, identity))
        if not gone:
            raise ProviderError(f"integration credential {identity} still exists")


def _request(planned: State) -> dict[str, Any]:
    known = without_unknowns(dict(planned))
    return {
        "name": known["name"] or "",
        "type": {"name": known["credential_type_name"]},
        "credentialFields": known["fields"] or {},
    }


def _get(api: GenesysApi, identity: str) -> dict[str, Any]:
    found: dict[str, Any] = api.call("GET", f"{COLLECTION}/{identity}")
    return found
