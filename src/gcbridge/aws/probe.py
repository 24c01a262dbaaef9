"""A probe: a temporary rule with a queue of its own, which sees the events of a bus as they arrive."""

from __future__ import annotations

import json
import math
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from gcbridge.aws.door import aws_call
from gcbridge.aws.probe_journal import ProbeJournal
from gcbridge.aws.probe_names import TARGET_ID, ProbeNames, choose_names
from gcbridge.aws.probe_removal import remove_probe
from gcbridge.aws.session import Aws
from gcbridge.errors import AwsError
from gcbridge.model.bridge import Bridge

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageTypeDef

RETENTION_SECONDS = 3600
POLL_SECONDS = 5
"""Longest single wait for SQS, which allows 20; shorter, so that a deadline is kept to the second."""


@dataclass(frozen=True, slots=True)
class ProbeMessage:
    """One event that the probe saw.

    Args:
        event: the whole EventBridge event.
        sent_at: when the queue received it, UTC, by the clock of AWS.
        received_at: when the probe read it, UTC, by the clock of this machine.
    """

    event: dict[str, Any]
    sent_at: datetime
    received_at: datetime


@dataclass(slots=True)
class Probe:
    """A probe that exists in AWS; `open_probe` makes one and removes it."""

    aws: Aws
    names: ProbeNames
    queue_url: str
    _read: deque[ProbeMessage] = field(default_factory=deque, init=False, repr=False)
    """Read from the queue, and not handed out yet."""
    _deleter: ThreadPoolExecutor = field(init=False, repr=False)
    _deletions: deque[Future[None]] = field(default_factory=deque, init=False, repr=False)
    """Under way, oldest first."""

    def __post_init__(self) -> None:
        self._deleter = ThreadPoolExecutor(max_workers=1, thread_name_prefix="probe")

    def receive(
        self, deadline: float, *, clock: Callable[[], float] = time.monotonic
    ) -> Iterator[ProbeMessage]:
        """Events come as they arrive; the iterator ends at the deadline.

        EventBridge delivers at least once and in no order: the same event may come twice. Only messages of the
        probe's own queue are read. Whoever stops in the middle loses nothing: the next call begins with what was
        read and not handed out.

        Args:
            deadline: instant of `clock`, in seconds. SQS is asked once even where it has passed.
            clock: what tells the time.

        Raises:
            AwsError: SQS refused or could not be reached.

        IAM actions: sqs:ReceiveMessage, sqs:DeleteMessage (which allows DeleteMessageBatch, too).
        """
        yield from self._hand_out()
        while True:
            remaining = max(0.0, deadline - clock())
            self._poll(min(POLL_SECONDS, math.ceil(remaining)))
            yield from self._hand_out()
            if clock() >= deadline:
                return

    def _hand_out(self) -> Iterator[ProbeMessage]:
        while self._read:
            yield self._read.popleft()

    def close(self) -> None:
        """Nothing is read any more; what was not deleted goes with the queue."""
        self._deleter.shutdown(cancel_futures=True)

    def _poll(self, wait_seconds: int) -> None:
        with aws_call(self.aws.sqs, "reading the probe's queue", where=self.names.queue_name):
            messages = self.aws.sqs.receive_message(
                QueueUrl=self.queue_url,
                MaxNumberOfMessages=10,
                WaitTimeSeconds=wait_seconds,
                MessageSystemAttributeNames=["SentTimestamp"],
            ).get("Messages", [])
            self._read.extend(map(_read_message, messages))
            if messages:
                # Beside the reading, so that no event waits for it; a message that stays comes again in 30 seconds.
                handles = [message["ReceiptHandle"] for message in messages]
                self._deletions.append(self._deleter.submit(self._delete, handles))
            while self._deletions and self._deletions[0].done():
                self._deletions.popleft().result()

    def _delete(self, handles: Sequence[str]) -> None:
        self.aws.sqs.delete_message_batch(
            QueueUrl=self.queue_url,
            Entries=[{"Id": str(number), "ReceiptHandle": handle} for number, handle in enumerate(handles)],
        )


