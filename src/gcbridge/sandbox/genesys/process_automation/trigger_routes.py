"""Triggers: made, listed, changed and deleted, all of it audited."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gcbridge.sandbox.genesys.answers import ApiError, bad_request, not_found, query_list, read_object
from gcbridge.sandbox.genesys.cloud import Cloud, cloud_of
from gcbridge.sandbox.genesys.control_routes import validated
from gcbridge.sandbox.genesys.events import PropertyChange, trigger_audited
from gcbridge.sandbox.genesys.process_automation.triggers import Trigger, TriggerRequest
from gcbridge.sandbox.genesys.token_routes import token_of
from gcbridge.sandbox.genesys.topic_routes import available_topics

_TRANSPORTS = {"All", "ProcessAutomation"}
# "pageSize: Number of entities to return. Maximum of 200", says the SDK.
_LARGEST_PAGE = 200
_USUAL_PAGE = 100
_UNAUDITED = ("id", "version", "selfUri")


async def get_triggers(request: Request) -> Response:
    """GET .../triggers?before=&after=&pageSize=&topicName=&enabled=&hasDelayBy=: pages with relative `nextUri`s."""
    topics = query_list(request, "topicName")
    enabled, has_delay = _flag(request, "enabled"), _flag(request, "hasDelayBy")
    found = [
        trigger
        for trigger in cloud_of(request).triggers.all.values()
        if (not topics or trigger.topic_name in topics)
        and enabled in (None, trigger.enabled)
        and has_delay in (None, trigger.delay_by_seconds is not None)
    ]
    entities, uris = _cut(request, [trigger.id for trigger in found])
    bodies = {trigger.id: trigger for trigger in found}
    return JSONResponse({"entities": [bodies[identity].body() for identity in entities], **uris})


async def post_trigger(request: Request) -> Response:
    """POST .../triggers: of a topic that process automation carries, for a published workflow; names may repeat."""
    cloud, body = cloud_of(request), await read_object(request)
    wanted: TriggerRequest = validated(TriggerRequest, body)
    _check_topic(wanted.topic_name)
    _check_target(cloud, wanted)
    trigger = Trigger.model_validate(wanted.model_dump())
    cloud.triggers.put(trigger)
    _audit(request, trigger, "Create", _changes(None, trigger))
    return JSONResponse(trigger.body())


async def get_trigger(request: Request) -> Response:
    """GET .../triggers/{id}."""
    return JSONResponse(find_trigger(request).body())


async def put_trigger(request: Request) -> Response:
    """PUT .../triggers/{id}: replaces everything but the topic if `version` is the current one."""
    cloud, old = cloud_of(request), find_trigger(request)
    body = await read_object(request)
    _check_version(body.get("version"), old.version)
    wanted: TriggerRequest = validated(TriggerRequest, {"topicName": old.topic_name} | body)
    if wanted.topic_name != old.topic_name:
        raise bad_request("topicName cannot be changed: make another trigger.", ["topicName"])
    _check_target(cloud, wanted)
    new = Trigger.model_validate(wanted.model_dump() | {"id": old.id, "version": old.version + 1})
    cloud.triggers.put(new)
    _audit(request, new, "Update", _changes(old, new))
    return JSONResponse(new.body())


async def delete_trigger(request: Request) -> Response:
    """DELETE .../triggers/{id}."""
    cloud, trigger = cloud_of(request), find_trigger(request)
    cloud.triggers.delete(trigger)
    _audit(request, trigger, "Delete", ())
    return Response(status_code=204)


async def get_topics(request: Request) -> Response:
    """GET .../triggers/topics?before=&after=&pageSize=: topics that a trigger can have."""
    entities, uris = _cut(request, trigger_topics())
    return JSONResponse({"entities": entities, **uris})


def trigger_topics() -> list[str]:
    """Topic templates that process automation carries, sorted."""
    return sorted(str(topic["id"]) for topic in available_topics() if _TRANSPORTS & set(topic["transports"]))


def find_trigger(request: Request) -> Trigger:
    """The trigger of the path; raises ApiError 404."""
    identity = request.path_params["trigger_id"]
    trigger = cloud_of(request).triggers.all.get(identity)
    if trigger is None:
        raise not_found("trigger", identity)
    return trigger


def _cut(request: Request, keys: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """One page of keys, after or before one of them, and where the neighbouring pages are."""
    size = _page_size(request)
    query = request.query_params
    after, before = query.get("after"), query.get("before")
    if before is not None:
        end = _position(keys, "before", before)
        start = max(0, end - size)
    else:
        start = 0 if after is None else _position(keys, "after", after) + 1
        end = min(len(keys), start + size)
    uris = {"selfUri": f"{request.url.path}?{request.url.query}".rstrip("?")}
    if end < len(keys):
        uris["nextUri"] = _uri(request, size, "after", keys[end - 1])
    if start > 0:
        uris["previousUri"] = _uri(request, size, "before", keys[start])
    return list(keys[start:end]), uris


def _uri(request: Request, size: int, name: str, key: str) -> str:
    kept = [
        (given, value)
        for given, value in request.query_params.multi_items()
        if given not in ("after", "before", "pageSize")
    ]
    return f"{request.url.path}?{urlencode([*kept, (name, key), ('pageSize', size)])}"


def _position(keys: Sequence[str], name: str, key: str) -> int:
    if key not in keys:
        raise bad_request(f"{name} is not a cursor that this listing gave.", [name])
    return keys.index(key)


def _page_size(request: Request) -> int:
    text = request.query_params.get("pageSize", str(_USUAL_PAGE))
    if not text.isdecimal() or not 1 <= int(text) <= _LARGEST_PAGE:
        raise bad_request(f"pageSize must be 1 to {_LARGEST_PAGE}, not {text!r}.", ["pageSize"])
    return int(text)


def _flag(request: Request, name: str) -> bool | None:
    text = request.query_params.get(name)
    return None if text is None else text.lower() == "true"


def _check_topic(topic: str) -> None:
    if topic not in trigger_topics():
        raise bad_request(f"Topic {topic} is not available for process automation.", ["topicName"])


def _check_target(cloud: Cloud, wanted: TriggerRequest) -> None:
    if cloud.flows.find_workflow(wanted.target.id) is None:
        raise bad_request(f"Target {wanted.target.id} is not a published workflow.", ["target.id"])


def _check_version(given: Any, current: int) -> None:
    if not isinstance(given, int) or isinstance(given, bool):
        raise bad_request("version: the current version number is required.", ["version"])
    if given != current:
        text = f"The supplied version {given} does not match the current version {current}."
        raise ApiError(409, "general.conflict", text)


def _changes(old: Trigger | None, new: Trigger) -> tuple[PropertyChange, ...]:
    before, after = ({} if side is None else side.body() for side in (old, new))
    return tuple(
        PropertyChange(key, *((_as_text(side[key]),) if key in side else None for side in (before, after)))
        for key in dict.fromkeys([*before, *after])
        if key not in _UNAUDITED and before.get(key) != after.get(key)
    )


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)


def _audit(request: Request, trigger: Trigger, action: str, changes: tuple[PropertyChange, ...]) -> None:
    cloud, client_id = cloud_of(request), token_of(request).client_id
    cloud.publisher.publish(trigger_audited(trigger, action, changes, cloud.world.org_id, client_id))


ROUTES = [
    Route("/api/v2/processautomation/triggers", get_triggers),
    Route("/api/v2/processautomation/triggers", post_trigger, methods=["POST"]),
    Route("/api/v2/processautomation/triggers/topics", get_topics),
    Route("/api/v2/processautomation/triggers/{trigger_id}", get_trigger),
    Route("/api/v2/processautomation/triggers/{trigger_id}", put_trigger, methods=["PUT"]),
    Route("/api/v2/processautomation/triggers/{trigger_id}", delete_trigger, methods=["DELETE"]),
]
