"""Which way to look into a target, by what it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gcbridge.aws.following import log_group_search, object_search, stream_search
from gcbridge.aws.following.item_search import ItemSearch
from gcbridge.aws.following.log_group_search import LogGroupSearch
from gcbridge.aws.following.object_search import ObjectSearch
from gcbridge.aws.following.queue_search import QueueSearch
from gcbridge.aws.following.sighting import Look, Sighting, alike, earliest
from gcbridge.aws.following.stream_search import StreamSearch
from gcbridge.aws.session import Aws
from gcbridge.model.target import AnyTarget, DynamodbTarget

TELLING = {
    "sns": "metric AWS/SNS NumberOfMessagesPublished, or a subscriber",
    "lambda": "metric AWS/Lambda Invocations, or the function's log",
    "states": "the executions of the state machine",
    "ecs": "the tasks of the cluster",
    "events": "the receiver, or metric AWS/Events InvocationAttempts of the rule",
}
"""Service that cannot be looked into -> what would tell."""
CLIENTS = {"kinesis": ("kinesis",), "firehose": ("firehose", "s3"), "dynamodb": ("dynamodb",)}
"""Service -> clients that a search in it needs."""
BY_NAME = frozenset({"sqs", "logs", "firehose"})
"""Services that are asked by name here, so that a namesake in the own account would answer."""


def choose_look(aws: Aws, target: AnyTarget, by_id: Mapping[str, Mapping[str, Any]]) -> Look:
    """What looks for the events in the target; where that is impossible or would do harm, it says so.

    Args:
        aws: where the target is. The clients that are needed are opened now: boto3 does not make them in threads.
        target: what to look into.
        by_id: id -> whole EventBridge event.
    """
    service, account, name = _parts(aws, target)
    for client in CLIENTS.get(service, ()):
        aws.client(client)
    if service in BY_NAME and account != aws.account.account_id:
        return _untold(f"it is in account {account}")
    if isinstance(target, DynamodbTarget):
        return ItemSearch(aws, target, by_id).look
    every = by_id.values()
    match service:
        case "sqs" if name.endswith(".fifo"):
            return _untold(f"queue {name} is a FIFO queue, and every look would hold back a message group")
        case "sqs":
            return QueueSearch(aws, name).look
        case "logs":
            group = name.removeprefix("log-group:").removesuffix(":*")
            return LogGroupSearch(aws, group, earliest(every, log_group_search.EARLIER)).look
        case "kinesis":
            return StreamSearch(aws, target.arn or "", earliest(every, stream_search.EARLIER)).look
        case "firehose":
            stream = name.removeprefix("deliverystream/")
            return ObjectSearch(aws, stream, earliest(every, object_search.EARLIER)).look
    told_by = TELLING.get(service, "metric AWS/Events Invocations of the rule")
    return _untold(f"targets of this kind cannot be looked into; what would tell: {told_by}")


def _parts(aws: Aws, target: AnyTarget) -> tuple[str, str, str]:
    """Service, account and name."""
    if isinstance(target, DynamodbTarget):
        return "dynamodb", aws.account.account_id, target.table_name
    service, _, account, name = target.arn.split(":", 5)[2:] if target.arn else ("events", "", "", "")
    return service, account, name


def _untold(detail: str) -> Look:
    sighting = Sighting(None, detail, final=True)
    return lambda wanted: alike(wanted, sighting)
