"""Counts what the emulator holds, over all accounts and regions; AWS itself can only be asked one region at a time."""

from __future__ import annotations

from typing import Any

from ministack.services import cloudwatch_logs, eventbridge, sqs
from starlette.responses import JSONResponse

from gcbridge.sandbox.aws.partner_records import every_record, state_of
from gcbridge.sandbox.aws.persistence import AsgiApp

PATH = "/_sandbox/contents"


def count_contents() -> dict[str, int]:
    """How many of each kind there are; the default bus that every account has does not count."""
    buses = (bus["Name"] for bus in eventbridge._event_buses._data.values())
    return {
        "partner_sources": sum(state_of(record) != "DELETED" for record in every_record()),
        "event_buses": sum(name != "default" for name in buses),
        "rules": len(eventbridge._rules._data),
        "queues": len(sqs._queues._data),
        "log_groups": len(cloudwatch_logs._log_groups._data),
    }


class ContentsApp:
    """An ASGI application that answers the one path of its own and passes everything else on."""

    def __init__(self, app: AsgiApp) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer or pass on."""
        is_ours = scope["type"] == "http" and scope["path"] == PATH
        await (JSONResponse(count_contents()) if is_ours else self._app)(scope, receive, send)
