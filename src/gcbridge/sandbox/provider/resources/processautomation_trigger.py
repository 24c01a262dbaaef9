"""genesyscloud_processautomation_trigger: raw calls, as the criteria's values have no type in the SDK.

The calls and their order: genesyscloud/process_automation_trigger of the real provider, 1.84.1.
"""

from __future__ import annotations

import json
from typing import Any

from gcbridge.sandbox.provider.api import ApiError, GenesysApi, explaining, none_if_gone
from gcbridge.sandbox.provider.diagnostics import ProviderError
from gcbridge.sandbox.provider.go_json import marshal
from gcbridge.sandbox.provider.resource import Resource, State
from gcbridge.sandbox.provider.schema import (
    BOOL,
    IMPLICIT_ID,
    NUMBER,
    STRING,
    Attribute,
    Block,
    NestedBlock,
    Nesting,
)
from gcbridge.sandbox.provider.validation import at_least, between, length_between, one_of
from gcbridge.sandbox.provider.waiting import retry_bad_request, retry_deletion
from gcbridge.sandbox.provider.wire import Value, without_unknowns

TYPE_NAME = "genesyscloud_processautomation_trigger"
COLLECTION = "/api/v2/processAutomation/triggers"
# `encoding/json` says this of an empty text, which is what a left out match_criteria becomes.
_EMPTY_JSON = "unexpected end of JSON input"

_SETTINGS = Block(
    {"data_format": Attribute(STRING, optional=True, checks=(one_of("Json", "TopLevelPrimitives"),))}
)
_TARGET = Block(
    {
        "type": Attribute(STRING, required=True, checks=(one_of("Workflow"),)),
        "id": Attribute(STRING, required=True),
    },
    {"workflow_target_settings": NestedBlock(Nesting.SET, _SETTINGS, max_items=1)},
)


class ProcessAutomationTrigger(Resource):
    """A trigger; another topic is another trigger."""

    type_name = TYPE_NAME
    version = 1
    body = Block(
        {
            "id": IMPLICIT_ID,
            "name": Attribute(STRING, required=True, checks=(length_between(1, 256),)),
            "topic_name": Attribute(STRING, required=True, force_new=True, checks=(length_between(1, 256),)),
            "enabled": Attribute(BOOL, required=True),
            "match_criteria": Attribute(STRING, optional=True),
            "event_ttl_seconds": Attribute(NUMBER, optional=True, checks=(at_least(10),)),
            "delay_by_seconds": Attribute(NUMBER, optional=True, checks=(between(60, 900),)),
            "description": Attribute(STRING, optional=True, checks=(length_between(0, 512),)),
        },
        {"target": NestedBlock(Nesting.SET, _TARGET, min_items=1, max_items=1)},
    )

    def create(self, api: GenesysApi, planned: State) -> str:
        """Needs processautomation:trigger:add; any 400 is tried again, ten times in all."""
        _check_times(planned)
        failing = f"Failed to create process automation trigger {planned['name']}"
        request = _request(planned, failing)
        try:
            return str(retry_bad_request(lambda: api.call("POST", COLLECTION, request))["id"])
        except ApiError as error:
            if error.status != 400:
                with explaining(TYPE_NAME, failing):
                    raise
            summary = f"Exhausted retries. Last error: {failing} error: {error}"
            raise ProviderError(summary, path=("name",)) from error

    def read(self, api: GenesysApi, identity: str, known: State) -> dict[str, Value] | None:  # noqa: ARG002
        """Needs processautomation:trigger:view."""
        with explaining(TYPE_NAME, f"Failed to read process automation trigger {identity} |"):
            trigger = none_if_gone(lambda: _get(api, identity))
        if trigger is None:
            return None
        return {
            "id": identity,
            "name": trigger.get("name"),
            "topic_name": trigger.get("topicName"),
            "enabled": trigger.get("enabled"),
            "match_criteria": marshal(trigger.get("matchCriteria")),
            "event_ttl_seconds": trigger.get("eventTTLSeconds"),
            "delay_by_seconds": trigger.get("delayBySeconds"),
            "description": trigger.get("description"),
            "target": [_flatten_target(trigger["target"])],
        }

    def update(self, api: GenesysApi, prior: State, planned: State) -> None:
        """Needs processautomation:trigger:edit.

        The real provider means to try a version mismatch again, but looks at the answer of its GET: it never does.
        """
        _check_times(planned)
        identity, failing = prior["id"], f"Failed to update process automation trigger {planned['name']}"
        with explaining(TYPE_NAME, f"Failed to read process automation trigger {identity}"):
            version = _get(api, identity)["version"]
        request = _request(planned, failing) | {"version": version}
        with explaining(TYPE_NAME, failing, "name"):
            api.call("PUT", f"{COLLECTION}/{identity}", request)

    def delete(self, api: GenesysApi, known: State) -> None:
        """Needs processautomation:trigger:delete; 404 is as good as gone."""
        identity = known["id"]
        with explaining(TYPE_NAME, f"process automation trigger {identity} still exists |"):
            retry_deletion(lambda: api.call("DELETE", f"{COLLECTION}/{identity}"))


