"""Looks at what a plan would lose before it is kept, and again before it is applied."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gcbridge.aws.queue_peek import queue_depth
from gcbridge.aws.session import Aws
from gcbridge.errors import AwsError
from gcbridge.model.bridge import Bridge
from gcbridge.model.plan import GuardedChange, PlanSummary
from gcbridge.model.stack import StackName
from gcbridge.study.destroy_guard import (
    Asking,
    QueueDepth,
    check_named,
    check_touched,
    find_guarded,
    queues_at_stake,
)
from gcbridge.workflows.rooms import Rooms


def guard_losses(
    rooms: Rooms,
    bridge: Bridge,
    summaries: Sequence[PlanSummary],
    asking: Asking,
    *,
    done: Sequence[StackName] = (),
    whole: bool,
    named: Sequence[str],
) -> tuple[GuardedChange, ...]:
    """What would be lost, all of it named by a person; queues that would go are counted now.

    Args:
        rooms: doors to the outside.
        bridge: where the queues are.
        summaries: what would change.
        asking: for the words of a refusal.
        done: stacks that were applied already; nothing of them can be lost any more.
        whole: the whole environment is to go.
        named: addresses that a person allowed to be lost.

    Raises:
        RefusedError: something was not named, or what was named is not touched.

    IAM actions: those of queue_depth, where a queue would go.
    """
    check_touched(asking, summaries, named)
    left = [summary for summary in summaries if summary.stack not in done]
    depths = count_messages(rooms, bridge, queues_at_stake(left))
    guarded = find_guarded(left, depths, whole=whole, named=named)
    check_named(asking, guarded, named)
    return guarded


def count_messages(rooms: Rooms, bridge: Bridge, queue_names: Iterable[str]) -> dict[str, QueueDepth]:
    """Queue name -> how full it is; a queue that is not there is empty, one that cannot be read is not."""
    names = tuple(queue_names)
    if not names:
        return {}
    try:
        aws = rooms.open_aws(bridge.aws)
    except AwsError as error:
        return dict.fromkeys(names, _uncounted(error))
    return {name: _count(aws, name) for name in names}


def _count(aws: Aws, queue_name: str) -> QueueDepth:
    if not queue_name:
        return QueueDepth(None, "the plan does not say the name of the queue")
    try:
        return QueueDepth(queue_depth(aws, queue_name) or 0)
    except AwsError as error:
        return _uncounted(error)


def _uncounted(error: AwsError) -> QueueDepth:
    return QueueDepth(None, f"{error.summary}: {error.detail}" if error.detail else error.summary, error.hint)
