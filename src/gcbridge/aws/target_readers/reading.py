"""What all readers share: not there, not allowed, and where a key is."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar

from botocore.exceptions import ClientError

from gcbridge.aws.door import AwsDeniedError, aws_call
from gcbridge.model.resource import Policy, ResourceObservation

T = TypeVar("T")

NOT_FOUND = frozenset(
    {
        "AWS.SimpleQueueService.NonExistentQueue",
        "ClusterNotFoundException",
        "NoSuchEntity",
        "NotFound",
        "NotFoundException",
        "QueueDoesNotExist",
        "ResourceNotFoundException",
        "StateMachineDoesNotExist",
    }
)
"""How services say that there is no such thing."""


def look_up(
    client: Any, doing: str, where: str, ask: Callable[[], T], *, codes: frozenset[str] = NOT_FOUND
) -> T | None:
    """What the service answers; None where it knows no such thing.

    Args:
        client: boto3 client in use.
        doing: to finish the sentence "AWS failed at ...".
        where: ARN that is asked for.
        ask: the call.
        codes: error codes that mean "not there".

    Raises:
        AwsDeniedError: IAM does not allow the call.
        AwsError: anything else.
    """
    with aws_call(client, doing, where=where):
        try:
            return ask()
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") in codes:
                return None
            raise


def attempt(read: Callable[[], T]) -> tuple[T | None, str]:
    """What was read and an empty text, or None and the IAM action that is missing."""
    try:
        return read(), ""
    except AwsDeniedError as error:
        return None, denial(error)


def denial(error: AwsDeniedError) -> str:
    """What AWS said, and which IAM action to allow."""
    # boto3 calls Step Functions by another name than IAM does.
    return f"{error.detail}; {error.hint}".replace("stepfunctions:", "states:")


def missing(arn: str) -> ResourceObservation:
    """Looked, not there."""
    return ResourceObservation(arn=arn, exists=False, detail=f"{arn} does not exist")


def documents(*texts: str | None) -> tuple[Policy, ...]:
    """Policy documents from their JSON; those that are not there are left out."""
    return tuple(json.loads(text) for text in texts if text)


def key_reference(resource_arn: str, key_id: str | None) -> tuple[str, ...]:
    """The ARN of a key that a resource names by id, alias or ARN; none where it names none.

    >>> key_reference("arn:aws:sqs:eu-central-1:123456789012:calls", "alias/aws/sqs")
    ('arn:aws:kms:eu-central-1:123456789012:alias/aws/sqs',)
    """
    if not key_id:
        return ()
    if key_id.startswith("arn:"):
        return (key_id,)
    _, partition, _, region, account, _ = resource_arn.split(":", 5)
    name = key_id if key_id.startswith("alias/") else f"key/{key_id}"
    return (f"arn:{partition}:kms:{region}:{account}:{name}",)


def only_given(**parts: str | tuple[str, ...] | None) -> dict[str, tuple[str, ...]]:
    """Parts that a resource refers to; what is not there is left out."""
    several = {name: part if isinstance(part, tuple) else (part,) for name, part in parts.items() if part}
    return {name: tuple(arn for arn in part if arn) for name, part in several.items()}
