"""Counts what the emulator holds, over all accounts and regions; AWS itself can only be asked one region at a time."""

from __future__ import annotations

import sys
from typing import Any

from ministack.services import (
    cloudwatch,
    cloudwatch_logs,
    dynamodb,
    ecs,
    eventbridge,
    firehose,
    glue,
    iam,
    kinesis,
    kms,
    lambda_svc,
    s3,
    sns,
    sqs,
    stepfunctions,
)
from starlette.responses import JSONResponse

from gcbridge.sandbox.aws.partner_records import every_record, state_of
from gcbridge.sandbox.aws.persistence import AsgiApp

PATH = "/_sandbox/contents"

# By name, because ministack puts other objects in their place when it loads its state.
STORES = {
    "rules": (eventbridge, "_rules"),
    "archives": (eventbridge, "_archives"),
    "api_destinations": (eventbridge, "_api_destinations"),
    "connections": (eventbridge, "_connections"),
    "queues": (sqs, "_queues"),
    "topics": (sns, "_topics"),
    "functions": (lambda_svc, "_functions"),
    "streams": (kinesis, "_streams"),
    "delivery_streams": (firehose, "_streams"),
    "buckets": (s3, "_buckets"),
    "state_machines": (stepfunctions, "_state_machines"),
    "ecs_clusters": (ecs, "_clusters"),
    "tables": (dynamodb, "_tables"),
    "roles": (iam, "_roles"),
    "log_groups": (cloudwatch_logs, "_log_groups"),
    "alarms": (cloudwatch, "_alarms"),
    "dashboards": (cloudwatch, "_dashboards"),
    "catalog_databases": (glue, "_databases"),
    "catalog_tables": (glue, "_tables"),
}
# Slow to load, so it is loaded when somebody needs it; until then there is nothing in it.
QUERIES = "ministack.services.athena"


def count_queries() -> dict[str, int]:
    """Work groups that somebody made, and named queries."""
    athena = sys.modules.get(QUERIES)
    groups = [group["Name"] for group in athena._workgroups._data.values()] if athena else []
    return {
        "query_workgroups": sum(name != "primary" for name in groups),
        "named_queries": len(athena._named_queries._data) if athena else 0,
    }


def count_contents() -> dict[str, int]:
    """How many of each kind there are.

    What nobody made or can delete does not count: the default bus of each account, a key that waits for its deletion.
    """
    buses = (bus["Name"] for bus in eventbridge._event_buses._data.values())
    keys = (key["KeyState"] for key in kms._keys._data.values())
    return {
        "partner_sources": sum(state_of(record) != "DELETED" for record in every_record()),
        "event_buses": sum(name != "default" for name in buses),
        "keys": sum(state != "PendingDeletion" for state in keys),
        **count_queries(),
        **{kind: len(getattr(*store)._data) for kind, store in STORES.items()},
    }


class ContentsApp:
    """An ASGI application that answers the one path of its own and passes everything else on."""

    def __init__(self, app: AsgiApp) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer or pass on."""
        is_ours = scope["type"] == "http" and scope["path"] == PATH
        await (JSONResponse(count_contents()) if is_ours else self._app)(scope, receive, send)
