"""Looks for one event in one target, and behind it in the dead-letter queue."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from gcbridge.aws.dead_letters import find_letter_queue, look_into
from gcbridge.aws.door import AwsDeniedError
from gcbridge.aws.item_search import find_in_table
from gcbridge.aws.log_group_search import find_in_log_group
from gcbridge.aws.queue_peek import find_in_queue
from gcbridge.aws.session import Aws
from gcbridge.aws.sighting import Sighting
from gcbridge.aws.stream_search import StreamSearch
from gcbridge.model.bridge import Rule
from gcbridge.model.dead_letter import UNKNOWN, DeadLetter
from gcbridge.model.result import DeliveryObservation
from gcbridge.model.target import AnyTarget, DynamodbTarget
from gcbridge.study.dead_letters import read_letter
from gcbridge.study.input_transformer import transform_input

LETTERS_LOOKED_AT = 100

TELLING = {
    "sns": "metric AWS/SNS NumberOfMessagesPublished, or a subscriber",
    "lambda": "metric AWS/Lambda Invocations, or the function's log",
    "firehose": "metric AWS/Firehose IncomingRecords, or the bucket once the buffer is written",
    "states": "the executions of the state machine",
    "ecs": "the tasks of the cluster",
    "events": "the receiver, or metric AWS/Events InvocationAttempts of the rule",
}
"""Service that cannot be looked into -> what would tell."""


@dataclass
class Search:
    """One event on one rule's way to one target.

    Args:
        aws: where the target is.
        rule: that matches the event.
        target: that is to receive it.
        event: whole EventBridge event.
    """

    aws: Aws
    rule: Rule
    target: AnyTarget
    event: Mapping[str, Any]
    front: Sighting | None = field(default=None, init=False)
    letter: DeadLetter | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self._find = _way_to_look(self)

    def look(self) -> bool:
        """Look into the target; True where looking again cannot tell more."""
        try:
            self.front = self._find()
        except AwsDeniedError as error:
            self.front = Sighting(delivered=None, detail=f"{error.detail}; {error.hint}", final=True)
        return self.front.final

    @property
    def may_be_dead(self) -> bool:
        """It was not seen in the target, and there is a queue that would keep it."""
        seen = self.front is not None and self.front.delivered
        return not seen and self.target.dead_letter_queue_name is not None

    def look_behind(self) -> bool:
        """Look into the dead-letter queue; True where looking again cannot tell more."""
        try:
            queue = find_letter_queue(self.aws, self.target.dead_letter_queue_name or "")
            # Every look brings a letter nearer to the next queue, where there is one.
            if queue is None or queue.forwards:
                return True
            seen = look_into(self.aws, queue, self._is_of_event, limit=1, at_most=LETTERS_LOOKED_AT)
        except AwsDeniedError:
            return True
        self.letter = next((read_letter(self.target, message) for message in seen.messages), None)
        return self.letter is not None

    def _is_of_event(self, message: Mapping[str, Any]) -> bool:
        if self.event["id"] not in message["Body"]:
            return False
        return read_letter(self.target, message).rule in {self.rule.name, UNKNOWN}

    def observation(self) -> DeliveryObservation:
        """What both looks told."""
        front, letter = self.front or Sighting(delivered=None, detail="not looked into"), self.letter
        detail, code = front.detail, ""
        if letter is not None:
            code = "" if letter.error_code == UNKNOWN else letter.error_code
            reason = f": {code} {letter.error_message}".rstrip() if code else ""
            detail = f"is in dead-letter queue {self.target.dead_letter_queue_name}{reason}"
        return DeliveryObservation(
            rule=self.rule.name,
            target=self.target.name,
            event_id=self.event["id"],
            delivered=front.delivered if letter is None else False,
            detail=detail,
            error_code=code,
        )


def _way_to_look(search: Search) -> Callable[[], Sighting]:
    aws, target, event = search.aws, search.target, search.event
    arn = target.arn or ""
    service, _, account, name = arn.split(":", 5)[2:6] if arn else ("events", "", "", "")
    if service not in {"sqs", "logs", "kinesis"} and not isinstance(target, DynamodbTarget):
        told_by = TELLING.get(service, "metric AWS/Events Invocations of the rule")
        return _untold(f"targets of this kind cannot be looked into; what would tell: {told_by}")
    if event["id"] not in transform_input(target.input, event, search.rule.arn):
        return _untold("the target's input leaves the event's id out")
    if isinstance(target, DynamodbTarget):
        aws.client(
            "dynamodb"
        )  # searches look in several threads, and boto3 makes no clients in several at once
        return partial(find_in_table, aws, target, event)
    if service == "kinesis":
        aws.client("kinesis")
        return StreamSearch(aws, arn, event).look
    if account != aws.account.account_id:
        return _untold(f"it is in account {account}")
    if service == "logs":
        return partial(find_in_log_group, aws, name.removeprefix("log-group:").removesuffix(":*"), event)
    if name.endswith(".fifo"):
        return _untold(f"queue {name} is a FIFO queue, and every look would hold back a message group")
    return partial(find_in_queue, aws, name, event["id"])


def _untold(detail: str) -> Callable[[], Sighting]:
    sighting = Sighting(delivered=None, detail=detail, final=True)
    return lambda: sighting
