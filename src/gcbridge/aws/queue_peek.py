"""Looks into a queue without taking anything out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gcbridge.aws.door import aws_call
from gcbridge.aws.session import Aws
from gcbridge.aws.sighting import Sighting

if TYPE_CHECKING:
    from mypy_boto3_sqs.literals import QueueAttributeNameType

VISIBLE: Final = "ApproximateNumberOfMessages"
IN_FLIGHT: Final = "ApproximateNumberOfMessagesNotVisible"
DELAYED: Final = "ApproximateNumberOfMessagesDelayed"
PEEKS = 3
"""Receives in one look; SQS hands out ten messages at most, chosen as it likes."""


def find_in_queue(aws: Aws, queue_name: str, event_id: str) -> Sighting:
    """An event is in the queue, or the queue is gone; not to see the event tells nothing (None).

    Whoever reads the queue may have taken and deleted the event already. Messages stay visible to others (`VisibilityTimeout=0`) and are never deleted, but each look adds one to their
    `ApproximateReceiveCount`. A queue with a redrive policy is therefore not looked into.

    Args:
        aws: where the queue is.
        queue_name: name of the queue.
        event_id: text that the message's body must contain.

    Raises:
        AwsError: SQS refused or could not be reached.

    IAM actions: sqs:GetQueueUrl, sqs:GetQueueAttributes, sqs:ReceiveMessage.
    """
    with aws_call(aws.sqs, "looking for an event in a target queue", where=queue_name):
        try:
            url = aws.sqs.get_queue_url(QueueName=queue_name)["QueueUrl"]
            attributes = _attributes(aws, url, "RedrivePolicy")
            if "RedrivePolicy" in attributes:
                why = f"queue {queue_name} has a redrive policy, and every look would count as a receive"
                return Sighting(delivered=None, detail=why, final=True)
            seen = _peek(aws, url, event_id)
            if seen is None:
                return Sighting(delivered=True, detail=f"in queue {queue_name}", final=True)
            return _not_found(queue_name, _attributes(aws, url, VISIBLE, IN_FLIGHT), len(seen))
        except aws.sqs.exceptions.QueueDoesNotExist:
            return Sighting(delivered=False, detail=f"queue {queue_name} does not exist")


def _peek(aws: Aws, url: str, event_id: str) -> set[str] | None:
    """Ids of the messages that are not the event; None as soon as the event is found."""
    others: set[str] = set()
    for _ in range(PEEKS):
        # A wait of one second makes SQS ask all its servers; without it, it asks a few and may miss a message.
        messages = aws.sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0, WaitTimeSeconds=1
        ).get("Messages", [])
        if any(event_id in message["Body"] for message in messages):
            return None
        new = {message["MessageId"] for message in messages} - others
        if not new:
            break
        others |= new
    return others


def _attributes(aws: Aws, url: str, *names: QueueAttributeNameType) -> dict[str, str]:
    answer = aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(names))
    return {str(name): value for name, value in answer.get("Attributes", {}).items()}


def _not_found(queue_name: str, attributes: dict[str, str], seen: int) -> Sighting:
    visible, in_flight = int(attributes.get(VISIBLE, 0)), int(attributes.get(IN_FLIGHT, 0))
    if in_flight:
        detail = f"somebody is reading queue {queue_name}: {in_flight} messages are in flight"
    elif visible > seen:
        detail = f"{seen} of about {visible} messages in queue {queue_name} were looked at"
    else:
        detail = f"not in queue {queue_name}: never there, or taken by a reader already"
    return Sighting(delivered=None, detail=detail)


def queue_depth(aws: Aws, queue_name: str) -> int | None:
    """Messages in a queue, in flight and delayed ones included, about; None where there is no such queue.

    Raises:
        AwsError: SQS refused or could not be reached.

    IAM actions: sqs:GetQueueUrl, sqs:GetQueueAttributes.
    """
    with aws_call(aws.sqs, "counting the messages of a queue", where=queue_name):
        try:
            url = aws.sqs.get_queue_url(QueueName=queue_name)["QueueUrl"]
            counts = _attributes(aws, url, VISIBLE, IN_FLIGHT, DELAYED)
        except aws.sqs.exceptions.QueueDoesNotExist:
            return None
    return sum(int(count) for count in counts.values())
