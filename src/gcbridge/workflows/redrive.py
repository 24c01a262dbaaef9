"""dlq redrive: dead letters are sent to their target again, and deleted once it has accepted them."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from gcbridge.aws.dead_letters import find_letter_queue, look_into
from gcbridge.aws.delivery_attempt import Deliver
from gcbridge.aws.redelivery import open_delivery
from gcbridge.aws.session import Aws, server_time
from gcbridge.errors import AwsError, GcbridgeError, RefusedError
from gcbridge.model.bridge import Bridge
from gcbridge.model.dead_letter import DeadLetterListing, RedriveResult, Refusal, Selection, TargetRedrive
from gcbridge.model.progress import Progress
from gcbridge.study.dead_letters import is_event_bus, read_letter, reason_to_refuse
from gcbridge.workflows.dlq import ALL, EVERYTHING, OpenedQueue, list_dead_letters, open_bridge, open_queues
from gcbridge.workflows.environment import Environment
from gcbridge.workflows.letter_sender import LetterSender, Run
from gcbridge.workflows.pacing import Budget, Pacer
from gcbridge.workflows.rooms import Rooms

PER_SECOND = 10.0
SECOND = timedelta(seconds=1)
"""AWS tells its time to the second."""
Confirm = Callable[[DeadLetterListing], bool]


def redrive_dead_letters(
    rooms: Rooms,
    environment: Environment,
    selection: Selection = ALL,
    *,
    per_second: float = PER_SECOND,
    limit: int | None = None,
    confirm: Confirm | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> RedriveResult:
    """Each letter is sent, and deleted only once its target has accepted it; the targets are served side by side.

    Letters that come in meanwhile are left to the next redrive.

    Killing it loses nothing and repeats at most the one letter in hand for each target. What a killed one had
    received and not sent appears in the queue again after five minutes. Ctrl-C ends it once the letters in hand are
    done; the result says so.

    Args:
        rooms: doors to the outside.
        environment: whose dead letters.
        selection: which of them.
        per_second: letters that are sent in a second at most, all targets together.
        limit: letters that are tried at most; None tries all.
        confirm: is shown what lies there and says whether to go on; None goes on.
        clock: monotonic seconds.

    Raises:
        UsageError: no such target.
        RefusedError: not confirmed, or the credentials belong to another account; nothing was sent.
        AwsError: SQS failed or could not be reached before anything was sent.

    IAM actions: those of find_letter_queue, look_into, LetterSender.send_all and open_delivery.
    """
    started = clock()
    bridge, aws = open_bridge(rooms, environment)
    if confirm is not None and not confirm(list_dead_letters(rooms, environment, selection)):
        raise RefusedError("nothing was sent", detail="the redrive was not confirmed")
    stop = threading.Event()
    pacer = Pacer(per_second, clock=clock, sleep=stop.wait)
    until = server_time(aws) + SECOND
    run = Run(bridge, aws, selection, pacer, Budget(limit), stop, rooms.watch, clock, until)
    jobs = [_open_job(aws, one, rooms.environ) for one in _to_do(open_queues(aws, bridge, selection))]
    interrupted = _send_side_by_side(run, jobs)
    return RedriveResult(
        environment=bridge.environment,
        dry_run=False,
        interrupted=interrupted,
        targets=tuple(_result(run, job) for job in jobs),
        refusals=tuple(refusal for job in jobs if job.sender for refusal in job.sender.refusals),
        seconds=round(clock() - started, 1),
    )


def preview_redrive(
    rooms: Rooms, environment: Environment, selection: Selection = ALL, *, limit: int | None = None
) -> RedriveResult:
    """What a redrive would send, and what it could not; nothing is sent, and a target may still refuse.

    Args:
        rooms: doors to the outside.
        environment: whose dead letters.
        selection: which of them.
        limit: letters that would be tried at most; None tries all.

    Raises:
        UsageError: no such target.
        RefusedError: the credentials belong to another account.
        AwsError: SQS failed or could not be reached.

    IAM actions: those of find_letter_queue and look_into; what open_delivery reads beforehand.
    """
    bridge, aws = open_bridge(rooms, environment)
    budget, targets, refusals = EVERYTHING if limit is None else limit, [], list[Refusal]()
    for one in _to_do(open_queues(aws, bridge, selection)):
        result, refused = _preview(bridge, aws, _open_job(aws, one, rooms.environ), selection, budget)
        targets.append(result)
        refusals += refused
        budget -= result.sent + result.refused
    return RedriveResult(
        environment=bridge.environment,
        dry_run=True,
        interrupted=False,
        targets=tuple(targets),
        refusals=tuple(refusals),
        seconds=0.0,
    )


def _to_do(opened: Sequence[OpenedQueue]) -> list[OpenedQueue]:
    """Queues that hold something, and those that should be there and are not."""
    return [one for one in opened if one.described.depth or one.described.exists is False or _unread(one)]


def _unread(one: OpenedQueue) -> bool:
    return one.described.queue_name is not None and one.described.exists is None


@dataclass(slots=True)
class _Job:
    """The letters of one target, and what sends them; why nothing is sent, where `stopped` says it."""

    one: OpenedQueue
    deliver: Deliver | None = None
    stopped: str = ""
    sender: LetterSender | None = None
    failed: list[BaseException] = field(default_factory=list)


def _open_job(aws: Aws, one: OpenedQueue, environ: Mapping[str, str]) -> _Job:
    """Clients are opened here, in one thread: boto3's sessions are not to be shared."""
    if one.queue is None:
        return _Job(one, stopped=one.described.detail)
    if is_event_bus(one.target):
        return _Job(one)
    try:
        return _Job(one, open_delivery(aws, one.target, environ))
    except GcbridgeError as error:
        detail = f": {error.detail}" if error.detail else ""
        hint = f"; {error.hint}" if error.hint else ""
        return _Job(one, stopped=f"{error.summary}{detail}{hint}")


