"""dlq list, show, purge: what lies in the dead-letter queues of an environment, and how it is thrown away."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from gcbridge.aws.dead_letters import (
    LetterQueue,
    delete_letters,
    find_letter_queue,
    look_into,
    purge_queue,
)
from gcbridge.aws.door import AwsDeniedError
from gcbridge.aws.session import Aws
from gcbridge.errors import RefusedError, UsageError
from gcbridge.model.bridge import Bridge
from gcbridge.model.dead_letter import (
    DeadLetter,
    DeadLetterListing,
    DeadLetterQueue,
    DeadLetterView,
    PurgeResult,
    Selection,
)
from gcbridge.model.progress import Progress
from gcbridge.model.target import AnyTarget
from gcbridge.study.dead_letters import group_letters, read_letter
from gcbridge.workflows.environment import Environment
from gcbridge.workflows.identities import check_account
from gcbridge.workflows.rooms import Rooms, utc_now

ALL = Selection()
LOOKED_AT_MAX = 1000
"""Letters of one queue that a listing reads; how many there are, SQS counts."""
SHOWN_MAX = 10
EVERYTHING = sys.maxsize


@dataclass(frozen=True, slots=True)
class OpenedQueue:
    """A target with its dead-letter queue, where there is one that can be read.

    Args:
        target: the target.
        queue: None where there is nothing to read; `described` says why.
        described: the queue as the answer shows it.
    """

    target: AnyTarget
    queue: LetterQueue | None
    described: DeadLetterQueue


def list_dead_letters(
    rooms: Rooms,
    environment: Environment,
    selection: Selection = ALL,
    *,
    limit: int = LOOKED_AT_MAX,
    now: Callable[[], datetime] = utc_now,
) -> DeadLetterListing:
    """Dead letters in groups of target, rule and error code, beside the depth of their queues.

    Nothing is deleted. A letter is hidden from others while its queue is looked into, and is given back then; SQS
    counts the look as a receive.

    Args:
        rooms: doors to the outside.
        environment: whose dead-letter queues.
        selection: which letters to count.
        limit: letters to read from each queue at most.
        now: what tells the time.

    Raises:
        UsageError: no such target.
        RefusedError: the credentials belong to another account.
        AwsError: SQS failed or could not be reached; "not allowed" is part of the answer.

    IAM actions: those of find_letter_queue and look_into in `aws/dead_letters.py`.
    """
    bridge, aws = open_bridge(rooms, environment)
    opened = open_queues(aws, bridge, selection)
    return _listing(_look(rooms, aws, opened, selection, at_most=limit), bridge, now())


def show_dead_letters(
    rooms: Rooms, environment: Environment, selection: Selection = ALL, *, limit: int = SHOWN_MAX
) -> DeadLetterView:
    """Letters themselves, with their attributes and their event; as little is done to them as by a listing.

    Args:
        rooms: doors to the outside.
        environment: whose dead-letter queues.
        selection: which letters to show.
        limit: letters to show at most.

    Raises:
        UsageError: no such target.
        RefusedError: the credentials belong to another account.
        AwsError: SQS failed or could not be reached; "not allowed" is part of the answer.

    IAM actions: those of find_letter_queue and look_into in `aws/dead_letters.py`.
    """
    bridge, aws = open_bridge(rooms, environment)
    opened = open_queues(aws, bridge, selection)
    looks = _look(rooms, aws, opened, selection, limit=limit)
    letters = [letter for look in looks for letter in look.letters]
    return DeadLetterView(
        environment=bridge.environment,
        queues=tuple(look.described for look in looks),
        letters=tuple(letters[:limit]),
    )


def purge_dead_letters(
    rooms: Rooms,
    environment: Environment,
    selection: Selection = ALL,
    *,
    confirm: Callable[[DeadLetterListing, int], bool],
    now: Callable[[], datetime] = utc_now,
) -> PurgeResult:
    """Letters are deleted for good: whole queues, or exactly the letters of a rule or code that were confirmed.

    Args:
        rooms: doors to the outside.
        environment: whose dead-letter queues.
        selection: which letters; without rule and code, whole queues with whatever is in flight.
        confirm: is shown what would be lost, and how many letters that are; says whether to go on.
        now: what tells the time.

    Raises:
        UsageError: no such target.
        RefusedError: not confirmed, a queue cannot be looked into, or the credentials belong to another account;
            nothing was deleted.
        AwsError: SQS refused or could not be reached.

    IAM actions: those of find_letter_queue, look_into, purge_queue and delete_letters in `aws/dead_letters.py`.
    """
    bridge, aws = open_bridge(rooms, environment)
    opened = open_queues(aws, bridge, selection)
    _check_readable(opened)
    at_most = LOOKED_AT_MAX if selection.whole_queues else EVERYTHING
    looks = [look for look in _look(rooms, aws, opened, selection, at_most=at_most) if look.queue is not None]
    count = sum(look.count(selection) for look in looks)
    if count and not confirm(_listing(looks, bridge, now()), count):
        raise RefusedError("nothing was purged", detail="the number of letters was not confirmed")
    deleted = sum(_purge(rooms, aws, look, selection) for look in looks if look.count(selection))
    return PurgeResult(
        environment=bridge.environment,
        deleted=deleted,
        queues=tuple(look.queue.name for look in looks if look.queue and look.count(selection)),
    )


def _check_readable(opened: tuple[OpenedQueue, ...]) -> None:
    """Of a queue that nobody may look into, nobody can say that nothing is in it."""
    closed = [one.described for one in opened if one.queue is None and one.described.is_unseen]
    if closed:
        names = ", ".join(queue.queue_name or "" for queue in closed)
        raise RefusedError(
            f"nothing was purged: {names} cannot be looked into",
            detail="\n".join(queue.detail for queue in closed),
            hint="mend that, or choose another queue with --target",
        )


def open_bridge(rooms: Rooms, environment: Environment) -> tuple[Bridge, Aws]:
    """The bridge, and AWS with credentials of its account.

    Raises:
        RefusedError: the credentials belong to another account.
        AwsError: no credentials, or they were refused.
    """
    bridge = environment.resolve()
    aws = rooms.open_aws(bridge.aws)
    check_account(aws, bridge)
    return bridge, aws


def open_queues(aws: Aws, bridge: Bridge, selection: Selection) -> tuple[OpenedQueue, ...]:
    """The dead-letter queues that a selection is about, whether they exist or not.

    Raises:
        UsageError: no such target.
        AwsError: SQS failed or could not be reached; "not allowed" is part of the answer.
    """
    names = [target.name for target in bridge.targets]
    if selection.target is not None and selection.target not in names:
        raise UsageError(
            f"environment {bridge.environment} has no target {selection.target}",
            hint=f"its targets are: {', '.join(names) or 'none'}",
        )
    return tuple(
        _open(aws, bridge, target) for target in bridge.targets if selection.target in {None, target.name}
    )


def _open(aws: Aws, bridge: Bridge, target: AnyTarget) -> OpenedQueue:
    name = target.dead_letter_queue_name

    def without(exists: bool | None, detail: str, depth: int = 0) -> OpenedQueue:
        described = DeadLetterQueue(
            target=target.name, queue_name=name, exists=exists, depth=depth, detail=detail
        )
        return OpenedQueue(target, None, described)

    if name is None:
        return without(None, "dead_letter: false, what this target does not receive is lost")
    try:
        queue = find_letter_queue(aws, name)
    except AwsDeniedError as error:
        return without(None, f"{error.detail}; {error.hint}")
    if queue is None:
        return without(False, f"queue {name} does not exist; gcbridge plan {bridge.environment} tells more")
    if queue.forwards:
        why = (
            "it has a redrive policy of its own, and every look would count as a receive; remove that policy"
        )
        return without(True, why, queue.depth)
    detail = f"{queue.in_flight} in flight: somebody else holds them for now" if queue.in_flight else ""
    described = DeadLetterQueue(
        target=target.name, queue_name=name, exists=True, depth=queue.depth, detail=detail
    )
    return OpenedQueue(target, queue, described)


@dataclass(frozen=True, slots=True)
class _Looked:
    """What was seen of one queue."""

    queue: LetterQueue | None
    described: DeadLetterQueue
    letters: tuple[DeadLetter, ...] = ()

    def count(self, selection: Selection) -> int:
        """Letters that a purge would delete, about."""
        return self.described.depth if selection.whole_queues else len(self.letters)


def _look(
    rooms: Rooms,
    aws: Aws,
    opened: tuple[OpenedQueue, ...],
    selection: Selection,
    *,
    limit: int = EVERYTHING,
    at_most: int = EVERYTHING,
) -> list[_Looked]:
    looks: list[_Looked] = []
    for one in opened:
        left = limit - sum(len(look.letters) for look in looks)
        # Without visible letters a look would only wait for some.
        if one.queue is None or not one.queue.visible or left <= 0:
            looks.append(_Looked(one.queue, one.described))
            continue
        rooms.watch(Progress("dead letters", "running", f"looking into {one.queue.name}"))
        looks.append(_look_into(aws, one, one.queue, selection=selection, limit=left, at_most=at_most))
    rooms.watch(Progress("dead letters", "cleared", ""))
    return looks


def _look_into(
    aws: Aws, one: OpenedQueue, queue: LetterQueue, *, selection: Selection, limit: int, at_most: int
) -> _Looked:
    seen = look_into(
        aws,
        queue,
        lambda message: selection.picks(read_letter(one.target, message)),
        limit=limit,
        at_most=at_most,
    )
    described = one.described.model_copy(update={"looked_at": seen.looked_at})
    return _Looked(queue, described, tuple(read_letter(one.target, message) for message in seen.messages))


def _listing(looks: list[_Looked], bridge: Bridge, now: datetime) -> DeadLetterListing:
    return DeadLetterListing(
        environment=bridge.environment,
        queues=tuple(look.described for look in looks),
        groups=group_letters((letter for look in looks for letter in look.letters), now),
    )


def _purge(rooms: Rooms, aws: Aws, look: _Looked, selection: Selection) -> int:
    assert look.queue is not None
    rooms.watch(Progress(look.queue.name, "started", "deleting"))
    if selection.whole_queues:
        purge_queue(aws, look.queue)
        deleted = look.count(selection)
    else:
        deleted = delete_letters(aws, look.queue, (letter.message_id for letter in look.letters))
    rooms.watch(Progress(look.queue.name, "finished", f"{deleted} deleted"))
    return deleted
