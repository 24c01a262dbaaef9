"""replay: put what an archive kept on the bus again, watch it, cancel it, go on with the rest of it."""

from __future__ import annotations

from collections.abc import Callable

from gcbridge.aws import replays
from gcbridge.errors import RefusedError, UsageError
from gcbridge.model.replay import (
    REPLAY_NAME_PATTERN,
    RESUMABLE,
    ArchiveObservation,
    Replay,
    ReplayPlan,
    ReplayRequest,
    ReplaySummary,
    ReplayWindow,
    shown,
)
from gcbridge.study import replay_window as study
from gcbridge.workflows.environment import Environment
from gcbridge.workflows.replay_archive import (
    REAL_TIME,
    OpenArchive,
    Timing,
    existing_archive,
    find_replay,
    find_running,
    open_archive,
    rule_arns_of,
)
from gcbridge.workflows.replay_waits import (
    WatchStopped,
    wait_until_ended,
    wait_until_known,
    wait_until_settled,
)
from gcbridge.workflows.rooms import Rooms

CANCEL_SECONDS = 600.0
"""How long AWS may take to stop a replay before gcbridge says that it did not."""


def replay(
    rooms: Rooms,
    environment: Environment,
    request: ReplayRequest,
    *,
    confirm: Callable[[ReplayPlan], bool],
    wait: bool = True,
    timing: Timing = REAL_TIME,
) -> Replay:
    """Archived events of a window come to the same bus again; nothing is started before `confirm` says so.

    Order is not kept, every event carries `replay-name`, and an event may come twice: that is EventBridge's manner.

    Args:
        rooms: doors to the outside.
        environment: whose archive.
        request: which events, for which rules.
        confirm: is shown what was decided and says whether to go on.
        wait: watch it to its end; False returns as soon as it is started.
        timing: clocks and pauses.

    Returns:
        The replay as AWS describes it at the end: COMPLETED, CANCELLED or FAILED where it was waited for.

    Raises:
        UsageError: times, rules, name or duration do not fit.
        RefusedError: no archive, nothing of the window in it, not confirmed, or the name is taken.
        AwsError: AWS refused or could not be reached.
        WatchStopped: Ctrl-C once it was started; it goes on.

    IAM actions: events:DescribeArchive, events:StartReplay, events:DescribeReplay.
    """
    bridge = environment.resolve()
    archive = open_archive(rooms, bridge, timing)
    rule_arns = rule_arns_of(bridge, request.rules)
    now = timing.now(archive.aws)
    window, notes = study.decide_window(request.since, request.until, now)
    plan = _decide(
        archive,
        name=request.name or study.replay_name(environment.name, now),
        description=f"gcbridge replay of environment {environment.name}",
        window=window,
        rule_arns=rule_arns,
        settle=request.settle,
        notes=notes,
    )
    return _run(archive, plan, confirm, wait)


def resume_replay(
    rooms: Rooms,
    environment: Environment,
    name: str | None = None,
    *,
    confirm: Callable[[ReplayPlan], bool],
    new_name: str | None = None,
    settle: str = "10m",
    wait: bool = True,
    timing: Timing = REAL_TIME,
) -> Replay:
    """A new replay does what a cancelled or failed one left over, for the same rules: AWS itself cannot resume.

    The minute that the old one was in comes again. All that is needed is read from AWS, so any machine can do it.

    Args:
        rooms: doors to the outside.
        environment: whose archive.
        name: the replay that ended early. Default: the newest of the archive.
        confirm: see `replay`.
        new_name: name of the new one.
        settle: see `ReplayRequest`.
        wait: see `replay`.
        timing: clocks and pauses.

    Raises:
        UsageError: no such replay.
        RefusedError: it has nothing left or still runs; else as `replay`.
        AwsError: AWS refused or could not be reached.
        WatchStopped: Ctrl-C once it was started; it goes on.

    IAM actions: those of replay; events:ListReplays.
    """
    archive = open_archive(rooms, environment.resolve(), timing)
    old = find_replay(archive, name)
    if old.state not in RESUMABLE:
        raise _nothing_to_resume(archive, old)
    plan = _decide(
        archive,
        name=new_name or study.replay_name(environment.name, timing.now(archive.aws)),
        description=f"gcbridge replay of environment {environment.name}, goes on after {old.name}",
        window=study.remaining_window(old),
        rule_arns=old.rule_arns,
        settle=settle,
        notes=(_overlap_of(old),),
    )
    return _run(archive, plan, confirm, wait)


