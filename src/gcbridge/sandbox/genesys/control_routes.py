"""The sandbox's own calls under /_sandbox/ (no token): health, emit, seed and the request log."""

from __future__ import annotations

import difflib
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gcbridge.sandbox.genesys.answers import ApiError, bad_request, read_object
from gcbridge.sandbox.genesys.cloud import Cloud, cloud_of
from gcbridge.sandbox.genesys.directory import SeedRequest
from gcbridge.sandbox.genesys.samples import (
    Placeholders,
    Sample,
    UnsettablePathError,
    all_samples,
    choose_sample,
    fresh_detail,
    given_sample,
)
from gcbridge.sandbox.genesys.world import Integration

Model = TypeVar("Model", bound=BaseModel)


class EmitRequest(BaseModel):
    """`set` maps dotted paths below `detail` to JSON values, e.g. {"eventBody.mediaType": "CHAT"}.

    `detail` is sent where there is no recorded sample of the topic.
    """

    model_config = ConfigDict(extra="forbid")

    topic: str
    count: int = Field(default=1, ge=1, le=100_000)
    set: dict[str, Any] = Field(default_factory=dict)
    detail: dict[str, Any] | None = None


async def get_health(request: Request) -> Response:
    """GET /_sandbox/health: org id and counts."""
    cloud = cloud_of(request)
    return JSONResponse(
        {
            "status": "ok",
            "org_id": cloud.world.org_id,
            "integrations": len(cloud.world.integrations),
            "events": cloud.delivery.counts(),
            "faults": dict(cloud.troubles.tally),
            "notifications": cloud.notifications.counts(),
            "triggers": len(cloud.triggers.all),
            "flows": len(cloud.flows.all),
            "workflows": cloud.firing.counts(),
            "orphaned_sources": [source.name for source in cloud.world.orphaned_sources],
        }
    )


async def get_topics(request: Request) -> Response:
    """GET /_sandbox/topics: what `emit` can send, and where each sample comes from."""
    del request
    samples = [{"topic": s.topic, "name": s.name, "origin": s.origin} for s in all_samples()]
    return JSONResponse({"samples": samples})


async def post_emit(request: Request) -> Response:
    """POST /_sandbox/emit: fresh events of one topic for every integration and every channel that wants it.

    `sent` counts events that an integration carries, `notified` messages on WebSockets.
    """
    cloud = cloud_of(request)
    wanted = validated(EmitRequest, await read_object(request))
    details = _fresh_details(cloud, _sample(wanted), wanted)
    published = cloud.publisher.send(wanted.topic, details)
    body: dict[str, Any] = {
        "sent": wanted.count if published.carriers else 0,
        "notified": published.notified,
        "integrations": [_carrier_body(integration) for integration in published.carriers],
    }
    if not published.carriers:
        body["skipped"] = _skip_reason(cloud, wanted.topic)
    return JSONResponse(body)


def _sample(wanted: EmitRequest) -> Sample:
    recorded = choose_sample(wanted.topic, wanted.set)
    if recorded is not None:
        return recorded
    if wanted.detail is None:
        raise _unknown_topic(wanted.topic)
    return given_sample(wanted.topic, wanted.detail)


def _fresh_details(cloud: Cloud, sample: Sample, wanted: EmitRequest) -> list[dict[str, Any]]:
    user = cloud.directory.first_user
    try:
        return [
            fresh_detail(sample, Placeholders(user.id, user.name, cloud.world.org_id), wanted.set)
            for _ in range(wanted.count)
        ]
    except UnsettablePathError as error:
        raise bad_request(str(error)) from error


def _carrier_body(integration: Integration) -> dict[str, str]:
    source = integration.source.name if integration.source else ""
    return {"id": integration.id, "name": integration.configuration.name, "source": source}


def _skip_reason(cloud: Cloud, topic: str) -> str:
    integrations = list(cloud.world.integrations.values())
    if not integrations:
        return "there is no integration"
    holding = [i for i in integrations if topic in i.configuration.properties.get("eventFilter", [])]
    if not holding:
        return f"no integration has {topic} in its eventFilter"
    states = ", ".join(f"{i.configuration.name}: {_state(i)}" for i in holding)
    return f"no integration that has the topic is enabled, ACTIVE and has its event source ({states})"


def _state(integration: Integration) -> str:
    source = integration.source.status if integration.source else "none"
    return f"{integration.intended_state}, {integration.reported.code}, source {source}"


def _unknown_topic(topic: str) -> ApiError:
    known = sorted({sample.topic for sample in all_samples()})
    close = difflib.get_close_matches(topic, known, n=3) or known
    return ApiError(404, "not.found", f"There is no sample event of topic {topic}. Try: {', '.join(close)}")


async def get_requests(request: Request) -> Response:
    """GET /_sandbox/requests: the last 200 requests, without headers or bodies."""
    return JSONResponse({"requests": list(cloud_of(request).requests)})


async def post_seed(request: Request) -> Response:
    """POST /_sandbox/seed: makes users, queues and more until there are as many as wanted; answers their ids."""
    cloud = cloud_of(request)
    directory = cloud.directory
    wanted: SeedRequest = validated(SeedRequest, await read_object(request))
    directory.seed(wanted)
    ids = {
        "users": list(directory.users),
        "queues": list(directory.queues),
        "flows": list(cloud.flows.all),
    }
    ids |= {kind: list(things) for kind, things in directory.listed.items()}
    return JSONResponse({kind: ids[kind] for kind in ids if kind in wanted.model_fields_set})


def validated(model: type[Model], body: dict[str, Any]) -> Model:
    """The body as a model; raises ApiError 400 that names every problem."""
    try:
        return model.model_validate(body)
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors()]
        raise bad_request("; ".join(problems), problems) from error


ROUTES = [
    Route("/_sandbox/health", get_health),
    Route("/_sandbox/topics", get_topics),
    Route("/_sandbox/emit", post_emit, methods=["POST"]),
    Route("/_sandbox/seed", post_seed, methods=["POST"]),
    Route("/_sandbox/requests", get_requests),
]
