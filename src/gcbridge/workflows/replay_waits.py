"""Waits before a replay and while it runs, and says what is waited for."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager

from gcbridge.aws import replays
from gcbridge.errors import AwsError, WaitTimeoutError
from gcbridge.model.progress import Progress, ProgressKind
from gcbridge.model.replay import Replay, ReplayPlan, shown
from gcbridge.study.replay_window import seconds_until_ready, share_replayed
from gcbridge.waiting import wait_until
from gcbridge.workflows.replay_archive import OpenArchive, find_replay

KNOWN_SECONDS = 30.0
"""How long AWS may take to know a replay that it has just started."""


class WatchStopped(KeyboardInterrupt):
    """Ctrl-C while AWS works on a replay: gcbridge stops watching, AWS does not stop.

    Args:
        name: the replay.
        started: False where AWS had not answered yet, so that nobody knows whether it was started.
    """

    def __init__(self, name: str, *, started: bool = True) -> None:
        super().__init__(name)
        self.name = name
        self.started = started


def wait_until_settled(archive: OpenArchive, plan: ReplayPlan) -> None:
    """The replay starts only when the last events of its window have had the time to reach the archive.

    Raises:
        AwsError: AWS did not tell the time.
    """
    timing, watch = archive.timing, archive.rooms.watch
    seconds = seconds_until_ready(plan.window, plan.settle_seconds, timing.now(archive.aws))
    if not seconds:
        return
    started, subject = timing.clock(), f"archive {archive.name}"
    try:
        while (left := seconds - (timing.clock() - started)) > 0:
            message = f"waiting for late events of the window: {_countdown(left)} left"
            watch(Progress(subject, "running", message, timing.clock() - started))
            timing.sleep(min(1.0, left))
    except KeyboardInterrupt:
        watch(Progress(subject, "failed", "interrupted; no replay was started"))
        raise
    watch(Progress(subject, "finished", "waited for late events of the window", timing.clock() - started))


def wait_until_known(archive: OpenArchive, name: str) -> Replay:
    """A replay that was just started can be read; a look that came too early must not send anybody to start it twice.

    Raises:
        AwsError: AWS refused or could not be reached; the replay goes on, and the hint says how to look again.
        WaitTimeoutError: AWS did not know it in time.
        WatchStopped: Ctrl-C; it goes on.

    IAM actions: events:DescribeReplay.
    """
    with _leaving_it_alone(archive, name):
        seen, _ = wait_until(
            lambda: replays.describe_replay(archive.aws, name),
            lambda found: found is not None,
            describe=lambda _found, waited: _not_there(archive, name, waited),
            timeout_seconds=KNOWN_SECONDS,
            interval_seconds=archive.timing.interval_seconds,
            clock=archive.timing.clock,
            sleep=archive.timing.sleep,
        )
    assert seen is not None
    return seen


def wait_until_ended(archive: OpenArchive, name: str, *, timeout_seconds: float = math.inf) -> Replay:
    """A replay is watched until it is COMPLETED, CANCELLED or FAILED.

    Raises:
        AwsError: AWS refused or could not be reached; the replay goes on, and the hint says how to look again.
        WaitTimeoutError: it did not end in time.
        WatchStopped: Ctrl-C; it goes on.

    IAM actions: events:DescribeReplay.
    """
    timing, watch, subject = archive.timing, archive.rooms.watch, f"replay {name}"
    watch(Progress(subject, "started", "at AWS"))
    with _leaving_it_alone(archive, name):
        seen, seconds = wait_until(
            lambda: find_replay(archive, name),
            lambda found: not found.is_under_way,
            describe=lambda found, waited: _still_there(archive, found, waited),
            timeout_seconds=timeout_seconds,
            interval_seconds=timing.interval_seconds,
            clock=timing.clock,
            sleep=timing.sleep,
            on_wait=lambda found, waited: watch(Progress(subject, "running", _came_to(found), waited)),
        )
    kind: ProgressKind = "finished" if seen.state == "COMPLETED" else "failed"
    watch(Progress(subject, kind, _came_to(seen), seconds))
    return seen


@contextmanager
def _leaving_it_alone(archive: OpenArchive, name: str) -> Iterator[None]:
    """Whatever ends the watching, AWS goes on; that is said."""
    try:
        yield
    except KeyboardInterrupt as interrupt:
        raise WatchStopped(name) from interrupt
    except AwsError as error:
        hint = f"{error.hint}. AWS goes on with the replay; to look again: {archive.command} --watch {name}"
        raise type(error)(error.summary, where=error.where, detail=error.detail, hint=hint) from error


def _countdown(seconds: float) -> str:
    """Minutes and seconds, rounded up."""
    minutes, rest = divmod(math.ceil(seconds), 60)
    return f"{minutes}:{rest:02}"


def _came_to(replay: Replay) -> str:
    at = f", events of {shown(replay.last_replayed)}" if replay.last_replayed else ""
    return f"{replay.state}: {math.floor(share_replayed(replay) * 100)} % of the window{at}"


def _still_there(archive: OpenArchive, replay: Replay, seconds: float) -> WaitTimeoutError:
    return WaitTimeoutError(
        f"replay {replay.name} is still {replay.state} after {seconds:.0f} s",
        where=replay.archive_arn,
        hint=f"look again: {archive.command} --watch {replay.name}",
    )


def _not_there(archive: OpenArchive, name: str, seconds: float) -> WaitTimeoutError:
    return WaitTimeoutError(
        f"AWS has started replay {name}, but does not know it after {seconds:.0f} s",
        where=archive.arn,
        hint=f"do not start it again; look for it: {archive.command} --watch {name}",
    )
