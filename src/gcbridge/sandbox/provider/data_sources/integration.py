"""data.genesyscloud_integration: the id of the first integration with a name."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

from gcbridge.sandbox.provider.api import GenesysApi, explaining
from gcbridge.sandbox.provider.diagnostics import ProviderError
from gcbridge.sandbox.provider.resource import DataSource, State
from gcbridge.sandbox.provider.schema import IMPLICIT_ID, STRING, Attribute, Block
from gcbridge.sandbox.provider.wire import Value

TYPE_NAME = "genesyscloud_integration"


class IntegrationByName(DataSource):
    """Looks an integration up by its name, case sensitive."""

    type_name = TYPE_NAME
    body = Block({"id": IMPLICIT_ID, "name": Attribute(STRING, required=True)})

    def read(self, api: GenesysApi, config: State) -> dict[str, Value]:
        """Needs the permission integrations:integration:view."""
        name = config["name"]
        with explaining(TYPE_NAME, f"failed to get page of integrations: {name} |", "name"):
            for integration in _all_integrations(api):
                if integration.get("name") == name:
                    return {"id": integration["id"], "name": name}
        raise ProviderError(f"no integrations found with name: {name}", path=("name",))


def _all_integrations(api: GenesysApi) -> Iterator[dict[str, Any]]:
    for page in count(1):
        entities = api.call("GET", "/api/v2/integrations", pageSize=100, pageNumber=page).get("entities")
        if not entities:
            return
        yield from entities