def _send_side_by_side(run: Run, jobs: Sequence[_Job]) -> bool:
    """True where somebody interrupted; the letters in hand are done by then."""
    threads = [
        # A second Ctrl-C ends the program without waiting for them.
        threading.Thread(target=_send, args=(run, job), name=f"redrive {job.one.target.name}", daemon=True)
        for job in jobs
        if not job.stopped
    ]
    interrupted = False
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    except KeyboardInterrupt:
        interrupted = True
        run.stop.set()
        for thread in (thread for thread in threads if thread.ident is not None):
            thread.join()
    for error in (error for job in jobs for error in job.failed):
        raise error
    return interrupted


def _send(run: Run, job: _Job) -> None:
    assert job.one.queue is not None
    job.sender = LetterSender(run, job.one.target, job.one.queue, job.deliver)
    try:
        job.sender.send_all()
    except BaseException as error:  # noqa: BLE001 - it is raised again where the thread was started
        job.failed.append(error)
        run.stop.set()


def _result(run: Run, job: _Job) -> TargetRedrive:
    target, sender = job.one.target.name, job.sender
    if sender is None:
        depth = job.one.described.depth
        return TargetRedrive(target=target, sent=0, refused=0, left=depth, stopped=job.stopped)
    return TargetRedrive(
        target=target,
        sent=sender.sent,
        refused=sender.refused.total(),
        left=_depth(run, sender),
        stopped=sender.stopped,
    )


def _depth(run: Run, sender: LetterSender) -> int:
    """What was done is told even if SQS cannot be asked any more."""
    try:
        queue = find_letter_queue(run.aws, sender.queue.name)
    except AwsError:
        return max(0, sender.queue.depth - sender.sent)
    if queue is not None and queue.in_flight:
        held = (
            f"about {queue.in_flight} letters are held by another reader, or by a redrive that was killed; "
            "the latter come back, mostly within five minutes"
        )
        run.watch(Progress(f"target {sender.target.name}", "note", held))
    return queue.depth if queue else 0


def _preview(
    bridge: Bridge, aws: Aws, job: _Job, selection: Selection, limit: int
) -> tuple[TargetRedrive, tuple[Refusal, ...]]:
    target, queue = job.one.target, job.one.queue
    refused: Counter[tuple[str, str]] = Counter()
    sent = 0
    if queue is not None and not job.stopped and queue.visible and limit > 0:
        seen = look_into(
            aws,
            queue,
            lambda message: selection.picks(read_letter(target, message)),
            limit=limit,
            at_most=EVERYTHING,
        )
        for letter in (read_letter(target, message) for message in seen.messages):
            reason = reason_to_refuse(bridge, target, letter)
            refused[letter.rule, reason] += bool(reason)
            sent += not reason
    refusals = tuple(
        Refusal(target=target.name, rule=rule, reason=reason, count=count)
        for (rule, reason), count in refused.most_common()
        if reason
    )
    result = TargetRedrive(
        target=target.name,
        sent=sent,
        refused=refused.total(),
        left=job.one.described.depth - sent,
        stopped=job.stopped,
    )
    return result, refusals
