"""genesyscloud_integration: POST, then the configuration under its version lock, then the intended state.

The calls and their order: genesyscloud/integration/resource_genesyscloud_integration.go of the real provider.
"""

from __future__ import annotations

import json
from typing import Any

from gcbridge.sandbox.provider.api import GenesysApi, explaining, none_if_gone
from gcbridge.sandbox.provider.diagnostics import WHOLE_BLOCK, ProviderError
from gcbridge.sandbox.provider.go_json import marshal
from gcbridge.sandbox.provider.resource import Resource, State
from gcbridge.sandbox.provider.schema import (
    IMPLICIT_ID,
    MAP_OF_STRINGS,
    STRING,
    Attribute,
    Block,
    list_of_blocks,
)
from gcbridge.sandbox.provider.validation import one_of
from gcbridge.sandbox.provider.waiting import retry_version_mismatch, wait_until_gone
from gcbridge.sandbox.provider.wire import Value, without_unknowns

TYPE_NAME = "genesyscloud_integration"
COLLECTION = "/api/v2/integrations"

_CONFIG = {
    "name": Attribute(STRING, optional=True, computed=True),
    "notes": Attribute(STRING, optional=True),
    "properties": Attribute(STRING, optional=True, computed=True, json_equivalent=True),
    "advanced": Attribute(STRING, optional=True, computed=True, json_equivalent=True),
    "credentials": Attribute(MAP_OF_STRINGS, optional=True),
}

_CONFIG_LINE = ("config", 0, WHOLE_BLOCK)


class Integration(Resource):
    """An integration of any type; its type never changes in place, and no call reports its reported state."""

    type_name = TYPE_NAME
    version = 1
    body = Block(
        {
            "id": IMPLICIT_ID,
            "integration_type": Attribute(STRING, required=True),
            "intended_state": Attribute(
                STRING, optional=True, default="DISABLED", checks=(one_of("ENABLED", "DISABLED"),)
            ),
            "config": list_of_blocks(_CONFIG, max_items=1),
        }
    )

    def create(self, api: GenesysApi, planned: State) -> str:
        """Needs the permission integrations:integration:add."""
        request = {"integrationType": {"id": planned["integration_type"]}}
        with explaining(TYPE_NAME, "Failed to create integration", "integration_type"):
            return str(api.call("POST", COLLECTION, request)["id"])

    def finish_create(self, api: GenesysApi, identity: str, planned: State) -> None:
        """Needs integrations:integration:edit; the state is sent even when it is the initial one."""
        if isinstance(planned["config"], list):
            _put_config(api, identity, without_unknowns(planned["config"]))
        _patch_intended_state(api, identity, planned["intended_state"])

    def read(self, api: GenesysApi, identity: str, known: State) -> dict[str, Value] | None:  # noqa: ARG002
        """Needs integrations:integration:view."""
        with explaining(TYPE_NAME, f"failed to read integration {identity} |"):
            integration = none_if_gone(lambda: _get(api, identity))
        if integration is None:
            return None
        with explaining(TYPE_NAME, f"failed to read config of integration {identity} |"):
            config = api.call("GET", _config_path(identity))
        return {
            "id": identity,
            "integration_type": integration["integrationType"]["id"],
            "intended_state": integration.get("intendedState"),
            "config": [_flatten_config(config)],
        }

    def update(self, api: GenesysApi, prior: State, planned: State) -> None:
        """Needs integrations:integration:edit; only what changed is sent, without disabling in between."""
        identity = prior["id"]
        if planned["config"] != prior["config"] and isinstance(planned["config"], list):
            _put_config(api, identity, without_unknowns(planned["config"]))
        if planned["intended_state"] != prior["intended_state"]:
            _patch_intended_state(api, identity, planned["intended_state"])

    def delete(self, api: GenesysApi, known: State) -> None:
        """Needs integrations:integration:delete; returns when a GET no longer finds it."""
        identity = known["id"]
        with explaining(TYPE_NAME, f"Failed to delete Integration {identity}"):
            api.call("DELETE", f"{COLLECTION}/{identity}")
        with explaining(TYPE_NAME, f"error deleting integration {identity} |"):
            gone = wait_until_gone(lambda: _get(api, identity))
        if not gone:
            raise ProviderError(f"integration {identity} still exists")


def _put_config(api: GenesysApi, identity: str, configs: list[Value]) -> None:
    failing = f"Failed to get the integration config for integration {identity} before updating its config"
    with explaining(TYPE_NAME, failing, *_CONFIG_LINE):
        desired = _desired_config(api.call("GET", _config_path(identity)), configs, identity)

    def put_over_current_version() -> None:
        current = api.call("GET", _config_path(identity))
        api.call("PUT", _config_path(identity), {**desired, "version": current["version"]})

    with explaining(TYPE_NAME, f"Failed to update config for integration {identity}", *_CONFIG_LINE):
        retry_version_mismatch(put_over_current_version)


def _desired_config(current: dict[str, Any], configs: list[Value], identity: str) -> dict[str, Any]:
    fields = ("name", "notes", "properties", "advanced", "credentials")
    desired = {field: current[field] for field in fields}
    if not configs:
        return desired
    config = configs[0]
    desired["name"] = config["name"] or current["name"]
    desired["notes"] = config["notes"] or ""
    for field in ("properties", "advanced"):
        if config[field]:
            desired[field] = _parse_json(config[field], field, identity)
    desired["credentials"] = {kind: {"id": chosen} for kind, chosen in (config["credentials"] or {}).items()}
    return desired


def _parse_json(text: str, field: str, identity: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        summary = f"Failed to convert {field} string to JSON for integration {identity}"
        detail = json.dumps({"resourceType": TYPE_NAME, "errorMessage": str(error)})
        raise ProviderError(summary, detail, ("config", 0, field)) from error


def _patch_intended_state(api: GenesysApi, identity: str, intended_state: str) -> None:
    with explaining(TYPE_NAME, f"Failed to update integration {identity}", "intended_state"):
        api.call(
            "PATCH", f"{COLLECTION}/{identity}", {"intendedState": intended_state}, pageSize=25, pageNumber=1
        )


def _flatten_config(config: dict[str, Any]) -> dict[str, Value]:
    credentials = config.get("credentials") or {}
    return {
        "name": config.get("name") or "",
        "notes": config.get("notes") or "",
        "properties": "" if config.get("properties") is None else marshal(config["properties"]),
        "advanced": "" if config.get("advanced") is None else marshal(config["advanced"]),
        "credentials": {kind: credential["id"] for kind, credential in credentials.items()} or None,
    }


def _get(api: GenesysApi, identity: str) -> dict[str, Any]:
    found: dict[str, Any] = api.call("GET", f"{COLLECTION}/{identity}", pageSize=100, pageNumber=1)
    return found


def _config_path(identity: str) -> str:
    return f"{COLLECTION}/{identity}/config/current"
