"""``/_sandbox/faults``: POST makes a target fail or metrics late, GET shows what is wrong, DELETE ends all that."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from gcbridge.sandbox.aws import background
from gcbridge.sandbox.aws.faults import (
    all_faults,
    clear_faults,
    metrics_late_seconds,
    new_fault,
    set_fault,
    set_metrics_late,
)
from gcbridge.sandbox.aws.persistence import AsgiApp

PATH = "/_sandbox/faults"


async def add_fault(request: Request) -> Response:
    """Answer POST."""
    try:
        data = await request.json()
        if isinstance(data, dict) and data.keys() == {"metrics_late_seconds"}:
            set_metrics_late(data["metrics_late_seconds"])
            return JSONResponse(data, 201)
        fault = new_fault(data)
    except ValueError as error:
        return JSONResponse({"message": str(error)}, 400)
    set_fault(fault)
    return JSONResponse(fault.describe(), 201)


async def show_faults(_: Request) -> Response:
    """Answer GET."""
    faults = [fault.describe() for fault in all_faults()]
    shown = {"faults": faults, "metrics_late_seconds": metrics_late_seconds()}
    return JSONResponse({**shown, "deliveries_waiting": background.waiting_count()})


async def end_faults(_: Request) -> Response:
    """Answer DELETE."""
    clear_faults()
    return Response(status_code=204)


async def refuse(_: Request) -> Response:
    """Answer any other method."""
    return JSONResponse({"message": "use GET, POST or DELETE"}, 405)


ANSWERS = {"POST": add_fault, "GET": show_faults, "DELETE": end_faults}


class FaultsApp:
    """An ASGI application that answers the one path of its own and passes everything else on."""

    def __init__(self, app: AsgiApp) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer or pass on."""
        background.remember_loop()
        if scope["type"] != "http" or scope["path"] != PATH:
            return await self._app(scope, receive, send)
        request = Request(scope, receive)
        answer = await ANSWERS.get(request.method, refuse)(request)
        return await answer(scope, receive, send)
