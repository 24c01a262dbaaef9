"""The sandbox's own switches under /_sandbox/ (no token): health, emit, faults and the request log."""

from __future__ import annotations

import difflib
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gcbridge.sandbox.genesys.answers import ApiError, bad_request, read_object
from gcbridge.sandbox.genesys.cloud import Cloud, cloud_of
from gcbridge.sandbox.genesys.faults import Faults
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
            "events": {
                "waiting": cloud.delivery.waiting(),
                "delivered": cloud.world.delivered,
                "rejected": cloud.world.rejected,
            },
            "orphaned_sources": [source.name for source in cloud.world.orphaned_sources],
        }
    )


async def get_topics(request: Request) -> Response:
    """GET /_sandbox/topics: what `emit` can send, and where each sample comes from."""
    del request
    samples = [{"topic": s.topic, "name": s.name, "origin": s.origin} for s in all_samples()]
    return JSONResponse({"samples": samples})


async def post_emit(request: Request) -> Response:
    """POST /_sandbox/emit: fresh events of one topic for every integration that sends it."""
    cloud = cloud_of(request)
    wanted = _validated(EmitRequest, await read_object(request))
    sample = _sample(wanted)
    carriers = cloud.delivery.carriers(wanted.topic)
    details = _fresh_details(cloud, sample, wanted)
    cloud.delivery.send(wanted.topic, details, carriers)
    body: dict[str, Any] = {
        "sent": wanted.count if carriers else 0,
        "integrations": [_carrier_body(integration) for integration in carriers],
    }
    if not carriers:
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
    user = cloud.world.users[0]
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


async def get_faults(request: Request) -> Response:
    """GET /_sandbox/faults: the switches as they stand."""
    return JSONResponse(cloud_of(request).faults.model_dump())


async def post_faults(request: Request) -> Response:
    """POST /_sandbox/faults: sets the named switches, leaves the others."""
    cloud = cloud_of(request)
    given = _validated(Faults, await read_object(request))
    cloud.set_faults(
        cloud.faults.model_copy(update={name: getattr(given, name) for name in given.model_fields_set})
    )
    return JSONResponse(cloud.faults.model_dump())


async def delete_faults(request: Request) -> Response:
    """DELETE /_sandbox/faults: everything works again."""
    cloud_of(request).set_faults(Faults())
    return Response(status_code=204)


def _validated(model: type[Any], body: dict[str, Any]) -> Any:
    try:
        return model.model_validate(body)
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors()]
        raise bad_request("; ".join(problems), problems) from error


ROUTES = [
    Route("/_sandbox/health", get_health),
    Route("/_sandbox/topics", get_topics),
    Route("/_sandbox/emit", post_emit, methods=["POST"]),
    Route("/_sandbox/requests", get_requests),
    Route("/_sandbox/faults", get_faults),
    Route("/_sandbox/faults", post_faults, methods=["POST"]),
    Route("/_sandbox/faults", delete_faults, methods=["DELETE"]),
]
