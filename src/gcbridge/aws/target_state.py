"""Reads what rules send to, and everything that a delivery there needs: roles, policies, keys, connections, tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from gcbridge.aws.door import AwsDeniedError
from gcbridge.aws.session import Aws
from gcbridge.aws.target_readers.compute import read_ecs, read_function, read_state_machine, read_table
from gcbridge.aws.target_readers.event_bridge import read_event_bridge, read_event_bus
from gcbridge.aws.target_readers.identities import read_iam, read_key
from gcbridge.aws.target_readers.log_groups import read_logs
from gcbridge.aws.target_readers.messaging import read_delivery_stream, read_queue, read_stream, read_topic
from gcbridge.aws.target_readers.reading import denial
from gcbridge.model.resource import ResourceObservation, unread_resource

Reader = Callable[[Aws, str], ResourceObservation]
A = TypeVar("A")
B = TypeVar("B")

AT_ONCE = 8
"""Calls side by side; IAM answers a burst of them, and boto3 keeps ten connections to a service."""

READERS: Mapping[str, Reader] = {
    "dynamodb": read_table,
    "ecs": read_ecs,
    "events": read_event_bridge,
    "firehose": read_delivery_stream,
    "iam": read_iam,
    "kinesis": read_stream,
    "kms": read_key,
    "lambda": read_function,
    "logs": read_logs,
    "sns": read_topic,
    "sqs": read_queue,
    "states": read_state_machine,
}
"""Service in an ARN -> what reads it."""
CLIENTS = {"states": "stepfunctions"}
"""Services that boto3 calls by another name than ARNs do."""
BY_NAME = frozenset({"dynamodb", "firehose", "iam", "logs"})
"""Services that are asked by name here, so that a namesake in the own account would answer."""
NAMED_ONLY = frozenset({"failure_queue", "objects", "passed_roles"})
"""Parts whose ARN is all that counts; what needs to be known of them is read as something else's part."""


def read_resources(
    aws: Aws, arns: Iterable[str], receiver_roles: Mapping[str, str] | None = None
) -> dict[str, ResourceObservation]:
    """Each resource is read once, and so is what it refers to; what IAM does not let us read is unknown, not broken.

    Args:
        aws: where to look.
        arns: of targets, dead-letter queues and roles, as rules name them, without `:*` at the end.
        receiver_roles: ARN of an event bus in another account -> role there that may read it.

    Returns:
        ARN -> what is there; also of keys, managed policies, connections and the like that these led to.

    Raises:
        AwsError: AWS failed or could not be reached; a plain "not allowed" is part of the answer.

    IAM actions: sqs:GetQueueUrl, sqs:GetQueueAttributes, sns:GetTopicAttributes, lambda:GetFunctionConfiguration,
        lambda:GetPolicy, kinesis:DescribeStreamSummary, firehose:DescribeDeliveryStream, logs:DescribeLogGroups,
        logs:DescribeResourcePolicies, states:DescribeStateMachine, events:DescribeApiDestination,
        events:DescribeConnection, events:DescribeEventBus, ecs:DescribeClusters, ecs:DescribeTaskDefinition,
        dynamodb:DescribeTable, iam:GetRole, iam:ListRolePolicies, iam:GetRolePolicy, iam:ListAttachedRolePolicies,
        iam:GetPolicy, iam:GetPolicyVersion, kms:DescribeKey, kms:GetKeyPolicy, kms:ListGrants; each only where a
        target of that kind is declared.
    """
    found: dict[str, ResourceObservation] = {}
    waiting = list(dict.fromkeys(arns))
    while waiting:
        _open_clients(aws, waiting)
        found.update(
            zip(waiting, side_by_side(partial(_read, aws, receiver_roles or {}), waiting), strict=True)
        )
        waiting = [arn for arn in _references(found.values()) if arn not in found]
    return found


def side_by_side(work: Callable[[A], B], items: Iterable[A]) -> list[B]:
    """Results in the order of the items; several are worked on at once.

    Args:
        work: what to do with each; called in other threads.
        items: to work on.
    """
    every = list(items)
    if len(every) < 2:
        return [work(item) for item in every]
    with ThreadPoolExecutor(max_workers=min(AT_ONCE, len(every))) as pool:
        return list(pool.map(work, every))


def _open_clients(aws: Aws, arns: Iterable[str]) -> None:
    """boto3 does not make clients in several threads at once, only use them."""
    for service in {arn.split(":")[2] for arn in arns} & set(READERS):
        if service not in {"sqs", "logs", "events"}:
            aws.client(CLIENTS.get(service, service))


def _references(resources: Iterable[ResourceObservation]) -> dict[str, None]:
    return dict.fromkeys(
        arn
        for resource in resources
        for part, arns in resource.refers_to.items()
        if part not in NAMED_ONLY
        for arn in arns
    )


def _read(aws: Aws, receiver_roles: Mapping[str, str], arn: str) -> ResourceObservation:
    service = arn.split(":")[2]
    try:
        if service == "events" and ":event-bus/" in arn:
            return read_event_bus(aws, arn, receiver_roles.get(arn))
        if service not in READERS:
            return unread_resource(arn, "gcbridge does not read this kind of resource")
        elsewhere = _elsewhere(aws, arn)
        return unread_resource(arn, elsewhere) if elsewhere else READERS[service](aws, arn)
    except AwsDeniedError as error:
        return unread_resource(arn, denial(error))


def _elsewhere(aws: Aws, arn: str) -> str:
    """Why a resource cannot be read from here; empty where it can be tried."""
    service, region, account = arn.split(":")[2:5]
    if region not in {"", aws.account.region}:
        return f"it is in region {region}, and gcbridge looks into {aws.account.region}"
    own = {"", "aws", aws.account.account_id}
    if service in BY_NAME | {"events"} and account not in own:
        return f"it is in account {account}, and the credentials are those of {aws.account.account_id}"
    return ""
