"""The archive of an environment's bus, opened, and its replays by name."""

from __future__ import annotations

import difflib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from gcbridge.aws import replays
from gcbridge.aws.session import Aws, server_time
from gcbridge.errors import RefusedError, UsageError
from gcbridge.model.bridge import Bridge
from gcbridge.model.replay import ArchiveObservation, Replay
from gcbridge.workflows.identities import check_account
from gcbridge.workflows.rooms import Rooms


@dataclass(frozen=True)
class Timing:
    """Clocks and pauses, passed in so that tests need not wait.

    Args:
        now: the present by AWS's own clock; windows and archives are measured with it.
        clock: monotonic seconds.
        sleep: pauses for so many seconds.
        interval_seconds: pause between two looks at a replay.
    """

    now: Callable[[Aws], datetime] = server_time
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    interval_seconds: float = 2.0


REAL_TIME = Timing()


@dataclass(frozen=True)
class OpenArchive:
    """An environment that declares an archive, with its account opened.

    Args:
        rooms: doors to the outside.
        bridge: the environment, decided.
        aws: its account and region.
        name: the archive's name.
        arn: the archive's ARN.
        timing: clocks and pauses.
    """

    rooms: Rooms
    bridge: Bridge
    aws: Aws
    name: str
    arn: str
    timing: Timing

    @property
    def command(self) -> str:
        """What the hints begin with."""
        return f"gcbridge replay {self.bridge.environment}"


def open_archive(rooms: Rooms, bridge: Bridge, timing: Timing = REAL_TIME) -> OpenArchive:
    """The account is opened, and is the one that the environment names; the archive itself is not looked at.

    Raises:
        RefusedError: the environment declares no archive, or the credentials are of another account.
        AwsError: no credentials, or they were refused.
    """
    if bridge.archive is None or bridge.archive_arn is None:
        raise RefusedError(
            f"environment {bridge.environment} has no archive: nothing was kept that could be replayed",
            where=rooms.workspace.shown(rooms.workspace.environment_file(bridge.environment)),
            hint=f"write there `archive: {{retention_days: 30}}`, then: gcbridge plan {bridge.environment}; "
            "what comes after the apply is kept",
        )
    aws = rooms.open_aws(bridge.aws)
    check_account(aws, bridge)
    return OpenArchive(rooms, bridge, aws, bridge.archive.name, bridge.archive_arn, timing)


def existing_archive(archive: OpenArchive) -> ArchiveObservation:
    """The archive as AWS describes it.

    Raises:
        RefusedError: it does not exist, or keeps another bus.
        AwsError: AWS refused or could not be reached.

    IAM actions: events:DescribeArchive.
    """
    found, environment = replays.describe_archive(archive.aws, archive.name), archive.bridge.environment
    if found is None:
        raise RefusedError(
            f"archive {archive.name} does not exist yet",
            where=archive.arn,
            hint=f"gcbridge plan {environment}, then gcbridge apply {environment}; what comes after that is kept",
        )
    if found.event_bus_arn != archive.bridge.event_bus_arn:
        raise RefusedError(
            f"archive {found.name} is of another event bus",
            where=found.arn,
            detail=f"it keeps what comes to {found.event_bus_arn}",
            hint=f"give this environment's archive a name of its own (archive.name), then: gcbridge plan {environment}",
        )
    return found


def find_replay(archive: OpenArchive, name: str | None) -> Replay:
    """A replay of this archive by its name, or the newest.

    Raises:
        UsageError: AWS knows no such replay.
        RefusedError: it is of another archive.
        AwsError: AWS refused or could not be reached.

    IAM actions: events:DescribeReplay, events:ListReplays.
    """
    found = replays.describe_replay(archive.aws, name or _newest(archive))
    if found is None:
        raise _unknown(archive, name or "")
    if found.archive_arn != archive.arn:
        raise RefusedError(
            f"replay {found.name} is not of this environment",
            where=found.archive_arn,
            hint=f"see this environment's: {archive.command} --list",
        )
    return found


def find_running(archive: OpenArchive) -> str | None:
    """Name of the one replay that runs; None where none does.

    Raises:
        UsageError: several run.
        AwsError: AWS refused or could not be reached.

    IAM actions: events:ListReplays.
    """
    known = replays.list_replays(archive.aws, archive.arn)
    running = [found.name for found in known if found.is_under_way]
    if len(running) > 1:
        raise UsageError(
            f"{len(running)} replays run; say which one to cancel",
            where=archive.arn,
            detail="\n".join(running),
            hint=f"{archive.command} --cancel {running[0]}",
        )
    return running[0] if running else None


def rule_arns_of(bridge: Bridge, names: tuple[str, ...]) -> tuple[str, ...]:
    """ARNs of declared rules, each once.

    Raises:
        UsageError: a rule is not declared, or is disabled and would receive nothing.
    """
    declared = {rule.name: rule for rule in bridge.rules}
    for name in names:
        if name not in declared:
            close = difflib.get_close_matches(name, declared, n=1)
            raise UsageError(
                f"environment {bridge.environment} has no rule {name}",
                detail=f"its rules: {', '.join(declared)}",
                hint=f"did you mean --rule {close[0]}?" if close else "name one of them, or leave --rule out",
            )
        if not declared[name].enabled:
            raise UsageError(
                f"rule {name} is disabled and would receive nothing",
                hint=f"enable it first (rules.{name}.enabled), then: gcbridge plan {bridge.environment}",
            )
    return tuple(declared[name].arn for name in dict.fromkeys(names))


def _newest(archive: OpenArchive) -> str:
    known = replays.list_replays(archive.aws, archive.arn)
    if not known:
        raise UsageError(
            f"AWS knows no replay of archive {archive.name}",
            where=archive.arn,
            hint=f"start one: {archive.command} --from TIME",
        )
    return known[0].name


def _unknown(archive: OpenArchive, name: str) -> UsageError:
    names = [known.name for known in replays.list_replays(archive.aws, archive.arn)]
    close = difflib.get_close_matches(name, names, n=1)
    return UsageError(
        f"AWS knows no replay {name}",
        where=archive.arn,
        hint=f"{f'did you mean {close[0]}? ' if close else ''}See those it knows: {archive.command} --list",
    )