def cancel_replay(
    rooms: Rooms, environment: Environment, name: str | None = None, *, timing: Timing = REAL_TIME
) -> Replay:
    """A replay is stopped, and its end is waited for; what it put on the bus stays there.

    Args:
        rooms: doors to the outside.
        environment: whose archive.
        name: which replay. Default: the one that runs.
        timing: clocks and pauses.

    Returns:
        The replay as it ended: CANCELLED, or COMPLETED where it was faster.

    Raises:
        UsageError: no such replay, or several run and none is named.
        RefusedError: it has ended already.
        AwsError: AWS refused or could not be reached.
        WaitTimeoutError: AWS did not stop it in ten minutes.
        WatchStopped: Ctrl-C; AWS goes on.

    IAM actions: events:ListReplays, events:DescribeReplay, events:CancelReplay.
    """
    archive = open_archive(rooms, environment.resolve(), timing)
    found = find_replay(archive, name or find_running(archive))
    if not found.is_under_way:
        resumed = f"go on with the rest of it: {archive.command} --resume {found.name}"
        raise RefusedError(
            f"replay {found.name} is {found.state}; there is nothing to cancel",
            where=found.archive_arn,
            hint=resumed if found.state in RESUMABLE else "",
        )
    if found.state != "CANCELLING":
        replays.cancel_replay(archive.aws, found.name)
    return wait_until_ended(archive, found.name, timeout_seconds=CANCEL_SECONDS)


def watch_replay(
    rooms: Rooms, environment: Environment, name: str | None = None, *, timing: Timing = REAL_TIME
) -> Replay:
    """A replay is watched to its end, whoever started it, from whichever machine.

    Args:
        rooms: doors to the outside.
        environment: whose archive.
        name: which replay. Default: the newest of the archive.
        timing: clocks and pauses.

    Raises:
        UsageError: no such replay.
        AwsError: AWS refused or could not be reached.
        WatchStopped: Ctrl-C; it goes on.

    IAM actions: events:ListReplays, events:DescribeReplay.
    """
    archive = open_archive(rooms, environment.resolve(), timing)
    found = find_replay(archive, name)
    return wait_until_ended(archive, found.name) if found.is_under_way else found


def list_replays(rooms: Rooms, environment: Environment) -> tuple[ReplaySummary, ...]:
    """Every replay of the environment's archive that AWS remembers, the newest first.

    Raises:
        RefusedError: the environment has no archive.
        AwsError: AWS refused or could not be reached.

    IAM actions: events:ListReplays.
    """
    archive = open_archive(rooms, environment.resolve())
    return replays.list_replays(archive.aws, archive.arn)


def _decide(
    archive: OpenArchive,
    *,
    name: str,
    description: str,
    window: ReplayWindow,
    rule_arns: tuple[str, ...],
    settle: str,
    notes: tuple[str, ...],
) -> ReplayPlan:
    if not REPLAY_NAME_PATTERN.fullmatch(name):
        raise UsageError(
            f"--name {name!r} is not allowed", hint="use 1 to 64 letters, digits, '.', '-' or '_'"
        )
    settle_seconds = study.parse_duration(settle, "--settle")
    existing = existing_archive(archive)
    gaps = study.check_overlap(window, existing, archive.timing.now(archive.aws))
    return ReplayPlan(
        environment=archive.bridge.environment,
        name=name,
        description=description,
        archive_arn=existing.arn,
        event_bus_arn=existing.event_bus_arn,
        window=window,
        rules=tuple(arn.rpartition("/")[2] for arn in rule_arns),
        rule_arns=rule_arns,
        settle_seconds=settle_seconds,
        notes=(*notes, *gaps, *_doubts(existing)),
    )


def _run(archive: OpenArchive, plan: ReplayPlan, confirm: Callable[[ReplayPlan], bool], wait: bool) -> Replay:
    if not confirm(plan):
        raise RefusedError(f"replay {plan.name} was not started", detail="nothing was changed")
    wait_until_settled(archive, plan)
    try:
        replays.start_replay(archive.aws, plan)
    except KeyboardInterrupt as interrupt:
        raise WatchStopped(plan.name, started=False) from interrupt
    started = wait_until_known(archive, plan.name)
    return wait_until_ended(archive, plan.name) if wait else started


def _doubts(existing: ArchiveObservation) -> tuple[str, ...]:
    if existing.state == "ENABLED":
        return ()
    return (
        f"archive {existing.name} is {existing.state}{f': {existing.reason}' if existing.reason else ''}",
    )


def _overlap_of(old: Replay) -> str:
    if old.last_replayed is None:
        return f"{old.name} replayed nothing, so all of its window comes"
    return f"{old.name} came to {shown(old.last_replayed)}; events of the minute before that may come twice"


def _nothing_to_resume(archive: OpenArchive, old: Replay) -> RefusedError:
    window = f"--from {shown(old.window.start)} --to {shown(old.window.end)}"
    if old.state == "COMPLETED":
        return RefusedError(
            f"replay {old.name} is COMPLETED; nothing of it is left",
            where=old.archive_arn,
            hint=f"to replay it all again: {archive.command} {window}",
        )
    return RefusedError(
        f"replay {old.name} is still {old.state}",
        where=old.archive_arn,
        hint=f"watch it: {archive.command} --watch {old.name}",
    )
