"""Looks into a queue without taking anything out of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from gcbridge.aws.door import aws_call
from gcbridge.aws.session import Aws

if TYPE_CHECKING:
    from mypy_boto3_sqs.literals import QueueAttributeNameType
    from mypy_boto3_sqs.type_defs import MessageTypeDef

VISIBLE: Final = "ApproximateNumberOfMessages"
IN_FLIGHT: Final = "ApproximateNumberOfMessagesNotVisible"
DELAYED: Final = "ApproximateNumberOfMessagesDelayed"


def peek(aws: Aws, url: str) -> Sequence[MessageTypeDef]:
    """Up to ten messages, chosen by SQS, which stay visible to everybody; each counts this as a receive.

    Raises:
        ClientError: SQS refused; call it inside `aws_call`.

    IAM actions: sqs:ReceiveMessage.
    """
    # A wait of one second makes SQS ask all its servers; without it, it asks a few and may miss a message.
    return aws.sqs.receive_message(
        QueueUrl=url,
        MaxNumberOfMessages=10,
        VisibilityTimeout=0,
        WaitTimeSeconds=1,
        MessageSystemAttributeNames=["SentTimestamp"],
    ).get("Messages", [])


def queue_attributes(aws: Aws, url: str, *names: QueueAttributeNameType) -> dict[str, str]:
    """Attributes of a queue that were asked for; those that it does not have are left out.

    Raises:
        ClientError: SQS refused; call it inside `aws_call`.

    IAM actions: sqs:GetQueueAttributes.
    """
    answer = aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(names))
    return {str(name): value for name, value in answer.get("Attributes", {}).items()}


def queue_depth(aws: Aws, queue_name: str) -> int | None:
    """Messages in a queue, in flight and delayed ones included, about; None where there is no such queue.

    Raises:
        AwsError: SQS refused or could not be reached.

    IAM actions: sqs:GetQueueUrl, sqs:GetQueueAttributes.
    """
    with aws_call(aws.sqs, "counting the messages of a queue", where=queue_name):
        try:
            url = aws.sqs.get_queue_url(QueueName=queue_name)["QueueUrl"]
            counts = queue_attributes(aws, url, VISIBLE, IN_FLIGHT, DELAYED)
        except aws.sqs.exceptions.QueueDoesNotExist:
            return None
    return sum(int(count) for count in counts.values())
