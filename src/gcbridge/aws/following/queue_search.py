"""Looks for events in an SQS queue without taking anything out of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timezone

from gcbridge.aws.door import aws_call
from gcbridge.aws.following.sighting import Sighting, alike, all_seen, ids_in
from gcbridge.aws.queue_peek import IN_FLIGHT, VISIBLE, peek, queue_attributes
from gcbridge.aws.session import Aws

PEEKS = 3
"""Receives in one look."""
SHOWN = 10
"""Messages that SQS hands out in one receive at most."""


@dataclass
class QueueSearch:
    """Not to see an event in a queue tells nothing (None), since a reader may have taken it already.

    A receive hands out ten messages at most, and messages that stay visible come again: AWS picks some at random, the
    emulator of the sandbox gives the oldest. What a crowded queue does not show therefore stays unknown. Each look
    adds one to the `ApproximateReceiveCount` of what it sees, so a queue with a redrive policy is not looked into.

    Args:
        aws: where the queue is.
        name: name of the queue.
    """

    aws: Aws
    name: str
    _url: str = field(default="", init=False)
    _messages: set[str] = field(default_factory=set, init=False)
    """Ids of all messages that were seen, the events looked for or not."""
    _asked: int = field(default=0, init=False)
    _found: int = field(default=0, init=False)

    def look(self, wanted: Collection[str]) -> dict[str, Sighting]:
        """One look: a few receives.

        Raises:
            AwsError: SQS refused or could not be reached.

        IAM actions: sqs:GetQueueUrl, sqs:GetQueueAttributes, sqs:ReceiveMessage.
        """
        self._asked = self._asked or len(wanted)
        with aws_call(self.aws.sqs, "looking for events in a target queue", where=self.name):
            try:
                if not self._url and not self._open():
                    why = f"queue {self.name} has a redrive policy, and every look would count as a receive"
                    return alike(wanted, Sighting(None, why, final=True))
                before = len(self._messages)
                found = self._receive(wanted)
                self._found += len(found)
                missing = set(wanted) - found.keys()
                rest = self._not_found(len(self._messages) > before) if missing else None
            except self.aws.sqs.exceptions.QueueDoesNotExist:
                return alike(wanted, Sighting(False, f"queue {self.name} does not exist"))
        seen = all_seen(found, f"in queue {self.name}")
        return seen if rest is None else {**alike(missing, rest), **seen}

    def _open(self) -> bool:
        """Whether the queue may be looked into."""
        url = self.aws.sqs.get_queue_url(QueueName=self.name)["QueueUrl"]
        if "RedrivePolicy" in queue_attributes(self.aws, url, "RedrivePolicy"):
            return False
        self._url = url
        return True

    def _receive(self, wanted: Collection[str]) -> dict[str, list[datetime]]:
        copies: dict[str, dict[str, datetime]] = defaultdict(dict)
        for _ in range(PEEKS):
            messages = peek(self.aws, self._url)
            for message in messages:
                self._messages.add(message["MessageId"])
                sent = int(message["Attributes"]["SentTimestamp"]) / 1000
                for event_id in ids_in(message["Body"], wanted):
                    moment = datetime.fromtimestamp(sent, timezone.utc)
                    copies[event_id][message["MessageId"]] = moment
            if len(copies) == len(wanted) or len(messages) < SHOWN:
                break
        return {event_id: list(moments.values()) for event_id, moments in copies.items()}

    def _not_found(self, shows_more: bool) -> Sighting:
        counts = queue_attributes(self.aws, self._url, VISIBLE, IN_FLIGHT)
        visible, in_flight = int(counts.get(VISIBLE, 0)), int(counts.get(IN_FLIGHT, 0))
        if visible > len(self._messages):
            seen = f"{self._found} of {self._asked} events were seen in queue {self.name}"
            why = f"{seen}: it holds about {visible} messages, and shows ten at a time"
            return Sighting(None, why, final=not shows_more)
        if in_flight:
            return Sighting(
                None, f"somebody is reading queue {self.name}: {in_flight} messages are in flight"
            )
        return Sighting(None, f"not in queue {self.name}: never there, or taken by a reader already")