def _check_times(planned: State) -> None:
    if planned["event_ttl_seconds"] and planned["delay_by_seconds"]:
        summary = "Only one of event_ttl_seconds or delay_by_seconds can be set."
        detail = {
            "resourceType": TYPE_NAME,
            "errorMessage": "event_ttl_seconds and delay_by_seconds are both set",
        }
        raise ProviderError(summary, json.dumps(detail), ("delay_by_seconds",))


def _request(planned: State, failing: str) -> dict[str, Any]:
    known = without_unknowns(dict(planned))
    request = {
        "topicName": known["topic_name"],
        "name": known["name"],
        "target": _expand_target(known["target"]),
        "enabled": known["enabled"],
        "description": known["description"] or "",
        "matchCriteria": _expand_criteria(known["match_criteria"] or "", failing),
    }
    times = {"eventTTLSeconds": known["event_ttl_seconds"], "delayBySeconds": known["delay_by_seconds"]}
    return request | {name: seconds for name, seconds in times.items() if seconds}


def _expand_criteria(text: str, failing: str) -> list[dict[str, Any]]:
    """Both `value` and `values` are always sent; other keys are lost."""
    try:
        criteria = json.loads(text)
    except ValueError as error:
        raise _not_json(failing, str(error) if text else _EMPTY_JSON) from error
    if not isinstance(criteria, list) or not all(isinstance(one, dict) for one in criteria):
        raise _not_json(failing, "json: cannot unmarshal into Go value of type []map[string]interface {}")
    return [{key: one.get(key) for key in ("jsonPath", "operator", "value", "values")} for one in criteria]


def _not_json(failing: str, reason: str) -> ProviderError:
    detail = json.dumps({"resourceType": TYPE_NAME, "errorMessage": reason})
    return ProviderError(f"{failing} error: {reason}", detail, ("match_criteria",))


def _expand_target(targets: list[Value]) -> dict[str, Any]:
    target = targets[0]
    settings = target["workflow_target_settings"]
    data_format = settings[0]["data_format"] if settings else None
    told = {"workflowTargetSettings": {"dataFormat": data_format}} if data_format else {}
    return {"type": target["type"], "id": target["id"], **told}


def _flatten_target(target: dict[str, Any]) -> dict[str, Value]:
    settings = target.get("workflowTargetSettings")
    told = [{"data_format": settings.get("dataFormat")}] if settings else []
    return {"type": target["type"], "id": target["id"], "workflow_target_settings": told}


def _get(api: GenesysApi, identity: str) -> dict[str, Any]:
    found: dict[str, Any] = api.call("GET", f"{COLLECTION}/{identity}")
    return found
