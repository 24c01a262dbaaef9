"""What AWS bills for a target, as far as it grows with the events that come to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gcbridge.model.target import AnyTarget, ExistingTarget, KinesisTarget, SqsTarget

KIB = 1024
CHUNK_BYTES = 64 * KIB
"""EventBridge, SQS and SNS bill every begun 64 KB as one (their pricing pages)."""

Basis = Literal["deliveries", "chunks", "units", "bytes", "rounded_bytes", "hours"]


@dataclass(frozen=True, slots=True)
class Charge:
    """One thing that is billed.

    Args:
        price: name of the price.
        item: for people; the target's name follows.
        basis: what is multiplied with it: deliveries, chunks of 64 KB, units of the target's own size, bytes, bytes
            rounded up to such units, or the hours of a month.
        times: how many of them, such as shards.
    """

    price: str
    item: str
    basis: Basis
    times: int = 1


@dataclass(frozen=True, slots=True)
class Billing:
    """How a target is billed.

    Args:
        charges: what is billed.
        unit_bytes: a delivery is rounded up to a multiple of that.
        left_out: what else costs money and does not follow from the events.
    """

    charges: tuple[Charge, ...]
    unit_bytes: int = CHUNK_BYTES
    left_out: str = ""


def billing_of(target: AnyTarget, account_id: str) -> Billing:
    """How a target is billed.

    Args:
        target: what receives.
        account_id: the account of the bridge; delivery to a target in another account costs extra.
    """
    billing = _billing(target)
    if isinstance(target, ExistingTarget) and _is_elsewhere(target, account_id):
        crossing = Charge("eventbridge.cross_account", "delivery to another account:", "chunks")
        return Billing((*billing.charges, crossing), billing.unit_bytes, billing.left_out)
    return billing


def _billing(target: AnyTarget) -> Billing:
    if isinstance(target, SqsTarget) and target.message_group is not None:
        return FIFO_QUEUE
    if isinstance(target, KinesisTarget) and target.spec.shard_count is not None:
        return _provisioned_stream(target.spec.shard_count)
    if isinstance(target, ExistingTarget):
        return _existing(target)
    return BY_TYPE[target.type]


def _existing(target: ExistingTarget) -> Billing:
    arn = target.arn or ""
    if target.service == "events":
        return BY_TYPE["event_bus" if ":event-bus/" in arn else "api_destination"]
    if target.service == "sqs" and arn.endswith(".fifo"):
        return FIFO_QUEUE
    if target.service == "kinesis":
        # Which mode a stream that exists is in, its ARN does not tell; on demand costs more for the same data.
        return Billing(BY_TYPE["kinesis"].charges[:1], KIB, "hours of existing streams, reads")
    return BY_TYPE.get(TYPE_OF_SERVICE.get(target.service, ""), OTHER)


def _is_elsewhere(target: ExistingTarget, account_id: str) -> bool:
    account = (target.arn or "").split(":")[4:5]
    return target.service != "events" and account not in ([], [""], [account_id])


def _provisioned_stream(shards: int) -> Billing:
    return Billing(
        (
            Charge("kinesis.put_unit", "records to stream", "units"),
            Charge("kinesis.shard_hour", "shards of stream", "hours", times=shards),
        ),
        25 * KIB,
        BY_TYPE["kinesis"].left_out,
    )


FIFO_QUEUE = Billing(
    (Charge("sqs.fifo_request", "messages to FIFO queue", "chunks"),),
    left_out="receiving and deleting messages of queues",
)
OTHER = Billing((Charge("other.delivery", "deliveries to", "deliveries"),))
BY_TYPE = {
    "sqs": Billing(
        (Charge("sqs.request", "messages to queue", "chunks"),),
        left_out="receiving and deleting messages of queues",
    ),
    "sns": Billing(
        (Charge("sns.request", "messages to SNS topic", "chunks"),), left_out="deliveries to SNS subscribers"
    ),
    "lambda": Billing(
        (Charge("lambda.request", "invocations of function", "deliveries"),), left_out="duration of functions"
    ),
    "kinesis": Billing(
        (
            Charge("kinesis.on_demand_gb", "data to stream", "rounded_bytes"),
            Charge("kinesis.on_demand_hour", "hours of stream", "hours"),
        ),
        KIB,
        "reading from streams, and keeping records longer than 24 hours",
    ),
    "firehose": Billing(
        (Charge("firehose.gb", "data to Firehose stream", "rounded_bytes"),),
        5 * KIB,
        "dynamic partitioning of Firehose, and its bucket",
    ),
    "log_group": Billing(
        (Charge("logs.gb", "data to log group", "bytes"),), left_out="keeping and querying logs"
    ),
    "step_functions": Billing((Charge("step_functions.execution", "executions of", "deliveries"),)),
    "api_destination": Billing(
        (Charge("eventbridge.api_destination", "calls of API destination", "chunks"),),
    ),
    "event_bus": Billing(
        (Charge("eventbridge.event_bus", "events to bus", "chunks"),),
        left_out="what other buses do with their events",
    ),
    "ecs_task": Billing((Charge("ecs.task", "ECS tasks of", "deliveries"),)),
    "dynamodb": Billing(
        (
            Charge("lambda.request", "invocations of the function before table", "deliveries"),
            Charge("dynamodb.write_unit", "writes to table", "units"),
        ),
        KIB,
        "duration of functions, and the storage of tables",
    ),
}
TYPE_OF_SERVICE = {
    "sqs": "sqs",
    "sns": "sns",
    "lambda": "lambda",
    "firehose": "firehose",
    "logs": "log_group",
    "states": "step_functions",
    "ecs": "ecs_task",
}
"""Service in the ARN of a target that exists -> the type that is billed alike."""
