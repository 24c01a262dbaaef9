"""Fault switches under /_sandbox/faults (no token): some stay until they are taken back, some strike once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gcbridge.sandbox.genesys.answers import bad_request, read_object
from gcbridge.sandbox.genesys.cloud import Cloud, cloud_of
from gcbridge.sandbox.genesys.control_routes import validated
from gcbridge.sandbox.genesys.faults import Faults

STRIKES: dict[str, Callable[[Cloud], None]] = {
    "drop_sockets": lambda cloud: cloud.notifications.drop_sockets(),
    "announce_close": lambda cloud: cloud.notifications.announce_close(),
    "expire_tokens": Cloud.expire_tokens,
    "displace_channels": lambda cloud: cloud.notifications.displace_channels(),
}
"""What `{"NAME": true}` does at once; it leaves no switch behind."""


async def get_faults(request: Request) -> Response:
    """GET /_sandbox/faults: the switches as they stand."""
    return JSONResponse(cloud_of(request).faults.model_dump())


async def post_faults(request: Request) -> Response:
    """POST /_sandbox/faults: sets the named switches, leaves the others, then strikes."""
    cloud = cloud_of(request)
    body = await read_object(request)
    strikes = {name: body.pop(name) for name in STRIKES if name in body}
    given = validated(Faults, body)
    _check_strikes(strikes)
    cloud.set_faults(
        cloud.faults.model_copy(update={name: getattr(given, name) for name in given.model_fields_set})
    )
    if "seed" in given.model_fields_set:
        cloud.troubles.dice.sow(given.seed)
    for name, wanted in strikes.items():
        if wanted:
            STRIKES[name](cloud)
    return JSONResponse(cloud.faults.model_dump())


async def delete_faults(request: Request) -> Response:
    """DELETE /_sandbox/faults: everything works again; tokens that were expired stay so."""
    cloud_of(request).set_faults(Faults())
    return Response(status_code=204)


def _check_strikes(strikes: dict[str, Any]) -> None:
    for name, wanted in strikes.items():
        if not isinstance(wanted, bool):
            raise bad_request(f"{name} must be true or false.", [name])


ROUTES = [
    Route("/_sandbox/faults", get_faults),
    Route("/_sandbox/faults", post_faults, methods=["POST"]),
    Route("/_sandbox/faults", delete_faults, methods=["DELETE"]),
]
