"""Archive and replay: what is asked for, what is decided before it starts, and what AWS says of it."""

from __future__ import annotations

import re
from datetime import datetime, timezone

from pydantic import AwareDatetime

from gcbridge.model.base import Frozen

REPLAY_NAME_PATTERN = re.compile(r"[.\-_A-Za-z0-9]{1,64}")
"""What StartReplay takes as a name (EventBridge API reference)."""
UNDER_WAY = frozenset({"STARTING", "RUNNING", "CANCELLING"})
"""States that a replay leaves by itself; the others are COMPLETED, CANCELLED and FAILED."""
RESUMABLE = frozenset({"CANCELLED", "FAILED"})


def shown(moment: datetime) -> str:
    """A moment as it is printed, and read again.

    >>> shown(datetime(2026, 3, 1, 8, tzinfo=timezone.utc))
    '2026-03-01T08:00:00Z'
    """
    return f"{moment.astimezone(timezone.utc):%Y-%m-%dT%H:%M:%SZ}"


class ReplayWindow(Frozen):
    """Events whose own time is not before `start` and before `end`; whole seconds, UTC."""

    start: AwareDatetime
    end: AwareDatetime

    @property
    def seconds(self) -> float:
        """Its length."""
        return (self.end - self.start).total_seconds()

    def __str__(self) -> str:
        return f"{shown(self.start)} to {shown(self.end)}"


class ArchiveObservation(Frozen):
    """What AWS says of an archive."""

    name: str
    arn: str
    event_bus_arn: str
    state: str
    """ENABLED, DISABLED, CREATING, UPDATING, CREATE_FAILED or UPDATE_FAILED."""
    reason: str = ""
    retention_days: int
    """0 keeps events for ever."""
    created_at: AwareDatetime


class ReplaySummary(Frozen):
    """What AWS says of a replay in a list."""

    name: str
    state: str
    """STARTING, RUNNING, CANCELLING, COMPLETED, CANCELLED or FAILED."""
    reason: str = ""
    """Why it is in that state, in AWS's words."""
    archive_arn: str
    window: ReplayWindow
    last_replayed: AwareDatetime | None = None
    """Time of the last event that was replayed; None where none was yet."""
    started_at: AwareDatetime | None = None
    ended_at: AwareDatetime | None = None
    seconds: float | None = None
    """From its start to its end; None while it runs."""

    @property
    def is_under_way(self) -> bool:
        """Whether AWS still works on it."""
        return self.state in UNDER_WAY


class Replay(ReplaySummary):
    """What AWS says of one replay."""

    description: str = ""
    event_bus_arn: str
    rules: tuple[str, ...] = ()
    """Names of the rules that it is for; none means every rule of the bus."""
    rule_arns: tuple[str, ...] = ()
    """The same rules by ARN."""


class ReplayRequest(Frozen):
    """A replay as a person asks for it.

    Times are ISO 8601 (UTC where no zone is written), `now`, or relative to now such as `-2h`.
    """

    since: str
    """Events from this time on."""
    until: str = "now"
    """Events before this time; `now` includes the present second."""
    rules: tuple[str, ...] = ()
    """Names of rules in the environment; none means every rule of the bus."""
    name: str | None = None
    """Default: `gcbridge-<environment>-<UTC time>`."""
    settle: str = "10m"
    """How long after the end of the window events may still be on their way into the archive."""


class ReplayPlan(Frozen):
    """A replay, decided and not started."""

    environment: str
    name: str
    description: str
    archive_arn: str
    event_bus_arn: str
    window: ReplayWindow
    rules: tuple[str, ...]
    rule_arns: tuple[str, ...]
    settle_seconds: int
    """It starts that long after the end of the window, at the earliest."""
    notes: tuple[str, ...] = ()
    """What was read into the request, and what of the window cannot be replayed."""
