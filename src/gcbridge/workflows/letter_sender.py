"""Sends the letters of one dead-letter queue to their target again, one after the other."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from gcbridge.aws.dead_letters import (
    BATCH,
    HOLD_SECONDS,
    LONGEST_HIDING_SECONDS,
    LetterQueue,
    delete_letter,
    hide_letters,
    receive_letters,
)
from gcbridge.aws.delivery_attempt import Deliver, Delivery
from gcbridge.aws.session import Aws
from gcbridge.errors import AwsError, GcbridgeError
from gcbridge.model.bridge import Bridge
from gcbridge.model.dead_letter import DeadLetter, Refusal, Selection
from gcbridge.model.progress import Progress, ProgressKind, Watcher
from gcbridge.model.target import AnyTarget
from gcbridge.study.dead_letters import event_of, payload_for, read_letter, reason_to_refuse
from gcbridge.workflows.pacing import Budget, Pacer

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageTypeDef

REFUSALS_IN_A_ROW = 5
"""After so many refusals the target is taken to be broken, and the rest of its letters is left alone."""
EMPTY_RECEIVES = 2
LATE_RECEIVES = 20
"""After so many receives with nothing but letters that came in meanwhile, SQS is taken to hold no others."""
FRESH_SECONDS = 60.0
"""A letter received longer ago is hidden anew before it is sent: others must not get it in the meantime."""


@dataclass(frozen=True, slots=True)
class Run:
    """What all senders of one redrive have in common.

    Args:
        bridge: the environment.
        aws: its account.
        selection: which letters to send.
        pacer: keeps the senders together below the rate.
        budget: how many letters to try in all.
        stop: set when somebody wants it to end; a letter in hand is finished first.
        watch: is told what goes on.
        clock: monotonic seconds.
        until: letters that came later, by the clock of AWS, are left alone; None sends them as well. What a function
            fails at comes back into its queue, and a redrive that sends that, too, may never end.
    """

    bridge: Bridge
    aws: Aws
    selection: Selection
    pacer: Pacer
    budget: Budget
    stop: threading.Event
    watch: Watcher
    clock: Callable[[], float] = time.monotonic
    until: datetime | None = None

    def is_late(self, letter: DeadLetter) -> bool:
        """Whether a letter came in only after the redrive had begun."""
        return self.until is not None and letter.sent_at > self.until


@dataclass(slots=True)
class LetterSender:
    """One queue and its target; each letter is received, sent, and deleted once it was accepted.

    So a process that is killed loses nothing: what it had received appears in the queue again, and only a letter
    that was accepted and not yet deleted is sent twice.

    Args:
        run: what all senders share.
        target: where the letters go.
        queue: where they lie.
        deliver: sends to the target; None where nothing can.
    """

    run: Run
    target: AnyTarget
    queue: LetterQueue
    deliver: Deliver | None
    sent: int = 0
    stopped: str = ""
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)
    _in_a_row: int = 0
    _is_over: bool = False
    _held: dict[str, str] = field(default_factory=dict)
    _done: set[str] = field(default_factory=set)
    _started: float = 0.0

    def send_all(self) -> None:
        """Send until the queue has nothing new, the budget is used up, or somebody or something stops it.

        Letters that were not sent are given back at the end. What goes wrong with the queue is in `stopped`.

        IAM actions: sqs:ReceiveMessage, sqs:DeleteMessage, sqs:ChangeMessageVisibility; those of open_delivery.
        """
        self._started = self.run.clock()
        self._tell("started")
        try:
            self._send_batches()
        except AwsError as error:
            self.stopped = _told(error)
        finally:
            self._give_back()
        self._tell("failed" if self.stopped or self.refused else "finished")

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """What was refused, by rule and reason."""
        return tuple(
            Refusal(target=self.target.name, rule=rule, reason=reason, count=count)
            for (rule, reason), count in self.refused.most_common()
        )

    def _send_batches(self) -> None:
        empty = late = 0
        while empty < EMPTY_RECEIVES and late < LATE_RECEIVES and not self._ends:
            messages = receive_letters(self.run.aws, self.queue, BATCH, HOLD_SECONDS)
            received = self.run.clock()
            empty = 0 if messages else empty + 1
            late = late + 1 if messages and all(map(self._is_late, messages)) else 0
            known = [message for message in messages if message["MessageId"] in self._held]
            self._held |= {message["MessageId"]: message["ReceiptHandle"] for message in messages}
            self._hide_longer(known)
            for message in messages:
                if message not in known and not self._ends:
                    self._handle(message, received)

    def _is_late(self, message: MessageTypeDef) -> bool:
        return self.run.is_late(read_letter(self.target, message))

    @property
    def _ends(self) -> bool:
        return self._is_over or self.run.stop.is_set()

    def _hide_longer(self, messages: list[MessageTypeDef]) -> None:
        """Those that are not to be sent come back after a while; each time they are kept away for longer."""
        seconds = min(LONGEST_HIDING_SECONDS, HOLD_SECONDS + 2 * int(self.run.clock() - self._started))
        hide_letters(self.run.aws, self.queue, [message["ReceiptHandle"] for message in messages], seconds)

    def _handle(self, message: MessageTypeDef, received: float) -> None:
        letter = read_letter(self.target, message)
        if letter.message_id in self._done:
            # SQS may hand out a deleted message once more, where one of its servers was away (API, DeleteMessage).
            delete_letter(self.run.aws, self.queue, self._held.pop(letter.message_id))
            return
        if self.run.is_late(letter) or not self.run.selection.picks(letter):
            return
        if not self.run.budget.take():
            self._is_over = True
            return
        if reason := reason_to_refuse(self.run.bridge, self.target, letter):
            self._note_refusal(letter, reason, asked=False)
            return
        self.run.pacer.wait()
        if self.run.stop.is_set() or not self._is_ours(message, received):
            return
        self._send(letter, message["ReceiptHandle"])

    def _is_ours(self, message: MessageTypeDef, received: float) -> bool:
        if self.run.clock() - received < FRESH_SECONDS:
            return True
        handle = message["ReceiptHandle"]
        lost = hide_letters(self.run.aws, self.queue, [handle], HOLD_SECONDS)
        if lost:
            del self._held[message["MessageId"]]
        return not lost

    def _send(self, letter: DeadLetter, handle: str) -> None:
        assert self.deliver is not None
        try:
            payload = payload_for(self.run.bridge, self.target, letter)
            self.deliver(Delivery(payload, event_of(letter), letter.message_id))
        except AwsError as error:
            self._note_refusal(letter, _told(error))
            return
        except Exception as error:  # noqa: BLE001 - a body may hold anything, and must not keep the others back
            self._note_refusal(letter, f"it cannot be sent as it is: {type(error).__name__}")
            return
        self.sent += 1
        self._in_a_row = 0
        del self._held[letter.message_id]
        self._done.add(letter.message_id)
        try:
            delete_letter(self.run.aws, self.queue, handle)
        except AwsError as error:
            self._is_over = True
            self.stopped = (
                f"letter {letter.message_id} was accepted but could not be deleted, and the next redrive would send "
                f"it once more: {_told(error)}"
            )
        self._tell("running")

    def _note_refusal(self, letter: DeadLetter, reason: str, *, asked: bool = True) -> None:
        """Where the target was not even asked, it may be sound; where nothing can be sent, all letters are alike."""
        self.refused[letter.rule, reason] += 1
        self._in_a_row += asked or self.deliver is None
        self._tell("running")
        if self._in_a_row >= REFUSALS_IN_A_ROW:
            self._is_over = True
            self.stopped = f"stopped after {REFUSALS_IN_A_ROW} refusals in a row"

    def _give_back(self) -> None:
        try:
            hide_letters(self.run.aws, self.queue, self._held.values(), 0)
        except AwsError as error:
            minutes = HOLD_SECONDS // 60
            self.stopped = (
                self.stopped
                or f"letters that were not sent stay hidden for {minutes} minutes: {_told(error)}"
            )

    def _tell(self, kind: ProgressKind) -> None:
        refused = f", {self.refused.total()} refused" if self.refused else ""
        done = f"{self.sent} sent{refused} of about {self.queue.depth}"
        seconds = self.run.clock() - self._started
        self.run.watch(Progress(f"target {self.target.name}", kind, done, seconds))


def _told(error: GcbridgeError) -> str:
    return f"{error.summary}: {error.detail}" if error.detail else error.summary
