"""Dead-letter queues: counts, looks into, takes from, deletes from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from gcbridge.aws.door import aws_call
from gcbridge.aws.queue_peek import DELAYED, IN_FLIGHT, VISIBLE
from gcbridge.aws.session import Aws

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageTypeDef

LOOK_SECONDS = 30
"""How long a letter stays hidden where a look is killed; one that ends gives everything back."""
SHORT_LOOK = 1000
"""Letters that can be read within that time; a look at more hides each for longer, so that it sees each once."""
HOLD_SECONDS = 300
"""How long a letter stays hidden where a redrive or a purge is killed. Longer than any single call may take."""
BATCH = 10
"""Most messages in one call of SQS."""
LONGEST_HIDING_SECONDS = 43_200 - 60
"""SQS lets a message be hidden for 12 hours from its receive on, all extensions included."""


@dataclass(frozen=True, slots=True)
class LetterQueue:
    """A dead-letter queue that exists.

    Args:
        name: its name.
        url: its address.
        visible: letters that a receive would give, about.
        in_flight: letters that somebody holds, about.
        delayed: letters that cannot be received yet, about.
        forwards: it has a dead-letter queue of its own, to which every receive brings its letters nearer.
    """

    name: str
    url: str
    visible: int
    in_flight: int
    delayed: int
    forwards: bool

    @property
    def depth(self) -> int:
        """All letters in it, about."""
        return self.visible + self.in_flight + self.delayed


def find_letter_queue(aws: Aws, name: str) -> LetterQueue | None:
    """A dead-letter queue with its counts; None where there is no queue of that name.

    Raises:
        AwsError: SQS refused or could not be reached.

    IAM actions: sqs:GetQueueUrl, sqs:GetQueueAttributes.
    """
    with aws_call(aws.sqs, "counting the letters of a dead-letter queue", where=name):
        try:
            url = aws.sqs.get_queue_url(QueueName=name)["QueueUrl"]
            answer = aws.sqs.get_queue_attributes(
                QueueUrl=url, AttributeNames=[VISIBLE, IN_FLIGHT, DELAYED, "RedrivePolicy"]
            )
        except aws.sqs.exceptions.QueueDoesNotExist:
            return None
    found: dict[str, str] = {str(key): value for key, value in answer.get("Attributes", {}).items()}
    visible, in_flight, delayed = (int(found.get(key, 0)) for key in (VISIBLE, IN_FLIGHT, DELAYED))
    return LetterQueue(name, url, visible, in_flight, delayed, "RedrivePolicy" in found)


@dataclass(frozen=True, slots=True)
class Look:
    """What one look into a queue saw.

    Args:
        messages: those that were wanted, each once.
        looked_at: how many were read.
    """

    messages: tuple[MessageTypeDef, ...]
    looked_at: int


def look_into(
    aws: Aws, queue: LetterQueue, wanted: Callable[[MessageTypeDef], bool], *, limit: int, at_most: int
) -> Look:
    """Letters are read and given back; nothing is deleted, but SQS counts every look as a receive.

    A letter is hidden from other readers while the look lasts, so that SQS hands out each once.

    Args:
        aws: where the queue is.
        queue: what to look into.
        wanted: which letters to keep.
        limit: ends when so many were found.
        at_most: ends when so many were read.

    Raises:
        AwsError: SQS refused or could not be reached.

    IAM actions: sqs:ReceiveMessage, sqs:ChangeMessageVisibility.
    """
    handles: dict[str, str] = {}
    found: list[MessageTypeDef] = []
    seconds = LOOK_SECONDS if min(limit, at_most) <= SHORT_LOOK else HOLD_SECONDS
    try:
        while len(found) < limit and len(handles) < at_most:
            messages = receive_letters(aws, queue, min(BATCH, at_most - len(handles)), seconds)
            new = [message for message in messages if message["MessageId"] not in handles]
            handles |= {message["MessageId"]: message["ReceiptHandle"] for message in messages}
            if not new:
                break
            found += filter(wanted, new)
    finally:
        hide_letters(aws, queue, handles.values(), 0)
    return Look(tuple(found[:limit]), len(handles))


def delete_letters(aws: Aws, queue: LetterQueue, message_ids: Iterable[str]) -> int:
    """Only these letters are gone for good; all others are given back.

    Args:
        aws: where the queue is.
        queue: the queue.
        message_ids: which letters to delete.

    Returns:
        How many were there, and are deleted.

    Raises:
        AwsError: SQS refused or could not be reached.

    IAM actions: sqs:ReceiveMessage, sqs:DeleteMessage, sqs:ChangeMessageVisibility.
    """
    wanted, others, deleted = set(message_ids), dict[str, str](), 0
    try:
        while wanted:
            messages = receive_letters(aws, queue, BATCH, HOLD_SECONDS)
            new = [message for message in messages if message["MessageId"] not in others]
            others |= {message["MessageId"]: message["ReceiptHandle"] for message in messages}
            if not new:
                break
            for message in (message for message in new if message["MessageId"] in wanted):
                delete_letter(aws, queue, others.pop(message["MessageId"]))
                wanted.remove(message["MessageId"])
                deleted += 1
    finally:
        hide_letters(aws, queue, others.values(), 0)
    return deleted


def receive_letters(aws: Aws, queue: LetterQueue, count: int, seconds: int) -> Sequence[MessageTypeDef]:
    """The next letters, hidden from other readers for so many seconds; none after a second without one.

    Raises:
        AwsError: SQS refused or could not be reached.

    IAM actions: sqs:ReceiveMessage.
    """
    with aws_call(aws.sqs, "reading a dead-letter queue", where=queue.name):
        # A wait of one second makes SQS ask all its servers; without it, it asks a few and may miss a message.
        answer = aws.sqs.receive_message(
            QueueUrl=queue.url,
            MaxNumberOfMessages=count,
            VisibilityTimeout=seconds,
            WaitTimeSeconds=1,
            MessageAttributeNames=["All"],
            MessageSystemAttributeNames=["SentTimestamp", "ApproximateReceiveCount"],
        )
    return answer.get("Messages", [])


def hide_letters(aws: Aws, queue: LetterQueue, handles: Iterable[str], seconds: int) -> tuple[str, ...]:
    """Letters in hand stay hidden for so many seconds from now on; 0 gives them back.

    Returns:
        Handles that hold nothing any more, because the letter was hidden too long, or is gone.

    Raises:
        AwsError: SQS refused or could not be reached.

    IAM actions: sqs:ChangeMessageVisibility (which allows ChangeMessageVisibilityBatch, too).
    """
    rest, lost = iter(handles), list[str]()
    while batch := list(islice(rest, BATCH)):
        entries: Any = [
            {"Id": str(number), "ReceiptHandle": handle, "VisibilityTimeout": seconds}
            for number, handle in enumerate(batch)
        ]
        with aws_call(aws.sqs, "giving letters back to a dead-letter queue", where=queue.name):
            answer = aws.sqs.change_message_visibility_batch(QueueUrl=queue.url, Entries=entries)
        lost += [batch[int(failed["Id"])] for failed in answer.get("Failed", [])]
    return tuple(lost)


def delete_letter(aws: Aws, queue: LetterQueue, handle: str) -> None:
    """A letter in hand is gone for good.

    Raises:
        AwsError: SQS refused or could not be reached.

    IAM actions: sqs:DeleteMessage.
    """
    with aws_call(aws.sqs, "deleting a letter from a dead-letter queue", where=queue.name):
        aws.sqs.delete_message(QueueUrl=queue.url, ReceiptHandle=handle)


def purge_queue(aws: Aws, queue: LetterQueue) -> None:
    """Every letter is gone for good, in flight and delayed ones included; SQS may take a minute.

    What arrives during that minute may be deleted as well, and SQS allows one purge a minute (API reference of
    PurgeQueue).

    Raises:
        AwsError: SQS refused or could not be reached.

    IAM actions: sqs:PurgeQueue.
    """
    with aws_call(aws.sqs, "purging a dead-letter queue", where=queue.name):
        aws.sqs.purge_queue(QueueUrl=queue.url)
