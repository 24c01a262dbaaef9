"""Dead letters: events that a target did not receive, and what became of them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from gcbridge.model.base import Frozen

UNKNOWN = "unknown"
"""Stands where a letter does not say its rule or its error code."""


class DeadLetter(Frozen):
    """One message of a dead-letter queue."""

    message_id: str
    target: str
    """The target in whose queue it lies."""
    made_by: Literal["eventbridge", "lambda", "unknown"]
    """Who gave up: EventBridge, or Lambda after the function had failed; unknown without attributes of either."""
    rule: str = UNKNOWN
    rule_arn: str = ""
    target_arn: str = ""
    """What the rule named as its target when the event was given up; empty where the letter does not say."""
    error_code: str = UNKNOWN
    error_message: str = ""
    sent_at: datetime
    """When it came into the queue, by the clock of AWS."""
    receive_count: int
    """Receives so far, looks included; about."""
    attributes: dict[str, str]
    """All message attributes as they are."""
    body: str
    """The event as it is; of a letter that Lambda made, what the function was called with."""


class Selection(Frozen):
    """Which letters are meant; None means any."""

    target: str | None = None
    """The target in whose queue they lie."""
    rule: str | None = None
    """Name of the rule, or `unknown`."""
    code: str | None = None
    """Error code, or `unknown`."""

    @property
    def whole_queues(self) -> bool:
        """Nothing in a queue is left out."""
        return self.rule is None and self.code is None

    def picks(self, letter: DeadLetter) -> bool:
        """Whether a letter is meant."""
        return (
            self.target in {None, letter.target}
            and self.rule in {None, letter.rule}
            and self.code in {None, letter.error_code}
        )


class DeadLetterQueue(Frozen):
    """The dead-letter queue of one target."""

    target: str
    queue_name: str | None
    """None: the environment says `dead_letter: false`, and what this target does not receive is lost."""
    exists: bool | None
    """None where there is none to be, or where it could not be read."""
    depth: int = 0
    """Messages in it, in flight and delayed ones included; SQS counts approximately."""
    looked_at: int = 0
    """Messages that were read for this answer."""
    detail: str = ""

    @property
    def is_unseen(self) -> bool:
        """It may hold letters, and nobody could look."""
        return (
            self.queue_name is not None
            and self.exists is not False
            and not self.looked_at
            and bool(self.detail)
        )


class DeadLetterGroup(Frozen):
    """Letters of one rule, target and error code."""

    target: str
    rule: str
    error_code: str
    count: int
    oldest_at: datetime
    oldest_age_seconds: float
    error_message: str
    """That of the oldest."""


class DeadLetterListing(Frozen):
    """What lies in the dead-letter queues of an environment."""

    environment: str
    queues: tuple[DeadLetterQueue, ...]
    groups: tuple[DeadLetterGroup, ...]

    @property
    def depth(self) -> int:
        """Messages in all queues, about."""
        return sum(queue.depth for queue in self.queues)


class DeadLetterView(Frozen):
    """Letters themselves."""

    environment: str
    queues: tuple[DeadLetterQueue, ...]
    letters: tuple[DeadLetter, ...]


class Refusal(Frozen):
    """Letters that were not accepted, for one reason; they stay where they are."""

    target: str
    rule: str
    reason: str
    count: int


class TargetRedrive(Frozen):
    """What a redrive did with the letters of one target."""

    target: str
    sent: int
    refused: int
    left: int
    """Messages in the queue at the end, about."""
    stopped: str = ""
    """Why it ended before the queue was through; empty where nothing was in the way."""


class RedriveResult(Frozen):
    """What a redrive did, or, as a dry run, would do."""

    environment: str
    dry_run: bool
    interrupted: bool
    targets: tuple[TargetRedrive, ...]
    refusals: tuple[Refusal, ...]
    seconds: float

    @property
    def sent(self) -> int:
        """Letters that their target accepted; they are no longer in the queue."""
        return sum(target.sent for target in self.targets)

    @property
    def refused(self) -> int:
        """Letters that were tried and not accepted."""
        return sum(target.refused for target in self.targets)

    @property
    def left(self) -> int:
        """Messages left in all queues, about."""
        return sum(target.left for target in self.targets)

    @property
    def complete(self) -> bool:
        """Nothing was refused, and nothing ended early."""
        return not self.refused and not any(target.stopped for target in self.targets)


class PurgeResult(Frozen):
    """What was deleted for good."""

    environment: str
    deleted: int
    """Letters; about, where whole queues were purged."""
    queues: tuple[str, ...]
    """Names of the queues they were in."""
