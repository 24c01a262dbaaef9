"""data.genesyscloud_processautomation_trigger: the id of the first trigger with a name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gcbridge.sandbox.provider.api import GenesysApi, explaining
from gcbridge.sandbox.provider.diagnostics import ProviderError
from gcbridge.sandbox.provider.resource import DataSource, State
from gcbridge.sandbox.provider.schema import IMPLICIT_ID, STRING, Attribute, Block
from gcbridge.sandbox.provider.wire import Value

TYPE_NAME = "genesyscloud_processautomation_trigger"


class TriggerByName(DataSource):
    """Looks a trigger up by its name, case sensitive."""

    type_name = TYPE_NAME
    body = Block({"id": IMPLICIT_ID, "name": Attribute(STRING, required=True)})

    def read(self, api: GenesysApi, config: State) -> dict[str, Value]:
        """Needs processautomation:trigger:view."""
        name = config["name"]
        with explaining(TYPE_NAME, "failed to get page of process automation triggers:", "name"):
            for trigger in _all_triggers(api):
                if trigger.get("name") == name:
                    return {"id": trigger["id"], "name": name}
        raise ProviderError(f"no process automation triggers found with name: {name}", path=("name",))


def _all_triggers(api: GenesysApi) -> Iterator[dict[str, Any]]:
    path: str | None = "/api/v2/processAutomation/triggers"
    while path:
        page = api.call("GET", path)
        yield from page.get("entities") or []
        path = page.get("nextUri")