def _read_message(message: MessageTypeDef) -> ProbeMessage:
    sent = int(message["Attributes"]["SentTimestamp"]) / 1000
    return ProbeMessage(
        event=json.loads(message["Body"]),
        sent_at=datetime.fromtimestamp(sent, timezone.utc),
        received_at=datetime.now(timezone.utc),
    )


@contextmanager
def open_probe(
    aws: Aws,
    bridge: Bridge,
    journal: ProbeJournal,
    *,
    detail_types: Sequence[str] = (),
    pattern_json: str | None = None,
    settle_seconds: float = 0,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[Probe]:
    """A probe lives as long as the block: rule, target and queue are removed at its end, whatever ends it.

    Its names are in the journal before anything exists and until everything is gone, so `sweep_probes` finds what
    a killed process left behind. Nothing that the bridge declared is read or changed.

    Args:
        aws: where the bus is.
        bridge: whose event bus to probe.
        journal: where the probe is written down.
        detail_types: topic templates to look at; empty means all events of the source.
        pattern_json: exactly this event pattern instead, such as that of a declared rule.
        settle_seconds: how long to wait once the rule exists. A new rule takes "a short period of time" to take
            effect (PutRule, EventBridge API reference), and CreateQueue asks for 1 second; an event sent before
            that is lost to the probe.
        sleep: what waits.

    Raises:
        AwsError: AWS refused or could not be reached; what was made so far is removed.

    IAM actions: sqs:CreateQueue, sqs:TagQueue, sqs:GetQueueUrl, sqs:DeleteQueue, events:PutRule,
        events:TagResource, events:PutTargets, events:RemoveTargets, events:DeleteRule; and those of `receive`.
    """
    names = choose_names(bridge)
    journal.write(names)
    try:
        url = _create(aws, names, bridge, pattern_json or _pattern(bridge.event_source_name, detail_types))
        sleep(settle_seconds)
        with closing(Probe(aws, names, url)) as probe:
            yield probe
    except BaseException:
        # What went wrong first is what people must see; the journal keeps what could not be removed.
        with suppress(AwsError):
            remove_probe(aws, names, journal)
        raise
    remove_probe(aws, names, journal)


def _create(aws: Aws, names: ProbeNames, bridge: Bridge, pattern_json: str) -> str:
    """Queue, rule and target exist; the queue's address."""
    queue_arn = f"arn:{bridge.aws.partition}:sqs:{names.region}:{names.account_id}:{names.queue_name}"
    with aws_call(aws.sqs, "creating the probe's queue", where=queue_arn):
        url = aws.sqs.create_queue(
            QueueName=names.queue_name,
            Attributes={
                "MessageRetentionPeriod": str(RETENTION_SECONDS),
                "SqsManagedSseEnabled": "true",
                "Policy": _queue_policy(queue_arn, bridge.rule_arn(names.rule_name)),
            },
            tags=names.tags,
        )["QueueUrl"]
    with aws_call(aws.events, "creating the probe's rule", where=bridge.rule_arn(names.rule_name)):
        aws.events.put_rule(
            Name=names.rule_name,
            EventBusName=names.event_bus_name,
            EventPattern=pattern_json,
            Description="Temporary: gcbridge looks whether events arrive",
            Tags=[{"Key": key, "Value": value} for key, value in names.tags.items()],
        )
        answer = aws.events.put_targets(
            Rule=names.rule_name,
            EventBusName=names.event_bus_name,
            Targets=[{"Id": TARGET_ID, "Arn": queue_arn}],
        )
    _check_attached(answer.get("FailedEntries", []), names)
    return url


def _check_attached(failed: Sequence[Any], names: ProbeNames) -> None:
    # PutTargets answers 200 even where it attached nothing.
    if failed:
        raise AwsError(
            "EventBridge did not attach the probe's queue to its rule",
            where=names.rule_name,
            detail=f"{failed[0].get('ErrorCode')}: {failed[0].get('ErrorMessage')}",
            hint=f"type it again: gcbridge verify {names.environment}",
        )


def _queue_policy(queue_arn: str, rule_arn: str) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue_arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": rule_arn}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _pattern(event_source_name: str, detail_types: Sequence[str]) -> str:
    pattern: dict[str, Sequence[str]] = {"source": [event_source_name]}
    if detail_types:
        pattern["detail-type"] = sorted(set(detail_types))
    return json.dumps(pattern)
